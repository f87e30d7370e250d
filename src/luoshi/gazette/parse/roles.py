"""Responsibility words → lead, support, responsible, mode.

A role word closes the list of units before it: 县林草局牵头，县农牧局、公安局按职责分工负责.
会同 joins a supporter to the one before it; 指导 marks a guide, which counts as support.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.gazette.parse.names import Names, read_names
from luoshi.gazette.parse.units import is_unit

_DUTY = (
    r"(?:根据|按照?|依据?)(?:各自|部门|本单位|有关)?的?(?:工作)?职[责能](?:职责)?(?:分工|范围|任务|权限)?"
    r"(?:，?(?:各自|分别|具体|共同)?(?:负责|落实|推进|实施|做好|抓好|承担|分工|开展|组织)"
    r"(?:落实|实施|推进)?(?:相关工作|有关工作|工作)?)?"
)
# One role word; the list before it (or after it, for 会同) has that role
_ROLE = re.compile(
    r"(?=[共联总牵为主根按依积密分协配助参支业负加进统指督监具各直组抓落承实推责会])"
    r"(?:(?P<lead>(?:共同|联合|总)?牵头(?:抓总)?(?:，)?(?:负责|组织|实施|落实|单位|部门|办理|推进|总负责|会同(?=$))?(?:落实|实施)?(?:，)?(?=$|[，；。、）】\s]|会同|协调|各|县|市|区|由)|为(?:主要)?牵头(?:单位|部门)|主办|为主)"
    rf"|(?P<duty>{_DUTY})"
    r"|(?P<support>(?:积极|密切|共同|分别|协同|分工)?(?:配合|协助|协办|协同|参与|参加|支持)(?:单位|部门|配合|落实|实施|做好)?(?=$|[，；。、）】\s]))"
    r"|(?P<guide>(?:业务|负责|加强|进行|统筹)?(?:指导|督导|监督|督促|督办)(?:、(?:监督|督促|指导))?(?:单位|落实|实施)?(?=$|[，；。、）】\s]))"
    r"|(?P<responsible>(?:具体|分别|共同|分工|各自|直接|组织|统一|抓好|负责)?(?:负责|落实|承担|实施|承办|推进|组织实施|为责任单位|(?<![\u4e00-\u9fff])责任单位)(?:落实|实施|推进|具体实施|组织实施)?(?=$|[，；。、）】\s]))"
    r"|(?P<joined>会同|联合(?=[县市区各])))"
)
_INLINE_LEAD = re.compile(r"（\s?(?:总?牵头|主办)(?:单位|部门|负责)?\s?）")
_INLINE_SUPPORT = re.compile(r"（\s?(?:配合|协助|协办|参与)(?:单位|部门)?\s?）")
_PACKAGE = re.compile(r"[“《][^”》]{1,40}[”》]\s?(?:套餐|事项|工作|项目|任务|部分)?\s?(?=由|[：])由?")


@dataclass
class Roles:
    """The units of one block with their places (paragraph offsets resolved to spans by the caller)."""

    raw: str = ""
    base: int = 0
    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    by_duty: bool = False
    open_ended: bool = False
    unclear: list[tuple[int, int]] = field(default_factory=list)

    def add(self, role: str, names: Names) -> None:
        if role == "by_duty":
            self.by_duty, role = True, "responsible"
        chosen = {"lead": self.lead, "support": self.support}.get(role, self.responsible)
        printed = (
            [self.raw[self.base + a : self.base + b].strip() for a, b in names.places] if self.raw else names.names
        )
        chosen.extend(n for n in printed if n not in chosen)
        self.open_ended = self.open_ended or names.open_ended
        self.unclear.extend((self.base + a, self.base + b) for a, b in names.unclear)

    def settle(self, first_leads: bool = False) -> None:
        """With a lead in the block every other unit supports; a stated rule may make the first unit the lead."""
        if first_leads and not self.lead and self.responsible:
            self.lead.append(self.responsible.pop(0))
        if self.lead:
            self.support = [*self.support, *(n for n in self.responsible if n not in self.support)]
            self.responsible = []
        else:
            self.responsible = [*self.responsible, *(n for n in self.support if n not in self.responsible)]
            self.support = []

    @property
    def mode(self) -> str:
        if self.lead:
            return "lead_support" if self.support or len(self.lead) > 1 or self.open_ended else "single"
        if self.by_duty:
            return "by_duty"
        count = len(self.responsible) + len(self.support)
        if count == 0:
            return "none"
        return "single" if count == 1 and not self.open_ended else "joint"

    @property
    def names(self) -> list[str]:
        return [*self.lead, *self.support, *self.responsible]


def read_roles(text: str, start: int, end: int, role: str, into: Roles) -> None:
    """Read one labelled value or bracket: ``role`` is what its label says of units without a role word."""
    into.base = start
    segment = text[start:end]
    if "（" in segment:
        segment = _read_marked(segment, into)
    if "”" in segment or "》" in segment:
        segment = _PACKAGE.sub(lambda m: "，" * len(m.group()), segment)
    at, carry = 0, ""
    for found in _ROLE.finditer(segment):
        kind = str(found.lastgroup)
        names = read_names(segment, at, found.start())
        if kind == "joined":
            if names.names:
                into.add("lead" if role != "support" else role, names)
            carry = "support"
        else:
            into.add(_said(kind, role, carry, into), names)
            carry = ""
        at = found.end()
    rest = read_names(segment, at, len(segment))
    if rest.names:
        into.add(carry or role, rest)
    into.open_ended = into.open_ended or rest.open_ended


def _said(kind: str, role: str, carry: str, into: Roles) -> str:
    """What a role word makes of the units before it, under a label that says ``role``."""
    if carry == "support":
        return carry
    if kind in ("responsible", "duty") and role in ("lead", "support"):
        return role
    if kind == "guide":
        return "support" if into.lead else "responsible"
    return "by_duty" if kind == "duty" else kind


def _read_marked(segment: str, into: Roles) -> str:
    """县财政局（牵头）、县审计局: take the marked units out and leave commas in their place."""
    for rule, role in ((_INLINE_LEAD, "lead"), (_INLINE_SUPPORT, "support")):
        kept, at = [], 0
        for found in rule.finditer(segment):
            left = max(segment.rfind(mark, at, found.start()) for mark in "、，；：。） ") + 1
            left = max(left, at)
            into.add(role, read_names(segment, left, found.start()))
            kept += [segment[at:left], "、" * (found.end() - left)]
            at = found.end()
        segment = "".join([*kept, segment[at:]])
    return segment


def looks_like_roles(text: str, start: int, end: int) -> bool:
    """Whether a bracket without labels is a list of units: every piece reads like one, and nothing else is left."""
    return _like_roles(text[start:end])


@lru_cache(maxsize=4096)
def _like_roles(words: str) -> bool:
    trial = Roles()
    read_roles(words, 0, len(words), "responsible", trial)
    return bool(trial.names) and not trial.unclear and all(is_unit(n) for n in trial.names)

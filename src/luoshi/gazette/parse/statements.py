"""Units named in running text: 由县X局牵头，县Y局、县Z局配合   由县X局会同县Y局负责实施   由县X局负责.

Only where every name reads like a unit, and never for 由…负责解释 or 由…负责 with a verb behind it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from luoshi.gazette.parse.roles import looks_like_roles

# 由县X局牵头（负责），县Y局、县Z局配合
_LED = (
    r"[^，。；：（）]{2,60}?牵头(?:负责|组织|实施|落实)?"
    r"(?:[，、][^。；：（）]{2,80}?(?:积极|密切)?(?:配合|参与|协助|协同))?"
)
# 由县X局会同县Y局（负责）实施
_WITH = r"[^，。；：（）]{2,40}?会同[^，。；：（）]{2,60}?(?:(?:负责|组织实施|落实|实施|承担|办理)(?:实施|落实)?)?"
# 由县X局、县Y局（分别）负责
_ALONE = r"[^，。；：（）]{2,60}?(?:具体|分别|共同|统一|直接)?(?:负责(?:实施|落实|组织实施|办理)?|组织实施|牵头落实)"
# 县A局、县B局按职责分工负责。   县A局牵头，县B局配合。 as a sentence of its own
_SENTENCE = re.compile(
    r"(?:(?<=[。；])|^)\s?(?P<units>[^，。；：（）]{2,30}?(?:（[^（）]{2,20}）)?[^。；：（）]{0,60}?(?:按照?(?:各自)?职责分工(?:负责|落实|抓好落实)?|牵头(?:负责)?，[^。；：（）]{2,80}?(?:配合|参与|协助|协同)))(?=[。；]|$)"
)
# 由县X局于7月15日前完成…   由县X局会同县Y局制定…，8月底前…: units before a verb, where the sentence has a time limit
_TIMED = re.compile(
    r"由(?P<units>[^，。；：（）]{2,60}?)"
    r"(?=于|在|应|须|尽快|抓紧|制定|起草|研究|提出|出台|编制|开展|组织|完成|拟[定订]|修订|建立|印发|推进|梳理|核实|督促|牵头|，)"
)
_FOR_MANY = re.compile("以下|上述|下列|均$")
_LIMIT = re.compile(
    r"\d\s?[月日]\s?(?:\d|底|前|[上中下]旬|份)|年底|季度|工作日内|[\d一二两三十半]个?[月周日天]内|每[年月周日季]"
)
_STATEMENT = re.compile(rf"由(?P<units>{_LED}|{_WITH}|{_ALONE})(?=[，。；]|$)")


class Statement(NamedTuple):
    """Place of the units with their role words, and where the sentence ends."""

    start: int
    end: int
    until: int


def find_statements(text: str, start: int, end: int) -> Iterator[Statement]:
    """Yield the statements of ``text[start:end]``."""
    rules = [_STATEMENT] if text.find("由", start, end) >= 0 else []
    if text.find("职责分工", start, end) >= 0 or text.find("牵头", start, end) >= 0:
        rules.append(_SENTENCE)
    found_by = [found for rule in rules for found in rule.finditer(text, start, end)]
    if rules and rules[0] is _STATEMENT and _LIMIT.search(text, start, end) is not None:
        found_by += [found for found in _TIMED.finditer(text, start, end) if _limited(text, found.end(), end)]
    last = start
    for found in sorted(found_by, key=lambda f: (f.start(), -f.end())):
        if found.start("units") < last:
            continue
        a, b = found.span("units")
        if _FOR_MANY.search(text[max(start, found.start() - 14) : found.start()]):
            continue  # a rule for many tasks, see ``rules``
        if looks_like_roles(text, a, b):
            last = found.end()
            stop = text.find("。", b, min(end, b + 400))
            yield Statement(a, b, stop + 1 if stop >= 0 else min(end, b + 400))


def _limited(text: str, at: int, end: int) -> bool:
    """Whether the rest of the sentence holds a time limit."""
    stop = text.find("。", at, min(end, at + 200))
    return _LIMIT.search(text, at, stop if stop >= 0 else min(end, at + 200)) is not None

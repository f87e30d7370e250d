"""Which packaged plan a document is, which packaged task a parsed block is, which clause a section names. Pure.

A match is made on what is printed (issuer, day, title; number, sub-mark, units, deadline), in printed order, and only
where it is sure; the rest is left for a person.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"附件[\d一二三四五六七八九十]*|附录[\d一二三四五六七八九十]*|解读|前言|引言|印发通知|通知|第[一二三四五六七八九十]+部分"
    r"|\d+(?:\.\d+)*|[一二三四五六七八九十百]+|[①-⑳]"
)
_SENTENCE = re.compile(r"第\d+句")
_SAME = {"引言": "前言", "印发通知": "前言", "通知": "前言"}
TITLE_LIKENESS = 0.6
SURE = 7  # of 10: the unit set and the number must both agree, or all but one of the lesser marks


@dataclass(frozen=True, slots=True)
class PlanKey:
    """What tells one plan from another. ``issuers`` are the names the issuing unit may be printed under."""

    code: str
    title: str
    issuers: frozenset[str] = frozenset()
    issued_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class BlockKey:
    """What tells one task of a plan from another. ``number`` as tokens; ``units`` as (unit code) in any role."""

    key: object
    number: tuple[str, ...]
    sub: str
    units: frozenset[str]
    due_on: dt.date | None
    leads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A parsed block (by its place) and a packaged task (by its key); ``differs`` names what does not agree."""

    parsed: int
    key: object
    differs: tuple[str, ...]


def bigrams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of a title, without marks and blanks."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
    return {kept[i : i + 2] for i in range(len(kept) - 1)}


def held_by(title: str, printed: str) -> float:
    """Return the share of a title's bigrams that the printed title holds, 0 to 1."""
    wanted = bigrams(title)
    return len(wanted & bigrams(printed)) / len(wanted) if wanted else 0.0


def match_plan(title: str, issuer: str, issued_on: dt.date | None, plans: Sequence[PlanKey]) -> PlanKey | None:
    """Return the plan a document is: title alike, and day equal; issuer equal where both are known. None if unsure."""
    found = [
        (held_by(plan.title, title), plan)
        for plan in plans
        if plan.issued_on is not None and plan.issued_on == issued_on and (not plan.issuers or issuer in plan.issuers)
    ]
    close = sorted(((s, p) for s, p in found if s >= TITLE_LIKENESS), key=lambda item: (-item[0], item[1].code))
    if not close or (len(close) > 1 and close[0][0] == close[1][0]):
        return None
    return close[0][1]


def tokens(text: str) -> tuple[str, ...]:
    """Return the enumerators of a section or a clause path, in one spelling: ``二(二)5`` and ``二/（二）/5`` agree."""
    spelled = re.sub(r"[①-⑳]", lambda m: m.group(), text)
    plain = "".join(c if "①" <= c <= "⑳" else unicodedata.normalize("NFKC", c) for c in spelled)
    return tuple(_SAME.get(t, t) for t in _TOKEN.findall(plain))


def match_tasks(parsed: Sequence[BlockKey], packaged: Sequence[BlockKey]) -> list[Link]:
    """Pair parsed blocks with packaged tasks in printed order, so that the pairs agree as well as possible in sum.

    Each is used once. A pair needs ``SURE`` points; what still differs is named.
    """
    rows, columns = len(parsed), len(packaged)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    likeness = [[_likeness(p, q) for q in packaged] for p in parsed]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            together = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= SURE else -1
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    links: list[Link] = []
    i = j = 0
    while i < rows and j < columns:
        if likeness[i][j] >= SURE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            links.append(Link(i, packaged[j].key, _differs(parsed[i], packaged[j])))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return links


def _likeness(parsed: BlockKey, packaged: BlockKey) -> int:
    if not packaged.number and not packaged.units:
        return 0
    points = 4 if parsed.units == packaged.units and parsed.units else 0
    points += 3 if _number_agrees(parsed, packaged) else 0
    points += 1 if _sub_agrees(parsed, packaged) else 0
    points += 1 if parsed.due_on == packaged.due_on else 0
    return points + (1 if parsed.leads == packaged.leads else 0)


def _number_agrees(parsed: BlockKey, packaged: BlockKey) -> bool:
    size = len(packaged.number)
    return bool(size) and any(
        parsed.number[start : start + size] == packaged.number for start in range(len(parsed.number) - size + 1)
    )


def _sub_agrees(parsed: BlockKey, packaged: BlockKey) -> bool:
    return not parsed.sub or not packaged.sub or parsed.sub == packaged.sub


def _differs(parsed: BlockKey, packaged: BlockKey) -> tuple[str, ...]:
    marks = (
        ("units", parsed.units == packaged.units),
        ("number", _number_agrees(parsed, packaged)),
        ("sub", _sub_agrees(parsed, packaged)),
        ("deadline", parsed.due_on == packaged.due_on),
        ("leads", parsed.leads == packaged.leads),
    )
    return tuple(name for name, agrees in marks if not agrees)


def clause_of_section(section: str, paths: Mapping[tuple[str, ...], str]) -> str | None:
    """Return the clause path a register section names, or None. ``paths`` maps tokens of clause paths to the paths.

    ``四(三)1`` names 四/（三）/1; ``四 4.2.1`` names 四/4.2/4.2.1, whose path repeats the number above it. What stands
    after a middle dot (``五3·地梁``) and the number of a sentence (``二 第2句``) lie inside the clause named before it.
    """
    kept = _SENTENCE.sub("", section)
    interpretation, _, rest = kept.partition("解读·")
    wanted = tokens(f"解读 {rest.split('·')[0]}") if rest else tokens(interpretation.split("·")[0])
    if not wanted:
        return None
    if wanted in paths:
        return paths[wanted]
    found = {path for held, path in paths.items() if held and held[0] == wanted[0] and _dotted(held) == wanted}
    return found.pop() if len(found) == 1 else None


def _dotted(held: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out a number that the next one repeats as its beginning: 4.2, 4.2.1 → 4.2.1."""
    return tuple(t for t, after in zip(held, (*held[1:], ""), strict=True) if not after.startswith(f"{t}."))

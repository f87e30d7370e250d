"""Two versions of a sheet side by side: which lines differ, and why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.supervision.scores.facts import CORRECTIONS

Row = Mapping[str, Any]
FIELDS: dict[str, Words] = {
    "opened_on": Words("交办日", "day given"),
    "promised_on": Words("最初期限", "day first promised"),
    "due_on": Words("期限", "due day"),
    "state": Words("状态", "state"),
    "closed_on": Words("办结日", "day closed"),
    "moves": Words("中止与延期", "stops and extensions"),
    "reports": Words("办结报告", "reports of completion"),
    "waits": Words("等待", "waits"),
    "role": Words("分工", "role"),
    "value": Words("指标值", "target"),
    "op": Words("比较", "comparison"),
    "reached": Words("完成值", "figure reached"),
    "reached_on": Words("完成值日期", "day of the figure"),
    "faults": Words("核查问题", "faults found"),
    "concluded_on": Words("核查结论日", "day of the conclusion"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One line that differs: what it was, what it is (None where it is not on that sheet), and why."""

    item: str
    words: Words
    before: Row | None
    after: Row | None
    why: tuple[Words, ...]


def changes(
    facts_before: Sequence[Row], lines_before: Sequence[Row], facts_after: Sequence[Row], lines_after: Sequence[Row]
) -> list[Changed]:
    """Return the items whose fact or line differs between two versions, in the order of the new sheet."""
    old = {f["item"]: (f, line) for f, line in zip(facts_before, lines_before, strict=True)}
    new = {f["item"]: (f, line) for f, line in zip(facts_after, lines_after, strict=True)}
    found = []
    for item in [*new, *(i for i in old if i not in new)]:
        was, now = old.get(item), new.get(item)
        if was == now:
            continue
        fact = (now or was or ({}, {}))[0]
        words = Words(fact["zh"], fact["en"])
        found.append(
            Changed(
                item, words, was[1] if was else None, now[1] if now else None,
                tuple(_why(was[0] if was else None, now[0] if now else None)),
            )
        )  # fmt: skip
    return found


def _why(was: Row | None, now: Row | None) -> Iterator[Words]:
    if was is None:
        yield Words("记录中新出现这一项。", "The item has come into the records.")
    elif now is None:
        yield Words("记录中不再有这一项。", "The item is no longer in the records.")
    if now is not None:
        held = [c["contest"] for c in was["corrections"]] if was is not None else []
        for c in now["corrections"]:
            if c["contest"] not in held:
                yield Words(f"申诉第{c['contest']}号成立：{granted(c).zh}。",
                            f"Contest {c['contest']} upheld: {granted(c).en}.")  # fmt: skip
    if was is not None and now is not None:
        for name, words in FIELDS.items():
            if was.get(name) != now.get(name):
                a, b = _shown(was.get(name)), _shown(now.get(name))
                yield Words(f"记录已变：{words.zh}由{a}变为{b}。", f"The record changed: {words.en} from {a} to {b}.")


def granted(correction: Row) -> Words:
    """Return a correction in words."""
    if correction["kind"] == "excuse_days":
        return Words(f"核减{correction['days']}个工作日", f"{correction['days']} working days excused")
    if correction["kind"] == "done_on":
        return Words(f"办结日更正为{correction['on']}", f"done on {correction['on']}")
    if correction["kind"] == "pardon_return":
        return Words(
            f"第{correction['report']}次报告的退回不计", f"return of report {correction['report']} not counted"
        )
    return CORRECTIONS[correction["kind"]]


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return "—"
    return "、".join(" ".join(str(v) for v in one if v) for one in value) if isinstance(value, list) else str(value)

"""A row of an old ledger as the task it would become, with every doubt about it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from luoshi.core.words import Words
from luoshi.supervision.workbook import dates
from luoshi.supervision.workbook.dates import Read
from luoshi.supervision.workbook.names import Directory, split

LONGEST_TASK = 400
COLUMNS: dict[str, Words] = {
    "number": Words("序号", "No."), "plan": Words("方案", "Plan"), "area": Words("类别", "Area"),
    "task": Words("任务", "Task"), "lead": Words("牵头单位", "Lead"), "responsible": Words("责任单位", "Responsible"),
    "support": Words("配合单位", "Support"), "deadline": Words("完成时限", "Due"),
    "progress": Words("进展", "Progress"),
    "state": Words("状态", "State"), "remark": Words("备注", "Remarks"),
}  # fmt: skip
_WEIGHT = {"lead": 0, "responsible": 1, "support": 2}


class Doubt(NamedTuple):
    """Something a person must look at. ``stops``: the row cannot be brought in before it is settled."""

    column: str
    words: Words
    stops: bool


class Part(NamedTuple):
    """A unit of the task; ``unit`` is None where the name is not known, ``near`` who may have been meant."""

    role: str
    printed: str
    unit: int | None
    near: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: its cells with what was mended, its units, its day, and the doubts."""

    cells: Mapping[str, str]
    parts: tuple[Part, ...]
    due: Read
    doubts: tuple[Doubt, ...]

    @property
    def stopped(self) -> bool:
        """Tell whether the row cannot be brought in as it stands."""
        return any(doubt.stops for doubt in self.doubts)

    @property
    def mode(self) -> str:
        """How the units share the task."""
        roles = [part.role for part in self.parts]
        if "lead" in roles and len(roles) > 1:
            return "lead_support"
        return "single" if len(roles) == 1 else ("joint" if roles else "none")


def judge(
    cells: Mapping[str, str], names: Directory, chosen: Mapping[str, int], year: int, *, finished: bool
) -> Judged:
    """Return what a row says and what is doubtful about it."""
    doubts: list[Doubt] = []
    if not cells.get("task"):
        doubts.append(Doubt("task", Words("没有写任务。", "There is no task."), True))
    elif len(cells["task"]) > LONGEST_TASK:
        words = Words(f"任务超过{LONGEST_TASK}字，标题只留前{LONGEST_TASK}字。", "The task is long; its head is cut.")
        doubts.append(Doubt("task", words, False))
    parts = _parts(cells, names, chosen)
    doubts += _about_units(cells, parts)
    due = dates.read(cells.get("deadline", ""), year)
    if due.fault is not None:
        doubts.append(Doubt("deadline", due.fault, True))
    elif due.doubt is not None:
        doubts.append(Doubt("deadline", due.doubt, False))
    if finished:
        words = Words("旧台账里已经完成，默认不迁入。", "The old ledger has it done; it is left out unless you say so.")
        doubts.append(Doubt("state", words, False))
    return Judged(cells, parts, due, tuple(doubts))


def _parts(cells: Mapping[str, str], names: Directory, chosen: Mapping[str, int]) -> tuple[Part, ...]:
    found: dict[object, Part] = {}
    for column in ("lead", "responsible", "support"):
        for named in split(cells.get(column, ""), column):
            answer = names.find(named.printed, chosen)
            if answer.unit == 0:
                continue  # a person said that this names no unit
            part = Part(named.role, named.printed, answer.unit, answer.near)
            key: object = answer.unit if answer.unit is not None else named.printed
            if key not in found or _WEIGHT[part.role] < _WEIGHT[found[key].role]:
                found[key] = part
    return tuple(sorted(found.values(), key=lambda part: _WEIGHT[part.role]))


def _about_units(cells: Mapping[str, str], parts: tuple[Part, ...]) -> list[Doubt]:
    doubts = []
    for part in parts:
        if part.unit is None:
            column = next((c for c in ("lead", "responsible", "support") if part.printed in cells.get(c, "")), "lead")
            words = Words(f"不认识单位“{part.printed[:30]}”。", f"The unit {part.printed[:30]!r} is not known.")
            doubts.append(Doubt(column, words, True))
    if not parts:
        doubts.append(Doubt("responsible", Words("没有责任单位。", "No unit answers for it."), True))
    return doubts


def doubles(rows: Iterable[tuple[int, Mapping[str, str]]]) -> dict[int, int]:
    """Return for each row that says the same task of the same plan as an earlier one that row's number."""
    first: dict[tuple[str, str, str], int] = {}
    found: dict[int, int] = {}
    for row, cells in rows:
        key = (
            "".join(cells.get("plan", "").split()),
            "".join(cells.get("task", "").split()),
            cells.get("deadline", ""),
        )
        if key in first:
            found[row] = first[key]
        else:
            first[key] = row
    return found


def unknown(rows: Iterable[Judged]) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Return each name that is not known with how often it stands and who may have been meant, the commonest first."""
    counts: dict[str, tuple[int, tuple[int, ...]]] = {}
    for row in rows:
        for part in row.parts:
            if part.unit is None:
                counts[part.printed] = (counts.get(part.printed, (0, ()))[0] + 1, part.near)
    return dict(sorted(counts.items(), key=lambda one: (-one[1][0], one[0])))


def due_columns(due: Read, printed: str) -> dict[str, object]:
    """Return the columns of a task for its day; words that name no day are kept as printed."""
    return {
        "deadline_kind": due.kind, "due_on": due.day, "every": due.every, "deadline_words": printed[:200],
        "then": "",
    }  # fmt: skip

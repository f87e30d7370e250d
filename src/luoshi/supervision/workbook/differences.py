"""A row that came back against the row that was exported and the house as it stands: cell by cell, three ways. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from luoshi.core.words import Words
from luoshi.supervision.workbook import dates
from luoshi.supervision.workbook.cells import printed, wish
from luoshi.supervision.workbook.layouts import Column

Verdict = Literal["ready", "ask", "conflict", "refused", "error"]
MAY_BE_CLEARED = frozenset({"person", "move", "extend_to", "extend_why", "note"})
_FOLLOWS_THE_HOUSE = frozenset({"state", "standing"})
_NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One cell that says something else: what stood there at the export, what stands in the house, what is wanted."""

    column: str
    was: str
    now: str
    wanted: str
    verdict: Verdict
    words: Words = _NO_WORDS


@dataclass(frozen=True, slots=True)
class Came:
    """One row as it came back: cells by column, and what a person would not see of it.

    ``values`` holds only the columns that stand in the file; ``formulas``, ``merged`` and ``hidden`` are columns.
    """

    values: Mapping[str, Any]
    formulas: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stood:
    """What a row said: ``was`` when it was exported, ``now`` in the house, both as text by column; what is only read
    stands in ``now`` alone. ``untouched``: what is only read is exactly what was exported."""

    was: Mapping[str, str]
    now: Mapping[str, str]
    untouched: bool = field(default=False)


def of_row(columns: Sequence[Column], came: Came, stood: Stood, today: dt.date) -> list[Proposed]:
    """Return the cells of a row that differ from what was exported, each with what can be done about it."""
    found = [
        made
        for column in columns
        if column.code in came.values
        for made in ([_filled(column, came, stood, today)] if column.fills else [_fixed(column, came, stood, today)])
        if made is not None
    ]
    return _together(found, {c.code for c in columns}, came, stood)


def _filled(column: Column, came: Came, stood: Stood, today: dt.date) -> Proposed | None:
    code = column.code
    was, now = stood.was.get(code, ""), stood.now.get(code, "")
    value = came.values[code]
    if value == "" and code in came.formulas:
        return Proposed(code, was, now, "", "error", Words("公式没有算出结果。", "The formula holds no result."))
    read = wish(column, value, today)
    # What stood there already is no wish, even where it could not be written today: a word of one visible sign, say.
    if _same(read.text if read.fault is None else printed(value), was):
        return None
    made = Proposed(code, was, now, read.text, "ready")
    if code in came.merged:
        words = Words(
            "与其他格合并，分不清属于哪一行。", "It is merged with other cells; which row it is of is not clear."
        )
        return replace(made, verdict="error", words=words)
    if read.fault is not None:
        return replace(made, verdict="error", words=read.fault)
    if _same(read.text, now):
        return None
    if not read.text and code not in MAY_BE_CLEARED:
        words = Words("已报的内容不能清空。", "What was reported cannot be emptied.")
        return replace(made, verdict="refused", words=words)
    if not _same(was, now):
        words = Words("导出以后，系统里已经改过。", "The house has changed it since the export.")
        return replace(made, verdict="conflict", words=words)
    if code in came.formulas:
        return replace(
            made, verdict="ask", words=Words("由公式算出，取其结果。", "Worked out by a formula; its result is taken.")
        )
    if code in came.hidden:
        return replace(made, verdict="ask", words=Words("在隐藏的行或列里。", "It stands in a hidden row or column."))
    if read.doubt is not None:
        return replace(made, verdict="ask", words=read.doubt)
    return made


def _fixed(column: Column, came: Came, stood: Stood, today: dt.date) -> Proposed | None:
    """A column that is only read is named where it says neither what was exported nor what stands in the house."""
    code = column.code
    if stood.untouched or code == "code" or code in came.merged or code in _FOLLOWS_THE_HOUSE:
        return None
    now, value = stood.now.get(code, ""), came.values[code]
    text = printed(value)
    if column.kind == "date" and not isinstance(value, dt.date) and text:
        day = dates.read(value, today.year).day
        text = day.isoformat() if day else text
    if _same(text, now):
        return None
    words = Words("这一列只读，改动不起作用。", "This column is only read; the change has no effect.")
    return Proposed(code, now, now, text[:2_000], "refused", words)


def _same(one: str, other: str) -> bool:
    return one == other or "".join(one.split()) == "".join(other.split())


def _together(found: list[Proposed], held: set[str], came: Came, stood: Stood) -> list[Proposed]:
    """Hold the cells of one row to each other: a day needs its reason, a percentage its words."""
    said = {one.column: one.wanted for one in found if one.verdict in ("ready", "ask", "conflict")}
    day = next((one for one in found if one.column == "extend_to"), None)
    if day is not None and day.verdict == "ask":  # a day and its reason are one wish
        found = [
            replace(one, verdict="ask", words=day.words)
            if (one.column, one.verdict) == ("extend_why", "ready")
            else one
            for one in found
        ]
    text = said.get("text", printed(came.values.get("text", stood.now.get("text", ""))))
    finishing = said.get("move") == "报办结"
    return [
        replace(one, verdict="error", words=why) if (why := _lacks(one, said, text, finishing)) else one
        for one in found
    ]


def _lacks(one: Proposed, said: Mapping[str, str], text: str, finishing: bool) -> Words | None:
    if one.column not in said:
        return None
    if one.column == "extend_to" and not said.get("extend_why"):
        return Words("同时填写延期理由。", "Give the reason for extending as well.")
    if one.column == "extend_why" and not said.get("extend_to"):
        return Words("同时填写申请延期到哪一天。", "Say until which day as well.")
    if one.column == "percent" and one.wanted == "100" and not finishing:
        return Words("完成100%请在“本次办理”中选“报办结”。", "For 100 % choose 报办结 (report done).")
    if one.column == "percent" and finishing and one.wanted != "100":
        return Words("报办结时完成比例为100，请留空或填100。", "A report of completion says 100 %.")
    if (one.column == "percent" or (one.column == "move" and finishing)) and len(text) < 2:
        return Words("同时填写进展情况。", "Write the progress as well.")
    return None

"""Clauses, dated values, readings and coverage: from entries to records.

A wrong field is a ``Problem`` with its line.
"""

from typing import Any, cast, get_args

from luoshi.core.clause import SUBJECT_OF_PREFIX, ClauseId
from luoshi.office.register.files import Entry
from luoshi.office.register.records import (
    Clause,
    Cover,
    DatedValue,
    Reading,
    Status,
)


def clause(entry: Entry, subject: str) -> Clause:
    """One clause; its id must carry a prefix of the subject."""
    entry.only("id section kind actor lead support says zh values depends software")
    code = entry.text("id")
    try:
        prefix = ClauseId.parse(code).prefix
    except ValueError:
        raise entry.problem(f"{code} 不是条款号。", f"{code} is no clause id.", "id") from None
    if SUBJECT_OF_PREFIX.get(prefix) != subject:
        raise entry.problem(f"{code} 不属于 {subject}。", f"{code} does not belong to {subject}.", "id")
    values = entry.data.get("values") or {}
    if not isinstance(values, dict):
        raise entry.problem("values 应为一组字段。", "values must be a mapping.", "values")
    return Clause(
        id=code,
        subject=subject,
        section=entry.text("section"),
        kind=entry.text("kind"),
        actor=entry.texts("actor"),
        says=entry.text("says"),
        zh=entry.text("zh"),
        software=entry.text("software"),
        values=values,
        lead=entry.texts("lead"),
        support=entry.texts("support"),
        depends=entry.texts("depends"),
    )


def dated_value(entry: Entry) -> DatedValue:
    """A dated value; it rests on exactly one of clause, reading, law."""
    entry.only("key value unit from clause path reading law words")
    grounds = [name for name in ("clause", "reading", "law") if entry.data.get(name)]
    if len(grounds) != 1:
        raise entry.problem(
            "取值须且只须有一个依据：clause、reading 或 law。", "A value rests on exactly one of clause, reading, law."
        )
    path = entry.data.get("path", [])
    if bool(path) != (grounds == ["clause"]) or not isinstance(path, list):
        raise entry.problem("path 与 clause 须同时给出。", "path goes with clause, and only with clause.", "path")
    if "value" not in entry.data:
        raise entry.problem("缺少 value。", "value is missing.")
    return DatedValue(
        key=entry.text("key"),
        value=_frozen(entry.data["value"]),
        unit=entry.maybe_text("unit"),
        from_on=entry.day("from"),
        words=entry.words("words"),
        clause=entry.maybe_text("clause"),
        path=tuple(path),
        reading=entry.maybe_text("reading"),
        law=entry.maybe_text("law"),
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def reading(entry: Entry, subject: str) -> Reading:
    """A recorded reading of a doubtful place."""
    entry.only("id where clauses doubt reading overruled_by values")
    who = entry.below("overruled_by")
    who.only("role unit")
    return Reading(
        id=entry.text("id"),
        subject=subject,
        where=entry.text("where"),
        clauses=entry.texts("clauses"),
        doubt=entry.words("doubt"),
        reading=entry.words("reading"),
        role=who.text("role"),
        unit=who.text("unit"),
        values=entry.texts("values"),
    )


def cover(code: str, entry: Entry) -> Cover:
    """What is done for one clause: exactly one status."""
    statuses = get_args(Status)
    given = [name for name in statuses if name in entry.data]
    if len(given) != 1 or len(entry.data) != 1:
        raise entry.problem(
            f"{code} 须且只须有一种状态：{'、'.join(statuses)}。",
            f"{code} needs exactly one status of {', '.join(statuses)}.",
        )
    status = cast(Status, given[0])
    if status == "not_for_software":
        return Cover(code, status, reason=entry.words(status))
    value = entry.data[status]
    where = entry.texts(status) if isinstance(value, list) else (entry.text(status),)
    return Cover(code, status, where)

"""What happened to a promise, as the public reads it: days, units and kinds of events, never an officer's words."""

import datetime as dt
from dataclasses import dataclass

from luoshi.core import clock_words
from luoshi.core.words import Words
from luoshi.supervision.models import Assignment
from luoshi.supervision.promises.masking import masked
from luoshi.supervision.promises.models import PublicNote
from luoshi.supervision.promises.queries import Promise, View
from luoshi.supervision.stages import STAGES

SETTLED_WELL = ("done", "closed")


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    on: dt.date
    words: Words


@dataclass(frozen=True, slots=True)
class Share:
    """How far one unit has come with its part."""

    unit: Words
    role: str
    state: Words
    percent: int
    due_on: dt.date | None
    done_on: dt.date | None


def shares(promise: Promise) -> list[Share]:
    """Return the parts of the units, lead first."""
    rows = _rows(promise)
    return [
        Share(
            a.unit.words, a.role, STAGES.states[a.state].words, a.percent, a.duty.due_on if a.duty else None, a.done_on
        )
        for a in rows
    ]


def _rows(promise: Promise) -> list[Assignment]:
    order = {"lead": 0, "responsible": 1, "support": 2}
    rows = Assignment.objects.filter(task_id=promise.task_id).select_related("unit", "duty").order_by("pk")
    return sorted(rows, key=lambda a: order[a.role])


def history(seen: View, promise: Promise) -> list[Happened]:
    """Return what happened, newest first."""
    found: list[Happened] = []
    rows = _rows(promise)
    for day in sorted({a.assigned_on for a in rows}):
        units = [a.unit.words for a in rows if a.assigned_on == day]
        found.append(Happened(day, _listed("交办", "Given to", units)))
    seen_moves: set[tuple[str, str, str]] = set()
    for row in rows:
        for event in row.duty.events if row.duty else ():
            said = _moved(event, row.unit.words)
            key = (event["kind"], event["on"], said.zh if said else "")
            if said is not None and key not in seen_moves:
                seen_moves.add(key)
                found.append(Happened(dt.date.fromisoformat(event["on"]), said))
        if row.done_on is not None and row.state in SETTLED_WELL:
            unit = row.unit.words
            found.append(Happened(row.done_on, Words(f"{unit.zh}办结，已经审核", f"{unit.en}: done and reviewed")))
    for note in PublicNote.objects.filter(task_id=promise.task_id):
        text = masked(note.text, seen.names)
        found.append(Happened(note.noted_on, Words(f"公开说明：{text}", f"Public note: {text}")))
    if promise.standing == "overdue" and promise.due_on is not None:
        found.append(
            Happened(promise.due_on + dt.timedelta(days=1), Words("期限已过，仍未办结", "The day passed, not done"))
        )
    return sorted(found, key=lambda h: h.on, reverse=True)


def _listed(zh: str, en: str, units: list[Words]) -> Words:
    shown, more = units[:8], len(units) - 8
    tail = Words(f"等{len(units)}个单位", f" and {more} more units") if more > 0 else Words("", "")
    return Words(f"{zh}{'、'.join(u.zh for u in shown)}{tail.zh}", f"{en} {', '.join(u.en for u in shown)}{tail.en}")


def _moved(event: dict[str, str], unit: Words) -> Words | None:
    if event["kind"] == "extend":
        was, now = _full(event["from"]), _full(event["to"])
        zh, en = f"期限由{was.zh}延至{now.zh}", f"day moved from {was.en} to {now.en}"
    elif event["kind"] == "suspend":
        zh, en = "中止办理", "work stopped"
    elif event["kind"] == "resume" and event.get("to"):
        now = _full(event["to"])
        zh, en = f"恢复办理，期限顺延至{now.zh}", f"work resumed, day moved to {now.en}"
    elif event["kind"] == "resume":
        zh, en = "恢复办理", "work resumed"
    else:
        return None
    return Words(f"{unit.zh}：{zh}", f"{unit.en}: {en}")


def _full(day: str) -> Words:
    return clock_words.full_day(dt.date.fromisoformat(day))

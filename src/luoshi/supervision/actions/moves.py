"""Moving an assignment by its table, and what that makes of the task."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from luoshi.core.outcome import Granted, Needs, Outcome, Refused
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import Call, Done
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.evidence.models import Attachment
from luoshi.office.plans.models import Task
from luoshi.supervision import rules
from luoshi.supervision.actions import inside
from luoshi.supervision.models import Assignment
from luoshi.supervision.stages import STAGES

NOTHING = Words("", "")


class Settled(NamedTuple):
    """What a task became, and the shares that fell away with it: share id → the state it had."""

    state: str
    dropped: dict[str, str]

    def told(self) -> dict[str, Any]:
        """Return what the journal's ``after`` says of it, so that any past day can be shown again."""
        return {"dropped": self.dropped} if self.dropped else {}


def day_moved(task: Task, was: dt.date | None) -> dict[str, dict[str, Any]]:
    """Return what the journal says of a task's promised day: ``before`` and ``after``, empty where it stands."""
    if task.due_on == was:
        return {"before": {}, "after": {}}
    days = (str(day) if day else None for day in (was, task.due_on))
    return dict(zip(("before", "after"), ({"task_due_on": day} for day in days), strict=True))


def allowed(actor: Actor, share: Assignment, verb: str, **facts: Any) -> Outcome:
    """Ask the table whether this actor may make this move with a share in its present state."""
    return STAGES.allowed(share.state, verb, rules.STAGE_ROLE.get(actor.role, actor.role), facts)


def step(call: Call, share: Assignment, verb: str, **facts: Any) -> Granted | Refused | Needs:
    """Make a move in memory: on ``Granted`` the share has its new state, not yet saved."""
    answer = allowed(call.actor, share, verb, **facts)
    if isinstance(answer, Granted):
        share.state = str(answer.values["to"])
    return answer


def told(share: Assignment, was: str, verb: Words, more: Words = NOTHING, **extra: Any) -> Done:
    """Return what the journal says of a move: which unit, which task, from which state to which."""
    unit, task = share.unit.words, share.task.words
    after = {"state": share.state, **extra.pop("after", {})}
    return Done(
        Words(f"{unit.zh}{verb.zh}“{task.zh}”{more.zh}。", f"{unit.en}: {verb.en} “{task.en}”{more.en}."),
        before={"state": was, **extra.pop("before", {})},
        after=after,
        clauses=tuple(share.task.clause_ids[:1]),
        **extra,
    )


def evidence_count(share: Assignment) -> int:
    """Return how many files were handed in with the reports of a share."""
    ids = [str(pk) for pk in share.reports.values_list("pk", flat=True)]
    return Attachment.objects.filter(county_id=share.county_id, subject_kind="report", subject_id__in=ids).count()


def finish(share: Assignment, today: dt.date) -> Duty | None:
    """Take a share as done: close its duty; a recurring one goes on with the next, which is returned."""
    assert share.duty is not None, "every share has its duty"
    following = verbs.close(share.duty, today)
    still_open = Duty.objects.filter(
        county_id=share.county_id, subject_kind="assignment", subject_id=str(share.pk), state="open"
    )
    following = still_open.order_by("due_on", "pk").first() or following
    if following is None:
        share.state, share.done_on, share.percent = "done", today, 100
        inside.end_all(share, today)
    else:
        share.state, share.duty, share.percent = "accepted", following, 0
    share.save(update_fields=["state", "done_on", "percent", "duty"])
    return following


def rounds_of(share: Assignment) -> list[Duty]:
    """Return the share's open and suspended duties, locked, the one it works on first; a recurring share owes several.

    The duty worked on is the share's own instance, so that what is changed on it stands in memory too.
    """
    assert share.duty is not None, "every share has its duty"
    rows = Duty.objects.select_for_update().filter(
        county_id=share.county_id, subject_kind="assignment", subject_id=str(share.pk), state__in=("open", "suspended")
    )
    return [share.duty, *rows.exclude(pk=share.duty.pk).order_by("due_on", "pk")]


def end(share: Assignment, today: dt.date) -> None:
    """Cancel every round a share still owes and what hangs on it."""
    for duty in rounds_of(share):
        if duty.state in ("open", "suspended"):
            verbs.close(duty, today, "cancelled")
    inside.end_all(share, today)


def move_day_on(task: Task) -> None:
    """Let the day of a recurring task be the earliest that a deciding share still owes."""
    if not task.every:
        return
    owing = Assignment.objects.filter(task_id=task.pk, duty__state="open").exclude(state__in=rules.SETTLED)
    led = owing.filter(role="lead") if task.mode == "lead_support" else owing
    day = led.order_by("duty__due_on").values_list("duty__due_on", flat=True).first()
    if day is not None and day != task.due_on:
        task.due_on = day
        task.save(update_fields=["due_on"])


def settle_task(task: Task, today: dt.date) -> Settled:
    """Work the task's state out from its shares, write it if it changed, and return it with what fell away.

    When the lead's share of a lead/support task is done, supporting shares that are still open fall away with it.
    """
    shares = list(Assignment.objects.filter(task_id=task.pk).select_related("duty"))
    state = rules.task_state(task.mode, [(s.role, s.state) for s in shares])
    if state == task.state:
        return Settled(state, {})
    dropped: dict[str, str] = {}
    if state in ("done", "closed"):
        task.done_on = task.done_on or today
        dropped = drop(shares, today)
    else:
        task.done_on = None
    task.state = state
    task.save(update_fields=["state", "done_on"])
    return Settled(state, dropped)


def drop(shares: Iterable[Assignment], today: dt.date) -> dict[str, str]:
    """Cancel what is still open among shares and their duties; a report under review stays until it is decided.

    Return the state each cancelled share had, by its id.
    """
    dropped: dict[str, str] = {}
    for share in shares:
        if share.state in rules.SETTLED or share.state == "reported":
            continue
        dropped[str(share.pk)] = share.state
        share.state = "cancelled"
        share.save(update_fields=["state"])
        end(share, today)
    return dropped

"""What supervision's own records know of one unit or one plan: read once for a form, then counted by the providers."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max

from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.evidence.models import Attachment
from luoshi.office.indicators.registry import Asked
from luoshi.office.notices.models import PublicNotice
from luoshi.office.plans.models import Target, Task
from luoshi.supervision.models import Assignment, Report

DUTIES_HELD = ("open", "suspended", "closed")


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's share of a task, as of now."""

    id: int
    task_id: int
    duty_id: int | None
    label: Words
    role: str
    state: str
    percent: int
    done_on: dt.date | None
    due_on: dt.date | None
    recurring: bool
    clause_id: str

    @property
    def settled(self) -> bool:
        """Tell whether nothing is to be done on it any more."""
        return self.state in ("done", "closed")

    def late(self, today: dt.date) -> bool:
        """Tell whether its day has passed while it is still to be done."""
        return not self.settled and self.state != "suspended" and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Made:
    """A report of progress or completion that the unit made on a share."""

    id: int
    share_id: int
    kind: str
    text: str
    percent: int
    on: dt.date
    decision: str
    files: int


@dataclass(frozen=True, slots=True)
class Due:
    """A duty from such a share whose day lies in the period."""

    id: int
    due_on: dt.date
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Goal:
    """A target with a number, and what is known to be reached."""

    id: int
    label: Words
    op: str
    value: Decimal
    unit: str
    reached: Decimal | None
    reached_on: dt.date | None
    task_id: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the providers count from."""

    today: dt.date
    shares: tuple[Share, ...]
    made: tuple[Made, ...] = ()
    dues: tuple[Due, ...] = ()
    notices: int = 0
    by_share: dict[int, Share] = field(default_factory=dict)
    made_on: dict[int, list[Made]] = field(default_factory=dict)


def today_of(asked: Asked) -> dt.date:
    """Return the county's date of the moment asked for."""
    return asked.now.astimezone(COUNTY_ZONE).date()


def of_unit(asked: Asked) -> Facts:
    """Return what is known of the unit's shares in the plan (all plans where none is named)."""
    return asked.once(("facts", asked.unit_id, asked.plan_id), lambda: _of_unit(asked))


def _of_unit(asked: Asked) -> Facts:
    shares = tuple(_shares(asked))
    made = tuple(_made(asked, [s.id for s in shares]))
    made_on: dict[int, list[Made]] = defaultdict(list)
    for one in made:
        made_on[one.share_id].append(one)
    return Facts(
        today_of(asked), shares, made, tuple(_dues(asked)), _notices(asked, asked.unit_id),
        {s.id: s for s in shares}, dict(made_on),
    )  # fmt: skip


def _shares(asked: Asked) -> list[Share]:
    rows = Assignment.objects.filter(county_id=asked.county_id, unit_id=asked.unit_id).exclude(state="cancelled")
    rows = rows.filter(task__replaced_on__isnull=True)
    if asked.plan_id is not None:
        rows = rows.filter(task__plan_id=asked.plan_id)
    found = []
    for a in rows.select_related("task", "duty").order_by("task__plan_id", "task__order", "pk"):
        number = f"{a.task.number}{a.task.sub}"
        head = Words(f"{number} {a.task.words.zh}".strip(), f"{number} {a.task.words.en}".strip())
        clause = str(a.task.clause_ids[0]) if a.task.clause_ids else ""
        found.append(Share(
            a.pk, a.task_id, a.duty_id, head, a.role, a.state, a.percent, a.done_on,
            a.duty.due_on if a.duty else a.task.due_on, bool(a.task.every), clause,
        ))  # fmt: skip
    return found


def _made(asked: Asked, share_ids: list[int]) -> list[Made]:
    rows = list(
        Report.objects.filter(assignment_id__in=share_ids, reported_on__lte=asked.to_on)
        .order_by("assignment_id", "number")
        .values_list("pk", "assignment_id", "kind", "text", "percent", "reported_on", "decision")
    )
    ids = [str(r[0]) for r in rows]
    counted = (
        Attachment.objects.filter(county_id=asked.county_id, subject_kind="report", subject_id__in=ids)
        .values_list("subject_id")
        .annotate(n=Count("pk"))
    )
    files = {int(key): n for key, n in counted} if ids else {}
    return [Made(*r, files.get(r[0], 0)) for r in rows]


def _dues(asked: Asked) -> list[Due]:
    rows = Duty.objects.filter(
        county_id=asked.county_id, unit_id=asked.unit_id, state__in=DUTIES_HELD, subject_kind="assignment",
        due_on__gte=asked.from_on, due_on__lte=asked.to_on,
    )  # fmt: skip
    if asked.plan_id is not None:
        rows = rows.filter(task__plan_id=asked.plan_id)
    return [
        Due(pk, due, closed) for pk, due, closed in rows.order_by("pk").values_list("pk", "due_on", "closed_on") if due
    ]


def _notices(asked: Asked, unit_id: int | None) -> int:
    rows = PublicNotice.objects.filter(
        county_id=asked.county_id, from_on__gte=asked.from_on, from_on__lte=asked.to_on
    ).exclude(state="draft")
    return (rows.filter(unit_id=unit_id) if unit_id is not None else rows).count()


def goals(asked: Asked) -> tuple[Goal, ...]:
    """Return the targets with a number that the unit itself has to reach: it leads the task or answers for it."""
    return asked.once(("goals", asked.unit_id, asked.plan_id), lambda: tuple(_goals(asked)))


def _goals(asked: Asked) -> list[Goal]:
    own = {s.task_id: s.label for s in of_unit(asked).shares if s.role in ("lead", "responsible")}
    rows = Target.objects.filter(task_id__in=own, value__isnull=False).order_by("task__order", "pk")
    return [
        Goal(
            t.pk, Words(t.words_zh, t.words_en or t.words_zh), t.op, t.value, t.unit, t.reached, t.reached_on, t.task_id
        )
        for t in rows
        if t.value is not None
    ]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is known of a whole plan."""

    today: dt.date
    tasks: dict[str, int]
    late: tuple[tuple[Words, str, dt.date], ...]
    targets: int
    reached: int
    notices: int
    last_on: dt.date | None


def of_plan(asked: Asked) -> PlanFacts:
    """Return what is known of the plan over all units."""
    return asked.once(("plan", asked.plan_id), lambda: _of_plan(asked))


def _of_plan(asked: Asked) -> PlanFacts:
    today = today_of(asked)
    rows = Task.objects.filter(county_id=asked.county_id, replaced_on__isnull=True).exclude(state="cancelled")
    if asked.plan_id is not None:
        rows = rows.filter(plan_id=asked.plan_id)
    states = {state: n for state, n in rows.values_list("state").annotate(n=Count("pk")).order_by("state")}
    late = rows.filter(state="open", due_on__lt=today).order_by("due_on", "pk")
    named = tuple((t.words, t.units_text, t.due_on) for t in late if t.due_on)
    numbers = Target.objects.filter(task__in=rows, value__isnull=False).values_list("op", "value", "reached")
    known = [(op, value, reached) for op, value, reached in numbers if value is not None]
    met = sum(reached is not None and meets(op, reached, value) for op, value, reached in known)
    last = Report.objects.filter(assignment__task__in=rows).aggregate(last=Max("reported_on"))["last"]
    return PlanFacts(today, states, named, len(known), met, _notices(asked, None), last)


def meets(op: str, reached: Decimal, value: Decimal) -> bool:
    """Tell whether a reached number satisfies a target's comparator; an unknown comparator is read as "at least"."""
    if op in ("<=", "<"):
        return reached <= value if op == "<=" else reached < value
    if op == ">":
        return reached > value
    return reached == value if op == "==" and value != 100 else reached >= value

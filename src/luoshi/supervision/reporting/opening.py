"""Opening rounds: which forms of which plans are due, who sends them to whom. Written inside actions only."""

import datetime as dt
from collections.abc import Iterable

from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.duties import verbs
from luoshi.office.people.models import County, Post, Unit
from luoshi.office.plans.models import Plan, Stage
from luoshi.supervision import assignments
from luoshi.supervision.models import Assignment
from luoshi.supervision.reporting import forms, periods
from luoshi.supervision.reporting.forms import Form
from luoshi.supervision.reporting.models import Filing, ReportRound
from luoshi.supervision.reporting.periods import Due, StageDays

NO_BODY = ("class", "higher", "post", "role", "set", "expert", "unresolved")
"""Kinds of units that cannot send a form of the county: classes of people, posts, and bodies above the county."""
ABOVE = ("government", "leading_group", "commission", "command", "joint_meeting")
"""Kinds that stand above the office that collects: those with a share are not asked, those named in a form are."""


def pending(county: County, today: dt.date) -> list[tuple[Plan, Form, Due]]:
    """Return the rounds that should be open by today and are not, without writing anything."""
    found = []
    for plan in Plan.objects.filter(county=county).order_by("pk"):
        for form in forms.in_force(today, plan.subject):
            if not form.on_request and recipient_of(plan, form) is not None:
                found += [(plan, form, due) for due in _due(plan, form, today)]
    return found


def _due(plan: Plan, form: Form, today: dt.date) -> list[Due]:
    opened = ReportRound.objects.filter(county_id=plan.county_id, plan=plan, form=form.code).order_by("-to_on")
    last_on = opened.values_list("to_on", flat=True).first()
    stages = [
        StageDays(s.code, Words(s.name_zh, s.name_en), s.from_on, s.until_on)
        for s in Stage.objects.filter(plan=plan, code__in=form.stages)
    ]
    return periods.to_open(form, plan.from_on, plan.until_on, stages, last_on, today)


def open_round(plan: Plan, form: Form, due: Due, today: dt.date, only: Unit | None = None) -> tuple[ReportRound, int]:
    """Open one round with a form and a duty for each sender; return it with the number of forms.

    With ``only`` the round is one that this unit opens by itself: it has no day and nobody is given a duty.
    """
    assert door.inside(), "rounds are opened by an action"
    held = ReportRound.objects.create(
        county_id=plan.county_id, plan=plan, form=form.code, form_on=form.from_on, mark=due.mark,
        stage_zh=due.stage.zh, stage_en=due.stage.en, from_on=due.from_on, to_on=due.to_on,
        due_on=None if only else due.to_on, opened_on=today,
    )  # fmt: skip
    recipient = recipient_of(plan, form)
    assert recipient is not None, "asked before"
    senders = [only] if only else [u for u in senders_of(plan, form, today) if u.pk != recipient.pk]
    rows = Filing.objects.bulk_create(
        [Filing(county_id=plan.county_id, round=held, unit=unit, recipient=recipient) for unit in senders]
    )
    if only is None:
        _give_duties(rows, form, held, today)
    return held, len(rows)


def _give_duties(rows: Iterable[Filing], form: Form, held: ReportRound, today: dt.date) -> None:
    filings = list(rows)
    duties = verbs.open_duties([duty_of(f, form, held, held.due_on) for f in filings], today)
    for filing, duty in zip(filings, duties, strict=True):
        filing.duty = duty
    Filing.objects.bulk_update(filings, ["duty"])


def duty_of(filing: Filing, form: Form, held: ReportRound, due_on: dt.date | None) -> verbs.Opening:
    """Return the duty to send a form by a day."""
    on = held.to_on
    title = Words(
        f"报送{form.title.zh}（{held.stage_zh or f'截至{on.month}月{on.day}日'}）",
        f"Send: {form.title.en} ({held.stage_en or f'to {on.day} {on:%B}'})",
    )
    return verbs.Opening(
        county_id=filing.county_id, unit_id=filing.unit_id, title=title, subject_kind="filing", subject_id=filing.pk,
        due_on=due_on, clause_id=form.clauses[0] if form.clauses else "",
    )  # fmt: skip


def senders_of(plan: Plan, form: Form, today: dt.date) -> list[Unit]:
    """Return the units that send a form: those named, or every unit of the county with a share in the plan."""
    if "shares" in form.senders:
        shares = Assignment.objects.filter(
            county_id=plan.county_id, task__plan=plan, task__replaced_on__isnull=True, assigned_on__lte=today
        )
        asked = shares.exclude(state="cancelled").exclude(unit__kind__in=ABOVE)
        wanted = set(asked.values_list("unit_id", flat=True))
    else:
        named = set(Unit.objects.filter(county_id=plan.county_id, code__in=form.senders).values_list("pk", flat=True))
        members = assignments.members_of(named)
        wanted = (named - set(members)) | {one for inner in members.values() for one in inner}
    units = Unit.objects.filter(pk__in=wanted, collective=False).exclude(kind__in=NO_BODY)
    return list(units.select_related("place").order_by("pk"))


def recipient_of(plan: Plan, form: Form) -> Unit | None:
    """Return who receives a form: the unit named, else the office that works for the plan's leading group, else the
    leading unit itself; None where the plan names nobody, so that its forms cannot be opened."""
    if form.recipient != "leading":
        named = Unit.objects.filter(county_id=plan.county_id, code=form.recipient).first()
        if named is not None:
            return named
    if plan.leading_unit is None:
        return None
    offices = Post.objects.filter(role="leading_office", closed=False, unit__parent_id=plan.leading_unit_id)
    office = offices.select_related("unit").order_by("pk").first()
    return office.unit if office is not None else plan.leading_unit

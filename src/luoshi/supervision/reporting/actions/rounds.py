"""Opening rounds: those that are due, by the system; those on request, by the unit that has something to report."""

from typing import Annotated, Any

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people.models import County, Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.actions.subjects import missing
from luoshi.supervision.reporting import forms, opening
from luoshi.supervision.reporting.actions.subjects import SENDERS
from luoshi.supervision.reporting.forms import Form
from luoshi.supervision.reporting.models import Filing, ReportRound
from luoshi.supervision.reporting.periods import Due


class Nothing(Inputs):
    """No input."""


class OwnInputs(Inputs):
    """Which form is opened."""

    form: Annotated[str, told("报表", "Form", "表的编号", "the form's code", min_length=1, max_length=60)]


def _county(call: Call, inputs: Inputs) -> County:
    return County.objects.select_for_update().get(pk=call.actor.county_id)


@action(
    "filing.open_rounds",
    Words("开启到期报表", "Open forms that are due"),
    subject="county",
    grants={"system": "county", "supervisor": "county"},
    inputs=Nothing,
    load=_county,
    where=lambda county: Where(county.pk),
)
def open_rounds(call: Call, county: County, inputs: Nothing) -> Decision:
    """Open every round whose time has come, with a form and a duty for each sender."""
    due = opening.pending(county, call.today)
    made = sum(opening.open_round(plan, form, one, call.today)[1] for plan, form, one in due)
    clauses = tuple(dict.fromkeys(form.clauses[0] for _, form, _ in due if form.clauses))
    return Done(
        Words(f"开启报表{len(due)}期，涉及报表{made}份。", f"Opened {len(due)} rounds with {made} forms."),
        values={"rounds": len(due), "filings": made}, clauses=clauses, subject_id=county.pk,
    )  # fmt: skip


class Wanted:
    """A form that a unit wants to open by itself."""

    def __init__(self, form: Form, plan: Plan, unit: Unit | None) -> None:
        self.form, self.plan, self.unit = form, plan, unit


def load_own(call: Call, inputs: Any) -> Wanted:
    """Return the form in force today with its plan and the asking unit; ``Problem`` 404 where there is none."""
    form = next((f for f in forms.in_force(call.today) if f.code == inputs.form and f.on_request), None)
    if form is not None:
        plans = Plan.objects.select_for_update(of=("self",)).select_related("leading_unit")
        plan = plans.filter(county_id=call.actor.county_id, subject=form.subject).order_by("pk").first()
        if plan is not None:
            unit = Unit.objects.filter(pk=call.actor.unit_id or 0, county_id=call.actor.county_id).first()
            return Wanted(form, plan, unit)
    raise missing("form", "可以随时填报的报表", "form that can be opened on request")


def why_not_own(call: Call, wanted: Wanted) -> Outcome:
    """Answer whether the asking unit sends this form."""
    senders = opening.senders_of(wanted.plan, wanted.form, call.today)
    if wanted.unit is not None and wanted.unit in senders and opening.recipient_of(wanted.plan, wanted.form):
        return Granted()
    names = "、".join(u.short_zh for u in senders) or "无"
    return refuse(
        "not_sender", "这份报表不由本单位报送。", "Your unit does not send this form.",
        Words(f"由{names}报送。", f"It is sent by: {', '.join(u.name_en for u in senders) or 'nobody'}."),
        wanted.form.clauses[:1],
    )  # fmt: skip


@action(
    "filing.open",
    Words("新开一份报表", "Open a form"),
    subject="filing",
    grants=SENDERS,
    inputs=OwnInputs,
    load=load_own,
    where=lambda wanted: Where(
        wanted.plan.county_id, frozenset({wanted.unit.pk}) if wanted.unit is not None else frozenset()
    ),
    why_not=why_not_own,
)
def open_own(call: Call, wanted: Wanted, inputs: OwnInputs) -> Decision:
    """Open a form that has no fixed day, about the days since the last one."""
    unit, form, plan = wanted.unit, wanted.form, wanted.plan
    assert unit is not None, "asked by why_not"
    earlier = ReportRound.objects.filter(county_id=plan.county_id, plan=plan, form=form.code, filings__unit=unit)
    last_on, count = earlier.order_by("-to_on").values_list("to_on", flat=True).first(), earlier.count()
    begin = max(form.from_on, plan.from_on or form.from_on)
    due = Due(min(last_on or begin, call.today), call.today, f"{unit.pk}-{count + 1}")
    held, _ = opening.open_round(plan, form, due, call.today, only=unit)
    filing = Filing.objects.get(round=held, unit=unit)
    return Done(
        Words(f"{unit.short_zh}新开报表《{form.title.zh}》。", f"{unit.name_en} opened “{form.title.en}”."),
        values={"filing": filing.pk, "round": held.pk}, clauses=form.clauses[:1], subject_id=filing.pk,
    )  # fmt: skip

"""The county chooses in which colours its tasks stand, from a day on."""

import datetime as dt
from typing import Annotated

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.models import County
from luoshi.office.plans.models import DatedValue
from luoshi.supervision import colour_schemes
from luoshi.supervision.actions.inputs import Reason, told
from luoshi.supervision.colour_schemes import KEY, SUBJECT
from luoshi.supervision.stages import LIST

CHOOSERS: Grants = {"supervisor": "county", "county_head": "county"}


class SchemeInputs(Inputs):
    """Which scheme, from which day, and why."""

    scheme: Annotated[str, told("颜色方案", "Scheme", "方案代码", "code of a packaged scheme", max_length=40)]
    from_on: Annotated[dt.date, told("起用日期", "From", "今天或以后", "today or later")]
    reason: Reason


def load(call: Call, inputs: object) -> County:
    """Return the county, locked: of two who choose at once the second sees what the first chose."""
    return County.objects.select_for_update().get(pk=call.actor.county_id)


def always(call: Call, county: County) -> Outcome:
    """Choosing is always possible; what is chosen may be refused."""
    return Granted()


@action(
    "supervision.choose_scheme",
    Words("选定颜色方案", "Choose the scheme of colours"),
    subject="county",
    grants=CHOOSERS,
    inputs=SchemeInputs,
    load=load,
    where=lambda county: Where(county.pk),
    why_not=always,
    clauses=(LIST,),
)
def choose_scheme(call: Call, county: County, inputs: SchemeInputs) -> Done | Refused:
    """Use a scheme of colours from a day on. Days before keep the scheme they had; a later choice takes this back."""
    scheme = colour_schemes.scheme_on(inputs.scheme, inputs.from_on)
    if scheme is None:
        raise Problem(
            "scheme",
            Words("没有这个颜色方案。", "There is no such scheme."),
            Words("请从列表选择。", "Choose one of the list."),
            status=422,
        )
    if inputs.from_on < call.today:
        return refuse(
            "scheme_in_the_past", "颜色方案不能倒签。", "A scheme cannot begin in the past.",
            Words("请选择今天或以后的日期。", "Choose today or a later day."), (LIST,), from_on=str(inputs.from_on),
        )  # fmt: skip
    taken = DatedValue.objects.filter(county=county, subject=SUBJECT, key=KEY, from_on=inputs.from_on)
    if taken.exists():
        return refuse(
            "day_taken", "这一天起用的方案已经选定。", "A scheme beginning that day has been chosen already.",
            Words("请换一个起用日期。", "Choose another day."), (LIST,), from_on=str(inputs.from_on),
        )  # fmt: skip
    before = colour_schemes.chosen(county.pk, inputs.from_on).scheme.code
    row = DatedValue.objects.create(
        county=county, subject=SUBJECT, key=KEY, value=scheme.code, from_on=inputs.from_on, clause_id=LIST,
        reason=inputs.reason, decided_by=f"post:{call.actor.post_id}",
    )  # fmt: skip
    name, day = scheme.name, inputs.from_on
    return Done(
        Words(f"自{day}起用颜色方案“{name.zh}”：{inputs.reason}。", f"From {day}: “{name.en}”: {inputs.reason}."),
        before={"scheme": before},
        after={"scheme": scheme.code, "from_on": str(day), "reason": inputs.reason},
        values={"dated_value": row.pk},
    )

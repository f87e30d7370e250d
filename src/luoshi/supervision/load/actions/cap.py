"""The county's own cap on what may be asked of a unit in a week."""

import datetime as dt
from typing import Annotated

from luoshi.core.outcome import refuse
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people.models import County
from luoshi.supervision.actions.inputs import Reason, told
from luoshi.supervision.load.models import LoadCap


class CapInputs(Inputs):
    """How many minutes a week, from which day, and why."""

    minutes: Annotated[int, told("每周上限（分钟）", "Cap a week (minutes)", ge=1, le=2400)]
    from_on: Annotated[dt.date, told("起用日期", "From", "今天或以后", "today or later")]
    reason: Reason


def _load(call: Call, inputs: CapInputs) -> County:
    return County.objects.select_for_update(no_key=True).get(pk=call.actor.county_id)


@action(
    "load.set_cap",
    Words("调整督查负担上限", "Set the cap on what is asked"),
    subject="county",
    grants={"county_head": "county"},
    inputs=CapInputs,
    load=_load,
    where=lambda county: Where(county.pk),
)
def set_cap(call: Call, county: County, inputs: CapInputs) -> Decision:
    """Set the cap from a day on. A day that is past keeps the cap it had."""
    if inputs.from_on < call.today:
        return refuse(
            "day_past", f"{inputs.from_on}已经过去，上限不能倒签。",
            f"{inputs.from_on} is past; no cap is set backwards.",
            Words("请选择今天或以后的日期。", "Choose today or a later day."), from_on=str(inputs.from_on),
        )  # fmt: skip
    row, made = LoadCap.objects.get_or_create(
        county=county, from_on=inputs.from_on,
        defaults={"minutes": inputs.minutes, "reason": inputs.reason, "set_by_id": call.actor.account_id},
    )  # fmt: skip
    if not made:
        return refuse(
            "cap_set", f"{inputs.from_on}起的上限已经定过，为{row.minutes}分钟。",
            f"A cap from {inputs.from_on} was set already: {row.minutes} minutes.",
            Words("请选择另一个起用日期。", "Choose another day."), from_on=str(inputs.from_on),
        )  # fmt: skip
    return Done(
        Words(
            f"督查负担上限自{row.from_on}起为每周{row.minutes}分钟：{row.reason}。",
            f"The cap is {row.minutes} minutes a week from {row.from_on}: {row.reason}.",
        ),
        after={"minutes": row.minutes, "from_on": str(row.from_on), "reason": row.reason},
        values={"minutes": row.minutes},
    )

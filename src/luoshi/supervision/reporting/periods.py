"""When a form is due and which days it is about. Pure: days in, days out."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luoshi.core.words import Words
from luoshi.office.duties.schedule import next_occurrence
from luoshi.supervision.reporting.forms import Form

NO_STAGE = Words("", "")
_A_MONTH = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class StageDays:
    """A stage of a plan as far as reports need it."""

    code: str
    words: Words
    from_on: dt.date | None
    until_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Due:
    """One round that should be open: its period, its day, and the stage it closes."""

    from_on: dt.date
    to_on: dt.date
    mark: str = ""
    stage: Words = NO_STAGE


def to_open(
    form: Form, plan_from: dt.date | None, plan_until: dt.date | None, stages: Sequence[StageDays],
    last_on: dt.date | None, today: dt.date,
) -> list[Due]:  # fmt: skip
    """Return the rounds whose time to open has come by today, earliest first.

    ``last_on`` is the last day of the newest round already opened. Without one nothing before today is asked for:
    a county that starts today owes no report for the months before.
    """
    begin = max(form.from_on, plan_from or form.from_on)
    lead = dt.timedelta(days=form.opens_days_before)
    if form.stages:
        dues = list(_of_stages(form, stages, begin))
        return [
            d for d in dues if d.to_on - lead <= today and (d.to_on >= today if last_on is None else d.to_on > last_on)
        ]
    after = last_on or max(begin, today) - dt.timedelta(days=1)
    return list(_of_days(form, begin, plan_until, after, today + lead))


def _of_days(form: Form, begin: dt.date, plan_until: dt.date | None, after: dt.date, until: dt.date) -> Iterator[Due]:
    every = {"day_of_month": list(form.days)}
    day = next_occurrence(every, after)
    while day is not None and day <= until and (plan_until is None or day <= plan_until):
        yield Due(max(begin, _before(every, day) + dt.timedelta(days=1)), day)
        day = next_occurrence(every, day)


def _before(every: dict[str, list[int]], day: dt.date) -> dt.date:
    """Return the occurrence before one."""
    found = next_occurrence(every, day - 2 * _A_MONTH)
    assert found is not None, "days of the month recur"
    while (following := next_occurrence(every, found)) is not None and following < day:
        found = following
    return found


def _of_stages(form: Form, stages: Sequence[StageDays], begin: dt.date) -> Iterator[Due]:
    """A stage without a printed beginning begins with the plan; one that ended before the plan is not reported on."""
    ending = [(s.until_on, s.code, s) for s in stages if s.code in form.stages and s.until_on is not None]
    for until_on, _, stage in sorted(ending, key=lambda e: e[:2]):
        if until_on >= begin:
            from_on = max(begin, stage.from_on or begin)
            yield Due(min(from_on, until_on), until_on, stage.code, stage.words)

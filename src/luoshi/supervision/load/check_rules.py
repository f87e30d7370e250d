"""When a unit may be checked, for how long, how often. Pure.

The Regulation on Government Supervision (政府督查工作条例) asks that frequency and duration be strictly limited, that
units correct themselves first and that a check ends with a written conclusion; the figures are the scheme's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from luoshi.core.calendar import Calendar
from luoshi.core.outcome import Granted, Outcome, Reason, Refused, refuse
from luoshi.core.words import Words
from luoshi.supervision.load import meter
from luoshi.supervision.load.scheme import CheckLimits
from luoshi.supervision.stages import REVIEW


def days_fit(first: dt.date, last: dt.date, today: dt.date, calendar: Calendar, limits: CheckLimits) -> Outcome:
    """Answer whether a visit may be on these days: in order, on working days, short, and after time to mend."""
    facts = {"visit_from": str(first), "visit_to": str(last)}
    if last < first:
        return refuse(
            "days_out_of_order", "结束日早于开始日。", "The visit ends before it begins.",
            Words("请改正检查日期。", "Correct the days."), (REVIEW,), **facts,
        )  # fmt: skip
    rest = [day for day in (first, last) if not calendar.is_working(day)]
    if rest:
        return refuse(
            "visit_on_rest_day", f"{rest[0]}是休息日，不安排检查。", f"{rest[0]} is a day of rest.",
            Words(f"可改为{calendar.add_working_days(rest[0], 1)}。", f"Take {calendar.add_working_days(rest[0], 1)}."),
            (REVIEW,), **facts,
        )  # fmt: skip
    long = len(meter.visit_days(first, last, calendar))
    if long > limits.most_working_days:
        return refuse(
            "visit_too_long", f"检查为{long}个工作日，上限为{limits.most_working_days}个。",
            f"{long} working days; at most {limits.most_working_days}.",
            Words("请缩短检查时间或缩小范围。", "Make it shorter or narrow its scope."), (REVIEW,), **facts,
        )  # fmt: skip
    earliest = calendar.add_working_days(today, limits.mend_working_days + 1)
    if first < earliest:
        return refuse(
            "no_time_to_mend", f"检查前要给单位{limits.mend_working_days}个工作日自查自纠。",
            f"Units get {limits.mend_working_days} working days to correct themselves before the visit.",
            Words(f"最早可定在{earliest}。", f"The earliest day is {earliest}."), (REVIEW,), **facts,
        )  # fmt: skip
    return Granted()


def not_too_often(
    others: Mapping[int, Sequence[tuple[dt.date, str]]], names: Mapping[int, Words], first: dt.date, ground: str,
    limits: CheckLimits,
) -> Outcome:  # fmt: skip
    """Answer whether these units may be checked again: not within the gap, unless a lawful ground is named.

    ``others``: by unit the days and titles of its other checks.
    """
    if ground:
        return Granted()
    reasons = []
    for unit_id, checks in others.items():
        near = [(day, title) for day, title in checks if abs((day - first).days) < limits.gap_days]
        if not near:
            continue
        day, title = max(near)
        again, name = day + dt.timedelta(days=limits.gap_days), names[unit_id]
        reasons.append(
            Reason(
                "checked_recently",
                Words(
                    f"{name.zh}在{day}有检查“{title}”，{limits.gap_days}日内不重复检查。",
                    f"{name.en}: the check “{title}” is on {day}; not again within {limits.gap_days} days.",
                ),
                Words(
                    f"{again}起可再检查；有上级交办、问题线索等法定情形的，请选择并写明。",
                    f"It can be checked from {again}, or name the lawful ground.",
                ),
                (REVIEW,),
                {"unit": unit_id, "day": str(day)},
            )
        )
    return Refused(tuple(reasons)) if reasons else Granted()

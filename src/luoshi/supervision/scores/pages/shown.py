"""How figures of a scoring are said: periods, results, excuses, components."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse

from luoshi.core.calendar import default_calendar
from luoshi.core.clock_words import full_day
from luoshi.core.words import Words
from luoshi.office.ledger import Column, Ledger, Marked, Row
from luoshi.supervision.scores.calculator import half_up
from luoshi.supervision.scores.facts import WAITS
from luoshi.supervision.scores.models import Scoresheet, Scoring
from luoshi.supervision.scores.scheme import RESULTS, Component, Scheme
from luoshi.supervision.scores.standing import UNCOUNTED

STATES = {
    "computed": Words("已计算，未公布", "computed, not published"),
    "published": Words("已公布", "published"),
    "replaced": Words("已被新版取代", "replaced by a later version"),
}
MARKS = {
    "done_on_time": "done",
    "done_late": "done_late",
    "overdue_now": "overdue",
    "target_reached": "done",
    "target_missed": "overdue",
    "check_sound": "done",
    "check_faulty": "overdue",
    "stopped": "suspended",
    "cancelled": "cancelled",
    "left_out": "cancelled",
}
LIST = Words("评分", "Scores")


def period(scoring: Scoring) -> Words:
    """Return the days a scoring is about."""
    a, b = scoring.from_on, scoring.to_on
    zh = f"{a.year}年{a.month}月{a.day}日至{b.year}年{b.month}月{b.day}日"
    return Words(zh, f"{a.day} {a:%b %Y} to {b.day} {b:%b %Y}")


def name(scoring: Scoring) -> Words:
    """Return what a scoring is called: its plan or all plans, and its period."""
    days, plan = period(scoring), scoring.plan
    of = plan.words if plan is not None else Words("全部方案", "All plans")
    return Words(f"{of.zh} {days.zh}", f"{of.en}, {days.en}")


def trail(scoring: Scoring | None = None) -> list[dict[str, Any]]:
    """Return the way to a page below the list, or below one scoring."""
    found: list[dict[str, Any]] = [{"words": LIST, "url": reverse("scores")}]
    if scoring is not None:
        found.append({"words": period(scoring), "url": reverse("scoring", args=[scoring.pk])})
    return found


def result(line: Mapping[str, Any]) -> Marked | Words:
    """Return what became of an item, with the mark of its state where it has one."""
    code = line["result"]
    words = RESULTS.get(code) or UNCOUNTED[code]
    if code in ("done_late", "overdue_now") and line["late_days"]:
        days = line["late_days"]
        words = Words(f"{words.zh}{days}个工作日", f"{words.en} ({days} working days)")
    return Marked(MARKS[code], words) if code in MARKS else words


def excused(line: Mapping[str, Any]) -> Words:
    """Return the excused working days by what they were for."""
    parts = [(WAITS[kind], days) for kind, days in line["excused"]]
    return Words(
        "；".join(f"{w.zh}，核减{n}个工作日" for w, n in parts),
        "; ".join(f"{w.en}: {n} working days" for w, n in parts),
    )


def place_of(sheet: Scoresheet, of: int, least: int) -> Words:
    """Return a unit's place in its group, or why it has none."""
    if sheet.place is not None:
        return Words(f"第{sheet.place}名（共{of}个单位参加排名）", f"place {sheet.place} of {of}")
    if sheet.score is None:
        return Words("没有计入的事项", "nothing was counted")
    return Words(
        f"样本不足，不排名（应办{sheet.due}项，至少{least}项）",
        f"too few items for a rank ({sheet.due} of at least {least})",
    )


def number(text: str) -> str:
    """Return an exact fraction as a decimal of at most two places."""
    value = half_up(Fraction(text))
    return format(value.normalize() if value else Decimal(0), "f")


def components(scheme: Scheme, found: Mapping[str, Any]) -> Ledger:
    """Return how the score came about, a row for each component."""
    parts = {p["code"]: p for p in found["parts"]}
    present = sum((c.weight for c in scheme.components if parts[c.code]["items"]), Fraction(0))
    rows = [_component(c, parts[c.code], present) for c in scheme.components]
    columns = (
        Column("part", Words("组成", "Component")),
        Column("figures", Words("本单位数字", "This unit's figures")),
        Column("weight", Words("权重", "Weight"), "figure"),
        Column("points", Words("得分", "Points"), "figure"),
        Column("formula", Words("公式", "Formula")),
    )
    total = (Words("合计", "Sum"), "", "100", found["score"] or "—", "")
    return Ledger("parts", Words("得分怎样算出", "How the score came about"), columns, tuple(rows), totals=total)


def _component(c: Component, part: Mapping[str, Any], present: Fraction) -> Row:
    if not part["items"]:
        return Row(c.code, (c.words, Words("没有这类事项", "no such items"), "—", "—", c.formula))
    figures = f"{number(part['earned'])} ÷ {part['items']}"
    return Row(c.code, (c.words, figures, number(str(c.weight * 100 / present)), part["points"], c.formula))


def rules(scheme: Scheme) -> list[Words]:
    """Return the rules of counting and excuse, as a unit reads them."""
    tiers = []
    for step in (s for c in scheme.components for s in c.late):
        upto = f"逾期{step.up_to_days}个工作日以内" if step.up_to_days else "更晚"
        upto_en = f"up to {step.up_to_days} working days late" if step.up_to_days else "later"
        tiers.append((f"{upto}折算{number(str(step.credit))}", f"{upto_en}: {number(str(step.credit))}"))
    return [
        Words(
            "只计工作结果，不计登录、签到、点击、上传和消息数量。",
            "Only results count; never sign-ins, presence, clicks, uploads or messages.",
        ),
        Words(
            "以办结报告上报之日为办结日；审核所用的时间不算单位的。",
            "Work is done on the day the approved report was handed in; the reviewer's days are not the unit's.",
        ),
        Words(f"逾期办结：{'，'.join(zh for zh, _ in tiers)}。", f"Done late: {', '.join(en for _, en in tiers)}."),
        Words(
            "中止的工作日已经顺延到期限中；期末仍中止的不计。",
            "Suspended working days are in the due day already; what is suspended at the end does not count.",
        ),
        Words(
            "退回的报告在审核人处的工作日予以核减；退回本身计入“一次通过”。",
            "Working days a returned report lay with the reviewer are excused; the return itself counts.",
        ),
        Words(
            "牵头单位等待配合单位交付的工作日予以核减。",
            "Working days a lead unit waited for a supporting unit are excused.",
        ),
        Words(
            "征求其他单位意见，对方逾期答复的工作日予以核减。",
            "Working days by which a unit that was consulted answered late are excused.",
        ),
        Words(
            f"牵头单位超过{scheme.sign_for_days}个工作日才签收的，配合单位核减超过的工作日。",
            f"Where the lead unit took more than {scheme.sign_for_days} working days to sign, supporting units are "
            "excused the rest.",
        ),
        Words(
            "移交前已经逾期的工作日和退回的报告，不算接办单位的。",
            "Days overdue and reports returned before a hand-over are not the new unit's.",
        ),
        Words("同一天不重复核减。", "No day is excused twice."),
        Words(
            f"应办少于{scheme.minimum_due}项的单位只列数字，不排名。",
            f"A unit with fewer than {scheme.minimum_due} items due has its figures, but no rank.",
        ),
    ]


def until(day: dt.date | None, today: dt.date) -> Words | None:
    """Return the sentence of the days for contests, None where there is none."""
    if day is None:
        return None
    over = Words("已经截止", "are over") if today > day else Words("当天仍可提出", "that day included")
    said = full_day(day)
    return Words(f"申诉截至{said.zh}，{over.zh}。", f"Contests until {said.en}: {over.en}.")


def guessed(scoring: Scoring) -> Words | None:
    """Return what to say where the calendar of the period is not official yet, else None."""
    if not default_calendar().is_provisional_between(scoring.from_on, scoring.to_on):
        return None
    return Words(
        "期间内有的年份还没有国务院放假安排，工作日按周一至周五推算，公布后请重算。",
        "For a year of this period no holiday notice is known; Monday to Friday are taken as working days. "
        "Run it again when the notice is out.",
    )

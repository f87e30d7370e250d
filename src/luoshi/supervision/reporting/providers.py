"""The figures supervision itself can give, from tasks, duties, reports, targets and notices.

They count work and its results. How often somebody signs in, clicks or uploads is counted nowhere (the 2026 rule on
government apps): files are counted only as evidence that a task has.
"""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse

from luoshi.core.words import Words
from luoshi.office.indicators.registry import Asked, Figure, Kind, Source, Unknown, Value, register
from luoshi.supervision.reporting import facts, sentences
from luoshi.supervision.reporting.facts import Facts, Goal, Share, meets
from luoshi.supervision.stages import STAGES

SUBJECT = "supervision"
AHEAD = dt.timedelta(days=31)
TASKS, PIECES, NOTHING = Words("项", "tasks"), Words("件", "files"), Words("", "")
LEDGER, TIMES = ("FOOD-3.1.1d",), Words("次", "times")
NO_ROW = Unknown(Words("这一行没有对应的记录。", "There is no record behind this row."))


def _source(asked: Asked, words: Words, records: int, **more: object) -> tuple[Source, ...]:
    given = {"unit": asked.unit_id, **({"plan": asked.plan_id} if asked.plan_id is not None else {}), **more}
    return (Source(words, records, f"{reverse('tasks')}?{urlencode(given)}"),)


def _unit(code: str, words: Words, measure: Words, kind: Kind = "count", **more: object) -> Callable[..., object]:
    """Register a count over the unit's facts; the decorated function returns the value and how many records it used."""

    def declare(count: Callable[[Facts, Asked], tuple[Value, int] | Unknown]) -> object:
        def compute(asked: Asked) -> Figure | Unknown:
            counted = count(facts.of_unit(asked), asked)
            if isinstance(counted, Unknown):
                return counted
            return Figure(counted[0], _source(asked, words, counted[1], **more))

        return register(f"unit.{code}", SUBJECT, words, kind, measure, LEDGER)(compute)

    return declare


@_unit("tasks", Words("承担任务数", "Tasks"), TASKS)
def tasks(known: Facts, asked: Asked) -> tuple[Value, int]:
    """The unit's shares, without those cancelled."""
    return len(known.shares), len(known.shares)


@_unit("tasks_done", Words("已办结任务数", "Tasks done"), TASKS)
def tasks_done(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Shares done or closed."""
    n = sum(s.settled for s in known.shares)
    return n, n


@_unit("tasks_overdue", Words("逾期任务数", "Tasks late"), TASKS, standing="overdue")
def tasks_overdue(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Shares whose day has passed."""
    n = sum(s.late(known.today) for s in known.shares)
    return n, n


@_unit("duties_due", Words("本期到期事项数", "Fell due in the period"), TASKS)
def duties_due(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Duties whose day lies in the period."""
    return len(known.dues), len(known.dues)


@_unit("duties_on_time", Words("本期按期办结数", "Done on time in the period"), TASKS)
def duties_on_time(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Of those, the ones closed by their day."""
    n = sum(d.closed_on is not None and d.closed_on <= d.due_on for d in known.dues)
    return n, len(known.dues)


@_unit("reports", Words("本期报告进展次数", "Reports made in the period"), TIMES)
def reports(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Reports on tasks made in the period."""
    n = sum(m.on >= asked.from_on for m in known.made)
    return n, n


@_unit("reports_returned", Words("本期被退回的报告数", "Reports returned in the period"), TIMES)
def reports_returned(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Of those, the ones sent back."""
    n = sum(m.on >= asked.from_on and m.decision == "returned" for m in known.made)
    return n, n


@_unit("evidence", Words("证明材料件数", "Files of evidence"), PIECES)
def evidence(known: Facts, asked: Asked) -> tuple[Value, int]:
    """Evidence that the unit's tasks have."""
    n = sum(m.files for m in known.made)
    return n, n


@_unit("summary", Words("工作小结", "Summary"), NOTHING, "text")
def summary(known: Facts, asked: Asked) -> tuple[Value, int]:
    """The period in sentences."""
    return sentences.summary(known, asked.from_on, asked.to_on), len(known.shares) + len(known.made)


@_unit("ahead", Words("下步安排", "What comes next"), NOTHING, "text")
def ahead(known: Facts, asked: Asked) -> tuple[Value, int]:
    """What falls due in the coming month."""
    return sentences.ahead(known, known.today + AHEAD), len(known.shares)


@_unit("late", Words("逾期事项", "What is late"), NOTHING, "text", standing="overdue")
def late(known: Facts, asked: Asked) -> tuple[Value, int]:
    """What is late, by name."""
    return sentences.late(known), sum(s.late(known.today) for s in known.shares)


@register("unit.notices", SUBJECT, Words("本期公示数", "Public notices in the period"), "count", PIECES)
def notices(asked: Asked) -> Figure:
    """Public notices the unit put up in the period."""
    n = facts.of_unit(asked).notices
    return Figure(
        n, (Source(Words("本单位本期发布的公示", "Notices put up in the period"), n, reverse("public-notices")),)
    )


def _share(code: str, words: Words, measure: Words, kind: Kind) -> Callable[..., object]:
    """Register a figure of one row, the unit's share of a task."""

    def declare(read: Callable[[Share, Facts, Asked], tuple[Value, int]]) -> object:
        def compute(asked: Asked) -> Figure | Unknown:
            known = facts.of_unit(asked)
            share = known.by_share.get(asked.row_id or 0)
            if share is None:
                return NO_ROW
            value, records = read(share, known, asked)
            href = reverse("duty", args=[share.duty_id]) if share.duty_id else reverse("task", args=[share.task_id])
            return Figure(value, (Source(share.label, records, href),))

        return register(f"share.{code}", SUBJECT, words, kind, measure, LEDGER)(compute)

    return declare


@_share("state", Words("状态", "State"), NOTHING, "text")
def share_state(share: Share, known: Facts, asked: Asked) -> tuple[Value, int]:
    """The state of the share, and that it is late where it is."""
    words = STAGES.states[share.state].words
    return (Words(f"{words.zh}（逾期）", f"{words.en} (late)") if share.late(known.today) else words), 1


@_share("percent", Words("完成（%）", "Done (%)"), Words("%", "%"), "percent")
def share_percent(share: Share, known: Facts, asked: Asked) -> tuple[Value, int]:
    """The last percentage reported; a share that is done stands at 100."""
    return (100 if share.settled else share.percent), len(known.made_on.get(share.id, ()))


@_share("done_on", Words("办结日期", "Done on"), NOTHING, "day")
def share_done_on(share: Share, known: Facts, asked: Asked) -> tuple[Value, int]:
    """The day it was done; in words where it is not."""
    return share.done_on or Words("未办结", "not done"), 1


@_share("progress", Words("进展情况", "Progress"), NOTHING, "text")
def share_progress(share: Share, known: Facts, asked: Asked) -> tuple[Value, int]:
    """What the unit itself last reported in the period, else what the record says."""
    made = known.made_on.get(share.id, [])
    return sentences.progress(share, made, asked.from_on, known.today), len(made)


@_share("next", Words("下一步", "Next"), NOTHING, "text")
def share_next(share: Share, known: Facts, asked: Asked) -> tuple[Value, int]:
    """What comes next and by when."""
    return sentences.following(share, known.today), 1


@_share("evidence", Words("材料（件）", "Evidence (files)"), PIECES, "count")
def share_evidence(share: Share, known: Facts, asked: Asked) -> tuple[Value, int]:
    """Evidence that the share has."""
    n = sum(m.files for m in known.made_on.get(share.id, ()))
    return n, n


def _goal(asked: Asked) -> Goal | None:
    return next((g for g in facts.goals(asked) if g.id == asked.row_id), None)


def _goal_source(goal: Goal) -> tuple[Source, ...]:
    return (Source(goal.label, 1, reverse("task", args=[goal.task_id])),)


@register("target.reached", SUBJECT, Words("现值", "Reached"), "amount", NOTHING, ("FOOD-2d",))
def target_reached(asked: Asked) -> Figure | Unknown:
    """What is recorded as reached of a target with a number."""
    goal = _goal(asked)
    if goal is None:
        return NO_ROW
    if goal.reached is None:
        return Unknown(Words("还没有登记现值。", "No value has been recorded yet."))
    return Figure(goal.reached, _goal_source(goal))


@register("target.gap", SUBJECT, Words("目标值与差距", "Target and gap"), "text", NOTHING, ("FOOD-2d",))
def target_gap(asked: Asked) -> Figure | Unknown:
    """The target's number, and whether what is recorded meets it."""
    goal = _goal(asked)
    if goal is None:
        return NO_ROW
    wanted = f"{goal.op} {goal.value.normalize():f}{goal.unit}"
    if goal.reached is None:
        return Figure(Words(f"目标 {wanted}", f"Target {wanted}"), _goal_source(goal))
    if meets(goal.op, goal.reached, goal.value):
        return Figure(Words(f"目标 {wanted}，已达到", f"Target {wanted}, reached"), _goal_source(goal))
    gap = f"{abs(goal.value - goal.reached).normalize():f}{goal.unit}"
    return Figure(Words(f"目标 {wanted}，还差 {gap}", f"Target {wanted}, {gap} to go"), _goal_source(goal))


def _plan(code: str, words: Words, measure: Words, kind: Kind = "count", **more: object) -> Callable[..., object]:
    """Register a figure over a whole plan, for those who answer for it."""

    def declare(count: Callable[[facts.PlanFacts], tuple[Value, int]]) -> object:
        def compute(asked: Asked) -> Figure:
            value, records = count(facts.of_plan(asked))
            given = {**({"plan": asked.plan_id} if asked.plan_id is not None else {}), **more}
            return Figure(value, (Source(words, records, f"{reverse('tasks')}?{urlencode(given)}"),))

        return register(f"plan.{code}", SUBJECT, words, kind, measure, ("FOOD-2-O14",))(compute)

    return declare


def _settled(known: facts.PlanFacts) -> int:
    return known.tasks.get("done", 0) + known.tasks.get("closed", 0)


@_plan("tasks", Words("任务总数", "Tasks"), TASKS)
def plan_tasks(known: facts.PlanFacts) -> tuple[Value, int]:
    """Tasks in force."""
    n = sum(known.tasks.values())
    return n, n


@_plan("tasks_done", Words("已办结任务数", "Tasks done"), TASKS)
def plan_tasks_done(known: facts.PlanFacts) -> tuple[Value, int]:
    """Tasks done or closed."""
    return _settled(known), _settled(known)


@_plan("tasks_overdue", Words("逾期任务数", "Tasks late"), TASKS, standing="overdue")
def plan_tasks_overdue(known: facts.PlanFacts) -> tuple[Value, int]:
    """Tasks whose day has passed."""
    return len(known.late), len(known.late)


@_plan("targets", Words("有数值的目标数", "Targets with a number"), Words("个", "targets"))
def plan_targets(known: facts.PlanFacts) -> tuple[Value, int]:
    """Targets with a number."""
    return known.targets, known.targets


@_plan("targets_reached", Words("已登记达到的目标数", "Targets recorded as reached"), Words("个", "targets"))
def plan_targets_reached(known: facts.PlanFacts) -> tuple[Value, int]:
    """Targets whose recorded value meets them."""
    return known.reached, known.targets


@_plan("notices", Words("本期公示数", "Public notices in the period"), PIECES)
def plan_notices(known: facts.PlanFacts) -> tuple[Value, int]:
    """Public notices of the county in the period."""
    return known.notices, known.notices


@_plan("summary", Words("工作小结", "Summary"), NOTHING, "text")
def plan_summary(known: facts.PlanFacts) -> tuple[Value, int]:
    """The whole plan in sentences."""
    return sentences.plan_summary(known), sum(known.tasks.values())


@_plan("late", Words("逾期任务", "What is late"), NOTHING, "text", standing="overdue")
def plan_late(known: facts.PlanFacts) -> tuple[Value, int]:
    """The late tasks, by name and unit."""
    return sentences.plan_late(known), len(known.late)

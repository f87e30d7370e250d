"""A task's file for the archive: what it asked, who carried it, what they reported, everything that happened, on which
clauses. Set in Chinese, like every paper of the house."""

import datetime as dt
from collections.abc import Iterable, Sequence

from luoshi.office import register
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.papers.model import Block, Heading, Paper, Paragraph, Signature, Table, chinese_date
from luoshi.office.plans.models import Task
from luoshi.supervision.models import Assignment, Consultation
from luoshi.supervision.queries import inside, shares, timeline
from luoshi.supervision.queries.inside import Seen
from luoshi.supervision.queries.timeline import Told
from luoshi.supervision.stages import STAGES

STATES = dict(Task.STATES)
ROLES = {"lead": "牵头", "support": "配合", "responsible": "责任"}
MODES = {
    "single": "一个单位承办", "lead_support": "牵头与配合", "joint": "共同承办", "by_duty": "按职责分工",
    "none": "方案没有写明单位",
}  # fmt: skip
KINDS = {"milestone": "节点", "piece": "分解事项", "consultation": "协办征询"}
DECISIONS = {"": "未审核", "approved": "通过", "returned": "退回"}
MOST_ENTRIES = 2_000


def paper(actor: Actor, task: Task, today: dt.date) -> Paper:
    """Return the file of a task as this reader may see it."""
    rows = list(Assignment.objects.filter(task_id=task.pk).select_related("unit", "task").order_by("pk"))
    hanging = [one for row in rows for one in inside.of_share(actor, row, today)]
    told = _told(task, rows)
    sections: list[tuple[str, list[Block]]] = [
        ("基本情况", [_facts(task)]),
        ("方案原文", _printed(task)),
        ("各单位分工", [_shares(rows)]),
        ("节点、分解事项和协办征询", [_hanging(hanging)] if hanging else []),
        ("报告和审核", _reports(actor, rows)),
        ("办理经过", _story(told)),
        ("依据条款", _clauses(task, told)),
    ]
    blocks: list[Block] = []
    for number, (title, body) in enumerate(((t, b) for t, b in sections if b), 1):
        blocks += [Heading(title, 1, number), *body]
    leading = task.plan.leading_unit
    blocks.append(Signature(leading.name_zh if leading else task.county.name_zh, today, sealed=False))
    return Paper(f"“{task.number}{task.sub}{task.heading_zh}”办理卷宗", blocks)


def _facts(task: Task) -> Table:
    rows = [
        ("方案", task.plan.name_zh),
        ("任务", f"{task.number}{task.sub}{task.heading_zh}"),
        ("责任单位", task.units_text or "方案没有写明"),
        ("办理方式", MODES[task.mode]),
        ("期限", _day(task.due_on)),
        ("期限原文", task.deadline_words or "—"),
        ("状态", STATES[task.state]),
        ("办结日期", _day(task.done_on)),
    ]
    return Table(("项目", "内容"), rows)


def _printed(task: Task) -> list[Block]:
    found = shares.excerpt(task)
    return [Paragraph(found.exact)] if found is not None else []


def _shares(rows: Sequence[Assignment]) -> Table:
    return Table(
        ("单位", "职责", "状态", "交办", "签收", "办结"),
        [
            (
                row.unit.name_zh, ROLES.get(row.role, row.role), STAGES.states[row.state].words.zh,
                _day(row.assigned_on), _day(row.accepted_on), _day(row.done_on),
            )
            for row in rows
        ],
    )  # fmt: skip


def _hanging(rows: Sequence[Seen]) -> Table:
    def line(one: Seen) -> tuple[str, ...]:
        said = "；".join(f"{label.zh}：{text}" for label, text in one.said)
        ended = one.row.answered_on if isinstance(one.row, Consultation) else one.row.ended_on
        return (
            KINDS[one.kind], one.row.words, one.unit.zh if one.unit else one.row.share.unit.name_zh,
            _day(one.row.due_on), one.mark.words.zh, _day(ended), said or "—",
        )  # fmt: skip

    return Table(("类别", "内容", "单位", "期限", "结果", "日期", "情况"), [line(one) for one in rows])


def _reports(actor: Actor, rows: Iterable[Assignment]) -> list[Block]:
    found: list[Block] = []
    for row in rows:
        for seen in reversed(shares.reports_of(actor, row)):
            report = seen.report
            kind = "报办结" if report.kind == "done" else f"报进展（{report.percent}%）"
            decided = (
                "进展，已记录" if report.kind == "progress" and not report.decision else DECISIONS[report.decision]
            )
            when = f"，{_day(report.decided_on)}" if report.decided_on else ""
            why = f"：{report.reason}" if report.reason else ""
            files = (
                "；材料：" + "、".join(f"{a.file.name}（{a.file.digest[:12]}）" for a in seen.files)
                if seen.files
                else ""
            )
            head = f"{row.unit.name_zh}第{report.number}次报告，{_day(report.reported_on)}，{kind}。"
            found.append(Paragraph(f"{head}\n{report.text}{files}\n审核：{decided}{when}{why}"))
            found += [_asked(report.asked)] if report.asked else []
    return found


def _asked(rows: Sequence[dict[str, object]]) -> Table:
    def text(one: dict[str, object], name: str) -> str:
        return str(one.get(name) or "—")

    return Table(
        ("征询单位", "征询内容", "回复", "分歧与裁定"),
        [
            (
                str(one["unit"]["zh"]), text(one, "words"), text(one, "answer"),  # type: ignore[index]
                "；".join(str(one[k]) for k in ("objection", "decision") if one.get(k)) or "—",
            )
            for one in rows
        ],
    )  # fmt: skip


def _told(task: Task, rows: Sequence[Assignment]) -> list[Told]:
    subjects: list[timeline.Subject] = [("task", task.pk), *(("assignment", row.pk) for row in rows)]
    subjects += [("duty", pk) for pk in task.duties.values_list("pk", flat=True)]
    return list(reversed(timeline.told(task.county_id, subjects, limit=MOST_ENTRIES)))


def _story(told: Sequence[Told]) -> list[Block]:
    granted = [one for one in told if one.outcome == "granted"]
    if not granted:
        return []
    lines = [
        (
            f"{one.at.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}",
            one.by.zh or "系统",
            one.words.zh,
            "、".join(one.clauses) or "—",
        )
        for one in granted
    ]
    more = [Paragraph(f"只列最近{MOST_ENTRIES}条。")] if len(told) == MOST_ENTRIES else []
    return [Table(("时间", "办理人", "事项", "条款"), lines), *more]


def _clauses(task: Task, told: Sequence[Told]) -> list[Block]:
    ids = dict.fromkeys([*map(str, task.clause_ids), *(c for one in told for c in one.clauses)])
    lines = []
    for clause_id in ids:
        try:
            clause = register.clause(clause_id)
        except KeyError:
            continue
        lines.append((clause_id, clause.section, clause.zh))
    return [Table(("条款", "位置", "内容"), lines)] if lines else []


def _day(day: dt.date | None) -> str:
    return chinese_date(day) if day is not None else "—"

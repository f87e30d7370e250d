"""The demo county's days with its public: what it decides to show, what it tells, which clues come and how they end."""

import datetime as dt
from collections.abc import Callable, Mapping

from luoshi.office.access import Actor
from luoshi.office.people.models import County
from luoshi.office.plans.models import Plan, Task
from luoshi.supervision.promises import actions, clue_actions, publicity
from luoshi.supervision.promises.models import Clue

DECIDED, ASKED, NOTED, ANSWERED = (dt.date(2023, 6, n) for n in (5, 12, 20, 26))
REASON = "方案已在县政府公报全文刊登，经信息公开审核，任务清单对外公开。"
CLUES = (
    ("housing", "村里说危房改造要在门口贴公示，我们组一直没看见贴出来，也没人说评的是哪一级。", True),
    ("park", "园区办事大厅说是一窗受理，上周去还是让跑了三个窗口，材料交了两遍。", False),
)
GENERAL = "镇上集市那一片到了晚上经常停电，问了几次也没人说清楚什么时候修好，怕夏天更严重。"
ANSWER = "已到村里核实：名单已评定，公示栏因修路拆除没有及时恢复。镇政府当天补贴公示，期限从张贴之日重新起算。"
NOTES = (
    "已完成摸底，正在逐户核对，月底前在村里公示结果。",
    "因配合单位材料未齐，比原定时间晚，已经约定下周会商解决。",
    "主要工作已经完成，正在整理材料等待审核。",
)
Ask = Callable[..., bool]


def on_day(county: County, people: Mapping[tuple[int, str], Actor], ask: Ask, day: dt.date) -> None:
    """Live one day; nothing happens on most."""
    by_role = {role: actor for (_, role), actor in [*people.items()][::-1]}
    officer, supervisor = by_role.get("disclosure_officer"), by_role.get("supervisor")
    if officer is None or supervisor is None:
        return
    if day == DECIDED:
        for plan in Plan.objects.filter(county=county, subject__in=("housing", "park")).order_by("pk"):
            ask(officer, day, actions.publish_plan, plan_id=plan.pk, reason=REASON)
    elif day == ASKED:
        _asked(county, ask, day)
    elif day == NOTED:
        for task, text in zip(_shown(county, day)[: len(NOTES)], NOTES, strict=False):
            ask(officer, day, actions.note, task_id=task.pk, text=text)
    elif day == ANSWERED:
        _answered(county, supervisor, ask, day)


def _shown(county: County, day: dt.date) -> list[Task]:
    rows = publicity.tasks(county, publicity.shown_plans(county, day))
    return list(rows.filter(due_on__isnull=False, state="open").order_by("due_on", "pk"))


def _asked(county: County, ask: Ask, day: dt.date) -> None:
    public = Actor(county.pk, "public")
    for n, (subject, text, agreed) in enumerate(CLUES):
        task = next((t for t in _shown(county, day) if t.plan.subject == subject), None)
        given = {"task_id": task.pk} if task else {}
        ask(
            public, day, clue_actions.file_clue, text=text, code=clue_actions.code_of(f"demo-clue-{n}"),
            contact="" if n else "13800000000", may_publish=agreed, **given,
        )  # fmt: skip
    ask(public, day, clue_actions.file_clue, text=GENERAL, code=clue_actions.code_of("demo-clue-general"))


def _answered(county: County, supervisor: Actor, ask: Ask, day: dt.date) -> None:
    row = Clue.objects.filter(county=county, may_publish=True, unit_id=supervisor.unit_id or 0).order_by("pk").first()
    if row is not None:
        ask(supervisor, day, clue_actions.answer, clue=row.pk, outcome="answered", answer=ANSWER)
        public_text = "有村民反映：危房改造的评定结果没有在村里公示。"
        ask(supervisor, day, clue_actions.publish, clue=row.pk, public_text=public_text, public_answer=ANSWER)

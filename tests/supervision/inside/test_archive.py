"""The archive lists what is closed, by plan, unit and year; a task's file tells the whole story."""

import datetime as dt
import io
import zipfile
from typing import Any

from django.test import Client
from pypdf import PdfReader

from luoshi.office import door
from luoshi.office.plans.models import Plan, Task
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment
from tests.supervision.inside.test_inside import OFFICE, OFFICER, SUPERVISOR, asked
from tests.supervision.small_county import Small
from tests.supervision.test_actions import upload
from tests.supervision.test_pages import as_of, browser, html_of  # noqa: F401 - a fixture among them


def closed(small: Small, done_on: dt.date, **more: Any) -> Task:
    task = small.task(**more)
    with door.opened("fixture"):
        Task.objects.filter(pk=task.pk).update(state="closed", done_on=done_on)
        Assignment.objects.filter(task=task).update(state="closed", done_on=done_on)
    task.refresh_from_db()
    return task


def test_closed_tasks_are_found_by_plan_unit_and_year(small: Small) -> None:
    with door.opened("fixture"):
        park = Plan.objects.create(county=small.county, code="park", subject="park", name_zh="园区", name_en="Park")
    old = closed(small, dt.date(2022, 12, 31), heading_zh="去年任务")
    new = closed(small, dt.date(2023, 10, 9), heading_zh="今年任务", due_on=dt.date(2023, 9, 28))
    other = closed(small, dt.date(2023, 1, 1), heading_zh="园区任务", plan=park, units=(("health", "responsible"),))
    still = small.task(heading_zh="在办任务")
    supervisor, health = browser(small, SUPERVISOR), browser(small, "health.officer")

    def shown(client: Client, query: str = "") -> set[str]:
        page = html_of(client, f"/tasks/archive{query}")
        return {t.heading_zh for t in (old, new, other, still) if t.heading_zh in page}

    assert shown(supervisor) == {"去年任务", "今年任务", "园区任务"}
    assert shown(supervisor, "?year=2022") == {"去年任务"}
    assert shown(supervisor, "?year=2023") == {"今年任务", "园区任务"}
    assert shown(supervisor, f"?plan={park.pk}") == {"园区任务"}
    assert shown(supervisor, f"?unit={small.units['market'].pk}&year=2023") == {"今年任务"}
    assert shown(health) == {"园区任务"}
    assert "逾期办结" in html_of(supervisor, "/tasks/archive")
    for bad in ("?year=23", "?year=x", "?after=nowhere", "?plan=-1"):
        assert supervisor.get(f"/tasks/archive{bad}").status_code == 400, bad


def test_the_archive_turns_its_pages_by_key(small: Small) -> None:
    from luoshi.supervision.queries import archive
    from luoshi.supervision.queries.ledger import Wanted
    from tests.supervision.small_county import TODAY

    made = [
        closed(small, dt.date(2023, 5, 1), due_on=day).pk
        for day in (None, dt.date(2023, 5, 9), None, dt.date(2023, 6, 1))
    ]
    actor, seen, cursor = small.actor(SUPERVISOR), list[int](), ""
    while rows := archive.page(actor, Wanted(cursor=cursor), None, TODAY, 2):
        seen += [row.task_id for row in rows]
        cursor = rows[-1].key
    assert seen == [made[2], made[0], made[3], made[1]]


def test_a_file_tells_the_whole_story_with_its_clauses(small: Small) -> None:
    share, question = asked(small)
    with door.opened("fixture"):
        Task.objects.filter(pk=share.task_id).update(clause_ids=["FOOD-3.1.1"])
    call = small.call
    assert actions.set_milestone(
        call(OFFICER), assignment_id=share.pk, words="完成摸底", due_on=dt.date(2023, 7, 20)
    ).outcome
    assert actions.answer(call("health.officer"), consultation_id=question.pk, text="共320人").outcome
    sent = {"assignment_id": share.pk, "files": [upload(small, OFFICER)]}
    first = actions.report_done(call(OFFICER), text="第一次报办结", **sent).values["report"]
    assert actions.review_return(call(SUPERVISOR), report_id=first, reason="缺少验收单").outcome
    second = actions.report_done(call(OFFICER), text="补充验收单后再报", **sent).values["report"]
    assert actions.review_approve(call(SUPERVISOR), report_id=second).outcome
    assert actions.close(call(OFFICE), assignment_id=share.pk).outcome
    client = browser(small, OFFICER)
    pdf = client.get(f"/tasks/{share.task_id}/file.pdf")
    text = "".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages).split())
    docx = client.get(f"/tasks/{share.task_id}/file.docx")
    with zipfile.ZipFile(io.BytesIO(docx.content)) as packed:
        document = packed.read("word/document.xml").decode()
    for words in (
        "办理卷宗", "第一次报办结", "缺少验收单", "补充验收单后再报", "完成摸底", "共320人", "请提供体检人数", "销号",
        "FOOD-3.1.1", "创建方案", "退回", "现场.jpg",
    ):  # fmt: skip
        assert words in text, words
        assert words in document, words
    story = text.split("办理经过")[1]
    assert story.index("签收") < story.index("退回") < story.index("销号")


def test_a_file_is_refused_to_whoever_may_not_see_the_task(small: Small) -> None:
    from tests.supervision import small_county

    task, other = small.task(), small_county.make("elsewhere")
    assert browser(small, "market.officer").get(f"/tasks/{task.pk}/file.pdf").status_code == 200
    for client in (browser(small, "health.officer"), browser(other, SUPERVISOR)):
        assert client.get(f"/tasks/{task.pk}/file.pdf").status_code == 404
    assert browser(small, "market.officer").get(f"/tasks/{task.pk}/file.exe").status_code == 404
    assert browser(small, "office.system_admin").get(f"/tasks/{task.pk}/file.pdf").status_code == 403

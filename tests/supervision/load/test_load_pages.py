"""The pages as unit, supervisor, county head and public see them; what is sent is what is done."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from luoshi.office import present
from luoshi.office.people import acting
from luoshi.supervision import actions as work
from luoshi.supervision.load import actions
from luoshi.supervision.load.models import Ask, AskedUnit, Check, OfficePaper, Press
from tests.supervision.load.samples import populate
from tests.supervision.small_county import NOW, Small

OFFICE, HEAD, UNIT, OTHER = "office.supervisor", "office.county_head", "market.officer", "health.officer"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "now", lambda: NOW)


def browser(small: Small, seat: str = "") -> Client:
    client = Client()
    if seat:
        row = small.seats[seat]
        client.force_login(row.account)
        session = client.session
        session[acting.POST_KEY] = row.post_id
        session.save()
    return client


def read(small: Small, seat: str, address: str, status: int = 200) -> str:
    answer = browser(small, seat).get(address)
    assert answer.status_code == status, (address, seat, answer.status_code)
    return answer.content.decode() if not answer.streaming else ""


def request_id(page: str) -> str:
    return re.findall(r'name="request_id" value="(\w+)"', page)[-1]


def asking(small: Small, **more: Any) -> dict[str, Any]:
    given = {
        "title": "上半年抽检批次统计", "wanted": "请报送", "due_on": "2023-07-14", "cells": "10", "papers": "0", "task_id": "",
        "units": [small.units["market"].pk, small.units["health"].pk],
    }  # fmt: skip
    return {**given, **more}


def test_the_cost_is_shown_first_and_sent_only_when_said_so(small: Small) -> None:
    client = browser(small, OFFICE)
    page = client.get("/asks/new").content.decode()
    seen = client.post("/asks/new", asking(small, request_id=request_id(page)))
    body = seen.content.decode()
    assert seen.status_code == 200 and Ask.objects.count() == 0
    assert "发送前请看" in body and "合计 <strong>100</strong>" in body and "确认发出" in body
    sent = client.post("/asks/new", asking(small, request_id=request_id(body), sending="yes"))
    assert sent.status_code == 303 and Ask.objects.count() == 1
    again = client.post("/asks/new", asking(small, request_id=request_id(body), sending="yes"))
    assert again.status_code == 303 and Ask.objects.count() == 1


def test_who_would_pass_the_cap_is_said_before_and_refused_after(small: Small) -> None:
    client = browser(small, OFFICE)
    page = client.get("/asks/new").content.decode()
    body = client.post("/asks/new", asking(small, cells="300", request_id=request_id(page))).content.decode()
    assert "■ 超过上限" in body and "确认发出" not in body and "现在不能发送" in body
    forced = client.post("/asks/new", asking(small, cells="300", request_id=request_id(body), sending="yes"))
    assert forced.status_code == 409 and "上限的理由" in forced.content.decode() and Ask.objects.count() == 0


def test_what_was_asked_already_is_offered_as_one_on_the_page(small: Small) -> None:
    first = actions.send(
        small.call(OFFICE),
        title="上半年抽检批次统计",
        wanted="请报",
        units=[small.units["market"].pk],
        due_on=dt.date(2023, 7, 12),
    )
    assert first.outcome
    client = browser(small, OFFICE)
    page = client.get("/asks/new").content.decode()
    body = client.post("/asks/new", asking(small, request_id=request_id(page))).content.decode()
    assert "已经要求过同样的内容" in body and "并入已有要求" in body
    sent = client.post("/asks/new", asking(small, request_id=request_id(body), sending="yes", same="join"))
    assert sent.status_code == 303
    assert AskedUnit.objects.filter(joined__isnull=False).count() == 1


def test_what_the_house_has_is_shown_before_it_is_asked(small: Small) -> None:
    task = small.task(due_on=dt.date(2023, 6, 20))
    share = small.share(task, "market")
    for verb in (work.accept, work.start):
        assert verb(small.call(UNIT), assignment_id=share.pk).outcome
    progress = work.report_progress(small.call(UNIT), assignment_id=share.pk, text="已完成摸底", percent=40)
    assert progress.outcome
    client = browser(small, OFFICE)
    page = client.get("/asks/new").content.decode()
    sent = asking(small, title="逾期任务数统计", task_id=str(task.pk), request_id=request_id(page))
    body = client.post("/asks/new", sent).content.decode()
    assert "系统里已有的，不必再要" in body
    assert "逾期任务数：1项（系统计算" in body and "第1次报告，完成40%" in body
    other = client.post(
        "/asks/new", asking(small, title="园区帮办事项清单", request_id=request_id(page))
    ).content.decode()
    assert "不必再要" not in other


@pytest.mark.parametrize(
    "bad",
    [
        {"due_on": "下周"},
        {"title": ""},
        {"units": ["x"]},
        {"units": []},
        {"cells": "-1"},
        {"units": ["99999"]},
        {"task_id": "9" * 30},
    ],
)
def test_bad_input_is_told_on_the_form_and_kept(small: Small, bad: dict[str, Any]) -> None:
    client = browser(small, OFFICE)
    page = client.get("/asks/new").content.decode()
    answer = client.post("/asks/new", asking(small, request_id=request_id(page), **bad))
    assert answer.status_code in (404, 422), answer.status_code
    body = answer.content.decode()
    assert "notice error" in body and (bad.get("title") == "" or "上半年抽检批次统计" in body)


def test_a_unit_sees_what_was_asked_of_it_and_nothing_of_its_neighbour(small: Small) -> None:
    ids = populate(small, "market", "甲")
    populate(small, "health", "乙")
    market = small.units["market"].pk
    body = read(small, UNIT, f"/load/units/{market}?week=2023-07-17")
    assert "甲数字统计要求" in body and "乙" not in body
    assert "甲逾期任务" in read(small, UNIT, f"/load/units/{market}")
    assert "甲专项检查" in read(small, UNIT, f"/load/units/{market}?week=2023-07-24")
    read(small, UNIT, f"/load/units/{small.units['health'].pk}", 404)
    read(small, OTHER, f"/asks/{ids['ask_id']}", 404)
    read(small, OTHER, f"/presses/{ids['press_id']}", 404)
    read(small, OTHER, f"/checks/{ids['check_id']}", 404)
    read(small, OTHER, f"/office-papers/{ids['paper_id']}.pdf", 404)
    assert browser(small, UNIT).get("/load/mine").headers["Location"] == f"/load/units/{market}"
    kept = browser(small, UNIT).get("/load/mine?week=2023-07-17").headers["Location"]
    assert kept == f"/load/units/{market}?week=2023-07-17"


def test_the_county_overview_is_for_those_who_watch_the_county(small: Small) -> None:
    populate(small, "market", "甲")
    body = read(small, HEAD, "/load")
    assert "market" in body and "480" in body and "调整上限" in body
    assert "调整上限" not in read(small, OFFICE, "/load")
    read(small, UNIT, "/load", 403)
    read(small, "office.system_admin", "/load", 403)
    assert browser(small).get("/load").status_code == 302
    for week in ("gestern", "0001-01-01", "9999-12-31"):
        read(small, OFFICE, f"/load?week={week}", 400)


def test_the_county_head_sets_the_cap_on_the_page(small: Small) -> None:
    client = browser(small, HEAD)
    page = client.get("/load/cap").content.decode()
    sent = {"request_id": request_id(page), "minutes": "300", "from_on": "2023-07-10", "reason": "年中减负"}
    assert client.post("/load/cap", sent).status_code == 303
    assert "年中减负" in read(small, OFFICE, "/load?week=2023-07-10") and "年中减负" not in read(small, OFFICE, "/load")
    read(small, OFFICE, "/load/cap", 403)


def test_papers_stand_on_the_page_of_the_duty_for_both_sides(small: Small) -> None:
    ids = populate(small, "market", "甲")
    press = Press.objects.select_related("assignment").get(pk=ids["press_id"])
    paper = OfficePaper.objects.get(press=press)
    for seat in (UNIT, OFFICE):
        body = read(small, seat, f"/duties/{press.assignment.duty_id}")
        assert "督催〔2023〕1号" in body and f"/office-papers/{paper.pk}.pdf" in body
        for kind, head in (("docx", b"PK"), ("pdf", b"%PDF")):
            answer = browser(small, seat).get(f"/office-papers/{paper.pk}.{kind}")
            assert answer.status_code == 200 and answer.content[: len(head)] == head
    read(small, UNIT, f"/office-papers/{paper.pk}.exe", 404)
    assert "甲催办事由" in read(small, UNIT, f"/presses/{press.pk}")


def test_pressing_shows_the_ladder_and_the_units_load_and_does_it_once(small: Small) -> None:
    share = small.share(small.task(due_on=dt.date(2023, 6, 20)), "market")
    client = browser(small, OFFICE)
    body = client.get(f"/press/{share.pk}").content.decode()
    assert "可以走到哪一步" in body and "督办之前应先催办" in body and "这个单位的负担" in body
    sent = {"request_id": request_id(body), "step": "chase", "reason": "多次提醒无果", "wanted": "", "due_on": ""}
    for _ in range(2):
        assert client.post(f"/press/{share.pk}", sent).status_code == 303
    assert Press.objects.count() == 1
    read(small, UNIT, f"/press/{share.pk}", 403)
    assert read(small, OFFICE, f"/press/{share.pk}").count("已催过") == 1, "what bars every step is said once"
    late = client.post(f"/press/{share.pk}", {**sent, "request_id": "b" * 32})
    assert late.status_code == 409 and "已催过" in late.content.decode()


def test_the_unit_objects_and_the_office_answers_beside_it(small: Small) -> None:
    ids = populate(small, "market", "甲")
    url = f"/presses/{ids['press_id']}"
    unit, office = browser(small, UNIT), browser(small, OFFICE)
    form = unit.get(f"{url}/answer").content.decode()
    assert (
        unit.post(
            f"{url}/answer", {"request_id": request_id(form), "kind": "object", "text": "数据应由配合单位提供"}
        ).status_code
        == 303
    )
    assert "数据应由配合单位提供" in office.get(url).content.decode() and "等待答复" in office.get(url).content.decode()
    form = office.get(f"{url}/keep").content.decode()
    assert office.post(f"{url}/keep", {"request_id": request_id(form), "reason": "分工明确"}).status_code == 303
    assert "分工明确" in unit.get(url).content.decode()
    assert unit.get(f"{url}/withdraw").status_code == 403


def test_a_check_goes_from_plan_to_approval_on_the_pages(small: Small) -> None:
    office, head = browser(small, OFFICE), browser(small, HEAD)
    page = office.get("/checks/new").content.decode()
    sent = {
        "request_id": request_id(page), "title": "专项督查", "content": "台账", "scope": "机关", "basis": "计划", "units": [small.units["market"].pk],
        "visit_from": "2023-07-12", "visit_to": "2023-07-13", "ground": "", "ground_text": "",
    }  # fmt: skip
    seen = office.post("/checks/new", sent).content.decode()
    assert "送县领导批准" in seen and Check.objects.count() == 0
    done = office.post("/checks/new", {**sent, "request_id": request_id(seen), "sending": "yes"})
    check = Check.objects.get()
    assert done.status_code == 303 and check.state == "planned"
    read(small, UNIT, f"/checks/{check.pk}", 404)
    assert "批准检查" in read(small, HEAD, f"/checks/{check.pk}")
    assert head.post(f"/checks/{check.pk}/approve", {"request_id": "a" * 32}).status_code == 303
    assert "督查告〔2023〕1号" in read(small, UNIT, f"/checks/{check.pk}")
    again = office.post("/checks/new", {**sent, "request_id": request_id(page)}).content.decode()
    assert "日内不重复检查" in again and "送县领导批准" not in again


def test_the_public_reads_public_circulars_only(small: Small) -> None:
    share = small.share(small.task(due_on=NOW.date(), heading_zh="按期办结的任务"), "market")
    for verb in (work.accept, work.start):
        verb(small.call(UNIT), assignment_id=share.pk)
    report = work.report_done(small.call(UNIT), assignment_id=share.pk, text="已经完成").values["report"]
    work.review_approve(small.call(OFFICE), report_id=report)
    assert "还没有公开的通报" in browser(small).get("/circulars").content.decode()
    assert actions.praise(small.call(OFFICE), assignment_id=share.pk, text="办理及时", public=True).outcome
    populate(small, "health", "乙")
    body = browser(small).get("/circulars").content.decode()
    assert "按期办结的任务" in body and "办理及时" in body and "乙" not in body
    assert len(body.encode()) < 60_000


@pytest.mark.parametrize("seat", [UNIT, OFFICE, HEAD, "town-a.town_clerk", "office.auditor"])
def test_every_list_opens_also_in_english(small: Small, seat: str) -> None:
    populate(small, "market", "甲")
    client = browser(small, seat)
    client.cookies["luoshi_language"] = "en"
    for address in ("/asks", "/presses", "/checks", "/load/mine"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200 and '<html lang="en"' in answer.content.decode()


def test_a_week_that_is_past_is_held_against_the_cap_it_had(small: Small) -> None:
    lowered = actions.set_cap(small.call(HEAD), minutes=100, from_on=NOW.date(), reason="为基层减负")
    assert lowered.outcome
    for address, page in (("/load", OFFICE), (f"/load/units/{small.units['market'].pk}", UNIT)):
        assert "100" in figures(read(small, page, address)), "the week that runs has the new one"
        assert "480" in figures(read(small, page, f"{address}?week=2023-06-26")), "one past keeps the old one"
        assert "100" in figures(read(small, page, f"{address}?week=2023-07-10"))


def figures(page: str) -> list[str]:
    return re.findall(r"(?:上限|<strong>)(\d+)", page)

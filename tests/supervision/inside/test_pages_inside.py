"""The same over real requests: forms, what is shown to whom, and the open list on its task's page."""

import datetime as dt
import re

import pytest

from luoshi.supervision import actions
from luoshi.supervision.models import Assignment, Consultation, Milestone, Piece
from tests.supervision.inside.test_inside import OFFICE, OFFICER, asked, inner_officer, milestone
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_actions import working
from tests.supervision.test_pages import as_of, browser, html_of, request_id  # noqa: F401 - a fixture among them


def sent(client: object, url: str, **given: object) -> int:
    """Fill the form of an address and send it."""
    form = html_of(client, url)  # type: ignore[arg-type]
    return client.post(url, {"request_id": request_id(form), **given}).status_code  # type: ignore[attr-defined]


def test_a_milestone_is_set_seen_and_reached_on_pages(small: Small) -> None:
    share = working(small)
    officer, office = browser(small, OFFICER), browser(small, OFFICE)
    assert sent(office, f"/shares/{share.pk}/set_milestone", words="完成摸底", due_on="2023-07-20") == 303
    row = Milestone.objects.get(share=share)
    for client, url in (
        (officer, f"/duties/{share.duty_id}"),
        (office, f"/tasks/{share.task_id}"),
        (officer, "/inbox"),
    ):
        assert "完成摸底" in html_of(client, url), url
    own = html_of(officer, f"/duties/{row.duty_id}")
    assert "节点已达到" in own and f'href="/duties/{share.duty_id}"' in own
    assert "取消节点" not in own and "取消节点" in html_of(office, f"/duties/{share.duty_id}")
    assert sent(officer, f"/milestones/{row.pk}/reach_milestone", text="摸底表已建") == 303
    page = html_of(office, f"/duties/{share.duty_id}")
    assert "已达到" in page and "摸底表已建" in page and "取消节点" not in page
    then = html_of(office, f"/duties/{share.duty_id}?as_of=2023-07-03")
    assert "摸底表已建" in then


def test_a_bad_day_stands_beside_its_field_and_what_was_typed_is_kept(small: Small) -> None:
    share = working(small)
    officer = browser(small, OFFICER)
    url = f"/shares/{share.pk}/set_milestone"
    given = {"request_id": request_id(html_of(officer, url)), "words": "完成摸底"}
    late = officer.post(url, {**given, "due_on": "2024-05-01"})
    assert late.status_code == 409 and "晚于这项分工的期限" in late.content.decode()
    broken = officer.post(url, {**given, "request_id": "other-request", "due_on": "五月"})
    assert broken.status_code == 422 and "完成摸底" in broken.content.decode()
    assert not Milestone.objects.exists()


def test_a_share_is_split_by_ticking_units_and_the_unit_inside_reports(small: Small) -> None:
    share, inner = working(small), inner_officer(small)
    officer, inside = browser(small, OFFICER), browser(small, inner)
    form = html_of(officer, f"/shares/{share.pk}/split")
    ids = re.findall(r'name="unit_ids" value="(\d+)"', form)
    assert ids == [str(small.units["market-inner"].pk)]
    url = f"/shares/{share.pk}/split"
    empty = officer.post(url, {"request_id": request_id(form), "words": "整改问题"})
    assert empty.status_code == 422 and "整改问题" in empty.content.decode()
    assert sent(officer, url, unit_ids=ids, words="整改问题") == 303
    piece = Piece.objects.get()
    assert "整改问题" in html_of(inside, "/inbox")
    own = html_of(inside, f"/duties/{piece.duty_id}")
    assert "分解事项办结" in own and f'href="/duties/{share.duty_id}"' not in own
    assert inside.get(f"/duties/{share.duty_id}").status_code == 404
    assert sent(inside, f"/pieces/{piece.pk}/finish_piece", text="已经整改") == 303
    assert "已经整改" in html_of(officer, f"/duties/{share.duty_id}")
    assert browser(small, "health.officer").get(f"/pieces/{piece.pk}/finish_piece").status_code == 404


def test_a_question_goes_to_the_other_inbox_and_its_answer_into_the_report(small: Small) -> None:
    share, question = asked(small)
    officer, health, office = (browser(small, s) for s in (OFFICER, "health.officer", OFFICE))
    assert "协办征询：请提供体检人数" in html_of(health, "/inbox")
    assert "回复征询" in html_of(health, f"/duties/{question.duty_id}")
    assert sent(health, f"/consultations/{question.pk}/object", reason="不属于本单位职责") == 303
    question.refresh_from_db()
    assert "协办分歧待裁定" in html_of(office, "/inbox?tab=open")
    assert "不属于本单位职责" in html_of(office, f"/duties/{question.duty_id}")
    given = {"ruling": "answer", "reason": "按三定方案", "due_on": "2023-07-12"}
    assert sent(office, f"/consultations/{question.pk}/decide_question", **given) == 303
    assert sent(health, f"/consultations/{question.pk}/answer", text="共320人") == 303
    assert sent(officer, f"/shares/{share.pk}/report_done", text="已汇总完成") == 303
    page = html_of(office, f"/duties/{share.duty_id}")
    assert "共320人" in page and "征询协办单位" in page
    assert Consultation.objects.get(pk=question.pk).state == "answered"


def test_the_page_says_list_left_open_until_it_is_resolved(small: Small) -> None:
    task = small.task("by_duty", (("market", "responsible"),), open_ended=True)
    office, officer = browser(small, OFFICE), browser(small, OFFICER)
    page = html_of(office, f"/tasks/{task.pk}")
    assert "名单未明确" in page and "明确责任单位" in page and "按职责分工" in page
    assert "名单未明确" in html_of(officer, f"/tasks/{task.pk}")
    assert officer.get(f"/tasks/{task.pk}/resolve").status_code == 403
    url, health = f"/tasks/{task.pk}/resolve", small.units["health"].pk
    short = office.post(url, {"request_id": request_id(html_of(office, url)), "unit_ids": [health], "reason": ""})
    assert short.status_code == 422 and f'value="{health}" checked' in short.content.decode()
    assert sent(office, url, unit_ids=[health], reason="按成员单位名单") == 303
    page = html_of(office, f"/tasks/{task.pk}")
    assert "名单未明确" not in page and "按成员单位名单" in page
    assert Assignment.objects.filter(task=task, unit_id=health).exists()
    assert office.get(url).status_code == 200 and "已于2023-07-03明确" in html_of(office, url)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_with_everything_on_them_are_whole_in_both_languages(small: Small, language: str) -> None:
    share, question = asked(small)
    milestone(small, share, TODAY + dt.timedelta(days=5))
    inner_officer(small)
    actions.split(
        small.call(OFFICER), assignment_id=share.pk, unit_ids=[small.units["market-inner"].pk], words="Tidy up"
    )
    client = browser(small, OFFICER)
    client.cookies["luoshi_language"] = language
    for url in (
        f"/duties/{share.duty_id}", f"/tasks/{share.task_id}", f"/duties/{question.duty_id}",
        f"/shares/{share.pk}/consult", f"/shares/{share.pk}/split", f"/shares/{share.pk}/set_milestone",
        f"/milestones/{Milestone.objects.get().pk}/reach_milestone",
    ):  # fmt: skip
        answer = client.get(url)
        if url == f"/duties/{question.duty_id}":
            assert answer.status_code == 404  # in the other unit's inbox
            continue
        page = answer.content.decode()
        assert answer.status_code == 200 and "<h1" in page and "Words(" not in page and ">None<" not in page, url
        if language == "en":
            main = page.split("<main")[1].split("</main>")[0]
            main = re.sub(r'<details class="cite">.*?</details>', "", main, flags=re.S)
            main = re.sub(r"<[^>]+>", "", main)
            left = re.sub(r"任务\d*|演\d+|试验县|\S*单位|完成摸底|请提供体检人数|Tidy up", "", main)
            assert not re.search(r"[\u4e00-\u9fff]", left), (url, re.findall(r"[\u4e00-\u9fff]+", left)[:5])

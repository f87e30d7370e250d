"""Pages over real requests: the main journey, what is shown to whom, sending twice, what is refused and how."""

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.office import door
from luoshi.office.evidence.models import StoredFile
from luoshi.office.people.acting import POST_KEY
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment, Report
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_actions import picture, working


@pytest.fixture(autouse=True)
def as_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-07-03")
    yield


def browser(small: Small, seat: str) -> Client:
    """A browser in which somebody is signed in and acts in the seat's post."""
    appointment = small.seats[seat]
    client = Client()
    with door.opened("fixture"):
        client.force_login(appointment.account)
    session = client.session
    session[POST_KEY] = appointment.post_id
    session.save()
    return client


def request_id(html: str) -> str:
    return re.search(r'name="request_id" value="([^"]+)"', html)[1]  # type: ignore[index]


def html_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def test_from_inbox_to_done_in_plain_html(small: Small) -> None:
    share = small.share(small.task(heading_zh="校园食堂明厨亮灶", clause_ids=["FOOD-3.1.1"]), "market")
    duty = f"/duties/{share.duty_id}"
    officer, supervisor = browser(small, "market.officer"), browser(small, "office.supervisor")
    inbox = html_of(officer, "/inbox")
    assert "校园食堂明厨亮灶" in inbox and f'href="{duty}"' in inbox
    page = html_of(officer, duty)
    assert ">签收</button>" in page and "交办" in page and "FOOD-3.1.1" in page
    for verb in ("accept", "start"):
        sent = officer.post(f"/shares/{share.pk}/{verb}", {"request_id": request_id(html_of(officer, duty))})
        assert (sent.status_code, sent["Location"]) == (303, duty)
    form = html_of(officer, f"/shares/{share.pk}/report_done")
    given = {"request_id": request_id(form), "text": "全部完成，照片见附件"}
    files = {"files": SimpleUploadedFile("食堂.jpg", picture(), "image/jpeg")}
    assert officer.post(f"/shares/{share.pk}/report_done", {**given, **files}).status_code == 303
    report = Report.objects.get(assignment=share)
    seen = html_of(supervisor, "/inbox")
    assert "校园食堂明厨亮灶" in seen and "待审核" in seen
    review = html_of(supervisor, duty)
    assert "全部完成，照片见附件" in review and "食堂.jpg" in review and ">审核通过</button>" in review
    approved = supervisor.post(f"/reports/{report.pk}/review_approve", {"request_id": request_id(review)})
    assert approved.status_code == 303
    past = html_of(supervisor, "/inbox?tab=decided")
    assert "校园食堂明厨亮灶" in past and "已通过" in past
    other = html_of(browser(small, "lead-office.leading_office"), "/inbox?tab=decided")
    assert "还没有审核过报告" in other
    after = html_of(officer, duty)
    assert "已通过" in after and "审核通过" not in re.sub(r"<[^>]+>", "", after.split("可以办理")[0])
    journal = html_of(officer, f"/tasks/{share.task_id}/journal")
    for words in ("签收", "报办结", "的报告通过审核"):
        assert words in journal
    assert Assignment.objects.get(pk=share.pk).state == "done"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole_in_both_languages(small: Small, language: str) -> None:
    share = working(small, clause_ids=["FOOD-3.1.1"])
    client = browser(small, "office.supervisor")
    client.cookies["luoshi_language"] = language
    for url in (
        "/inbox", "/tasks", f"/tasks/{share.task_id}", f"/tasks/{share.task_id}/journal", f"/duties/{share.duty_id}",
        f"/units/{share.unit_id}", f"/shares/{share.pk}/escalate", f"/shares/{share.pk}/hand_over",
        f"/shares/{share.pk}/note", "/inbox?tab=closed", "/inbox?tab=decided", "/tasks?sort=number&q=任务&standing=on_time",
    ):  # fmt: skip
        page = html_of(client, url)
        assert "<h1" in page and "Words(" not in page and "None" not in re.sub(r"<script.*?</script>", "", page), url
        if language == "en":
            main = page.split("<main")[1].split("</main>")[0]
            main = re.sub(r'<details class="cite">.*?</details>', "", main, flags=re.S)  # printed numbers and names
            main = re.sub(r"<[^>]+>", "", main)
            left = re.sub(r"任务\d*|演\d+|试验县|\S*单位", "", main)
            assert not re.search(r"[\u4e00-\u9fff]", left), (url, re.findall(r"[\u4e00-\u9fff]+", left)[:5])


def test_what_another_unit_town_or_county_asks_for_is_not_there(small: Small) -> None:
    from tests.supervision import small_county

    share = working(small)
    actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="已经完成")
    report = Report.objects.get(assignment=share)
    urls = [
        f"/tasks/{share.task_id}", f"/tasks/{share.task_id}/journal", f"/duties/{share.duty_id}",
        f"/units/{share.unit_id}", f"/shares/{share.pk}/note", f"/reports/{report.pk}/review_approve",
    ]  # fmt: skip
    other = small_county.make("elsewhere")
    strangers = [browser(small, s) for s in ("health.officer", "town-a.town_clerk", "village-a1.village_clerk")]
    strangers += [browser(other, s) for s in ("market.officer", "office.supervisor", "office.county_head")]
    for client in strangers:
        for url in urls:
            html_of(client, url, 404)
        assert f"/tasks/{share.task_id}" not in html_of(client, "/tasks")
        assert share.task.heading_zh not in client.get("/tasks/export.csv").getvalue().decode()
        sent = client.post(f"/shares/{share.pk}/note", {"request_id": "x" * 32, "text": "越权"})
        assert sent.status_code == 404
    for seat in ("office.system_admin", "office.security_admin", "office.audit_admin"):
        for url in ("/inbox", "/tasks", *urls):
            html_of(browser(small, seat), url, 403)
    for url in ("/inbox", "/tasks", *urls):
        assert Client().get(url).status_code == 302


def test_a_form_sent_twice_acts_once_and_says_so(small: Small) -> None:
    share = working(small)
    officer = browser(small, "market.officer")
    given = {"request_id": "a" * 32, "text": "完成一半", "percent": "50"}
    for _ in range(2):
        assert officer.post(f"/shares/{share.pk}/report_progress", given).status_code == 303
    assert share.reports.count() == 1
    assert "没有重复办理" in html_of(officer, f"/duties/{share.duty_id}")


def test_a_form_without_its_id_is_not_taken(small: Small) -> None:
    share = small.share(small.task(), "market")
    sent = browser(small, "market.officer").post(f"/shares/{share.pk}/accept", {})
    assert sent.status_code == 422
    assert Assignment.objects.get(pk=share.pk).state == "assigned"


def test_bad_input_stands_at_its_field_and_what_was_typed_is_kept(small: Small) -> None:
    share = working(small)
    officer = browser(small, "market.officer")
    given = {"request_id": "b" * 32, "text": "写了很久的一段说明", "percent": "145"}
    sent = officer.post(f"/shares/{share.pk}/report_progress", given)
    page = sent.content.decode()
    assert sent.status_code == 422
    assert "写了很久的一段说明" in page and 'value="145"' in page and "f-percent" in page
    assert share.reports.count() == 0


def test_a_refusal_is_shown_with_its_reason_and_clause(small: Small) -> None:
    share = small.share(small.task(), "market")
    officer = browser(small, "market.officer")
    page = html_of(officer, f"/shares/{share.pk}/report_done")
    assert "时不能" in page and "FOOD-3.1.1d" in page
    sent = officer.post(f"/shares/{share.pk}/report_done", {"request_id": "c" * 32, "text": "直接报办结"})
    assert sent.status_code == 409


def test_two_reviewers_at_once_the_second_is_told_who_decided(small: Small) -> None:
    share = working(small)
    actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="已经完成")
    report = Report.objects.get(assignment=share)
    first, second = browser(small, "office.supervisor"), browser(small, "lead-office.leading_office")
    assert first.post(f"/reports/{report.pk}/review_approve", {"request_id": "d" * 32}).status_code == 303
    late = second.post(f"/reports/{report.pk}/review_return", {"request_id": "e" * 32, "reason": "再改一改"})
    assert late.status_code == 409 and "已于2023-07-03通过" in late.content.decode()


def test_a_file_goes_only_to_those_who_may_read_its_record_and_cannot_run(small: Small) -> None:
    share = working(small)
    officer = browser(small, "market.officer")
    file = SimpleUploadedFile('../../坏名"\r\nX: y.jpg', picture(), "text/html")
    given = {"request_id": "f" * 32, "text": "附照片一张", "files": file}
    assert officer.post(f"/shares/{share.pk}/report_done", given).status_code == 303
    stored = StoredFile.objects.get()
    answer = officer.get(f"/files/{stored.pk}")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content) == picture()
    assert answer["Content-Disposition"].startswith("attachment") and "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Security-Policy"].startswith("sandbox")
    for seat, status in (("office.supervisor", 200), ("health.officer", 404), ("office.system_admin", 404)):
        assert browser(small, seat).get(f"/files/{stored.pk}").status_code == status, seat
    assert Client().get(f"/files/{stored.pk}").status_code == 404


def test_a_script_in_disguise_is_not_taken_and_nothing_is_reported(small: Small) -> None:
    share = working(small)
    officer = browser(small, "market.officer")
    file = SimpleUploadedFile("照片.jpg", b"<html><script>alert(1)</script></html>", "image/jpeg")
    sent = officer.post(f"/shares/{share.pk}/report_done", {"request_id": "g" * 32, "text": "见附件", "files": file})
    assert sent.status_code == 422 and "照片.jpg" in sent.content.decode()
    assert share.reports.count() == 0 and not StoredFile.objects.exists()


def test_the_ledger_takes_filters_away_one_by_one_and_refuses_nonsense(small: Small) -> None:
    small.task()
    client = browser(small, "office.supervisor")
    page = html_of(client, f"/tasks?plan={small.plan.pk}&standing=on_time")
    assert "方案：创建方案" in page and 'href="?standing=on_time"' in page
    for url in (
        "/tasks?plan=x",
        "/tasks?state=gone",
        "/tasks?sort=up",
        "/tasks?after=2023_x",
        "/tasks?after=2023-07-03_" + "9" * 30,
        "/tasks?after=_",
        "/tasks?standing=red",
        "/tasks?sort=number&after=1_2",
    ):
        html_of(client, url, 400)
    html_of(client, "/tasks?plan=" + "9" * 30, 400)


def test_exports_hold_what_is_filtered_and_run_no_formula(small: Small) -> None:
    import io

    from luoshi.office.papers import xlsx

    small.task(heading_zh='=HYPERLINK("x")')
    small.task(units=[("health", "responsible")], heading_zh="卫健任务")
    client = browser(small, "market.officer")
    text = client.get("/tasks/export.csv").getvalue().decode("utf-8-sig")
    assert "'=HYPERLINK" in text and "卫健任务" not in text
    answer = client.get("/tasks/export.xlsx")
    book = xlsx.read(io.BytesIO(b"".join(answer.streaming_content)))
    shown = str([list(s.rows()) for s in book.sheets])
    assert "=HYPERLINK" in shown and "卫健任务" not in shown
    html_of(client, "/tasks/export.exe", 404)


def test_an_act_that_is_not_this_posts_is_answered_403_with_the_reason(small: Small) -> None:
    share = working(small, mode="joint", units=[("market", "responsible"), ("health", "responsible")])
    neighbour = browser(small, "health.officer")
    assert "只能办理" in html_of(neighbour, f"/shares/{share.pk}/report_done", 403)
    sent = neighbour.post(f"/shares/{share.pk}/report_done", {"request_id": "h" * 32, "text": "替别人报"})
    assert sent.status_code == 403
    assert share.reports.count() == 0
    assert f"/duties/{share.duty_id}" not in html_of(neighbour, f"/tasks/{share.task_id}")


def test_finished_duties_stand_under_their_own_tab_the_latest_first(small: Small) -> None:
    shares = [working(small, heading_zh=f"已完成的{n}") for n in (1, 2)]
    for share in shares:
        done = actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="已经完成")
        actions.review_approve(small.call("office.supervisor"), report_id=done.values["report"])
    officer = browser(small, "market.officer")
    assert "已完成的" not in html_of(officer, "/inbox").split("<main")[1]
    page = html_of(officer, "/inbox?tab=closed")
    assert page.index("已完成的2") < page.index("已完成的1")
    html_of(officer, "/inbox?after=2023-13-01_x", 400)


def test_a_later_round_of_recurring_work_waits_and_leads_to_the_earlier_one(small: Small) -> None:
    from luoshi.office.duties import verbs
    from luoshi.office.duties.models import Duty

    share = working(small, due_on=None, every={"day_of_month": [28]}, heading_zh="每月台账")
    with door.opened("fixture"):
        verbs.open_next(Duty.objects.get(pk=share.duty_id), TODAY)
    later = Duty.objects.exclude(pk=share.duty_id).get(subject_kind="assignment", subject_id=str(share.pk))
    officer = browser(small, "market.officer")
    page = html_of(officer, f"/duties/{later.pk}")
    assert f'href="/duties/{share.duty_id}"' in page and ">报办结</a>" not in page
    assert f'href="/duties/{later.pk}"' in html_of(officer, f"/duties/{share.duty_id}")
    rows = html_of(officer, "/inbox").split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr") == 1 and f'href="/duties/{share.duty_id}"' in rows and "另有1期未到期" in rows


def test_rounds_that_are_behind_stand_in_one_row_with_their_number(small: Small) -> None:
    from luoshi.office.duties import verbs
    from luoshi.office.duties.models import Duty

    share = working(small, due_on=None, every={"day_of_month": [28]}, heading_zh="每月台账")
    other = working(small, heading_zh="只办一次")
    with door.opened("fixture"):
        last = Duty.objects.get(pk=share.duty_id)
        for months in (3, 2):
            Duty.objects.filter(pk=last.pk).update(due_on=TODAY.replace(month=TODAY.month - months, day=28))
            last = verbs.open_next(Duty.objects.get(pk=last.pk), TODAY)  # type: ignore[assignment]
    officer = browser(small, "market.officer")
    page = html_of(officer, "/inbox")
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    assert [r for r in rows if "每月台账" in r] == [rows[0]] and "共3期未报" in rows[0] and "4月28日" in rows[0]
    assert f'href="/duties/{share.duty_id}"' in rows[0] and f'href="/duties/{other.duty_id}"' in page
    assert re.search(r"待办 <span class=\"n\">2</span>", page)
    own = html_of(officer, f"/duties/{share.duty_id}").split('id="rounds"')[1].split("</ul>")[0]
    assert own.count("<li") == 2 and f'href="/duties/{last.pk}"' in own


def test_progress_is_on_record_and_only_completion_asks_for_review(small: Small) -> None:
    share = working(small)
    actions.report_progress(small.call("market.officer"), assignment_id=share.pk, text="办了一半", percent=50)
    page = html_of(browser(small, "office.supervisor"), f"/duties/{share.duty_id}")
    assert "进展，已记录" in page and "待审核" not in page
    asked = page.split("<summary>审核这次进展</summary>")
    assert ">审核通过</button>" not in asked[0] and ">审核通过</button>" in asked[1]
    assert 'class="act"' not in page


def test_the_head_names_the_act_of_the_filled_button(small: Small) -> None:
    share = small.share(small.task(), "market")
    officer, duty = browser(small, "market.officer"), f"/duties/{share.duty_id}"
    for verb in ("accept", "start", "report_done"):
        page = html_of(officer, duty)
        filled = re.findall(r'class="act"[^>]*>([^<]+)<', page)
        assert len(filled) == 1 and f"<dt>下一步</dt><dd>{filled[0].strip()}</dd>" in page, (verb, filled)
        if verb != "report_done":
            officer.post(f"/shares/{share.pk}/{verb}", {"request_id": request_id(page)})
    assert filled == ["报办结"]

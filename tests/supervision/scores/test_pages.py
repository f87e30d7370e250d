"""Pages over real requests: from running to publishing, contesting, deciding and running again; who sees what."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.office.evidence.models import Attachment
from luoshi.supervision.scores import actions as scores
from luoshi.supervision.scores import recompute
from luoshi.supervision.scores.models import Contest, Scoring
from tests.supervision.scores import lived
from tests.supervision.scores.lived import call, computed, published, second_supervisor, sheet
from tests.supervision.small_county import Small
from tests.supervision.test_actions import picture
from tests.supervision.test_pages import browser, html_of, request_id

JULY = dt.date(2023, 7, 3)


@pytest.fixture(autouse=True)
def as_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-07-03")
    yield


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def sent(client: Client, url: str, **given: object) -> str:
    """Fill in a form and send it; return where one looks next."""
    answer = client.post(url, {"request_id": request_id(html_of(client, url)), **given})
    assert answer.status_code == 303, words(answer.content.decode())[:800]
    return str(answer["Location"])


def test_from_running_to_running_again_in_plain_html(small: Small) -> None:
    lived.quarter(small)
    office, unit = browser(small, "office.supervisor"), browser(small, "market.officer")
    where = sent(office, "/scores/new", from_on="2023-04-01", to_on="2023-06-30", plan_id="")
    first = Scoring.objects.get()
    assert where == f"/scores/{first.pk}"
    shown = words(html_of(office, where))
    assert "95.56" in shown and "71.11" in shown and "样本不足" in shown and "已计算，未公布" in shown
    assert "95.56" not in words(html_of(unit, "/scores")), "not published yet"
    html_of(unit, where, 404)
    assert "向各单位公布" in shown and "重算评分" in shown
    button = re.search(
        r'action="(/scores/\d+/publish)".*?name="request_id" value="([^"]+)"', html_of(office, where), re.S
    )
    assert button and office.post(button[1], {"request_id": button[2]}).status_code == 303
    own = sheet(small, first, "market")
    assert f"/scores/sheets/{own.pk}" in html_of(unit, "/scores")
    mine = html_of(unit, f"/scores/sheets/{own.pk}")
    for said in ("95.56", "第1名", "5.6 ÷ 6", "若按期办结", "100.00", "什么会改变得分", "申诉截至2023年7月10日"):
        assert said in words(mine), said
    form = re.search(r"/scores/sheets/\d+/contest/duty-\d+", html_of(unit, f"/scores/sheets/{own.pk}?show=lost"))
    assert form
    files = SimpleUploadedFile("停电.jpg", picture(), "image/jpeg")
    given = {"request_id": request_id(html_of(unit, form[0])), "reason": "当日停电，系统无法上报", "files": files}
    answer = unit.post(form[0], given)
    row = Contest.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/scores/contests/{row.pk}")
    assert Attachment.objects.filter(subject_kind="contest", subject_id=str(row.pk)).count() == 1
    seen = html_of(unit, f"/scores/contests/{row.pk}")
    assert "停电.jpg" in seen and "待复核" in seen and "申诉成立并更正" not in words(seen)
    own_run = html_of(office, f"/scores/contests/{row.pk}")
    assert "申诉成立并更正" in words(own_run)
    assert "不能决定这项申诉" in words(own_run), "the reason stands beside the button that is off"
    other = browser(small, second_supervisor(small))
    sent(other, f"/scores/contests/{row.pk}/uphold", kind="excuse_days", days="1", on="", answer="停电属实")
    assert "更正要重算后才进入得分" in words(html_of(office, where))
    again = sent(office, f"/scores/{first.pk}/rerun", reason="申诉成立，重算")
    changed = words(html_of(office, f"{again}/changes"))
    assert "95.56 → 100.00" in changed and f"申诉第{row.pk}号成立：核减1个工作日" in changed
    assert "health" not in changed.split("与上一版的差异")[-1], "what did not change is not listed"


def test_a_correction_without_its_days_keeps_the_form(small: Small) -> None:
    lived.quarter(small)
    mine = sheet(small, published(small), "market")
    item = re.search(r"duty-\d+", mine.facts)[0]  # type: ignore[index]
    made = scores.contest(call(small, "market.officer", JULY), scoresheet_id=mine.pk, item=item, reason="我们有异议")
    client = browser(small, second_supervisor(small))
    url = f"/scores/contests/{made.values['contest']}/uphold"
    form = html_of(client, url)
    answer = client.post(url, {"request_id": request_id(form), "kind": "excuse_days", "answer": "情况属实"})
    assert answer.status_code == 409 and "情况属实" in answer.content.decode()
    assert "请填写核减的工作日数" in answer.content.decode()
    bad = client.post(url, {"request_id": request_id(html_of(client, url)), "kind": "magic", "answer": "情况属实"})
    assert bad.status_code == 422


def test_each_unit_sees_its_own_sheet_and_no_other(small: Small) -> None:
    lived.quarter(small)
    scoring = published(small)
    market, health = sheet(small, scoring, "market"), sheet(small, scoring, "health")
    unit = browser(small, "market.officer")
    html_of(unit, f"/scores/sheets/{health.pk}", 404)
    shown = words(html_of(unit, f"/scores/{scoring.pk}"))
    assert "95.56" in shown and "71.11" not in shown
    packed = b"".join(unit.get(f"/scores/{scoring.pk}/export.zip").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(packed)) as inside:
        assert b"health" not in inside.read("results.json") and b"market" in inside.read("results.json")
    assert recompute.main(io.BytesIO(packed)) == 0
    for seat in ("office.county_head", "office.auditor", "lead-office.leading_office"):
        seen = words(html_of(browser(small, seat), f"/scores/{scoring.pk}"))
        assert "95.56" in seen and "71.11" in seen
        html_of(browser(small, seat), f"/scores/sheets/{market.pk}")
    assert browser(small, "office.system_admin").get("/scores").status_code == 403
    assert Client().get("/scores").status_code == 302


def test_the_public_sees_nothing_until_the_county_opens_it(small: Small) -> None:
    lived.quarter(small)
    scoring = published(small)
    public = Client()
    assert "95.56" not in html_of(public, "/scores/public")
    head = browser(small, "office.county_head")
    sent(head, f"/scores/{scoring.pk}/open", reason="接受社会监督")
    shown = words(html_of(public, "/scores/public"))
    assert "95.56" in shown and "样本不足" in shown
    assert b"95.56" in public.get(f"/scores/public?scoring={scoring.pk}&as=csv").content
    assert public.get(f"/scores/{scoring.pk}").status_code == 302
    assert public.get("/scores/public?scoring=x").status_code == 400
    assert public.get("/scores/recompute.py").content.startswith(b'"""Recompute')


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole_in_both_languages(small: Small, language: str) -> None:
    lived.quarter(small)
    scoring = published(small)
    mine = sheet(small, scoring, "market")
    item = re.search(r"duty-\d+", mine.facts)[0]  # type: ignore[index]
    made = scores.contest(call(small, "market.officer", JULY), scoresheet_id=mine.pk, item=item, reason="我们有异议")
    scores.rerun(call(small, "office.supervisor", JULY), scoring_id=scoring.pk, reason="重算")
    latest = Scoring.objects.order_by("-version")[0]
    client = browser(small, "office.supervisor")
    client.post("/language", {"to": language, "next": "/"})
    for url in (
        "/scores", "/scores/new", f"/scores/{scoring.pk}", f"/scores/{latest.pk}/changes", f"/scores/{scoring.pk}/changes",
        f"/scores/sheets/{mine.pk}", f"/scores/sheets/{mine.pk}?show=all&from=0", f"/scores/contests/{made.values['contest']}",
        f"/scores/{latest.pk}/rerun", "/scores/public",
    ):  # fmt: skip
        shown = words(html_of(client, url).split("<main")[1].split("</main>")[0])
        if language == "en":  # names, what people wrote and what the journal quotes stay as they are
            for own in (r"演\w+", r"任务\d+", "试验县", "我们有异议", "重算", "二 第2句", "创建工作领导小组"):
                shown = re.sub(own, "", shown)
            assert not re.search(r"[\u4e00-\u9fff]", shown), (url, re.findall(r".{20}[\u4e00-\u9fff]+.{20}", shown))
    html_of(client, f"/scores/{scoring.pk}/explode", 404)
    html_of(client, "/scores/999999", 404)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"from_on": "x", "to_on": "2023-06-30"},
        {"from_on": "2023-06-30", "to_on": "2023-04-01"},
        {"from_on": "2023-04-01", "to_on": "2023-12-31"},
        {"from_on": "1990-01-01", "to_on": "1990-02-01"},
    ],
)
def test_a_bad_period_is_told_in_the_form(small: Small, given: dict[str, str]) -> None:
    client = browser(small, "office.supervisor")
    answer = client.post("/scores/new", {"request_id": request_id(html_of(client, "/scores/new")), **given})
    assert answer.status_code in (409, 422), answer.status_code
    html = answer.content.decode()
    assert 'name="from_on"' in html and (not given or f'value="{given["from_on"]}"' in html)


def test_who_may_not_run_is_told_who_may(small: Small) -> None:
    client = browser(small, "market.officer")
    answer = client.post("/scores/new", {"request_id": "0123456789", "from_on": "2023-04-01", "to_on": "2023-06-30"})
    assert answer.status_code == 403 and "督查员" in answer.content.decode()
    assert client.get("/scores/new").status_code == 403


def test_sending_twice_runs_once(small: Small) -> None:
    lived.quarter(small)
    client = browser(small, "office.supervisor")
    given = {"request_id": request_id(html_of(client, "/scores/new")), "from_on": "2023-04-01", "to_on": "2023-06-30"}
    first, second = client.post("/scores/new", given), client.post("/scores/new", given)
    assert (first.status_code, second.status_code, first["Location"]) == (303, 303, second["Location"])
    assert Scoring.objects.count() == 1


def test_a_computed_version_is_no_sheet_of_the_unit(small: Small) -> None:
    lived.quarter(small)
    mine = sheet(small, computed(small), "market")
    html_of(browser(small, "market.officer"), f"/scores/sheets/{mine.pk}", 404)

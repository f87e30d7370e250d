"""Pages of forms: what one sees, fills in and may do; what others may not."""

import io

import pytest
from django.test import Client

from luoshi.office import present
from luoshi.office.papers import xlsx
from luoshi.office.people import acting
from luoshi.supervision.reporting import actions, filling
from luoshi.supervision.reporting.models import Filing
from tests.supervision.reporting.conftest import Desk, at


@pytest.fixture
def house(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk on the day before the first ten-day report is due."""
    desk.open("2023-05-08")
    monkeypatch.setattr(present, "now", lambda: at("2023-05-10"))
    return desk


def client_of(desk: Desk, seat: str) -> Client:
    """Return a browser signed in to a seat."""
    row = desk.small.seats[seat]
    client = Client()
    client.force_login(row.account)
    session = client.session
    session[acting.POST_KEY] = row.post_id
    session.save()
    return client


def text(client: Client, url: str) -> str:
    """Return a page's words."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def test_my_forms_say_how_many_cells_are_filled_and_how_many_are_mine(house: Desk):
    shown = text(client_of(house, "town-a.town_clerk"), "/filings")
    filing = house.filing("town-a", "2023-05-11")
    assert f"/filings/{filing.pk}" in shown and "农村危房改造工程进度旬报" in shown
    assert '<td class="num">20</td><td class="num">14</td><td class="num">6</td>' in shown


def test_the_form_says_why_it_asks_and_where_a_figure_comes_from(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    shown = text(client_of(house, "town-a.town_clerk"), f"/filings/{filing.pk}")
    assert "共20格：系统填14格，要填6格" in shown
    assert "开工在户，危改办件数据还没有进入系统。" in shown and "9 天内不再问" in shown
    assert f"/tasks?unit={filing.unit_id}&amp;plan={house.plan.pk}" in shown
    assert 'name="a.works.started"' in shown and 'name="a.totals.total"' not in shown
    assert f"/filings/{filing.pk}/correct?cell=totals.total" in shown


def test_saving_and_confirming_in_one_step_then_sending_without_script(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    client = client_of(house, "town-a.town_clerk")
    form = {
        "request_id": "form-0001", "then": "confirm", "a.works.planned": "10", "a.works.started": "4",
        "a.works.completed": "2", "a.works.accepted": "1", "a.works.paid": "0", "a.texts.problems": "缺砖",
    }  # fmt: skip
    for _ in range(2):  # a form sent twice acts once
        assert client.post(f"/filings/{filing.pk}/answers", form).status_code == 303
    filing.refresh_from_db()
    assert (filing.state, filing.version) == ("confirmed", 1)
    assert client.post(f"/filings/{filing.pk}/submit", {"request_id": "form-0002"}).status_code == 303
    shown = text(client, f"/filings/{filing.pk}")
    assert "已报送" in shown and 'name="a.works.started"' not in shown


def test_what_is_missing_is_said_and_what_was_typed_is_kept(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    client = client_of(house, "town-a.town_clerk")
    answer = client.post(
        f"/filings/{filing.pk}/answers", {"request_id": "form-0003", "then": "confirm", "a.works.planned": "10"}
    )
    assert answer.status_code == 422 and "“已开工户数”还没有填写。" in answer.content.decode()
    answer = client.post(
        f"/filings/{filing.pk}/answers",
        {"request_id": "form-0004", "a.works.started": "四", "a.texts.problems": "缺砖"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 422 and "“四”不是整数。" in shown and "缺砖" in shown and 'value="四"' in shown


def test_a_correction_is_made_on_its_own_page_and_shown_to_the_recipient(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    client = client_of(house, "town-a.town_clerk")
    assert "承担任务数（系统：2项）" in text(client, f"/filings/{filing.pk}/correct?cell=totals.total")
    given = {"request_id": "form-0005", "cell": "totals.total", "value": "3", "reason": ""}
    assert client.post(f"/filings/{filing.pk}/correct", given).status_code == 422
    assert client.post(f"/filings/{filing.pk}/correct", given | {"reason": "另有一项"}).status_code == 303
    house.send(filing, "town-a.town_clerk", "2023-05-10")
    shown = text(client_of(house, "lead-office.leading_office"), f"/filings/{filing.pk}")
    assert "系统算出 2项" in shown and "另有一项" in shown and "退回报表" in shown


def test_the_recipient_sends_back_with_a_reason_from_the_page(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    house.send(filing, "town-a.town_clerk", "2023-05-10")
    office = client_of(house, "lead-office.leading_office")
    assert f"/filings/{filing.pk}" in text(office, "/filings?tab=received")
    assert "理由" in text(office, f"/filings/{filing.pk}/send-back")
    sent = office.post(f"/filings/{filing.pk}/send-back", {"request_id": "form-0006", "reason": "数字不对"})
    assert sent.status_code == 303
    shown = text(client_of(house, "town-a.town_clerk"), f"/filings/{filing.pk}?version=1")
    assert "退回理由：数字不对" in shown


def test_a_supervisor_sees_who_has_sent_and_the_share_nobody_typed(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    house.send(filing, "town-a.town_clerk", "2023-05-10")
    supervisor = client_of(house, "office.supervisor")
    shown = text(supervisor, "/filings/rounds")
    assert "70%" in shown and "人工填写6格，更正0格" in shown  # 14 of 20 cells
    assert "57.1%" in shown  # 8 of the 14 cells outside the table of tasks
    one = text(supervisor, f"/filings/rounds/{filing.round_id}")
    assert "town-a" in one and "town-b" in one
    assert client_of(house, "town-a.town_clerk").get("/filings/rounds").status_code == 403


def test_a_neighbour_and_a_stranger_see_nothing(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    neighbour = client_of(house, "town-b.town_clerk")
    for path in ("", "/paper.pdf", "/correct", "/confirm"):
        assert neighbour.get(f"/filings/{filing.pk}{path}").status_code == 404
    assert neighbour.post(f"/filings/{filing.pk}/answers", {"request_id": "form-0007"}).status_code == 404
    assert Client().get(f"/filings/{filing.pk}").status_code == 302


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_a_draft_is_no_paper_and_a_confirmed_form_is_one(house: Desk, kind: str):
    filing = house.filing("town-a", "2023-05-11")
    client = client_of(house, "town-a.town_clerk")
    assert client.get(f"/filings/{filing.pk}/paper.{kind}").status_code == 404
    house.send(filing, "town-a.town_clerk", "2023-05-10")
    answer = client.get(f"/filings/{filing.pk}/paper.{kind}")
    assert answer.status_code == 200 and answer.content[:2] == (b"%P" if kind == "pdf" else b"PK")


def test_the_workbook_holds_every_cell_with_where_it_came_from(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    house.send(filing, "town-a.town_clerk", "2023-05-10")
    body = client_of(house, "town-a.town_clerk").get(f"/filings/{filing.pk}/paper.xlsx").content
    book = xlsx.read(io.BytesIO(body))
    rows = book.sheets[0].rows()
    said = {"系统算出", "沿用答复", "单位填写", "单位更正"}
    origins = [row[4] for _, row in rows if len(row) > 4 and row[4] in said]
    assert (len(origins), origins.count("单位填写")) == (20, 6)


def test_a_form_without_a_day_is_opened_by_its_sender_only(house: Desk):
    from luoshi.office import door

    with door.opened("fixture"):
        office = house.small.units["lead-office"]
        office.code = "housing-leading-group-office"
        office.save()
    client = client_of(house, "lead-office.leading_office")
    assert "农村危房改造工作信息简报" in text(client, "/filings")
    made = client.post("/filings/open", {"request_id": "form-0008", "form": "housing-bulletin"})
    assert made.status_code == 303
    filing = Filing.objects.get(round__form="housing-bulletin")
    shown = text(client, f"/filings/{filing.pk}")
    assert "还没有单位报送“农村危房改造工程进度旬报”。" in shown
    other = client_of(house, "town-a.town_clerk")
    assert "信息简报" not in text(other, "/filings")
    assert other.post("/filings/open", {"request_id": "form-0009", "form": "housing-bulletin"}).status_code == 403
    assert other.post("/filings/open", {"request_id": "form-0010", "form": "no-such"}).status_code == 404


def test_english_is_complete(house: Desk):
    filing = house.filing("town-a", "2023-05-11")
    client = client_of(house, "town-a.town_clerk")
    client.cookies["luoshi_language"] = "en"
    shown = text(client, f"/filings/{filing.pk}")
    assert "20 cells: 14 filled by the system, 6 to type" in shown and "Households started" in shown
    assert actions.confirm.words.en == "Confirm" and filling.title_of(filing).en.startswith("Ten-day")


def test_a_bulletin_is_copied_to_the_units_its_clause_names(house: Desk):
    from luoshi.office import door
    from luoshi.supervision.reporting import papers

    with door.opened("fixture"):
        for code, name in (("lead-office", "housing-leading-group-office"), ("market", "finance")):
            unit = house.small.units[code]
            unit.code = name
            unit.save()
    made = house.do(actions.open_own, "lead-office.leading_office", "2023-05-10", form="housing-bulletin")
    filing = filling.rows().get(pk=made.values["filing"])
    for cell in [c for c in house.sheet(filing, "2023-05-10").cells() if c.origin == "missing" and not c.question]:
        if cell.key in ("works.planned", "works.started", "works.completed", "works.accepted", "works.paid"):
            house.do(
                actions.correct, "lead-office.leading_office", "2023-05-10", filing_id=filing.pk, cell=cell.key,
                value="0", reason="各镇尚未报送。",
            )  # fmt: skip
    house.send(filing, "lead-office.leading_office", "2023-05-10")
    paper = papers.paper(filing, filling.version_of(filling.rows().get(pk=filing.pk)))
    assert list(paper.copies_to) == ["market单位"]
    assert "。。" not in "".join(b.text for b in paper.blocks if hasattr(b, "text"))

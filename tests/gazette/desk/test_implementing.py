"""A confirmed document tells its recipients once that it is to be carried out."""

import datetime as dt

import pytest
from tests.gazette.desk.conftest import MARKET, NOW, SCHOOL, TEXT, Desk

from luoshi.gazette import directory, implementing
from luoshi.office import door
from luoshi.office.notices.models import OutboxMessage
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Document


def messages(desk: Desk, title: str = MARKET) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(county=desk.county, kind="implement").order_by("pk")
    return [row for row in rows if row.payload["document"] == desk.document(title).code]


def towns(desk: Desk) -> set[int]:
    return set(Unit.objects.get(county=desk.county, code="towns").members.values_list("pk", flat=True))


@pytest.mark.clause("GAZ-N-7")
def test_every_recipient_unit_is_told_once(desk: Desk) -> None:
    desk.confirmed()
    for title, asked in ((MARKET, "请认真落实"), (SCHOOL, "请遵照执行")):
        told = messages(desk, title)
        assert sorted(m.unit_id for m in told) == sorted(towns(desk)) != []
        assert {m.payload["asked"] for m in told} == {asked}
        assert all(m.payload["zh"] == desk.document(title).title_zh and m.not_before >= NOW for m in told)


@pytest.mark.clause("GAZ-N-7")
def test_what_names_no_unit_is_reported_and_told_to_nobody(desk: Desk) -> None:
    result = desk.confirm(desk.receive())
    assert result.values["recipients_unknown"] == ["县直有关部门"]
    assert result.values["told"] == 2 * len(towns(desk))


@pytest.mark.clause("GAZ-N-7")
def test_telling_again_sends_nothing_twice(desk: Desk) -> None:
    desk.confirmed()
    before = len(messages(desk))
    with door.opened("test"):
        again = implementing.notify(
            desk.call(), desk.document(), directory.names_of(desk.county), directory.unit_ids(desk.county)
        )
    assert again.units and len(messages(desk)) == before


@pytest.mark.clause("GAZ-N-7")
def test_a_document_that_asks_nothing_tells_nobody(desk: Desk) -> None:
    desk.confirmed(TEXT.replace("，请认真落实。", "。"))
    assert messages(desk) == []
    assert messages(desk, SCHOOL) != []


@pytest.mark.clause("GAZ-N-7")
def test_a_single_unit_is_itself_and_a_name_out_of_use_is_not_known(desk: Desk) -> None:
    unit = Unit.objects.filter(county=desk.county, collective=False).order_by("pk").first()
    assert unit is not None
    row = Document(county=desk.county, issued_on=dt.date(2023, 3, 2), recipients=[unit.name_zh, "不存在的局"])
    told = implementing.recipients(row, directory.names_of(desk.county), directory.unit_ids(desk.county))
    assert told == implementing.Told((unit.pk,), ("不存在的局",))

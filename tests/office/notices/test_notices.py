"""Public notices: what is let through, for how long, who may, and that they come down."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core import identity
from luoshi.core.outcome import Refused
from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import actions as evidence
from luoshi.office.journal.models import Entry
from luoshi.office.notices import actions, letting, public
from luoshi.office.notices.models import PublicNotice
from tests.supervision import small_county
from tests.supervision.small_county import NOW, TODAY, Small
from tests.supervision.test_actions import picture

MADE_UP_ID = "11010519491231002X"  # the example of GB 11643
ROW = {"name": "演一一", "village": "甲村", "grade": "D级", "amount_yuan": 38000}


@pytest.fixture
def small(db: None) -> Small:
    return small_county.make()


def drafted(small: Small, seat: str = "market.officer", **more: object) -> PublicNotice:
    given = {"title_zh": "危房改造对象公示", "columns": list(ROW), "rows": [ROW], **more}
    result = actions.draft(small.call(seat), **given)
    assert result.outcome, result.outcome.reasons
    return PublicNotice.objects.get(pk=result.values["notice"])


def posted(small: Small, days: int = 7, **more: object) -> PublicNotice:
    notice = drafted(small, **more)
    assert actions.post(small.call("market.officer"), notice_id=notice.pk, days=days).outcome
    notice.refresh_from_db()
    return notice


def code(result: object) -> str:
    assert isinstance(result.outcome, Refused)  # type: ignore[attr-defined]
    return result.outcome.reasons[0].code  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("column", ["phone", "bank_card", "address", "illness", "id_number", ""])
def test_a_column_that_is_not_allowed_is_refused_by_name(small: Small, column: str) -> None:
    result = actions.draft(small.call("market.officer"), title_zh="对象公示", columns=["name", column], rows=[])
    assert code(result) == "column_not_public"
    assert not PublicNotice.objects.exists()


@pytest.mark.parametrize(
    "cell",
    [f"演一一 {MADE_UP_ID}", "电话13800138000", "4111 1111 1111 1111", MADE_UP_ID.lower(), "１３８００１３８０００"],
)
def test_a_row_in_which_a_number_of_a_person_stands_is_refused_without_repeating_it(small: Small, cell: str) -> None:
    rows = [ROW, {**ROW, "village": cell}]
    result = actions.draft(small.call("market.officer"), title_zh="对象公示", columns=list(ROW), rows=rows)
    assert code(result) == "number_in_row"
    reason = result.outcome.reasons[0]
    assert reason.facts["row"] == 2 and reason.facts["column"] == "village"
    kept = Entry.objects.latest("id").content
    for text in (kept, str(reason.as_json())):
        assert "13800138000" not in text and MADE_UP_ID[6:14] not in text and "4111 1111" not in text
    assert not PublicNotice.objects.exists()


@pytest.mark.parametrize("place", ["title_zh", "body"])
def test_title_and_text_are_looked_at_as_well(small: Small, place: str) -> None:
    given = {"title_zh": "对象公示", "columns": ["name"], "rows": [], place: "对象公示 联系13800138000"}
    assert code(actions.draft(small.call("market.officer"), **given)) == "number_in_text"


def test_a_resident_number_is_stored_masked_and_only_in_its_column(small: Small) -> None:
    notice = drafted(small, columns=["name", "resident_id"], rows=[{"name": "演一一", "resident_id": MADE_UP_ID}])
    assert notice.rows == [{"name": "演一一", "resident_id": "110105***********X"}]


def test_a_name_does_not_stand_whole_beside_a_category(small: Small) -> None:
    notice = drafted(small, columns=["name", "category"], rows=[{"name": "演一一", "category": "第1类"}])
    assert notice.rows[0]["name"] == "演**"


def test_what_is_outside_the_chosen_columns_is_refused(small: Small) -> None:
    rows = [{**ROW, "phone": "无"}]
    assert (
        code(actions.draft(small.call("market.officer"), title_zh="对象公示", columns=list(ROW), rows=rows))
        == "row_not_fit"
    )
    rows = [{**ROW, "village": "长" * 201}]
    assert (
        code(actions.draft(small.call("market.officer"), title_zh="对象公示", columns=list(ROW), rows=rows))
        == "row_not_fit"
    )


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(sorted(letting.COLUMNS)), st.text(max_size=40) | st.integers(0, 10**6)),
        max_size=4,
    )
)
def test_nothing_let_through_holds_a_number_of_a_person(rows: list[dict[str, object]]) -> None:
    columns = sorted(letting.COLUMNS)
    shown, stands = letting.let_through(columns, rows)  # type: ignore[arg-type]
    assert (stands is None) == (
        len(shown) == len(rows) and all(set(r) == set(columns) for r in shown) and (bool(shown) or not rows)
    )
    for row in shown:
        assert not any(identity.find_identity_numbers(cell) for cell in row.values())


def test_posting_counts_the_days_and_opens_the_duty_to_take_it_down(small: Small) -> None:
    notice = posted(small, days=7)
    assert (notice.state, notice.from_on, notice.until_on) == ("posted", TODAY, dt.date(2023, 7, 10))
    duty = Duty.objects.get(subject_kind="notice")
    assert (duty.unit_id, duty.due_on, duty.subject_id) == (notice.unit_id, dt.date(2023, 7, 11), str(notice.pk))


def test_working_days_skip_days_of_rest(small: Small) -> None:
    notice = drafted(small)
    result = actions.post(small.call("market.officer"), notice_id=notice.pk, days=7, counted="working_days")
    assert result.values["until_on"] == "2023-07-12"


@pytest.mark.parametrize("shift", [-1, 0, 7, 8])
def test_the_public_sees_it_from_its_first_to_its_last_day_and_no_longer(small: Small, shift: int) -> None:
    posted(small, days=7)
    drafted(small)
    day = TODAY + dt.timedelta(days=shift)
    shown = public.hanging(small.county.pk, day)
    assert len(shown) == (1 if 0 <= shift <= 7 else 0)
    if shown:
        assert shown[0].rows == (("演一一", "甲村", "D级", "38000"),)
        assert public.one(small.county.pk, shown[0].id, day) == shown[0]


def test_it_comes_down_by_itself_after_its_last_day_and_its_duty_is_closed(small: Small) -> None:
    notice = posted(small, days=7)
    last, after = NOW + dt.timedelta(days=7), NOW + dt.timedelta(days=8)
    assert public.take_down_over(last, last.date()) == 0
    assert public.take_down_over(after, after.date()) == 1
    assert public.take_down_over(after, after.date()) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.taken_down_on) == ("taken_down", after.date())
    assert Duty.objects.get(subject_kind="notice").state == "closed"


def test_early_only_with_a_reason(small: Small) -> None:
    notice = posted(small)
    call = small.call("market.officer")
    assert code(actions.take_down(call, notice_id=notice.pk)) == "time_not_over"
    assert actions.take_down(small.call("market.officer"), notice_id=notice.pk, reason="内容有误").outcome
    assert (
        code(actions.take_down(small.call("market.officer"), notice_id=notice.pk, reason="再来一次")) == "notice_state"
    )
    assert code(actions.post(small.call("market.officer"), notice_id=notice.pk, days=7)) == "notice_state"


def test_proof_is_a_photo_of_ones_own(small: Small) -> None:
    notice = drafted(small)
    mine = evidence.receive(small.call("market.officer"), "张贴.jpg", [picture()]).values["file"]
    early = actions.prove(small.call("market.officer"), notice_id=notice.pk, file_id=mine)
    assert code(early) == "notice_state"
    actions.post(small.call("market.officer"), notice_id=notice.pk, days=7)
    theirs = evidence.receive(small.call("health.officer"), "别人.jpg", [picture("blue")]).values["file"]
    with pytest.raises(Problem):
        actions.prove(small.call("market.officer"), notice_id=notice.pk, file_id=theirs)
    assert actions.prove(small.call("market.officer"), notice_id=notice.pk, file_id=mine).outcome
    notice.refresh_from_db()
    assert notice.proof_id == mine


def test_units_and_counties_keep_to_their_own(small: Small) -> None:
    notice = drafted(small)
    refused = actions.post(small.call("health.officer"), notice_id=notice.pk, days=7)
    assert code(refused) == "outside_scope"
    assert code(actions.post(small.call("office.system_admin"), notice_id=notice.pk, days=7)) == "role_may_not"
    assert actions.post(small.call("office.disclosure_officer"), notice_id=notice.pk, days=7).outcome
    other = small_county.make("elsewhere")
    with pytest.raises(Problem) as unknown:
        actions.take_down(other.call("market.officer"), notice_id=notice.pk, reason="越县")
    assert unknown.value.status == 404
    assert public.hanging(other.county.pk, TODAY) == []
    assert not actions.NOTICE.visible(other.actor("office.supervisor"), PublicNotice.objects.all()).exists()
    assert not actions.NOTICE.visible(small.actor("health.officer"), PublicNotice.objects.all()).exists()


def test_the_database_itself_refuses_a_posted_notice_without_its_days(small: Small) -> None:
    from django.db import IntegrityError, transaction

    notice = drafted(small)
    with door.opened("fixture"), pytest.raises(IntegrityError), transaction.atomic():
        PublicNotice.objects.filter(pk=notice.pk).update(state="posted")

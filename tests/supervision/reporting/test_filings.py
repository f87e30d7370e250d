"""A form's way: opened, filled from records, the rest asked once, confirmed, sent, taken or sent back."""

import pytest

from luoshi.core.outcome import Needs, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.duties.models import Duty
from luoshi.office.indicators import registry
from luoshi.office.notices.models import OutboxMessage
from luoshi.supervision.actions import accept, report_progress
from luoshi.supervision.reporting import actions
from luoshi.supervision.reporting.models import Answer, Filing, FilingVersion
from tests.supervision.reporting.conftest import Desk


def test_a_round_opens_three_days_before_with_a_duty_for_each_town(desk: Desk):
    assert desk.open("2023-05-07").values == {"rounds": 0, "filings": 0}
    assert desk.open("2023-05-08").values == {"rounds": 1, "filings": 2}
    filing = desk.filing("town-a", "2023-05-11")
    duty = Duty.objects.get(subject_kind="filing", subject_id=str(filing.pk))
    assert (duty.unit_id, str(duty.due_on), duty.clause_id) == (filing.unit_id, "2023-05-11", "HOUSE-6.2a")
    assert filing.recipient == desk.small.units["lead-office"]
    assert desk.open("2023-05-08").replayed


def test_opening_again_opens_nothing_twice_and_nothing_of_the_past(desk: Desk):
    desk.open("2023-05-08")
    assert desk.open("2023-05-09").values["rounds"] == 0
    assert desk.open("2023-06-10").values["rounds"] == 3, "those missed while the server was off are still owed"
    assert sorted(str(f.round.to_on) for f in Filing.objects.filter(unit=desk.small.units["town-a"])) == [
        "2023-05-11", "2023-05-21", "2023-06-01", "2023-06-11",
    ]  # fmt: skip


def test_what_records_know_is_filled_and_only_the_rest_is_asked(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    sheet = desk.sheet(filing, "2023-05-08")
    asked = [c.key for c in sheet.cells() if c.origin == "missing" and c.question]
    assert asked == [
        "works.planned",
        "works.started",
        "works.completed",
        "works.accepted",
        "works.paid",
        "texts.problems",
    ]
    assert sheet.cell("totals.total").value == 2
    states = [c.shown.zh for c in sheet.cells() if c.key.startswith("ledger.state")]
    assert states == ["已交办", "已交办"]


def test_the_units_own_report_is_the_progress_of_its_row(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    share = desk.small.share(desk.plan.tasks.order_by("pk").first(), "town-a")
    desk.do(accept, "town-a.town_clerk", "2023-05-08", assignment_id=share.pk)
    desk.do(
        report_progress, "town-a.town_clerk", "2023-05-09", assignment_id=share.pk, text="地梁已完成4户", percent=40
    )
    cell = desk.sheet(filing, "2023-05-10").cell(f"ledger.progress.{share.pk}")
    assert cell.shown.zh == "5月9日：地梁已完成4户"
    assert cell.sources[0]["href"] == f"/duties/{share.duty_id}"


def test_an_incomplete_form_is_not_confirmed_and_names_what_is_missing(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    result = desk.ask(actions.confirm, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk)
    assert isinstance(result.outcome, Needs)
    assert "“计划改造户数”还没有填写。" in [r.words.zh for r in result.outcome.reasons]
    assert not FilingVersion.objects.exists()


def test_sending_closes_the_duty_and_counts_every_cell(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    desk.send(filing, "town-a.town_clerk", "2023-05-10")
    filing.refresh_from_db()
    assert (filing.state, str(filing.submitted_on), filing.duty.state) == ("submitted", "2023-05-10", "closed")
    # 5 household numbers and the problems were asked; 2 shares, 4 totals, 2 rows of 3 and 2 texts were not.
    assert (filing.cells_required, filing.cells_asked, filing.cells_computed) == (20, 6, 14)


def test_an_answer_that_stands_fills_the_next_form_and_is_not_asked_again(desk: Desk):
    desk.open("2023-05-08")
    desk.send(desk.filing("town-a", "2023-05-11"), "town-a.town_clerk", "2023-05-10")
    desk.open("2023-05-18")
    later = desk.filing("town-a", "2023-05-21")
    sheet = desk.sheet(later, "2023-05-20")
    assert {c.key for c in sheet.cells() if c.origin == "kept"} == {"works.planned", "texts.problems"}
    assert sheet.cell("works.started").origin == "missing", "stood for nine days"
    assert desk.sheet(later, "2023-05-19").cell("works.started").origin == "kept", "the ninth day still counts"
    kept = sheet.cell("texts.problems")
    assert (kept.until, kept.answered_in.zh) == ("2023-06-10", "农村危房改造工程进度旬报")


def test_the_same_question_in_another_form_shares_its_answer(desk: Desk):
    desk.open("2023-08-26")
    ten_day = desk.filing("town-a", "2023-09-01") if desk.open("2023-08-29").outcome else None
    assert ten_day is not None
    desk.send(ten_day, "town-a.town_clerk", "2023-08-29", problems="缺砖")
    summary = desk.filing("town-a", "2023-08-31", "housing-stage-summary")
    cell = desk.sheet(summary, "2023-08-30").cell("texts.problems")
    assert (cell.origin, cell.value) == ("kept", "缺砖")


def test_a_count_that_has_reached_its_whole_is_asked_no_more(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    desk.send(filing, "town-a.town_clerk", "2023-05-10", housing_started="10")
    desk.open("2023-07-08")
    cell = desk.sheet(desk.filing("town-a", "2023-07-11"), "2023-07-10").cell("works.started")
    assert (cell.origin, cell.until) == ("kept", "2023-09-30")


def test_saving_the_same_answer_again_writes_nothing(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    given = {"texts.problems": "无"}
    assert desk.do(actions.answer, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, answers=given).values == {
        "answers": 1
    }
    again = desk.do(actions.answer, "town-a.town_clerk", "2023-05-10", filing_id=filing.pk, answers=given)
    assert again.values == {"answers": 0}
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("cell", "text", "place"),
    [
        ("works.started", "四户", "answers.works.started"),
        ("works.started", "-1", "answers.works.started"),
        ("works.started", "11", "answers.works.started"),
        ("works.start-rate", "40", "answers.works.start-rate"),
        ("totals.total", "3", "answers.totals.total"),
        ("no.such", "3", "answers.no.such"),
    ],
)
def test_bad_answers_are_named_by_their_cell(desk: Desk, cell: str, text: str, place: str):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    with pytest.raises(Problem) as fault:
        answers = {"works.planned": "10", cell: text}
        desk.ask(actions.answer, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, answers=answers)
    assert (fault.value.place, fault.value.status) == (place, 422)
    assert not Answer.objects.exists()


def test_full_width_figures_and_separators_are_read(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    answers = {"works.planned": "１，２００ "}
    desk.do(actions.answer, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, answers=answers)
    assert Answer.objects.get().value == 1200


def test_a_correction_needs_a_reason_is_frozen_and_told_to_the_recipient(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    with pytest.raises(Problem):
        desk.ask(
            actions.correct, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, cell="totals.total", value="3",
            reason="",
        )  # fmt: skip
    desk.do(
        actions.correct, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, cell="totals.total", value="3",
        reason="另有一项口头交办",
    )  # fmt: skip
    desk.send(filing, "town-a.town_clerk", "2023-05-10")
    filing.refresh_from_db()
    assert (filing.cells_corrected, filing.cells_computed) == (1, 13), "what was corrected is not counted as filled"
    held = desk.sheet(filing, "2023-06-01").cell("totals.total")
    assert (held.value, held.computed, held.reason, held.origin) == (3, 2, "另有一项口头交办", "corrected")
    told = OutboxMessage.objects.filter(kind="correction")
    assert {m.unit_id for m in told} == {desk.small.units["lead-office"].pk, desk.small.units["lead-group"].pk}


def test_a_correction_holds_only_for_the_figure_it_was_made_for(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    desk.do(actions.answer, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk,
            answers=desk.answers(filing, "2023-05-09"))  # fmt: skip
    given = {"filing_id": filing.pk, "cell": "totals.total"}
    desk.do(actions.correct, "town-a.town_clerk", "2023-05-09", **given, value="3", reason="多一项")
    desk.small.task("joint", (("towns", "responsible"),), plan=desk.plan)
    assert desk.sheet(filing, "2023-05-10").cell("totals.total").origin == "stale"
    result = desk.ask(actions.confirm, "town-a.town_clerk", "2023-05-10", filing_id=filing.pk)
    assert [r.code for r in result.outcome.reasons] == ["cell_stale"]
    same = desk.ask(actions.correct, "town-a.town_clerk", "2023-05-10", **given, value="3", reason="再说一次")
    assert same.outcome.reasons[0].code == "same_value"
    desk.do(actions.uncorrect, "town-a.town_clerk", "2023-05-10", **given)
    desk.do(actions.confirm, "town-a.town_clerk", "2023-05-10", filing_id=filing.pk)


def test_what_was_asked_cannot_be_corrected_but_simply_answered_again(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    result = desk.ask(
        actions.correct, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, cell="works.planned", value="3",
        reason="不对",
    )  # fmt: skip
    assert isinstance(result.outcome, Refused) and result.outcome.reasons[0].code == "not_computed"


def test_a_confirmed_form_stays_as_it_was_when_records_change(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    desk.send(filing, "town-a.town_clerk", "2023-05-10")
    desk.small.task("joint", (("towns", "responsible"),), plan=desk.plan)
    filing.refresh_from_db()
    assert desk.sheet(filing, "2023-06-01").cell("totals.total").value == 2
    result = desk.ask(
        actions.answer, "town-a.town_clerk", "2023-05-11", filing_id=filing.pk, answers={"works.planned": "9"}
    )
    assert result.outcome.reasons[0].code == "form_state"


def test_a_confirmed_form_is_taken_back_before_it_leaves_and_its_version_stays(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    answers = desk.answers(filing, "2023-05-09")
    desk.do(actions.answer, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, answers=answers)
    desk.do(actions.confirm, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk)
    desk.do(actions.reopen, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk)
    desk.do(actions.confirm, "town-a.town_clerk", "2023-05-10", filing_id=filing.pk)
    assert list(FilingVersion.objects.order_by("number").values_list("number", "fate")) == [
        (1, "withdrawn"), (2, "confirmed"),
    ]  # fmt: skip


def test_sent_back_with_a_reason_the_rejected_version_is_kept_and_a_new_duty_opens(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    desk.send(filing, "town-a.town_clerk", "2023-05-10")
    desk.do(actions.send_back, "lead-office.leading_office", "2023-05-11", filing_id=filing.pk, reason="开工数不对")
    filing.refresh_from_db()
    # 11 May 2023 is a Thursday: three working days on is Tuesday 16 May.
    assert (filing.state, str(filing.duty.due_on), filing.duty.state) == ("sent_back", "2023-05-16", "open")
    first = filing.versions.get(number=1)
    assert (first.fate, first.reason) == ("sent_back", "开工数不对")
    desk.do(actions.answer, "town-a.town_clerk", "2023-05-12", filing_id=filing.pk, answers={"works.started": "5"})
    desk.send(filing, "town-a.town_clerk", "2023-05-12")
    assert desk.sheet(filing, "2023-05-13").cell("works.started").value == 5
    assert filing.versions.get(number=1).sheet["blocks"][0]["rows"][1]["cells"][0]["value"] == 4
    desk.do(actions.receive, "lead-office.leading_office", "2023-05-12", filing_id=filing.pk)
    filing.refresh_from_db()
    assert (filing.state, filing.version, filing.cells_asked) == ("received", 2, 6)


def test_only_the_recipient_takes_in_and_nobody_takes_a_neighbours_form(desk: Desk):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    desk.send(filing, "town-a.town_clerk", "2023-05-10")
    for seat, act in (
        ("other-lead.leading_office", actions.receive), ("town-b.town_clerk", actions.reopen),
        ("town-a.town_clerk", actions.receive), ("market.officer", actions.answer),
    ):  # fmt: skip
        more = {"answers": {}} if act is actions.answer else {}
        result = desk.ask(act, seat, "2023-05-10", filing_id=filing.pk, **more)
        assert result.outcome.reasons[0].code in ("role_may_not", "outside_scope"), (seat, result.outcome)


def test_a_provider_that_a_subject_registers_ends_the_question(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.open("2023-05-08")
    filing = desk.filing("town-a", "2023-05-11")
    counted = registry.Indicator(
        "housing.households_started", "housing", Words("已开工户数", "Started"), "count", Words("户", "households"), (),
        lambda asked: registry.Figure(7, (registry.Source(Words("危改办件", "Cases"), 7, "/cases"),)),
    )  # fmt: skip
    monkeypatch.setitem(registry.INDICATORS, counted.code, counted)
    cell = desk.sheet(filing, "2023-05-09").cell("works.started")
    assert (cell.origin, cell.value, cell.question) == ("computed", 7, "")


def test_the_bulletin_adds_up_what_towns_reported_and_asks_nothing_twice(desk: Desk):
    desk.open("2023-05-08")
    desk.send(desk.filing("town-a", "2023-05-11"), "town-a.town_clerk", "2023-05-10")
    desk.send(desk.filing("town-b", "2023-05-11"), "town-b.town_clerk", "2023-05-10", housing_started="6")
    desk.small.units["lead-office"].code = "housing-leading-group-office"
    from luoshi.office import door

    with door.opened("fixture"):
        desk.small.units["lead-office"].save()
    made = desk.do(actions.open_own, "lead-office.leading_office", "2023-05-12", form="housing-bulletin")
    filing = Filing.objects.get(pk=made.values["filing"])
    sheet = desk.sheet(filing, "2023-05-12")
    values = {c.key: c.value for c in sheet.cells() if c.key.startswith("works")}
    assert (values["works.planned"], values["works.started"], values["works.start-rate"]) == (20, 10, "50")
    assert [c.key for c in sheet.cells() if c.origin == "missing"] == ["texts.problems"]
    refused = desk.ask(actions.open_own, "town-a.town_clerk", "2023-05-12", form="housing-bulletin")
    assert refused.outcome.reasons[0].code == "not_sender"

"""Runs, versions, contests and decisions through the one door; excuses as the records give them."""

import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.duties.models import Duty
from luoshi.office.journal.models import Entry
from luoshi.office.notices.models import OutboxMessage
from luoshi.office.plans.models import Target
from luoshi.supervision import actions as work
from luoshi.supervision.models import Consultation, Milestone
from luoshi.supervision.scores import actions as scores
from luoshi.supervision.scores import difference, package, recompute
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring
from tests.supervision import small_county
from tests.supervision.scores import lived
from tests.supervision.scores.lived import DUE, call, computed, published, second_supervisor, sheet
from tests.supervision.small_county import Small

D = dt.date
JULY = D(2023, 7, 3)


def lines(one: Scoresheet) -> dict[str, dict[str, Any]]:
    return {line["item"]: line for line in json.loads(one.lines)}


def only_line(small: Small, unit: str) -> dict[str, Any]:
    (line,) = lines(sheet(small, computed(small), unit)).values()
    return line


def test_a_quarter_as_it_was_lived(small: Small) -> None:
    lived.quarter(small)
    scoring = computed(small)
    assert (scoring.units, scoring.state, scoring.version, scoring.scope) == (3, "computed", 1, "county")
    found = {s.unit.code: (s.score, s.due, s.place) for s in scoring.sheets.select_related("unit")}
    # Market: 50 × 5.6/6 + 15 + 10 of 75. Health: 50 × 4/6 + 15 × 4/6 + 10 of 75. Town A has one item only.
    assert found == {
        "market": (Decimal("95.56"), 6, 1), "health": (Decimal("71.11"), 6, 2), "town-a": (Decimal("100.00"), 1, None),
    }  # fmt: skip
    assert Entry.objects.filter(action="scores.run", subject_id=str(scoring.pk)).count() == 1


def test_the_export_is_recomputed_by_the_script(small: Small) -> None:
    lived.quarter(small)
    scoring = computed(small)
    rows = list(scoring.sheets.select_related("unit").order_by("unit_id"))
    whole, again, own = io.BytesIO(), io.BytesIO(), io.BytesIO()
    package.write(whole, scoring, rows, whole=True)
    package.write(again, scoring, rows, whole=True)
    package.write(own, scoring, rows[:1], whole=False)
    assert whole.getvalue() == again.getvalue()
    assert recompute.main(whole) == 0 and recompute.main(own) == 0
    assert recompute.main(whole, "health") == 0


def test_the_records_give_each_excuse(small: Small) -> None:
    """Market leads; health supports and delivers on 8 June, five working days after the day: market may have them."""
    task = small.task("lead_support", (("market", "lead"), ("health", "support")), today=lived.GIVEN, due_on=DUE)
    lead, support = small.share(task, "market"), small.share(task, "health")
    lived.worked(small, support, "health.officer")
    lived.worked(small, lead, "market.officer", D(2023, 4, 11))  # three days were given: late by two, 7 and 10 April
    lived.approve(small, lived.report(small, support, "health.officer", D(2023, 6, 8)), D(2023, 6, 9))
    lived.approve(small, lived.report(small, lead, "market.officer", D(2023, 6, 8)), D(2023, 6, 12))
    scoring = computed(small)
    (mine,), (theirs,) = (
        lines(sheet(small, scoring, "market")).values(),
        lines(sheet(small, scoring, "health")).values(),
    )
    assert (mine["result"], mine["excused"]) == ("done_on_time", [["support", 5]])
    assert (theirs["result"], theirs["late_days"], theirs["excused"]) == ("done_late", 3, [["lead", 2]])
    (fact,) = json.loads(sheet(small, scoring, "market").facts)
    assert fact["waits"] == [["support", "2023-06-01", "2023-06-08", "health"]]


def test_who_consulted_another_is_excused_for_its_late_answer(small: Small) -> None:
    """Health was to answer by 1 June and answered on 8 June, five working days later."""
    share = lived.given(small, "market")
    lived.worked(small, share, "market.officer")
    with door.opened("fixture"):
        Consultation.objects.create(
            county=small.county, share=share, unit=small.units["health"], number=1, words="请提供数据", due_on=DUE,
            state="answered", made_on=D(2023, 5, 15), answer="已提供", answered_on=D(2023, 6, 8),
        )  # fmt: skip
    lived.approve(small, lived.report(small, share, "market.officer", D(2023, 6, 9)), D(2023, 6, 12))
    line = only_line(small, "market")
    assert (line["result"], line["late_days"], line["excused"]) == ("done_late", 1, [["asked", 5]])


def test_a_support_that_never_delivered_excuses_until_it_fell_away(small: Small) -> None:
    task = small.task("lead_support", (("market", "lead"), ("health", "support")), today=lived.GIVEN, due_on=DUE)
    lead = small.share(task, "market")
    lived.worked(small, lead, "market.officer")
    lived.approve(small, lived.report(small, lead, "market.officer", D(2023, 6, 13)), D(2023, 6, 14))
    assert only_line(small, "market")["result"] == "done_on_time"
    other = sheet(small, Scoring.objects.get(), "health")
    assert [line["result"] for line in lines(other).values()] == ["cancelled"] and other.score is None


def test_suspended_days_are_given_back(small: Small) -> None:
    share = lived.given(small, "market")
    lived.worked(small, share, "market.officer")
    office = "lead-office.leading_office"
    assert work.suspend(call(small, office, D(2023, 5, 8)), assignment_id=share.pk, reason="等待资金").outcome
    assert work.resume(call(small, office, D(2023, 5, 11)), assignment_id=share.pk).outcome
    lived.approve(small, lived.report(small, share, "market.officer", D(2023, 6, 6)), D(2023, 6, 9))
    line = only_line(small, "market")
    assert (line["result"], line["excused"]) == ("done_on_time", [])
    (fact,) = json.loads(Scoresheet.objects.get().facts)
    assert (fact["promised_on"], fact["due_on"], len(fact["moves"])) == ("2023-06-01", "2023-06-06", 2)


def test_days_with_the_reviewer_are_excused_and_the_return_counts(small: Small) -> None:
    share = lived.given(small, "market")
    lived.worked(small, share, "market.officer")
    lived.send_back(small, lived.report(small, share, "market.officer", D(2023, 5, 30)), D(2023, 6, 5))
    lived.approve(small, lived.report(small, share, "market.officer", D(2023, 6, 7)), D(2023, 6, 9))
    line = only_line(small, "market")
    assert (line["result"], line["excused"]) == ("done_on_time", [["review", 4]])
    assert (line["returned"], line["approved"]) == (1, 1)


def test_who_takes_over_is_excused_for_the_days_before(small: Small) -> None:
    share = lived.given(small, "health")
    lived.worked(small, share, "health.officer")
    handed = work.hand_over(call(small, "office.supervisor", D(2023, 6, 9)), assignment_id=share.pk,
                            unit_id=small.units["market"].pk, reason="职责调整")  # fmt: skip
    assert handed.outcome
    share.refresh_from_db()
    lived.worked(small, share, "market.officer", D(2023, 6, 9))
    lived.approve(small, lived.report(small, share, "market.officer", D(2023, 6, 12)), D(2023, 6, 13))
    line = only_line(small, "market")
    assert (line["result"], line["late_days"], line["excused"]) == ("done_late", 1, [["holder", 6]])


def test_a_return_before_the_hand_over_is_not_the_new_unit_s(small: Small) -> None:
    share = lived.given(small, "health")
    lived.worked(small, share, "health.officer")
    lived.send_back(small, lived.report(small, share, "health.officer", D(2023, 5, 8)), D(2023, 5, 10))
    handed = work.hand_over(call(small, "office.supervisor", D(2023, 5, 12)), assignment_id=share.pk,
                            unit_id=small.units["market"].pk, reason="职责调整")  # fmt: skip
    assert handed.outcome
    share.refresh_from_db()
    lived.worked(small, share, "market.officer", D(2023, 5, 12))
    lived.send_back(small, lived.report(small, share, "market.officer", D(2023, 5, 15)), D(2023, 5, 16))
    lived.approve(small, lived.report(small, share, "market.officer", D(2023, 5, 17)), D(2023, 5, 18))
    line = only_line(small, "market")
    assert (line["result"], line["returned"], line["approved"]) == ("done_on_time", 1, 1)


def test_a_recurring_duty_counts_each_time_it_was_due(small: Small) -> None:
    share = lived.given(small, "market", due_on=D(2023, 4, 28), every={"day_of_month": [28]})
    lived.worked(small, share, "market.officer")
    for month, late in ((4, 0), (5, 3)):
        day = D(2023, month, 27) + dt.timedelta(days=late)
        lived.approve(small, lived.report(small, share, "market.officer", day), day + dt.timedelta(days=1))
        share.refresh_from_db()
        if share.state == "accepted":
            assert work.start(call(small, "market.officer", day + dt.timedelta(days=2)), assignment_id=share.pk).outcome
    found = lines(sheet(small, computed(small), "market"))
    assert [line["result"] for line in found.values()] == ["done_on_time", "done_late", "overdue_now"]


def test_milestones_count_as_reached_by_their_day(small: Small) -> None:
    share = lived.done(small, "market", "market.officer", DUE)
    with door.opened("fixture"):
        for n, (state, ended) in enumerate([("reached", 15), ("reached", 16), ("open", None), ("dropped", 12)]):
            Milestone.objects.create(
                county=small.county, share=share, task=share.task, number=n, words=f"节点{n}", due_on=D(2023, 5, 15),
                state=state, made_on=lived.GIVEN, ended_on=D(2023, 5, ended) if ended else None,
            )  # fmt: skip
    found = sheet(small, computed(small), "market")
    kinds = [line["result"] for item, line in lines(found).items() if item.startswith("milestone")]
    assert kinds == ["target_reached", "target_missed", "target_missed", "cancelled"]
    assert found.due == 1, "milestones are no further things that were due"


def test_targets_that_have_a_figure_count(small: Small) -> None:
    share = lived.done(small, "market", "market.officer", DUE)
    with door.opened("fixture"):
        for value, reached in ((95, "96"), (95, "90"), (95, None), (None, "1")):
            Target.objects.create(
                county=small.county, task=share.task, words_zh="合格率", op=">=", value=value, reached=reached,
                reached_on=DUE if reached else None,
            )  # fmt: skip
    found = sheet(small, computed(small), "market")
    kinds = [line["result"] for item, line in lines(found).items() if item.startswith("target")]
    assert kinds == ["target_reached", "target_missed", "no_figure"]


@pytest.mark.parametrize(
    "inputs,code",
    [
        ({"from_on": D(2023, 6, 30), "to_on": D(2023, 4, 1)}, "days_reversed"),
        ({"to_on": D(2023, 7, 3)}, "not_over"),
        ({"to_on": D(2024, 7, 3)}, "not_over"),
        ({"from_on": D(2023, 1, 1), "to_on": D(2022, 6, 30)}, "days_reversed"),
    ],
)
def test_a_bad_period_is_refused(small: Small, inputs: dict[str, Any], code: str) -> None:
    answer = lived.run(small, **inputs)
    assert not answer.outcome and answer.outcome.reasons[0].code == code
    assert not Scoring.objects.exists()


def test_a_period_longer_than_the_scheme_allows_is_refused(small: Small) -> None:
    later = D(2024, 7, 1)
    answer = scores.run(call(small, "office.supervisor", later), from_on=D(2023, 1, 1), to_on=D(2024, 1, 2))
    assert answer.outcome.reasons[0].code == "too_long"
    whole = scores.run(call(small, "office.supervisor", later), from_on=D(2023, 1, 1), to_on=D(2024, 1, 1))
    assert whole.outcome, "366 days are allowed"


@pytest.mark.parametrize(
    "given", [{"from_on": D(2022, 12, 31), "to_on": D(2023, 3, 1)}, {"plan_id": 10**9}, {"from_on": "soon"}]
)
def test_what_cannot_be_read_is_a_problem(small: Small, given: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        lived.run(small, **given)


def test_a_period_is_run_once_and_then_run_again(small: Small) -> None:
    lived.quarter(small)
    first = computed(small)
    assert lived.run(small).outcome.reasons[0].code == "already_run"
    again = scores.rerun(call(small, "office.supervisor", JULY), scoring_id=first.pk, reason="补录后重算")
    second = Scoring.objects.get(pk=again.values["scoring"])
    assert (second.version, second.replaces_id, second.digest) == (2, first.pk, first.digest)
    twice = scores.rerun(call(small, "office.supervisor", JULY), scoring_id=first.pk, reason="再算一次")
    assert twice.outcome.reasons[0].code == "run_again"
    old = scores.publish(call(small, "office.supervisor", JULY), scoring_id=first.pk)
    assert old.outcome.reasons[0].code == "run_again"


def test_a_plan_s_office_runs_its_plan_and_nothing_else(small: Small) -> None:
    lived.quarter(small)
    office = "lead-office.leading_office"
    assert lived.run(small, office).outcome.reasons[0].code == "outside_scope"
    assert (
        lived.run(small, "other-lead.leading_office", plan_id=small.plan.pk).outcome.reasons[0].code == "outside_scope"
    )
    assert lived.run(small, "market.officer").outcome.reasons[0].code == "role_may_not"
    done = lived.run(small, office, plan_id=small.plan.pk)
    assert done.outcome and Scoring.objects.get().scope == "food"


def contested(small: Small, scoring: Scoring, day: dt.date = JULY) -> Contest:
    mine = sheet(small, scoring, "market")
    item = next(i for i, line in lines(mine).items() if line["result"] == "done_late")
    told = scores.contest(
        call(small, "market.officer", day), scoresheet_id=mine.pk, item=item, reason="当日停电无法上报"
    )
    assert told.outcome, told.outcome
    return Contest.objects.get(pk=told.values["contest"])


def test_each_unit_is_told_once_in_working_time(small: Small) -> None:
    lived.quarter(small)
    scoring = published(small)
    told = OutboxMessage.objects.filter(kind="scores").order_by("unit_id")
    assert [m.unit_id for m in told] == sorted(scoring.sheets.values_list("unit_id", flat=True))
    assert "2023-07-10前可" in told[0].payload["zh"] and told[0].not_before == lived.at(JULY)
    row = contested(small, scoring)
    scores.reject(call(small, second_supervisor(small), JULY), contest_id=row.pk, answer="证据不足。")
    last = OutboxMessage.objects.get(kind="scores", key=f"contest:{row.pk}")
    assert last.unit_id == small.units["market"].pk and last.payload["zh"].endswith("不成立：证据不足。")


def test_a_contest_changes_the_score_with_its_trail(small: Small) -> None:
    lived.quarter(small)
    first = published(small)
    row = contested(small, first)
    duty = Duty.objects.get(subject_kind="contest", subject_id=str(row.pk))
    assert (duty.unit_id, duty.due_on, row.due_on) == (first.office_id, D(2023, 7, 17), D(2023, 7, 17))
    other = second_supervisor(small)
    said = scores.uphold(
        call(small, other, D(2023, 7, 5)), contest_id=row.pk, answer="停电属实", kind="excuse_days", days=1
    )
    assert said.outcome, said.outcome
    duty.refresh_from_db()
    assert duty.state == "closed"
    again = scores.rerun(call(small, "office.supervisor", D(2023, 7, 6)), scoring_id=first.pk, reason="申诉成立")
    second = Scoring.objects.get(pk=again.values["scoring"])
    before, after = sheet(small, first, "market"), sheet(small, second, "market")
    assert (before.score, after.score) == (Decimal("95.56"), Decimal("100.00"))
    (changed,) = difference.changes(*(json.loads(t) for t in (before.facts, before.lines, after.facts, after.lines)))
    assert changed.item == row.item and changed.before and changed.after
    assert (changed.before["result"], changed.after["result"]) == ("done_late", "done_on_time")
    assert changed.why[0].zh == f"申诉第{row.pk}号成立：核减1个工作日。"
    assert scores.publish(call(small, "office.supervisor", D(2023, 7, 6)), scoring_id=second.pk).outcome
    first.refresh_from_db()
    assert first.state == "replaced" and sheet(small, first, "market").score == Decimal("95.56")
    rows = list(second.sheets.select_related("unit"))
    out = io.BytesIO()
    package.write(out, second, rows, whole=True)
    assert recompute.main(out) == 0


@pytest.mark.parametrize(
    "given,code",
    [
        ({"kind": "excuse_days"}, "days_missing"),
        ({"kind": "done_on"}, "day_wrong"),
        ({"kind": "done_on", "on": D(2023, 4, 2)}, "day_wrong"),
        ({"kind": "done_on", "on": D(2023, 7, 6)}, "day_wrong"),
        ({"kind": "pardon_return", "report": 1}, "not_returned"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(small: Small, given: dict[str, Any], code: str) -> None:
    lived.quarter(small)
    row = contested(small, published(small))
    by = call(small, second_supervisor(small), D(2023, 7, 5))
    answer = scores.uphold(by, contest_id=row.pk, answer="情况属实", **given)
    assert answer.outcome.reasons[0].code == code
    row.refresh_from_db()
    assert row.state == "filed"


def test_who_ran_it_does_not_decide_and_nobody_decides_twice(small: Small) -> None:
    lived.quarter(small)
    row = contested(small, published(small))
    own = scores.reject(call(small, "office.supervisor", JULY), contest_id=row.pk, answer="证据不足")
    assert own.outcome.reasons[0].code == "own_scoring"
    by = second_supervisor(small)
    assert scores.reject(call(small, by, JULY), contest_id=row.pk, answer="证据不足").outcome
    again = scores.uphold(call(small, by, JULY), contest_id=row.pk, answer="又成立了", kind="leave_out")
    assert again.outcome.reasons[0].code == "already_decided"
    stranger = scores.reject(call(small, "market.officer", JULY), contest_id=row.pk, answer="随便看看")
    assert stranger.outcome.reasons[0].code == "role_may_not"


def test_contests_end_with_their_last_day(small: Small) -> None:
    lived.quarter(small)
    scoring = published(small)
    assert scoring.contest_until == D(2023, 7, 10)
    mine = sheet(small, scoring, "market")
    items = list(lines(mine))
    late = scores.contest(
        call(small, "market.officer", D(2023, 7, 11)), scoresheet_id=mine.pk, item=items[0], reason="我们有异议"
    )
    assert late.outcome.reasons[0].code == "contest_over"
    on_the_day = call(small, "market.officer", D(2023, 7, 10))
    assert scores.contest(on_the_day, scoresheet_id=mine.pk, item=items[0], reason="我们有异议").outcome
    twice = scores.contest(
        call(small, "market.unit_head", D(2023, 7, 10)), scoresheet_id=mine.pk, item=items[0], reason="我们有异议"
    )
    assert twice.outcome.reasons[0].code == "already_contested"
    foreign = scores.contest(
        call(small, "health.officer", JULY), scoresheet_id=mine.pk, item=items[1], reason="替他们申诉"
    )
    assert foreign.outcome.reasons[0].code == "outside_scope"
    with pytest.raises(Problem):
        scores.contest(
            call(small, "market.officer", JULY), scoresheet_id=mine.pk, item="duty-1000000", reason="没有这项"
        )


def test_what_is_not_published_cannot_be_contested_nor_opened(small: Small) -> None:
    lived.quarter(small)
    scoring = computed(small)
    mine = sheet(small, scoring, "market")
    early = scores.contest(
        call(small, "market.officer", JULY), scoresheet_id=mine.pk, item=next(iter(lines(mine))), reason="我们有异议"
    )
    assert early.outcome.reasons[0].code == "not_published"
    opened = scores.open_to_public(call(small, "office.county_head", JULY), scoring_id=scoring.pk, reason="接受监督")
    assert opened.outcome.reasons[0].code == "not_to_open"


def test_only_the_county_opens_the_scores_and_a_new_version_follows(small: Small) -> None:
    lived.quarter(small)
    first = published(small)
    assert not first.public
    by_office = scores.open_to_public(call(small, "office.supervisor", JULY), scoring_id=first.pk, reason="接受监督")
    assert by_office.outcome.reasons[0].code == "role_may_not"
    head = "office.county_head"
    assert scores.open_to_public(call(small, head, JULY), scoring_id=first.pk, reason="接受监督").outcome
    again = scores.rerun(call(small, "office.supervisor", JULY), scoring_id=first.pk, reason="更正")
    assert scores.publish(call(small, "office.supervisor", JULY), scoring_id=again.values["scoring"]).outcome
    assert list(Scoring.objects.order_by("version").values_list("state", "public")) == [
        ("replaced", False),
        ("published", True),
    ]
    assert scores.shut(call(small, head, JULY), scoring_id=again.values["scoring"], reason="停止公开").outcome
    assert not Scoring.objects.filter(public=True).exists()


def test_sheets_of_another_county_are_not_there(small: Small) -> None:
    lived.quarter(small)
    scoring = published(small)
    other = small_county.make("other")
    mine = sheet(small, scoring, "market")
    for act, inputs in (
        (scores.publish, {"scoring_id": scoring.pk}),
        (scores.rerun, {"scoring_id": scoring.pk, "reason": "外县"}),
    ):
        with pytest.raises(Problem):
            act(call(other, "office.supervisor", JULY), **inputs)
    with pytest.raises(Problem):
        scores.contest(
            call(other, "market.officer", JULY), scoresheet_id=mine.pk, item=next(iter(lines(mine))), reason="外县"
        )

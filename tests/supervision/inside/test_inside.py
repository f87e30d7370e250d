"""Milestones, pieces, questions to other units, open lists: as they are meant, and as they must not go."""

import datetime as dt
from typing import Any

import pytest

from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.duties.models import Duty
from luoshi.office.duties.tick import tick
from luoshi.office.journal.models import Entry
from luoshi.office.plans.models import Task
from luoshi.supervision import actions, following
from luoshi.supervision.models import Assignment, Consultation, LedgerLine, ListResolution, Milestone, Piece, Report
from luoshi.supervision.queries import ledger, ledger_as_of
from luoshi.supervision.queries.ledger import Wanted
from tests.supervision.small_county import NOW, TODAY, Small
from tests.supervision.test_actions import code, reported, upload, working

DAY = dt.timedelta(days=1)
OFFICE, SUPERVISOR, OFFICER = "lead-office.leading_office", "office.supervisor", "market.officer"


def later(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def milestone(small: Small, share: Assignment, day: dt.date, seat: str = OFFICER) -> Milestone:
    made = actions.set_milestone(small.call(seat), assignment_id=share.pk, words="完成摸底", due_on=day)
    assert made.outcome, made.outcome.reasons
    return Milestone.objects.select_related("duty").get(pk=made.values["milestone"])


def standing(small: Small, task: Task, day: dt.date) -> str:
    return next(r.standing for r in ledger.page(small.actor(SUPERVISOR), Wanted(), day).rows if r.task_id == task.pk)


def test_a_missed_milestone_turns_a_task_yellow_until_it_is_reached(small: Small) -> None:
    share = working(small, due_on=dt.date(2023, 12, 28))
    row = milestone(small, share, TODAY + 10 * DAY)
    after = TODAY + 11 * DAY
    assert [standing(small, share.task, day) for day in (TODAY, TODAY + 10 * DAY, after)] == ["on_time"] * 2 + [
        "behind"
    ]
    supervisor = small.actor(SUPERVISOR)
    totals = ledger.totals(supervisor, Wanted(), after)
    assert (totals.on_time, totals.behind, totals.near, totals.total) == (0, 1, 0, 1)
    assert [r.task_id for r in ledger.page(supervisor, Wanted(standing="behind"), after).rows] == [share.task_id]
    assert not ledger.page(supervisor, Wanted(standing="on_time"), after).rows
    files = [upload(small, OFFICER)]
    done = actions.reach_milestone(
        small.call(OFFICER, now=later(12)), milestone_id=row.pk, text="已完成摸底", files=files
    )
    assert done.outcome and done.values["files"] == 1
    assert standing(small, share.task, TODAY + 13 * DAY) == "on_time"
    then = ledger_as_of.look(supervisor, Wanted(), after)
    assert [r.standing for r in ledger_as_of.page(then, Wanted()).rows] == ["behind"]
    assert [r.task_id for r in ledger_as_of.page(then, Wanted(standing="behind")).rows] == [share.task_id]
    row.refresh_from_db()
    assert (row.state, str(row.ended_on)) == ("reached", str(TODAY + 12 * DAY))
    assert Duty.objects.get(pk=row.duty_id).state == "closed"
    told = Entry.objects.filter(subject_kind="assignment", subject_id=str(share.pk)).order_by("id")
    assert [e.action for e in told][-2:] == ["assignment.set_milestone", "assignment.reach_milestone"]


def test_a_milestone_is_warned_of_by_the_clock_of_its_duty(small: Small) -> None:
    row = milestone(small, working(small, due_on=dt.date(2023, 12, 28)), TODAY + 20 * DAY)
    assert row.duty is not None and row.duty.level == 0
    tick(later(19))
    row.duty.refresh_from_db()
    assert row.duty.level == 1
    tick(later(21))
    row.duty.refresh_from_db()
    assert row.duty.level == 2


@pytest.mark.parametrize(("days", "expected"), [(-1, "day_past"), (0, ""), (57, ""), (88, "day_after_share")])
def test_a_milestone_lies_between_today_and_the_day_of_the_share(small: Small, days: int, expected: str) -> None:
    share = working(small)  # due on 28 September
    made = actions.set_milestone(
        small.call(OFFICER), assignment_id=share.pk, words="完成摸底", due_on=TODAY + dt.timedelta(days=days)
    )
    assert (code(made) if not made.outcome else "") == expected


def test_who_sets_reaches_and_drops_a_milestone(small: Small) -> None:
    share = working(small)
    day = TODAY + 9 * DAY
    for seat, expected in ((OFFICE, ""), ("office.county_head", ""), ("health.officer", "outside_scope"),
                           ("other-lead.leading_office", "outside_scope"), ("office.auditor", "role_may_not")):  # fmt: skip
        made = actions.set_milestone(small.call(seat), assignment_id=share.pk, words="完成摸底", due_on=day)
        assert (code(made) if not made.outcome else "") == expected, seat
    row = Milestone.objects.filter(share=share).order_by("pk")[0]
    assert [m.number for m in Milestone.objects.order_by("pk")] == [1, 2]
    assert code(actions.drop_milestone(small.call(OFFICER), milestone_id=row.pk, reason="做不到了")) == "role_may_not"
    assert code(actions.reach_milestone(small.call(OFFICE), milestone_id=row.pk, text="代为填报")) == "role_may_not"
    assert actions.drop_milestone(small.call(OFFICE), milestone_id=row.pk, reason="并入下一节点").outcome
    again = actions.reach_milestone(small.call(OFFICER), milestone_id=row.pk, text="已经达到")
    assert code(again) == "milestone_ended"
    with pytest.raises(Problem):
        actions.reach_milestone(small.call(OFFICER), milestone_id=999_999, text="没有这个")


def test_milestones_stop_and_go_on_with_their_share_and_end_with_it(small: Small) -> None:
    share = working(small, due_on=dt.date(2023, 12, 28))
    row = milestone(small, share, TODAY + 4 * DAY)  # Friday
    assert actions.suspend(small.call(OFFICE), assignment_id=share.pk, reason="等上级批复").outcome
    assert LedgerLine.objects.filter(task_id=share.task_id, missed_on__isnull=False).count() == 0
    assert (
        code(actions.reach_milestone(small.call(OFFICER), milestone_id=row.pk, text="已达到了")) == "share_not_at_work"
    )
    assert actions.resume(small.call(OFFICE, now=later(7)), assignment_id=share.pk).outcome
    row.refresh_from_db()
    assert (row.due_on, row.duty.due_on) == (TODAY + 11 * DAY, TODAY + 11 * DAY)  # type: ignore[union-attr]
    assert {line.missed_on for line in LedgerLine.objects.filter(task_id=share.task_id)} == {TODAY + 11 * DAY}
    health = small.units["health"]
    assert actions.hand_over(small.call(OFFICE), assignment_id=share.pk, unit_id=health.pk, reason="职能划转").outcome
    assert Duty.objects.get(pk=row.duty_id).unit_id == health.pk
    assert {line.missed_on for line in LedgerLine.objects.filter(task_id=share.task_id)} == {TODAY + 11 * DAY}
    assert actions.cancel(small.call(OFFICE), assignment_id=share.pk, reason="任务取消").outcome
    row.refresh_from_db()
    assert (row.state, Duty.objects.get(pk=row.duty_id).state) == ("dropped", "cancelled")
    assert LedgerLine.objects.filter(task_id=share.task_id, missed_on__isnull=False).count() == 0


def test_totals_and_rows_agree_whatever_milestones_there_are(small: Small) -> None:
    for due, day in ((90, 5), (90, 40), (3, 2), (None, 5), (12, 12)):
        task = small.task(due_on=TODAY + due * DAY if due else None)
        milestone(small, small.share(task, "market"), TODAY + day * DAY)
    small.task(due_on=TODAY - DAY)
    supervisor = small.actor(SUPERVISOR)
    for ahead in range(0, 45, 3):
        day = TODAY + ahead * DAY
        totals = ledger.totals(supervisor, Wanted(), day)
        for name in ledger.STANDINGS:
            wanted = Wanted(standing=name)
            rows = list(ledger.every(supervisor, wanted, day, size=2))
            assert {r.standing for r in rows} <= {name}
            assert totals.matching(wanted) == len(rows), (ahead, name)


def split(small: Small, share: Assignment, **more: Any) -> Any:
    given = {"unit_ids": [small.inner("market").pk], "words": "整改本所问题", **more}
    return actions.split(small.call(OFFICER), assignment_id=share.pk, **given)


def inner_officer(small: Small) -> str:
    from tests.supervision import small_county

    small.inner("market")
    with door.opened("fixture"):
        small_county._seat(small, "market-inner", "officer")
    return "market-inner.officer"


def test_a_split_share_is_done_when_its_pieces_are(small: Small) -> None:
    share, inner = working(small), inner_officer(small)
    made = split(small, share)
    assert made.outcome
    piece = Piece.objects.get(pk=made.values["pieces"][0])
    assert piece.duty is not None and (piece.duty.unit_id, piece.duty.due_on) == (piece.unit_id, share.duty.due_on)  # type: ignore[union-attr]
    early = actions.report_done(small.call(OFFICER), assignment_id=share.pk, text="已经完成了")
    assert code(early) == "parts_outstanding" and "market-inner" in early.outcome.reasons[0].words.zh  # type: ignore[union-attr]
    assert (
        code(actions.finish_piece(small.call("health.officer"), piece_id=piece.pk, text="不是我的")) == "outside_scope"
    )
    done = actions.finish_piece(small.call(inner), piece_id=piece.pk, text="本所已整改", files=[upload(small, inner)])
    assert done.outcome and done.values["percent"] == 99
    assert code(actions.finish_piece(small.call(inner), piece_id=piece.pk, text="再报一次")) == "piece_ended"
    assert actions.report_done(small.call(OFFICER), assignment_id=share.pk, text="各所均已整改").outcome


def test_a_split_is_taken_back_while_nothing_was_done(small: Small) -> None:
    share, inner = working(small), inner_officer(small)
    assert code(actions.unsplit(small.call(OFFICER), assignment_id=share.pk, reason="重新安排")) == "not_split"
    first = Piece.objects.get(pk=split(small, share).values["pieces"][0])
    assert actions.unsplit(small.call(OFFICER), assignment_id=share.pk, reason="重新安排").values["dropped"] == 1
    first.refresh_from_db()
    assert (first.state, first.said, Duty.objects.get(pk=first.duty_id).state) == ("dropped", "重新安排", "cancelled")
    second = split(small, share).values["pieces"][0]
    assert actions.finish_piece(small.call(inner), piece_id=second, text="本所已整改").outcome
    assert code(actions.unsplit(small.call(OFFICER), assignment_id=share.pk, reason="重新安排")) == "parts_done"
    third = split(small, share).values["pieces"][0]
    share.refresh_from_db()
    assert share.percent == 50
    assert actions.drop_piece(small.call(OFFICER), piece_id=third, reason="多分了一项").outcome
    share.refresh_from_db()
    assert share.percent == 99


def test_only_units_inside_take_pieces_and_a_town_gives_to_its_villages(small: Small) -> None:
    share = working(small)
    small.inner("market")
    assert code(split(small, share, unit_ids=[small.units["health"].pk])) == "not_inside"
    town = small.share(small.task(units=(("town-a", "responsible"),)), "town-a")
    clerk = small.call("town-a.town_clerk")
    village = small.units["village-a1"].pk
    given = actions.split(clerk, assignment_id=town.pk, unit_ids=[village], words="入户排查")
    assert given.outcome
    done = actions.finish_piece(
        small.call("village-a1.village_clerk"), piece_id=given.values["pieces"][0], text="已入户"
    )
    assert done.outcome
    police = small.share(small.task(units=(("police", "responsible"),)), "police")
    alone = actions.split(small.call("police.officer"), assignment_id=police.pk, unit_ids=[village], words="协助排查")
    assert code(alone) == "no_units_inside"


def asked(small: Small, **more: Any) -> tuple[Assignment, Consultation]:
    task = small.task("lead_support", (("market", "lead"), ("health", "support")))
    share = small.share(task, "market")
    for verb in (actions.accept, actions.start):
        assert verb(small.call(OFFICER), assignment_id=share.pk).outcome
    given = {"unit_id": small.units["health"].pk, "words": "请提供体检人数", "due_on": TODAY + 7 * DAY, **more}
    made = actions.consult(small.call(OFFICER), assignment_id=share.pk, **given)
    assert made.outcome, made.outcome.reasons
    return small.share(task, "market"), Consultation.objects.get(pk=made.values["consultation"])


def test_the_leads_report_shows_what_was_asked_and_what_came(small: Small) -> None:
    share, question = asked(small)
    assert question.duty is not None and question.duty.unit_id == small.units["health"].pk
    first = actions.report_progress(small.call(OFFICER), assignment_id=share.pk, text="等待数据", percent=10)
    assert Report.objects.get(pk=first.values["report"]).asked[0]["state"] == "open"
    assert (
        code(actions.answer(small.call("police.officer"), consultation_id=question.pk, text="不是我"))
        == "outside_scope"
    )
    came = actions.answer(
        small.call("health.officer"),
        consultation_id=question.pk,
        text="共320人",
        files=[upload(small, "health.officer")],
    )
    assert came.outcome
    question.refresh_from_db()
    assert (question.state, Duty.objects.get(pk=question.duty_id).state) == ("answered", "closed")
    done = actions.report_done(small.call(OFFICER), assignment_id=share.pk, text="已汇总完成")
    said = Report.objects.get(pk=done.values["report"]).asked
    assert [(a["words"], a["answer"], a["state"]) for a in said] == [("请提供体检人数", "共320人", "answered")]
    assert Report.objects.get(pk=first.values["report"]).asked[0]["answer"] == ""


@pytest.mark.parametrize(("ruling", "state"), [("answer", "open"), ("withdraw", "withdrawn"), ("stands", "")])
def test_a_disagreement_goes_up_and_is_decided_with_a_reason(small: Small, ruling: str, state: str) -> None:
    share, question = asked(small)
    up = actions.disagree(small.call("health.officer"), consultation_id=question.pk, reason="不属于本单位职责")
    assert up.outcome
    question.refresh_from_db()
    assert question.objector_id == small.units["health"].pk
    assert question.duty is not None and question.duty.unit_id == small.units["lead-office"].pk
    given: dict[str, Any] = {"consultation_id": question.pk, "ruling": ruling, "reason": "按三定方案"}
    assert code(actions.decide_question(small.call("other-lead.leading_office"), **given)) == "outside_scope"
    decided = actions.decide_question(small.call(OFFICE), **given)
    question.refresh_from_db()
    if not state:
        assert code(decided) == "no_answer" and question.state == "disputed"
        return
    assert decided.outcome and (question.state, question.decision) == (state, "按三定方案")
    owing = Duty.objects.filter(subject_kind="consultation", subject_id=str(question.pk), state="open")
    assert [d.unit_id for d in owing] == ([small.units["health"].pk] if ruling == "answer" else [])
    assert share.task_id


def test_the_lead_may_disagree_with_an_answer_and_the_answer_may_stand(small: Small) -> None:
    _, question = asked(small)
    assert actions.answer(small.call("health.officer"), consultation_id=question.pk, text="无法提供").outcome
    assert actions.disagree(small.call(OFFICER), consultation_id=question.pk, reason="应当能够提供").outcome
    assert (
        code(actions.answer(small.call("health.officer"), consultation_id=question.pk, text="补一次"))
        == "question_moved"
    )
    stands = {"consultation_id": question.pk, "ruling": "stands", "reason": "确无数据"}
    assert actions.decide_question(small.call(OFFICE), **stands).outcome
    assert code(actions.decide_question(small.call(OFFICE), **stands)) == "question_moved"


def test_who_is_asked_and_who_asks(small: Small) -> None:
    share, question = asked(small)
    support = small.share(share.task, "health")
    given = {"words": "请提供数据", "due_on": TODAY + DAY}
    back = actions.consult(
        small.call("health.officer"), assignment_id=support.pk, unit_id=small.units["market"].pk, **given
    )
    assert code(back) == "support_does_not_ask"
    police = actions.consult(small.call(OFFICER), assignment_id=share.pk, unit_id=small.units["police"].pk, **given)
    assert code(police) == "not_in_task"
    alone = actions.consult(
        small.call(OFFICER), assignment_id=working(small).pk, unit_id=small.units["health"].pk, **given
    )
    assert code(alone) == "nobody_to_ask"
    gone = actions.withdraw_question(small.call(OFFICER), consultation_id=question.pk, reason="已从系统取得")
    assert gone.outcome and Consultation.objects.get(pk=question.pk).state == "withdrawn"
    assert not Duty.objects.filter(subject_kind="consultation", state="open").exists()


def test_an_open_list_is_resolved_once_with_shares_and_duties(small: Small) -> None:
    task = small.task("joint", (("market", "responsible"),), open_ended=True)
    ids = [small.units["health"].pk, small.units["police"].pk]
    given = {"task_id": task.pk, "unit_ids": ids, "reason": "按领导小组成员名单"}
    assert code(actions.resolve_units(small.call(OFFICER), **given)) == "role_may_not"
    assert code(actions.resolve_units(small.call("other-lead.leading_office"), **given)) == "outside_scope"
    taken = actions.resolve_units(small.call(OFFICE), **{**given, "unit_ids": [small.units["market"].pk]})
    assert code(taken) == "cannot_take"
    made = actions.resolve_units(small.call(OFFICE), **given)
    assert made.outcome and made.values["assigned"] == 2
    share = small.share(task, "health")
    assert share.duty is not None and (share.duty.due_on, share.role) == (task.due_on, "responsible")
    assert LedgerLine.objects.filter(task=task, scope=LedgerLine.UNIT, scope_id=ids[0]).exists()
    assert ListResolution.objects.get(task=task).units == ids
    assert code(actions.resolve_units(small.call(OFFICE), **given)) == "already_resolved"
    closed = small.task()
    assert code(actions.resolve_units(small.call(OFFICE), task_id=closed.pk, reason="补充单位")) == "list_closed"
    nobody = small.task("joint", (("market", "responsible"),), open_ended=True)
    alone = actions.resolve_units(small.call(OFFICE), task_id=nobody.pk, reason="没有其他单位")
    assert alone.outcome and alone.values["assigned"] == 0


def test_a_plan_taken_back_leaves_nothing_open_and_one_with_work_in_it_stays(small: Small) -> None:
    share, question = asked(small)
    row = milestone(small, share, TODAY + 5 * DAY)
    assert following.worked_on([share.task_id])
    with door.opened("fixture"):
        rows = following.withdrawn([share.task_id], TODAY)
    assert {r["model"] for r in rows} >= {"supervision.Milestone", "supervision.Consultation"}
    row.refresh_from_db()
    question.refresh_from_db()
    assert (row.state, question.state) == ("dropped", "withdrawn")
    assert not Duty.objects.filter(task_id=share.task_id, state="open").exists()


def test_what_hangs_on_a_share_ends_when_it_is_done(small: Small) -> None:
    share, report = reported(small)
    with door.opened("fixture"):
        Milestone.objects.create(
            county=small.county, share=share, task=share.task, number=1, words="遗留", due_on=TODAY, made_on=TODAY
        )
    assert actions.review_approve(small.call(SUPERVISOR), report_id=report.pk).outcome
    assert Milestone.objects.get(share=share).state == "dropped"


def test_two_counties_never_meet(small: Small) -> None:
    from tests.supervision import small_county

    share, question = asked(small)
    row = milestone(small, share, TODAY + 5 * DAY)
    other = small_county.make("elsewhere")
    for verb, given in (
        (actions.reach_milestone, {"milestone_id": row.pk, "text": "外县来填"}),
        (actions.answer, {"consultation_id": question.pk, "text": "外县来填"}),
        (actions.set_milestone, {"assignment_id": share.pk, "words": "外县节点", "due_on": TODAY}),
    ):
        with pytest.raises(Problem):
            verb(other.call(OFFICER), **given)

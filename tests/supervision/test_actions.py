"""Every verb on a share, each with the way it is meant and the ways it must not go."""

import datetime as dt
import io

import pytest
from PIL import Image

from luoshi.core.outcome import Refused
from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.evidence import actions as evidence
from luoshi.office.evidence.models import Attachment
from luoshi.office.journal.models import Entry
from luoshi.office.notices.models import OutboxMessage
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment, Report
from tests.supervision.small_county import NOW, Small

LATER = dt.datetime(2023, 10, 16, 9, 0, tzinfo=COUNTY_ZONE)


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def upload(small: Small, seat: str, data: bytes = b"", name: str = "现场.jpg") -> int:
    result = evidence.receive(small.call(seat), name, [data or picture()])
    return int(result.values["file"])


def working(small: Small, **more: object) -> Assignment:
    """A share that has been accepted and started."""
    share = small.share(small.task(**more), "market")
    assert actions.accept(small.call("market.officer"), assignment_id=share.pk).outcome
    assert actions.start(small.call("market.officer"), assignment_id=share.pk).outcome
    return fresh(share)


def reported(small: Small, **more: object) -> tuple[Assignment, Report]:
    share = working(small, **more)
    files = [upload(small, "market.officer")]
    result = actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="已经办结完毕", files=files)
    assert result.outcome, result.outcome.reasons
    return fresh(share), Report.objects.get(pk=result.values["report"])


def fresh(share: Assignment) -> Assignment:
    return Assignment.objects.select_related("duty", "task", "unit").get(pk=share.pk)


def code(result: object) -> str:
    return result.outcome.reasons[0].code  # type: ignore[attr-defined]


def test_from_accepting_to_done_with_evidence_and_a_journal_of_every_step(small: Small) -> None:
    share, report = reported(small)
    assert (share.state, share.percent) == ("reported", 100)
    assert Attachment.objects.filter(subject_kind="report", subject_id=str(report.pk)).count() == 1
    result = actions.review_approve(small.call("office.supervisor"), report_id=report.pk)
    assert result.outcome and result.values["task_state"] == "done"
    share = fresh(share)
    assert (share.state, share.duty.state, share.task.state) == ("done", "closed", "done")  # type: ignore[union-attr]
    steps = Entry.objects.filter(subject_kind="assignment", subject_id=str(share.pk)).order_by("id")
    assert [e.action for e in steps] == [
        "assignment.accept", "assignment.start", "assignment.report_done", "assignment.review_approve",
    ]  # fmt: skip


def test_a_returned_report_stays_as_it_was_and_the_next_one_has_the_next_number(small: Small) -> None:
    share, report = reported(small)
    assert actions.review_return(small.call("office.supervisor"), report_id=report.pk, reason="缺少验收照片").outcome
    kept = Report.objects.get(pk=report.pk)
    assert (kept.decision, kept.reason, kept.text) == ("returned", "缺少验收照片", "已经办结完毕")
    assert fresh(share).state == "returned"
    again = actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="补充照片后再报")
    assert again.values["number"] == 2
    assert Report.objects.filter(assignment=share).count() == 2


def test_the_second_reviewer_of_one_report_is_refused_with_the_first_decision(small: Small) -> None:
    _, report = reported(small)
    assert actions.review_approve(small.call("office.supervisor"), report_id=report.pk).outcome
    second = actions.review_return(small.call("lead-office.leading_office"), report_id=report.pk, reason="再看一看吧")
    assert isinstance(second.outcome, Refused)
    assert code(second) == "already_decided"
    assert Report.objects.get(pk=report.pk).decision == "approved"


def test_the_same_request_sent_twice_acts_once(small: Small) -> None:
    share = working(small)
    call = small.call("market.officer", "once")
    given = {"assignment_id": share.pk, "text": "完成一半了", "percent": 50}
    first, second = actions.report_progress(call, **given), actions.report_progress(call, **given)
    assert (first.replayed, second.replayed) == (False, True)
    assert first.values == second.values
    assert share.reports.count() == 1


def test_nobody_approves_a_report_of_their_own(small: Small) -> None:
    share, report = reported(small)
    with door.opened("fixture"):
        Report.objects.filter(pk=report.pk).update(reported_by=small.seats["office.supervisor"].account_id)
    result = actions.review_approve(small.call("office.supervisor"), report_id=report.pk)
    assert code(result) == "own_report"
    assert fresh(share).state == "reported"


@pytest.mark.parametrize(
    ("seat", "expected"),
    [("health.officer", "outside_scope"), ("town-a.town_clerk", "outside_scope"), ("office.editor", "role_may_not"),
     ("office.system_admin", "role_may_not"), ("office.supervisor", "role_may_not")],
)  # fmt: skip
def test_work_is_refused_to_whoever_does_not_carry_it(small: Small, seat: str, expected: str) -> None:
    share = small.share(small.task(), "market")
    result = actions.accept(small.call(seat), assignment_id=share.pk)
    assert code(result) == expected
    assert fresh(share).state == "assigned"


def test_a_town_works_for_its_own_villages_and_not_for_another_towns(small: Small) -> None:
    share = small.share(small.task(units=[("village-a1", "responsible")]), "village-a1")
    assert code(actions.accept(small.call("town-b.town_clerk"), assignment_id=share.pk)) == "outside_scope"
    assert actions.accept(small.call("town-a.town_clerk"), assignment_id=share.pk).outcome


def test_the_leading_office_of_another_plan_may_not_review_or_suspend(small: Small) -> None:
    share, report = reported(small)
    call = small.call
    assert code(actions.review_approve(call("other-lead.leading_office"), report_id=report.pk)) == "outside_scope"
    refused = actions.suspend(call("other-lead.leading_office"), assignment_id=share.pk, reason="不归我们管")
    assert code(refused) == "outside_scope"


def test_the_office_of_a_leading_group_acts_for_it_and_the_plans_own_unit_too(small: Small) -> None:
    _, report = reported(small)
    assert actions.review_approve(small.call("lead-office.leading_office"), report_id=report.pk).outcome


def test_another_county_finds_nothing(small: Small) -> None:
    from tests.supervision import small_county

    share, report = reported(small)
    other = small_county.make("elsewhere")
    with pytest.raises(Problem) as accept:
        actions.accept(other.call("market.officer"), assignment_id=share.pk)
    with pytest.raises(Problem) as review:
        actions.review_approve(other.call("office.supervisor"), report_id=report.pk)
    assert (accept.value.status, review.value.status) == (404, 404)


def test_suspending_stops_the_clock_and_resuming_gives_the_working_days_back(small: Small) -> None:
    share = working(small, due_on=dt.date(2023, 7, 31))
    office = "lead-office.leading_office"
    assert actions.suspend(small.call(office), assignment_id=share.pk, reason="等待上级批复").outcome
    stopped = fresh(share)
    assert (stopped.state, stopped.duty.state, stopped.task.state) == ("suspended", "suspended", "suspended")  # type: ignore[union-attr]
    assert code(
        actions.report_progress(small.call("market.officer"), assignment_id=share.pk, text="继续办理", percent=1)
    ) == ("move_not_from_state")
    result = actions.resume(small.call(office, now=NOW + dt.timedelta(days=7)), assignment_id=share.pk)
    assert result.values["due_on"] == "2023-08-07"
    again = fresh(share)
    assert (again.state, again.duty.due_on, again.task.due_on, again.task.state) == (  # type: ignore[union-attr]
        "in_progress", dt.date(2023, 8, 7), dt.date(2023, 8, 7), "open",
    )  # fmt: skip


def test_extending_needs_a_later_day_and_keeps_the_reason(small: Small) -> None:
    share = working(small)
    office = "lead-office.leading_office"
    same = actions.extend(small.call(office), assignment_id=share.pk, due_on="2023-09-28", reason="材料未到位")
    assert code(same) == "not_later"
    later = actions.extend(small.call(office), assignment_id=share.pk, due_on="2023-09-29", reason="材料未到位")
    assert later.outcome
    moved = fresh(share)
    assert moved.duty.due_on == moved.task.due_on == dt.date(2023, 9, 29)  # type: ignore[union-attr]
    assert moved.duty.events[-1]["reason"]["zh"] == "材料未到位"  # type: ignore[union-attr]


def test_closing_needs_evidence(small: Small) -> None:
    share = working(small)
    result = actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="没有附件的报告")
    actions.review_approve(small.call("office.supervisor"), report_id=result.values["report"])
    office = small.call("lead-office.leading_office")
    assert code(actions.close(office, assignment_id=share.pk)) == "no_evidence"
    other, report = reported(small)
    actions.review_approve(small.call("office.supervisor"), report_id=report.pk)
    assert actions.close(small.call("lead-office.leading_office"), assignment_id=other.pk).outcome
    assert (fresh(other).state, fresh(other).task.state) == ("closed", "closed")


def test_cancelling_needs_a_reason_and_ends_the_duty(small: Small) -> None:
    share = working(small)
    with pytest.raises(Problem):
        actions.cancel(small.call("lead-office.leading_office"), assignment_id=share.pk, reason=" ")
    assert actions.cancel(small.call("lead-office.leading_office"), assignment_id=share.pk, reason="方案已调整").outcome
    gone = fresh(share)
    assert (gone.state, gone.duty.state, gone.task.state) == ("cancelled", "cancelled", "cancelled")  # type: ignore[union-attr]


def test_a_share_is_assigned_to_a_person_of_the_unit_only(small: Small) -> None:
    share = small.share(small.task(), "market")
    head = "market.unit_head"
    mine, theirs = small.seats["market.officer"].account_id, small.seats["health.officer"].account_id
    assert code(actions.assign(small.call(head), assignment_id=share.pk, account_id=theirs)) == "not_in_unit"
    assert actions.assign(small.call(head), assignment_id=share.pk, account_id=mine).outcome
    assert fresh(share).duty.account_id == mine  # type: ignore[union-attr]
    assert actions.assign(small.call(head), assignment_id=share.pk).outcome
    assert fresh(share).duty.account_id is None  # type: ignore[union-attr]


def test_handing_over_moves_share_and_duty_and_the_other_unit_accepts_anew(small: Small) -> None:
    share = working(small)
    police = small.units["police"].pk
    assert actions.hand_over(
        small.call("office.supervisor"), assignment_id=share.pk, unit_id=police, reason="职责划转"
    ).outcome
    moved = fresh(share)
    assert (moved.unit_id, moved.duty.unit_id, moved.state, moved.accepted_on) == (police, police, "assigned", None)  # type: ignore[union-attr]
    assert code(actions.accept(small.call("market.officer"), assignment_id=share.pk)) == "outside_scope"
    assert actions.accept(small.call("police.officer"), assignment_id=share.pk).outcome


@pytest.mark.parametrize("unit", ["towns", "health"])
def test_a_share_is_not_handed_to_a_collective_unit_or_one_that_has_a_share(small: Small, unit: str) -> None:
    share = small.share(small.task("joint", [("market", "responsible"), ("health", "responsible")]), "market")
    call = small.call("office.supervisor")
    result = actions.hand_over(call, assignment_id=share.pk, unit_id=small.units[unit].pk, reason="试一试")
    assert isinstance(result.outcome, Refused)
    assert code(result) == "cannot_take"


def test_pressing_goes_from_reminder_to_chasing_to_order_with_a_gap(small: Small) -> None:
    share = small.share(small.task(), "market")
    office = "office.supervisor"

    def press(step: str, now: dt.datetime) -> object:
        return actions.escalate(small.call(office, now=now), assignment_id=share.pk, step=step, reason="请抓紧办理")

    assert code(press("chase", NOW)) == "not_overdue"
    assert press("remind", NOW).outcome  # type: ignore[attr-defined]
    assert code(press("remind", NOW + dt.timedelta(days=2))) == "pressed_recently"
    assert code(press("order", LATER)) == "not_chased"
    assert press("chase", LATER).outcome  # type: ignore[attr-defined]
    assert fresh(share).duty.level == 3  # type: ignore[union-attr]
    assert press("order", LATER + dt.timedelta(days=7)).outcome  # type: ignore[attr-defined]
    assert fresh(share).duty.level == 4  # type: ignore[union-attr]
    assert (
        OutboxMessage.objects.filter(unit=small.units["market"], kind__in=["reminder", "chase", "order"]).count() == 3
    )


def test_a_note_changes_nothing_and_is_kept(small: Small) -> None:
    share = small.share(small.task(), "market")
    assert actions.note(small.call("market.officer"), assignment_id=share.pk, text="已电话沟通").outcome
    assert fresh(share).state == "assigned"
    assert "已电话沟通" in Entry.objects.get(action="assignment.note").content


def test_the_leads_share_decides_and_open_support_falls_away_with_it(small: Small) -> None:
    task = small.task("lead_support", [("market", "lead"), ("health", "support")])
    share = small.share(task, "market")
    for verb in (actions.accept, actions.start):
        verb(small.call("market.officer"), assignment_id=share.pk)
    done = actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="牵头部分完成")
    actions.review_approve(small.call("office.supervisor"), report_id=done.values["report"])
    support = small.share(task, "health")
    assert (support.state, support.duty.state, support.task.state) == ("cancelled", "cancelled", "done")  # type: ignore[union-attr]


def test_a_joint_task_is_done_with_its_last_share(small: Small) -> None:
    task = small.task("joint", [("market", "responsible"), ("health", "responsible")])
    for unit, expected in (("market", "open"), ("health", "done")):
        share = small.share(task, unit)
        for verb in (actions.accept, actions.start):
            verb(small.call(f"{unit}.officer"), assignment_id=share.pk)
        done = actions.report_done(small.call(f"{unit}.officer"), assignment_id=share.pk, text="本单位已完成")
        actions.review_approve(small.call("office.supervisor"), report_id=done.values["report"])
        task.refresh_from_db()
        assert task.state == expected


def test_a_recurring_share_goes_on_with_its_next_duty(small: Small) -> None:
    share = working(small, due_on=None, every={"day_of_month": [28]})
    done = actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="七月台账已报")
    result = actions.review_approve(small.call("office.supervisor"), report_id=done.values["report"])
    assert result.values["next_due_on"] == "2023-08-28"
    again = fresh(share)
    assert (again.state, again.percent, again.duty.due_on, again.task.due_on, again.task.state) == (  # type: ignore[union-attr]
        "accepted", 0, dt.date(2023, 8, 28), dt.date(2023, 8, 28), "open",
    )  # fmt: skip


def test_a_progress_report_can_be_looked_at_without_moving_the_share(small: Small) -> None:
    share = working(small)
    sent = actions.report_progress(small.call("market.officer"), assignment_id=share.pk, text="完成三成了", percent=30)
    result = actions.review_return(small.call("office.supervisor"), report_id=sent.values["report"], reason="数据有误")
    assert result.outcome
    assert fresh(share).state == "in_progress"


def test_a_file_of_somebody_else_cannot_be_attached(small: Small) -> None:
    share = working(small)
    theirs = upload(small, "health.officer")
    with pytest.raises(Problem) as wrong:
        actions.report_done(small.call("market.officer"), assignment_id=share.pk, text="用别人的照片", files=[theirs])
    assert wrong.value.place == "files"
    assert not share.reports.exists()
    same_bytes = upload(small, "market.officer")
    assert same_bytes == theirs
    assert actions.report_done(
        small.call("market.officer"), assignment_id=share.pk, text="自己也交过", files=[theirs]
    ).outcome


def test_one_picture_in_two_records_is_marked_for_a_person(small: Small) -> None:
    _, first = reported(small)
    _, second = reported(small)
    marks = {a.subject_id: [f["code"] for f in a.findings] for a in Attachment.objects.all()}
    assert marks == {str(first.pk): [], str(second.pk): ["duplicate_exact"]}

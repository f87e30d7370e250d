"""Two people at once, for real: threads against PostgreSQL. SQLite has one writer at a time by its nature."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from luoshi.core.outcome import Granted
from luoshi.office.actions import Result
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment, Report
from tests.supervision import small_county
from tests.supervision.test_actions import reported, working

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _needs_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no in-memory SQLite; one writer at a time there")


def together(*calls: Callable[[], Result]) -> list[Result]:
    """Run calls in threads that start at the same moment."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def one(n: int) -> None:
        try:
            gate.wait()
            results[n] = calls[n]()  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results  # type: ignore[return-value]


def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told() -> None:
    small = small_county.make()
    for round_ in range(5):
        _, report = reported(small)
        first, second = small.call("office.supervisor"), small.call("lead-office.leading_office")
        answers = together(
            lambda c=first, r=report: actions.review_approve(c, report_id=r.pk),  # type: ignore[misc]
            lambda c=second, r=report: actions.review_return(c, report_id=r.pk, reason="再改一改"),  # type: ignore[misc]
        )
        assert sum(isinstance(a.outcome, Granted) for a in answers) == 1, round_
        refused = next(a.outcome for a in answers if not a.outcome)
        assert refused.reasons[0].code == "already_decided"
        decision = Report.objects.get(pk=report.pk).decision
        assert decision == ("approved" if answers[0].outcome else "returned")


def test_of_two_reports_of_completion_at_once_one_is_taken() -> None:
    small = small_county.make()
    share = working(small)
    calls = [small.call("market.officer"), small.call("market.unit_head")]
    answers = together(*[lambda c=c: actions.report_done(c, assignment_id=share.pk, text="已经完成") for c in calls])  # type: ignore[misc]
    assert sum(isinstance(a.outcome, Granted) for a in answers) == 1
    assert Report.objects.filter(assignment=share).count() == 1


def test_the_same_request_at_once_acts_once() -> None:
    small = small_county.make()
    share = working(small)
    call = small.call("market.officer", "the-same")
    one = lambda: actions.report_progress(call, assignment_id=share.pk, text="完成一半", percent=50)  # noqa: E731
    answers = together(one, one, one)
    assert sorted(a.replayed for a in answers) == [False, True, True]
    assert share.reports.count() == 1


def test_the_last_two_shares_of_a_joint_task_done_at_once_make_it_done() -> None:
    small = small_county.make()
    task = small.task("joint", [("market", "responsible"), ("health", "responsible")])
    reports = []
    for unit in ("market", "health"):
        share = small.share(task, unit)
        for verb in (actions.accept, actions.start):
            verb(small.call(f"{unit}.officer"), assignment_id=share.pk)
        done = actions.report_done(small.call(f"{unit}.officer"), assignment_id=share.pk, text="已经完成")
        reports.append(done.values["report"])
    calls = [small.call("office.supervisor"), small.call("lead-office.leading_office")]
    together(*[lambda c=c, r=r: actions.review_approve(c, report_id=r) for c, r in zip(calls, reports, strict=True)])  # type: ignore[misc]
    task.refresh_from_db()
    assert task.state == "done"
    assert not Assignment.objects.filter(task=task).exclude(state="done").exists()

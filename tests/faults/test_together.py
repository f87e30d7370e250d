"""Two at once, on both databases: one effect, a reasoned answer for the other, and no fault."""

import itertools
import time
from typing import Any

import pytest

from tests.faults.house import House

pytestmark = pytest.mark.slow
HERE = "tests.faults.together"
_numbers = itertools.count()


def both(own: House, *asked: tuple[str, dict[str, Any]]) -> list[Any]:
    """Run calls in processes of their own at one instant and return their answers."""
    moment = time.time() + 1.0
    return [child.result() for child in [own.launch(f"{HERE}:{name}", moment=moment, **given) for name, given in asked]]


def act(code: str, action: str, seat: str, **given: Any) -> tuple[str, dict[str, Any]]:
    request_id = given.pop("request_id", None) or f"both-{next(_numbers)}"
    return "act", {"code": code, "action": action, "seat": seat, "request_id": request_id, "given": given}


@pytest.mark.parametrize("nth", range(3))
def test_one_report_reviewed_by_two_has_one_decision(own: House, nth: int) -> None:
    code = f"review-{nth}"
    report = own.run(f"{HERE}:reported", code=code)["report"]
    answers = both(
        own, act(code, "assignment.review_approve", "office.supervisor", report_id=report),
        act(code, "assignment.review_return", "lead-office.leading_office", report_id=report, reason="缺少照片"),
    )  # fmt: skip
    assert sorted(a["outcome"] for a in answers) == ["granted", "refused"]
    assert next(a for a in answers if a["outcome"] == "refused")["code"] == "already_decided"
    stands = own.run(f"{HERE}:counts", code=code)
    assert stands["decisions"] == ["approved" if answers[0]["outcome"] == "granted" else "returned"]


@pytest.mark.parametrize("nth", range(3))
def test_one_share_reported_twice_has_two_reports_one_after_the_other(own: House, nth: int) -> None:
    code = f"progress-{nth}"
    share = own.run(f"{HERE}:started", code=code)["share"]
    one = {"assignment_id": share, "percent": 30}
    answers = both(
        own, act(code, "assignment.report_progress", "market.officer", text="第一份报告", **one),
        act(code, "assignment.report_progress", "market.officer", text="第二份报告", **one),
    )  # fmt: skip
    assert [a["outcome"] for a in answers] == ["granted", "granted"]
    assert own.run(f"{HERE}:counts", code=code)["reports"] == [1, 2]


@pytest.mark.parametrize("nth", range(3))
def test_one_form_sent_twice_acts_once(own: House, nth: int) -> None:
    code = f"twice-{nth}"
    share = own.run(f"{HERE}:started", code=code)["share"]
    same = act(
        code, "assignment.report_done", "market.officer", assignment_id=share, text="办结了", request_id="same-form"
    )
    answers = both(own, same, same, same)
    assert [a["outcome"] for a in answers] == ["granted"] * 3
    assert own.run(f"{HERE}:counts", code=code)["reports"] == [1]


@pytest.mark.parametrize("nth", range(3))
def test_handing_over_while_reporting_leaves_one_order_of_events(own: House, nth: int) -> None:
    code = f"over-{nth}"
    about = own.run(f"{HERE}:started", code=code)
    over, report = both(
        own,
        act(code, "assignment.hand_over", "office.supervisor", assignment_id=about["share"], unit_id=about["health"], reason="职责调整"),
        act(code, "assignment.report_done", "market.officer", assignment_id=about["share"], text="办结了"),
    )  # fmt: skip
    stands = own.run(f"{HERE}:counts", code=code)
    if over["outcome"] == "granted":  # then the report came too late, and its unit no longer reaches the share
        assert report["outcome"] == "refused" and report["code"] == "outside_scope"
        assert stands["states"] == [["assigned", "health"]] and stands["reports"] == []
    else:
        assert over["code"] == "under_review" and report["outcome"] == "granted"
        assert stands["states"] == [["reported", "market"]]


def test_two_ticks_move_each_duty_once(own: House) -> None:
    own.run("tests.faults.work:fill", code="ticks", shares=0, due=60)
    answers = both(own, *[("tick", {"days": 25})] * 3)
    moved = sum(a["became_due"] + a["warned"] + a["escalated"] for a in answers)
    found = own.run("tests.faults.work:check", code="ticks")
    assert moved > 0 and moved >= found["granted"] - len(answers) - 1


def test_two_seals_seal_each_entry_once(own: House) -> None:
    own.run(f"{HERE}:started", code="seals")
    ranges = [r for r in both(own, *[("seal", {})] * 4) if r]
    assert len(ranges) == 1
    assert own.run(f"{HERE}:counts", code="seals")["altered"] is None


def test_two_loads_of_the_same_plans_make_each_task_once(own: House) -> None:
    answers = both(own, ("load", {"nth": 1}), ("load", {"nth": 2}))
    again = own.run(f"{HERE}:load", moment=0.0, nth=3)
    stands = own.run(f"{HERE}:counts", code="guyang")
    assert again["made"] == 0 and stands["tasks"] == stands["task_codes"] > 100
    for answer in answers:
        assert "made" in answer or (answer["problem"] in (409, 503) and answer["remedy"])
    assert sum(a.get("made", 0) for a in answers) == stands["tasks"]

"""A small county that worked for a quarter: what the tests of runs, contests and pages start from."""

import datetime as dt

from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE, Call, Result
from luoshi.office.people.models import Account, Appointment, Post, Unit
from luoshi.office.plans.models import Task
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment
from luoshi.supervision.scores import actions as scores
from luoshi.supervision.scores.models import Scoresheet, Scoring
from tests.supervision.small_county import Small

FROM, TO = dt.date(2023, 4, 1), dt.date(2023, 6, 30)
GIVEN = dt.date(2023, 4, 3)
DUE = dt.date(2023, 6, 1)


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), COUNTY_ZONE)


def call(small: Small, seat: str, day: dt.date) -> Call:
    return small.call(seat, now=at(day))


def given(small: Small, unit: str = "market", due_on: dt.date = DUE, **more: object) -> Assignment:
    """A task given to one unit on 3 April."""
    task: Task = small.task("single", ((unit, "responsible"),), today=GIVEN, due_on=due_on, **more)
    return small.share(task, unit)


def worked(small: Small, share: Assignment, seat: str, day: dt.date = GIVEN) -> None:
    for verb in (actions.accept, actions.start):
        assert verb(call(small, seat, day), assignment_id=share.pk).outcome


def report(small: Small, share: Assignment, seat: str, day: dt.date) -> int:
    done = actions.report_done(call(small, seat, day), assignment_id=share.pk, text="已经完成")
    assert done.outcome, done.outcome
    return int(done.values["report"])


def approve(small: Small, report_id: int, day: dt.date) -> None:
    assert actions.review_approve(call(small, "office.supervisor", day), report_id=report_id).outcome


def send_back(small: Small, report_id: int, day: dt.date) -> None:
    done = actions.review_return(call(small, "office.supervisor", day), report_id=report_id, reason="缺少材料")
    assert done.outcome


def done(small: Small, unit: str, seat: str, on: dt.date, **more: object) -> Assignment:
    """A task done on a day and approved four days later."""
    share = given(small, unit, **more)  # type: ignore[arg-type]
    worked(small, share, seat)
    approve(small, report(small, share, seat, on), on + dt.timedelta(days=4))
    return share


def quarter(small: Small) -> None:
    """Market: five on time, one late. Health: six, two overdue. Town A: one, on time. Police: nothing that was due."""
    with door.opened("fixture"):
        Unit.objects.filter(pk__in=[small.units[t].pk for t in ("town-a", "town-b")]).update(kind="town")
    for n in range(5):
        done(small, "market", "market.officer", DUE - dt.timedelta(days=n))
    done(small, "market", "market.officer", DUE + dt.timedelta(days=1))
    for _ in range(4):
        done(small, "health", "health.officer", DUE)
    given(small, "health"), given(small, "health")
    done(small, "town-a", "town-a.town_clerk", DUE)
    given(small, "police", due_on=dt.date(2023, 9, 1))


def run(small: Small, seat: str = "office.supervisor", **more: object) -> Result:
    inputs = {"from_on": FROM, "to_on": TO, **more}
    return scores.run(call(small, seat, dt.date(2023, 7, 3)), **inputs)


def computed(small: Small) -> Scoring:
    made = run(small)
    assert made.outcome, made.outcome
    return Scoring.objects.get(pk=made.values["scoring"])


def published(small: Small) -> Scoring:
    scoring = computed(small)
    told = scores.publish(call(small, "office.supervisor", dt.date(2023, 7, 3)), scoring_id=scoring.pk)
    assert told.outcome, told.outcome
    scoring.refresh_from_db()
    return scoring


def sheet(small: Small, scoring: Scoring, unit: str) -> Scoresheet:
    return Scoresheet.objects.get(scoring=scoring, unit=small.units[unit])


def second_supervisor(small: Small) -> str:
    """Seat another supervisor in the office, who did not run the scoring."""
    seat = "office.supervisor-2"
    if seat not in small.seats:
        first = small.seats["office.supervisor"]
        with door.opened("fixture"):
            account = Account.objects.create(
                county=small.county, username=f"{small.county.code}-s2", display_name="演二",
                must_change_password=False, password="!",
            )  # fmt: skip
            post = Post.objects.create(
                county=small.county, unit=first.post.unit, role="supervisor", title_zh="督查员", title_en="Supervisor"
            )
            small.seats[seat] = Appointment.objects.create(
                county=small.county, account=account, post=post, from_on=dt.date(2023, 1, 1)
            )
    return seat

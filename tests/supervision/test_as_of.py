"""Any past day read again: what the pages show as of a day is what they showed in that evening."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.duties.tick import tick
from luoshi.office.journal.models import Entry
from luoshi.office.plans.models import Task
from luoshi.supervision import actions, colour_schemes, following
from luoshi.supervision.actions.hands import holders
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.queries import as_of, ledger, ledger_as_of, rebuilt, shares, timeline
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.queries.rebuilt import UNTOUCHED, Happened
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_actions import upload
from tests.supervision.test_pages import browser, html_of

DAYS = 40
WORKERS = {
    "market": "market.officer", "health": "health.officer", "police": "police.officer", "town-a": "town-a.town_clerk",
    "town-b": "town-b.town_clerk", "village-a1": "village-a1.village_clerk",
}  # fmt: skip
OFFICE, SUPERVISOR = "lead-office.leading_office", "office.supervisor"
ACTS = (
    "accept", "accept", "accept", "start", "start", "report_progress", "report_progress", "report_done", "report_done",
    "report_done", "suspend", "resume", "resume", "extend", "cancel", "close", "close", "assign", "hand_over", "note",
    "escalate",
)  # fmt: skip


def morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8, 30), COUNTY_ZONE)


class Life:
    """A county that lives through days with whatever people happen to do; ``done`` counts what was granted."""

    def __init__(self, small: Small, seed: int) -> None:
        self.small, self.chance, self.done = small, random.Random(seed), dict[str, int]()

    def begin(self, day: dt.date) -> None:
        """Give out a mixed bag of tasks: every mode, with and without a day, recurring, without a unit."""
        lead = [("market", "lead"), ("health", "support"), ("police", "support")]
        joint = [("health", "responsible"), ("town-a", "responsible"), ("village-a1", "responsible")]
        near = day + dt.timedelta(days=self.chance.randrange(4, 30))
        for mode, units, more in (
            ("lead_support", lead, {}), ("lead_support", lead, {"due_on": near}), ("joint", joint, {"due_on": near}),
            ("by_duty", [("towns", "responsible")], {}), ("single", [("police", "responsible")], {"due_on": None}),
            ("single", [("market", "responsible")], {"due_on": None, "every": {"days": 6}}),
            ("joint", joint, {"due_on": None, "every": {"day_of_month": [1, 11, 21]}}), ("none", [], {"in_force_from": day if day > TODAY else None}),
        ):  # fmt: skip
            self.small.task(mode, units, today=day, **more)

    def live(self, day: dt.date) -> None:
        """One day: the tick, then some acts on any shares, granted or refused as they come."""
        tick(morning(day))
        open_shares = list(Assignment.objects.select_related("unit", "duty").order_by("pk"))
        for n in range(14):
            share = self.chance.choice(open_shares)
            share.refresh_from_db()
            verb = self.chance.choice(ACTS)
            self._act(verb, share, dt.datetime.combine(day, dt.time(9, n), COUNTY_ZONE))
        waiting = list(Report.objects.filter(decision="").order_by("pk"))
        for report in waiting:
            if self.chance.random() < 0.4:
                self._review(report, dt.datetime.combine(day, dt.time(17), COUNTY_ZONE))

    def _act(self, verb: str, share: Assignment, now: dt.datetime) -> None:
        seat = WORKERS.get(share.unit.code, "office.county_head")
        given: dict[str, Any] = {"assignment_id": share.pk}
        if verb in ("suspend", "resume", "extend", "cancel", "close", "hand_over", "escalate"):
            seat = OFFICE
        if verb in ("suspend", "extend", "cancel", "hand_over", "escalate"):
            given["reason"] = "情况有变"
        if verb == "extend":
            due_on = share.duty.due_on if share.duty else None
            given["due_on"] = (due_on or now.date()) + dt.timedelta(days=self.chance.randrange(-1, 20))
        if verb == "assign":
            seat = "market.unit_head"
            people = holders(share.unit_id, self.small.call(seat, now=now))
            given["account_id"] = self.chance.choice([None, *(h.account_id for h in people)])
        if verb == "hand_over":
            given["unit_id"] = self.small.units[self.chance.choice(list(WORKERS))].pk
        if verb in ("report_progress", "report_done"):
            given["text"] = "已经做了一部分"
            given["files"] = [upload(self.small, seat)] if self.chance.random() < 0.5 else []
        if verb == "report_progress":
            given["percent"] = self.chance.randrange(100)
        if verb == "note":
            seat, given["text"] = SUPERVISOR, "看过现场"
        if verb == "cancel" and self.chance.random() < 0.6:
            return
        self._count(verb, getattr(actions, verb)(self.small.call(seat, now=now), **given))

    def _review(self, report: Report, now: dt.datetime) -> None:
        call = self.small.call(SUPERVISOR, now=now)
        if self.chance.random() < 0.7:
            self._count("approve", actions.review_approve(call, report_id=report.pk))
        else:
            self._count("return", actions.review_return(call, report_id=report.pk, reason="材料不足"))

    def _count(self, verb: str, result: Any) -> None:
        self.done[verb] = self.done.get(verb, 0) + bool(result.outcome)


def task_seen(task: Task, day: dt.date) -> tuple[Any, ...]:
    mark = colour_schemes.day_of(task.county_id, day).standing(task.state, task.due_on, task.done_on)
    return task.state, task.due_on, task.done_on, mark


def share_seen(share: Assignment) -> tuple[Any, ...]:
    duty = share.duty
    assert duty is not None
    return (
        share.state, share.percent, share.unit_id, share.done_on, duty.pk, duty.state, duty.due_on, duty.closed_on,
        share.accepted_on,
    )  # fmt: skip


def duty_seen(duty: Duty, share: Assignment) -> tuple[Any, ...]:
    return (
        duty.state, duty.due_on, duty.closed_on, duty.unit_id, duty.account_id, len(duty.events),
        share.duty_id == duty.pk,
    )  # fmt: skip


def asked_for(small: Small) -> list[Wanted]:
    market, town = small.units["market"].pk, small.places["town-a"].pk
    return [
        Wanted(), Wanted(sort="number"), Wanted(plan_id=small.plan.pk, sort="number"), Wanted(unit_id=market),
        Wanted(town_id=town), Wanted(unit_id=market, town_id=town), Wanted(standing="overdue"),
        Wanted(standing="near"), Wanted(standing="on_time"), Wanted(state="open"), Wanted(state="done"),
        Wanted(state="suspended"), Wanted(state="cancelled"), Wanted(text="务1"),
    ]  # fmt: skip


def evening(small: Small, day: dt.date) -> dict[str, Any]:
    """What every page shows this evening, read by the code that shows today."""
    actor = small.actor(SUPERVISOR)
    worked = list(Assignment.objects.select_related("duty", "task").order_by("pk"))
    return {
        "tasks": {t.pk: task_seen(t, day) for t in Task.objects.all()},
        "rows": {t.pk: shares.shares_of(actor, t, day) for t in Task.objects.all()},
        "shares": {s.pk: share_seen(s) for s in worked},
        "duties": {
            d.pk: duty_seen(d, s) for s in worked for d in Duty.objects.filter(task=s.task, subject_id=str(s.pk))
        },
        "reports": {
            s.pk: [(r.report.pk, r.report.decision, r.report.reason) for r in shares.reports_of(actor, s)]
            for s in worked
        },
        "entries": {s.pk: [e.id for e in timeline.told(s.county_id, [("assignment", s.pk)])] for s in worked},
        "ledgers": [list(ledger.every(actor, wanted, day)) for wanted in asked_for(small)],
        "totals": [ledger.totals(actor, wanted, day) for wanted in asked_for(small)],
    }  # fmt: skip


def recalled(small: Small, day: dt.date) -> dict[str, Any]:
    """The same, read afterwards as of that day."""
    actor = small.actor(SUPERVISOR)
    seen: dict[str, Any] = {name: {} for name in ("tasks", "rows", "shares", "duties", "reports", "entries")}
    for task in Task.objects.all():
        try:
            then = as_of.task(task, day)
        except Problem:
            continue
        seen["tasks"][task.pk] = task_seen(task, day)
        seen["rows"][task.pk] = shares.shares_of(actor, task, day, then)
        for share in then:
            seen["shares"][share.pk] = share_seen(share)
            seen["reports"][share.pk] = [
                (r.report.pk, r.report.decision, r.report.reason) for r in shares.reports_of(actor, share, day)
            ]
            told = timeline.told(share.county_id, [("assignment", share.pk)], until=as_of.end_of(day))
            seen["entries"][share.pk] = [e.id for e in told]
    rounds = Duty.objects.select_related("unit", "account").filter(opened_on__lte=day)
    for duty in rounds if day.day % 3 == 0 else rounds[:5]:  # every round costs its own questions
        share = as_of.duty(duty, shares.share_of(duty), day)
        assert share is not None
        seen["duties"][duty.pk] = duty_seen(duty, share)
    known: dict[Wanted, ledger_as_of.Then] = {}
    looks = []
    for wanted in asked_for(small):
        among = Wanted(wanted.plan_id, wanted.unit_id, wanted.town_id, text=wanted.text)
        if among not in known:
            known[among] = ledger_as_of.look(actor, among, day)
        looks.append((known[among], wanted))
    seen["ledgers"] = [list(ledger_as_of.every(then, wanted, 5)) for then, wanted in looks]
    seen["totals"] = [ledger_as_of.totals(then, wanted) for then, wanted in looks]
    return seen


def same_totals(now: ledger.Totals, then: ledger.Totals, wanted: Wanted) -> bool:
    if now.filtered:  # today's text search only counts; a past day counts by state too
        return now.total == then.matching(wanted)
    return now == then


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 5])
def test_each_of_forty_days_is_shown_afterwards_as_it_was_in_its_evening(small: Small, seed: int) -> None:
    life, seen = Life(small, seed), dict[dt.date, dict[str, Any]]()
    for n in range(DAYS):
        day = TODAY + dt.timedelta(days=n)
        if n % 18 == 0:
            life.begin(day)
        life.live(day)
        seen[day] = evening(small, day)
    for verb in {*ACTS, "approve", "return"}:
        assert life.done.get(verb), f"the {DAYS} days never saw {verb} granted: {life.done}"
    for day, was in seen.items():
        then = recalled(small, day)
        assert set(was["tasks"]) == set(then["tasks"]), day
        for name, shown in was.items():
            if name == "totals":
                pairs = zip(shown, then[name], asked_for(small), strict=True)
                assert all(same_totals(*pair) for pair in pairs), (day, name)
            elif name == "duties":
                assert then[name], day
                assert then[name] == {pk: shown[pk] for pk in then[name]}, (day, name)
            else:
                assert then[name] == shown, (day, name)
    contents = "\n".join(Entry.objects.filter(subject_kind="assignment").values_list("content", flat=True))
    assert '"task_due_on":' in contents, "no promised day ever moved"
    assert Duty.objects.count() > Assignment.objects.count(), "no recurring share came to its next round"


def first(small: Small, day: int, **more: Any) -> Assignment:
    return small.share(small.task(today=TODAY + dt.timedelta(days=day), **more), "market")


def at(day: int, hour: int = 9) -> dt.datetime:
    return morning(TODAY + dt.timedelta(days=day)).replace(hour=hour)


@pytest.fixture
def story(small: Small) -> Assignment:
    """A share accepted on the 4th, started and half done on the 5th, extended on the 6th, reported on the 10th, returned
    on the 11th of July; today is 17 July."""
    share = first(small, 0, due_on=dt.date(2023, 7, 12), heading_zh="校园食堂明厨亮灶", clause_ids=["FOOD-3.1.1"])
    given = {"assignment_id": share.pk}
    steps = (
        actions.accept(small.call("market.officer", now=at(1)), **given),
        actions.start(small.call("market.officer", now=at(2)), **given),
        actions.report_progress(small.call("market.officer", now=at(2, 15)), **given, text="装好一半", percent=50),
        actions.extend(
            small.call(OFFICE, now=at(3)), **given, due_on=dt.date(2023, 8, 31), reason="设备晚到"
        ),
        actions.report_done(small.call("market.officer", now=at(7)), **given, text="全部装好"),
    )  # fmt: skip
    assert all(step.outcome for step in steps)
    report = Report.objects.get(assignment=share, kind="done")
    assert actions.review_return(small.call(SUPERVISOR, now=at(8)), report_id=report.pk, reason="缺少照片").outcome
    share.refresh_from_db()
    return share


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-07-17")
    yield


def main_of(client: Client, url: str, status: int = 200) -> str:
    return html_of(client, url, status).split("<main")[1].split("</main>")[0]


def test_the_task_page_shows_stage_percent_day_and_entries_of_then(small: Small, story: Assignment) -> None:
    page = main_of(browser(small, SUPERVISOR), f"/tasks/{story.task_id}?as_of=2023-07-05")
    assert "截至 2023年7月5日" in page and "办理中" in page and "2023年7月12日" in page
    assert f'href="/tasks/{story.task_id}"' in page, "the way back to today"
    assert f'href="/duties/{story.duty_id}?as_of=2023-07-05"' in page
    assert "开始办理" in page and "报进展" in page
    for later in ("延期", "8月31日", "报办结", "退回"):
        assert later not in page, later
    today = main_of(browser(small, SUPERVISOR), f"/tasks/{story.task_id}")
    assert "截至" not in today and "已退回" in today and "8月31日" in today
    assert 'name="as_of" max="2023-07-17"' in today, "the way to a past day"


def test_the_duty_page_shows_reports_of_then_and_offers_no_act(small: Small, story: Assignment) -> None:
    for seat in ("market.officer", SUPERVISOR, OFFICE):
        url = f"/duties/{story.duty_id}"
        assert "/shares/" in main_of(browser(small, seat), url), "today there are acts"
        for day in ("2023-07-03", "2023-07-05", "2023-07-10", "2023-07-17"):
            page = main_of(browser(small, seat), f"{url}?as_of={day}")
            for act in ("<button", "<form", "/shares/", "/reports/", "可以办理"):
                assert act not in page, (seat, day, act)
    page = main_of(browser(small, SUPERVISOR), f"{url}?as_of=2023-07-10")
    assert "全部装好" in page and "待审核" in page and "缺少照片" not in page
    page = main_of(browser(small, SUPERVISOR), f"{url}?as_of=2023-07-11")
    assert "缺少照片" in page and "已退回" in page
    page = main_of(browser(small, SUPERVISOR), f"{url}?as_of=2023-07-05")
    assert "装好一半" in page and "全部装好" not in page and "延期" not in page


def test_the_ledger_its_export_and_the_units_page_keep_to_the_day(small: Small, story: Assignment) -> None:
    later = first(small, 9, due_on=None, heading_zh="后来才交办的事")
    client = browser(small, SUPERVISOR)
    page = main_of(client, "/tasks?as_of=2023-07-05&standing=near")
    assert "截至 2023年7月5日" in page and "校园食堂明厨亮灶" in page and 'value="2023-07-05"' in page
    assert f'href="/tasks/{story.task_id}?as_of=2023-07-05"' in page
    assert "校园食堂明厨亮灶" not in main_of(client, "/tasks?standing=near"), "today it has until the end of August"
    assert later.task.heading_zh not in main_of(client, "/tasks?as_of=2023-07-05")
    assert later.task.heading_zh in main_of(client, "/tasks?as_of=2023-07-12")
    exported = client.get("/tasks/export.csv?as_of=2023-07-05")
    text = exported.getvalue().decode()
    assert "2023-07-12" in text and "2023-08-31" not in text and "20230705" in exported["Content-Disposition"]
    unit = main_of(client, f"/units/{story.unit_id}?as_of=2023-07-05")
    assert (
        "截至 2023年7月5日" in unit
        and "校园食堂明厨亮灶" in unit
        and f"unit={story.unit_id}&amp;as_of=2023-07-05" in unit
    )


def test_a_day_to_come_no_day_and_a_day_before_the_task_are_answered_in_words(small: Small, story: Assignment) -> None:
    client = browser(small, SUPERVISOR)
    for url in (f"/tasks/{story.task_id}", f"/duties/{story.duty_id}", "/tasks", f"/units/{story.unit_id}"):
        assert "2023-07-18还没有到" in html_of(client, f"{url}?as_of=2023-07-18", 400), url
        assert "不是日期" in html_of(client, f"{url}?as_of=last-week", 400), url
    for url in (f"/tasks/{story.task_id}", f"/tasks/{story.task_id}/journal", f"/duties/{story.duty_id}"):
        assert "还没有交办" in html_of(client, f"{url}?as_of=2023-07-02", 404), url
    assert "方案尚未交办" in main_of(client, "/tasks?as_of=2023-07-02")


def test_a_past_day_opens_nothing_to_those_who_may_not_read_today(small: Small, story: Assignment) -> None:
    urls = (f"/tasks/{story.task_id}", f"/tasks/{story.task_id}/journal", f"/duties/{story.duty_id}")
    for seat in ("health.officer", "town-a.town_clerk", "village-a1.village_clerk"):
        client = browser(small, seat)
        for url in (*urls, f"/units/{story.unit_id}"):
            html_of(client, f"{url}?as_of=2023-07-05", 404)
        assert story.task.heading_zh not in html_of(client, "/tasks?as_of=2023-07-05")
        assert story.task.heading_zh not in html_of(client, f"/tasks?as_of=2023-07-05&unit={story.unit_id}")
        assert story.task.heading_zh not in client.get("/tasks/export.csv?as_of=2023-07-05").getvalue().decode()
    html_of(browser(small, "office.system_admin"), f"{urls[0]}?as_of=2023-07-05", 403)


def test_what_was_handed_over_is_read_by_the_unit_that_has_it_today(small: Small, story: Assignment) -> None:
    given = {"assignment_id": story.pk, "unit_id": small.units["health"].pk, "reason": "职责调整"}
    assert actions.hand_over(small.call(OFFICE, now=at(10)), **given).outcome
    url = f"/duties/{story.duty_id}?as_of=2023-07-05"
    html_of(browser(small, "market.officer"), url, 404)
    assert ">market<" in main_of(browser(small, "health.officer"), url), "the unit of then, to the reader of today"
    client = browser(small, SUPERVISOR)
    then, now = f"/tasks?as_of=2023-07-05&unit={story.unit_id}", f"/tasks?unit={story.unit_id}"
    assert story.task.heading_zh in main_of(client, then) and story.task.heading_zh not in main_of(client, now)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_past_pages_are_whole_in_both_languages(small: Small, story: Assignment, language: str) -> None:
    client = browser(small, SUPERVISOR)
    client.cookies["luoshi_language"] = language
    said = "As of 10 July 2023" if language == "en" else "截至 2023年7月10日"
    for url in (
        f"/tasks/{story.task_id}", f"/tasks/{story.task_id}/journal", f"/duties/{story.duty_id}", "/tasks",
        f"/units/{story.unit_id}",
    ):  # fmt: skip
        page = main_of(client, f"{url}?as_of=2023-07-10")
        assert said in page and "Words(" not in page and "None" not in page, url


def test_the_past_ledger_is_paged_by_key_both_ways(small: Small) -> None:
    made = [first(small, 0, due_on=dt.date(2023, 9, 1) + dt.timedelta(days=n % 3)) for n in range(9)]
    for share in made[::2]:  # every other one changes afterwards
        for verb in (actions.accept, actions.start):
            assert verb(small.call("market.officer", now=at(5)), assignment_id=share.pk).outcome
        late = dt.date(2023, 12, 1)
        assert actions.extend(small.call(OFFICE, now=at(6)), assignment_id=share.pk, due_on=late, reason="延期").outcome
    for sort in ledger.SORTS:
        then = ledger_as_of.look(small.actor(SUPERVISOR), Wanted(), TODAY)
        whole = [row.key for row in ledger_as_of.every(then, Wanted(sort=sort), 2)]
        assert len(set(whole)) == 9
        seen, page = [], ledger_as_of.page(then, Wanted(sort=sort), 4)
        assert not page.before
        while True:
            seen += [row.key for row in page.rows]
            if not page.after:
                break
            page = ledger_as_of.page(then, Wanted(sort=sort, cursor=page.after), 4)
        assert seen == whole
        back = ledger_as_of.page(then, Wanted(sort=sort, cursor=page.before, back=True), 4)
        assert [row.key for row in back.rows] == whole[4:8]


def test_more_than_the_cap_is_at_least(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_as_of, "COUNT_UP_TO", 3)
    for n in range(4):
        first(small, 0, due_on=None if n else dt.date(2023, 7, 1))
    then = ledger_as_of.look(small.actor(SUPERVISOR), Wanted(), TODAY)
    assert ledger_as_of.totals(then, Wanted()) == ledger.Totals(3, filtered=True, capped=True)
    assert ledger_as_of.totals(then, Wanted(standing="overdue")) == ledger.Totals(1, filtered=True)
    assert "至少3项" in main_of(browser(small, SUPERVISOR), "/tasks?as_of=2023-07-03")


def test_shares_that_fell_away_with_the_lead_are_read_as_they_stood_before(small: Small) -> None:
    task = small.task("lead_support", [("market", "lead"), ("health", "support")])
    lead, support = small.share(task, "market"), small.share(task, "health")
    for verb, seat, share in (
        (actions.accept, "market.officer", lead), (actions.start, "market.officer", lead),
        (actions.accept, "health.officer", support),
    ):  # fmt: skip
        assert verb(small.call(seat, now=at(1)), assignment_id=share.pk).outcome
    done = actions.report_done(small.call("market.officer", now=at(2)), assignment_id=lead.pk, text="全部完成")
    assert actions.review_approve(small.call(SUPERVISOR, now=at(4)), report_id=done.values["report"]).outcome
    states = {}
    for n in (0, 1, 3, 4, 9):
        row = Task.objects.get(pk=task.pk)
        then = as_of.task(row, TODAY + dt.timedelta(days=n))
        states[n] = row.state, *(s.state for s in then), *(s.duty.state for s in then if s.duty)
    done_then = ("done", "done", "cancelled", "closed", "cancelled")
    assert states == {
        0: ("open", "assigned", "assigned", "open", "open"), 1: ("open", "in_progress", "accepted", "open", "open"),
        3: ("open", "reported", "accepted", "open", "open"), 4: done_then, 9: done_then,
    }  # fmt: skip


def test_a_task_that_a_later_version_took_over_is_read_as_it_was(small: Small, story: Assignment) -> None:
    untouched, day = first(small, 0), TODAY + dt.timedelta(days=12)
    with door.opened("fixture"):
        following.withdrawn([story.task_id, untouched.task_id], day)
        Task.objects.filter(pk__in=[story.task_id, untouched.task_id]).update(state="cancelled", replaced_on=day)
    for share, state in ((story, "returned"), (untouched, "assigned")):
        task = Task.objects.get(pk=share.task_id)
        (then,) = as_of.task(task, day - dt.timedelta(days=1))
        assert (task.state, then.state, then.duty.state) == ("open", state, "open")  # type: ignore[union-attr]
        with pytest.raises(Problem):
            as_of.task(Task.objects.get(pk=share.task_id), day)


def test_a_field_is_as_the_last_entry_left_it_or_the_next_one_found_it() -> None:
    def entry(n: int, before: dict[str, Any], after: dict[str, Any]) -> Happened:
        return Happened(n, dt.date(2023, 7, n), 1, before, after)

    told = [
        entry(3, {}, {"note": "x"}),
        entry(5, {"state": "a"}, {"state": "b"}),
        entry(9, {"state": "b"}, {"state": "c"}),
    ]
    days = {n: rebuilt.field(told, "state", dt.date(2023, 7, n)) for n in (1, 4, 5, 8, 9, 20)}
    assert days == {1: "a", 4: "a", 5: "b", 8: "b", 9: "c", 20: "c"}
    assert rebuilt.field(told, "percent", dt.date(2023, 7, 9)) is UNTOUCHED

"""The ledger: who sees which lines, filters, pages by key, totals against a recount."""

import datetime as dt
import random

import pytest
from django.db import connection

from luoshi.core.calendar import default_calendar
from luoshi.office import door
from luoshi.office.duties.schedule import Scheme, level_on
from luoshi.office.plans.models import Plan, Task
from luoshi.supervision import actions, colour_schemes, colours, ledger_triggers
from luoshi.supervision.models import Assignment, LedgerLine, Tally
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted
from tests.supervision.small_county import NOW, TODAY, Small


def ids(small: Small, seat: str, **wanted: object) -> list[int]:
    return [row.task_id for row in ledger.page(small.actor(seat), Wanted(**wanted), TODAY).rows]  # type: ignore[arg-type]


def test_each_reader_sees_the_lines_of_its_own_reach(small: Small) -> None:
    market = small.task().pk
    town = small.task(units=[("town-a", "responsible")]).pk
    village = small.task(units=[("village-a1", "responsible")]).pk
    nobody = small.task("none", []).pk
    everything = {market, town, village, nobody}
    for seat in (
        "office.supervisor",
        "office.county_head",
        "office.auditor",
        "office.editor",
        "lead-office.leading_office",
    ):
        assert set(ids(small, seat)) == everything, seat
    assert set(ids(small, "market.officer")) == {market}
    assert set(ids(small, "town-a.town_clerk")) == {town, village}
    assert set(ids(small, "village-a1.village_clerk")) == {village}
    for seat in (
        "health.officer",
        "town-b.town_clerk",
        "office.system_admin",
        "office.security_admin",
        "office.audit_admin",
    ):
        assert ids(small, seat) == [], seat


def test_no_filter_widens_what_a_reader_sees(small: Small) -> None:
    small.task()
    shared = small.task("joint", [("market", "responsible"), ("health", "responsible")]).pk
    assert ids(small, "health.officer", unit_id=small.units["market"].pk) == [shared]
    assert ids(small, "health.officer", town_id=small.places["town-a"].pk) == []
    for wanted in (Wanted(unit_id=small.units["market"].pk), Wanted(unit_id=small.units["market"].pk, state="open")):
        assert ledger.totals(small.actor("health.officer"), wanted, TODAY).matching(wanted) == 1
    from tests.supervision import small_county

    other = small_county.make("elsewhere")
    assert ids(other, "office.supervisor") == []
    assert ids(other, "office.supervisor", unit_id=small.units["market"].pk) == []


@pytest.mark.parametrize("sort", ["due", "number", "-due", "-number"])
def test_pages_by_key_show_every_row_once_in_order_forwards_and_back(small: Small, sort: str) -> None:
    days = [
        None,
        dt.date(2023, 9, 1),
        dt.date(2023, 9, 1),
        dt.date(2023, 8, 1),
        dt.date(2023, 10, 1),
        None,
        dt.date(2023, 9, 1),
    ]
    for day in days:
        small.task(due_on=day)
    actor = small.actor("office.supervisor")
    whole = [r.task_id for r in ledger.every(actor, Wanted(sort=sort), TODAY, size=3)]
    assert len(whole) == len(set(whole)) == len(days)
    seen, page = [], ledger.page(actor, Wanted(sort=sort), TODAY, 3)
    assert not page.before
    while True:
        seen += [r.task_id for r in page.rows]
        if not page.after:
            break
        page = ledger.page(actor, Wanted(sort=sort, cursor=page.after), TODAY, 3)
    assert seen == whole
    back = ledger.page(actor, Wanted(sort=sort, cursor=page.before, back=True), TODAY, 3)
    assert [r.task_id for r in back.rows] == whole[3:6]
    if sort.startswith("-"):
        assert whole == [r.task_id for r in ledger.every(actor, Wanted(sort=sort[1:]), TODAY, size=3)][::-1]
    if sort == "due":
        dated = [r.due_on for r in ledger.every(actor, Wanted(), TODAY) if r.due_on]
        assert dated == sorted(dated)


def test_filters_by_plan_state_standing_and_text(small: Small) -> None:
    with door.opened("fixture"):
        other = Plan.objects.create(county=small.county, code="park", subject="park", name_zh="园区", name_en="Park")
    late = small.task(due_on=dt.date(2023, 6, 1), heading_zh="校园食堂").pk
    near = small.task(due_on=dt.date(2023, 7, 10)).pk
    calm = small.task(due_on=dt.date(2023, 12, 1)).pk
    never = small.task(due_on=None, plan=other).pk
    seat = "office.supervisor"
    assert ids(small, seat, standing="overdue") == [late]
    assert ids(small, seat, standing="near") == [near]
    assert ids(small, seat, standing="on_time") == [calm, never]
    assert ids(small, seat, plan_id=other.pk) == [never]
    assert ids(small, seat, text="食堂") == [late]
    assert ids(small, seat, text="50%") == []
    assert ids(small, seat, state="done") == []
    assert ids(small, seat, town_id=small.places["town-a"].pk) == []
    totals = ledger.totals(small.actor(seat), Wanted(), TODAY)
    assert (totals.total, totals.overdue, totals.near, totals.on_time) == (4, 1, 1, 2)


@pytest.mark.parametrize("shift", range(-3, 25))
def test_near_in_the_ledger_is_near_for_the_duty(shift: int) -> None:
    calendar = default_calendar()
    due = TODAY + dt.timedelta(days=shift)
    scheme = colour_schemes.packaged()[0]
    near = colours.near_until(scheme, TODAY, calendar)
    mark = colours.decide(scheme, TODAY, near, due, None).standing
    level = level_on(TODAY, due, Scheme(), calendar)
    assert mark == ("on_time", "near", "overdue", "overdue")[level]


def recount() -> dict[tuple[object, ...], int]:
    """Count what the tallies should say, from tasks and assignments alone."""
    found: dict[tuple[object, ...], int] = {}
    for task in Task.objects.prefetch_related("assignments__unit__place__parent"):
        scopes = {(0, 0)}
        for share in task.assignments.all():
            scopes.add((1, share.unit_id))
            place = share.unit.place
            if place is not None and place.kind in ("town", "village"):
                scopes.add((2, place.pk if place.kind == "town" else place.parent_id))
        day = (task.due_on or LedgerLine.NO_DAY) if task.state == "open" else LedgerLine.NO_DAY
        for scope in scopes:
            key = (*scope, task.plan_id, task.state, day)
            found[key] = found.get(key, 0) + 1
    return found


def tallied() -> dict[tuple[object, ...], int]:
    rows = Tally.objects.exclude(lines=0).values_list("scope", "scope_id", "plan_id", "state", "due_on", "lines")
    return {row[:5]: row[5] for row in rows}


@pytest.mark.parametrize("seed", range(4))
def test_tallies_equal_a_recount_after_random_actions(small: Small, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        units = chance.sample(["market", "health", "town-a", "town-b", "village-a1", "towns"], chance.randint(0, 3))
        mode = chance.choice(["single", "joint", "lead_support"])
        roles = ["lead", "support", "support"] if mode == "lead_support" else ["responsible"] * 3
        day = chance.choice([None, dt.date(2023, 7, 10), dt.date(2023, 9, 28)])
        small.task(mode, list(zip(units, roles, strict=False)), due_on=day)
    office, other = "lead-office.leading_office", "office.supervisor"
    for n in range(90):
        share = chance.choice(list(Assignment.objects.select_related("unit").order_by("pk")))
        worker = {"market": "market.officer", "health": "health.officer", "police": "police.officer"}.get(
            share.unit.code
        )
        worker = worker or f"{share.unit.code}.{'village' if 'village' in share.unit.code else 'town'}_clerk"
        now = NOW + dt.timedelta(days=n // 4)
        report = share.reports.filter(decision="").order_by("-number").first()
        why = {"reason": "情况有变"}
        steps: list[tuple[object, str, dict[str, object]]] = [
            (actions.accept, worker, {}),
            (actions.start, worker, {}),
            (actions.report_done, worker, {"text": "报告办结"}),
            (actions.suspend, office, why),
            (actions.resume, office, {}),
            (actions.extend, office, {**why, "due_on": dt.date(2023, 10, 1) + dt.timedelta(days=n)}),
            (actions.cancel, office, why),
            (actions.hand_over, other, {**why, "unit_id": small.units["police"].pk}),
        ]
        act, seat, more = chance.choice(steps)
        if report is not None and chance.random() < 0.3:
            actions.review_approve(small.call(other, now=now), report_id=report.pk)
        act(small.call(seat, now=now), assignment_id=share.pk, **more)  # type: ignore[operator]
    assert Task.objects.exclude(state="open").exists()
    assert tallied() == recount()
    lines = {(line.task_id, line.state, line.due_on) for line in LedgerLine.objects.all()}
    assert lines == {(t.pk, t.state, t.due_on or LedgerLine.NO_DAY) for t in Task.objects.all()}


def test_installing_the_triggers_again_changes_nothing_and_backfill_is_the_same_as_living_through(small: Small) -> None:
    small.task("joint", [("market", "responsible"), ("towns", "responsible"), ("village-a1", "responsible")])
    before, lines = tallied(), LedgerLine.objects.count()
    with door.opened("fixture"):
        ledger_triggers.install(connection)
        LedgerLine.objects.all().delete()
        assert tallied() == {}
        ledger_triggers.backfill(connection)
    assert (tallied(), LedgerLine.objects.count()) == (before, lines)


def test_a_page_asks_the_database_a_fixed_number_of_times(small: Small, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(5):
        small.task()
    actor = small.actor("office.supervisor")
    with django_assert_num_queries(5):
        ledger.page(actor, Wanted(), TODAY)
        ledger.totals(actor, Wanted(), TODAY)


@pytest.mark.parametrize("standing", ["", "overdue", "near", "on_time"])
@pytest.mark.parametrize("state", ["", "open", "suspended", "done", "closed", "cancelled"])
def test_the_total_of_a_filter_is_the_number_of_its_rows(small: Small, state: str, standing: str) -> None:
    for day in (dt.date(2023, 6, 1), dt.date(2023, 7, 5), dt.date(2023, 7, 6), dt.date(2023, 12, 1), None):
        for n, kept in enumerate(ledger.STATES):
            with door.opened("fixture"):
                task = small.task(due_on=day)
                Task.objects.filter(pk=task.pk).update(state=kept if n or day else "open")
    actor, wanted = small.actor("office.supervisor"), Wanted(state=state, standing=standing)
    rows = list(ledger.every(actor, wanted, TODAY))
    assert ledger.totals(actor, wanted, TODAY).matching(wanted) == len(rows)


PLANS = [
    {}, {"sort": "number"}, {"state": "done"}, {"standing": "overdue"}, {"standing": "near"}, {"standing": "on_time"},
    {"plan_id": 1}, {"plan_id": 1, "sort": "number"}, {"sort": "-due"}, {"standing": "overdue", "sort": "-due"}, {"plan_id": 1, "state": "suspended"},
    {"plan_id": 1, "standing": "overdue"}, {"unit_id": 1}, {"unit_id": 1, "state": "open"}, {"town_id": 1, "plan_id": 1},
]  # fmt: skip


@pytest.mark.parametrize("wanted", PLANS, ids=str)
@pytest.mark.parametrize("seat", ["office.supervisor", "market.officer", "town-a.town_clerk"])
@pytest.mark.parametrize("place", ["first", "deep", "back"])
def test_a_page_walks_one_index_in_order_and_sorts_nothing(
    small: Small, wanted: dict[str, object], seat: str, place: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("small tables are scanned on PostgreSQL; there the benchmark tells")
    asked = Wanted(**wanted)  # type: ignore[arg-type]
    if place != "first":
        key = "_".join({"due_on": "2023-09-28"}.get(c, "5") for c in ledger.columns_of(asked))
        asked = Wanted(**{**wanted, "cursor": key, "back": place == "back"})  # type: ignore[arg-type]
    plan = ledger.ordered(small.actor(seat), asked, TODAY)[:51].explain()
    assert "INDEX ledger_" in plan.splitlines()[0], plan
    assert place == "first" or "task_id)" in plan, f"the index is not entered at the key: {plan}"
    assert "TEMP B-TREE" not in plan and "SCAN supervision_ledgerline" not in plan, plan


@pytest.mark.parametrize("standing", ["overdue", "near", "on_time"])
@pytest.mark.parametrize("day", ["2000-01-01", "2023-07-05", "9999-12-31"])
@pytest.mark.parametrize("back", [False, True])
def test_a_key_from_elsewhere_shows_no_row_of_another_standing(
    small: Small, standing: str, day: str, back: bool
) -> None:
    for due in (dt.date(2023, 6, 1), dt.date(2023, 7, 5), dt.date(2023, 12, 1), None):
        small.task(due_on=due)
    page = ledger.page(small.actor("office.supervisor"), Wanted(standing=standing, cursor=f"{day}_1", back=back), TODAY)
    assert {row.standing for row in page.rows} <= {standing}

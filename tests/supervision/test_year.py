"""A simulated year over all packaged plans: what the product counts is what its records say, read a second time."""

import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from luoshi.office.access import Actor
from luoshi.office.actions import Call
from luoshi.office.indicators.registry import Asked, Figure, compute
from luoshi.office.people.models import Account, Post, Unit
from luoshi.supervision.load import counted
from luoshi.supervision.scores import actions as scores
from luoshi.supervision.scores import package, recompute
from luoshi.supervision.scores.models import Scoresheet, Scoring
from tests.supervision import year as lived
from tests.supervision.year import COUNTY, FIRST, LAST, Year

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOW = dt.datetime.combine(LAST, dt.time(18), COUNTY)


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: DjangoDbBlocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield lived.live()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """The mark only asks for the test database; the transaction is the module's own, above."""


def test_every_month_ends_with_the_colours_the_records_give(year: Year) -> None:
    assert len(year.shown) >= 12 and year.asked > 5_000
    assert {day: dict(year.shown[day]) for day in year.shown} == {day: dict(year.counted[day]) for day in year.counted}
    everything = sum(year.counted.values(), start=year.counted[LAST].__class__())
    assert {"overdue", "near", "on_time", "suspended", "done"} <= set(everything), "the year held all of them"


def test_the_indicators_of_every_unit_are_those_of_its_rows(year: Year) -> None:
    first = FIRST.replace(day=1)
    expected = lived.of_units(year.county.pk, first, LAST)
    names = ("tasks", "tasks_done", "tasks_overdue", "duties_due", "duties_on_time", "reports", "reports_returned")
    units = Unit.objects.filter(pk__in=list(expected)).order_by("pk")
    assert len(units) > 40
    for unit in units:
        asked = Asked(year.county.pk, unit.pk, first, LAST, NOW)
        found = {name: compute(f"unit.{name}", asked) for name in names}
        said = {name: figure.value for name, figure in found.items() if isinstance(figure, Figure)}
        assert said == {name: expected[unit.pk][name] for name in names}, unit.name_zh


def test_the_load_of_every_unit_and_week_is_what_the_rows_add_up_to(year: Year) -> None:
    found: dict[tuple[int, dt.date], int] = {}
    for row in counted.asked(year.county.pk, FIRST, LAST):
        key = row.unit_id, row.on - dt.timedelta(days=row.on.weekday())
        found[key] = found.get(key, 0) + row.minutes
    expected = lived.minutes(year.county.pk, FIRST, LAST)
    assert len(expected) > 500
    assert {key: cost for key, cost in found.items() if cost} == expected


def test_the_scores_of_the_year_are_those_the_stand_alone_script_works_out(year: Year, tmp_path: Path) -> None:
    post = Post.objects.filter(county=year.county, role="supervisor").order_by("pk")[0]
    account = Account.objects.filter(appointments__post=post)[0]
    call = Call(Actor(year.county.pk, "supervisor", account.pk, post.pk, post.unit_id), NOW, "year:score")
    done = scores.run(call, from_on=FIRST, to_on=LAST - dt.timedelta(days=1))
    assert done.outcome, done.outcome
    scoring = Scoring.objects.order_by("-pk")[0]
    sheets = list(Scoresheet.objects.filter(scoring=scoring).select_related("unit").order_by("pk"))
    assert len(sheets) > 40
    export, script = tmp_path / "scores.zip", tmp_path / "recompute.py"
    out = io.BytesIO()
    package.write(out, scoring, sheets, whole=True)
    export.write_bytes(out.getvalue())
    script.write_text(Path(recompute.__file__).read_text("utf-8"), "utf-8")
    said = subprocess.run([sys.executable, "-I", str(script), str(export)], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]
    ours = {
        sheet.unit_id: {f["item"] for f in json.loads(sheet.facts) if f["item"].startswith("duty-")} for sheet in sheets
    }
    owed = lived.rows(
        "SELECT id, unit_id FROM duties_duty WHERE county_id = %s AND subject_kind = 'assignment' AND due_on <= %s "
        "AND opened_on <= %s AND task_id IS NOT NULL", year.county.pk, scoring.to_on, scoring.to_on,
    )  # fmt: skip
    assert sum(map(len, ours.values())) == len(owed), "every duty that fell due in the year is among the facts, once"
    assert {f"duty-{row['id']}" for row in owed} == set().union(*ours.values())

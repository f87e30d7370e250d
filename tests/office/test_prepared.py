"""Prepared queries give what the ORM gives; prepared writes leave what the ORM would leave."""

import datetime as dt

import pytest
from django.db import transaction

from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Place, Unit
from luoshi.office.prepared import Prepared, insert, update
from tests.office.conftest import SmallCounty

UNITS = Prepared(lambda county, pk: Unit.objects.select_related("place__parent").filter(county_id=county, pk=pk))
INSIDE = Prepared(lambda county: Place.objects.filter(county_id=county, kind="town").order_by("code"))
LOCKED = Prepared(lambda pk: Duty.objects.select_for_update().filter(pk=pk))


def plain(row: object) -> dict[str, object]:
    return {k: v for k, v in vars(row).items() if not k.startswith("_")}


def test_rows_equal_those_of_the_orm_related_ones_included(small: SmallCounty) -> None:
    for unit in small.units.values():
        found = UNITS.first(small.county.pk, unit.pk)
        expected = Unit.objects.select_related("place__parent").get(pk=unit.pk)
        assert found is not None and plain(found) == plain(expected)
        assert found.place == expected.place and (found.place is None) == (expected.place is None)
        if found.place is not None and found.place.parent is not None:
            assert plain(found.place.parent) == plain(expected.place.parent)


def test_numbers_are_bound_anew_each_time(small: SmallCounty, neighbour: SmallCounty) -> None:
    assert [p.county_id for p in INSIDE.all(small.county.pk)] == [small.county.pk] * 2
    assert [p.county_id for p in INSIDE.all(neighbour.county.pk)] == [neighbour.county.pk] * 2
    assert UNITS.first(neighbour.county.pk, small.units["market"].pk) is None


def make_duty(small: SmallCounty) -> Duty:
    opening = verbs.Opening(
        small.county.pk,
        small.units["market"].pk,
        Words("事", "thing"),
        "task",
        1,
        dt.date(2023, 7, 28),
        every={"day_of_month": [28]},
    )
    with door.opened("fixture"):
        return verbs.open_duties([opening], dt.date(2023, 7, 3))[0]


def test_dates_moments_and_json_come_back_as_python_values(small: SmallCounty) -> None:
    duty = make_duty(small)
    with transaction.atomic():
        found = LOCKED.first(duty.pk)
    assert found is not None and plain(found) == plain(Duty.objects.get(pk=duty.pk))
    assert found.every == {"day_of_month": [28]} and isinstance(found.next_at, dt.datetime)


def test_insert_and_update_leave_what_the_orm_would(small: SmallCounty) -> None:
    duty = make_duty(small)
    duty.pk = None
    with door.opened("fixture"):
        copy = insert(duty)
        copy.level, copy.due_on, copy.events = 2, dt.date(2023, 8, 1), [{"kind": "start"}]
        update(copy, "level", "due_on", "events")
    stored = Duty.objects.get(pk=copy.pk)
    assert plain(stored) == plain(copy) and Duty.objects.count() == 2


def test_writes_need_an_action_and_a_row(small: SmallCounty) -> None:
    duty = make_duty(small)
    with pytest.raises(AssertionError):
        insert(duty)
    with pytest.raises(AssertionError):
        update(duty, "level")
    duty.pk += 1000
    with door.opened("fixture"), pytest.raises(AssertionError):
        update(duty, "level")

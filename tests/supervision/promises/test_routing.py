"""A clue never reaches the unit it is about, nor one below: over every tree of units, and in a county."""

from itertools import product

import pytest

from luoshi.office import door
from luoshi.office.people.models import Post
from luoshi.supervision.promises import clue_actions, routing
from tests.supervision.small_county import Small

UNITS = 5


def trees(size: int):
    """Yield every forest of ``size`` units as parents: unit n hangs below an earlier one or stands alone."""
    for parents in product(*[[None, *range(n)] for n in range(size)]):
        yield dict(enumerate(parents))


def above(unit: int, parents: dict[int, int | None]) -> list[int]:
    found = []
    at: int | None = unit
    while at is not None:
        found.append(at)
        at = parents[at]
    return found


def test_over_every_tree_no_desk_is_complained_of_or_below_it() -> None:
    tried = none = 0
    for parents in trees(UNITS):
        for complained in range(UNITS):
            shut = routing.concerned([complained], parents, {})
            desk = routing.desk(range(UNITS), shut)
            tried += 1
            if desk is None:
                none += 1
                assert all(complained in above(u, parents) for u in parents), "none is free only if all hang below it"
            else:
                assert complained not in above(desk, parents)
    assert tried == 120 * UNITS and none > 0


def test_a_unit_above_may_look_into_one_below() -> None:
    assert routing.concerned([2], {1: None, 2: 1, 3: 2}, {}) == {2, 3}


def test_a_collective_unit_means_its_members_and_what_hangs_below_them() -> None:
    assert routing.concerned([9], {1: None, 2: 1, 3: None, 9: None}, {9: [1]}) == {9, 1, 2}


def test_a_circle_of_units_ends() -> None:
    assert routing.concerned([1], {1: 2, 2: 1}, {1: [2], 2: [1]}) == {1, 2}


@pytest.mark.django_db
def test_in_a_county_each_unit_complained_of_goes_to_another(small: Small) -> None:
    for unit in small.units.values():
        desk = clue_actions.desk_for(small.county.pk, [unit])
        assert desk is None or desk != unit.pk
    assert clue_actions.desk_for(small.county.pk, [small.units["market"]]) == small.units["office"].pk


@pytest.mark.django_db
def test_when_the_supervision_office_is_complained_of_the_auditors_take_it(small: Small) -> None:
    assert clue_actions.desk_for(small.county.pk, [small.units["office"]]) is None, "every desk sits in the office"
    with door.opened("fixture"):
        Post.objects.create(
            county=small.county, unit=small.units["police"], role="auditor", title_zh="审计", title_en="audit"
        )
    assert clue_actions.desk_for(small.county.pk, [small.units["office"]]) == small.units["police"].pk

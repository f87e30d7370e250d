"""Printed names mean units: with and without the county's prefix, local names first, ambiguity is a doubt."""

import datetime as dt

import pytest

from luoshi.gazette.naming import Name, Names

ROWS = (
    Name("县住建局", "housing"),
    Name("柳汀县住房和城乡建设局", "housing"),
    Name("商务局", "commerce"),
    Name("县商务局", "commerce"),
    Name("工商局", "old-market", None, dt.date(2018, 12, 31)),
    Name("市场监管局", "market", dt.date(2019, 1, 1)),
    Name("园区办", "park-east"),
    Name("园区办", "park-west"),
)
NAMES = Names("柳汀县", ROWS)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("县住建局", "housing"),
        ("住建局", "housing"),
        ("柳汀县住建局", "housing"),
        ("住房和城乡建设局", "housing"),
        ("柳汀县商务局", "commerce"),
        (" 县 商务局 ", "commerce"),
        ("园区办", None),
        ("疾控站", None),
        ("", None),
    ],
)
def test_a_name_is_found_with_and_without_the_prefix(printed: str, unit: str | None) -> None:
    assert NAMES.resolve(printed) == unit


def test_a_name_means_the_unit_that_bore_it_on_that_day() -> None:
    assert NAMES.resolve("工商局", dt.date(2018, 12, 31)) == "old-market"
    assert NAMES.resolve("工商局", dt.date(2019, 1, 1)) is None
    assert NAMES.resolve("市场监管局", dt.date(2018, 12, 31)) is None
    assert NAMES.resolve("市场监管局", dt.date(2019, 1, 1)) == "market"


def test_a_name_of_the_document_goes_before_the_countys() -> None:
    assert NAMES.resolve("县商务局", local={"商务局": "other"}) == "other"
    assert NAMES.resolve("园区办", local={"园区办": "park-west"}) == "park-west"


def test_near_names_are_offered_and_far_ones_are_not() -> None:
    assert NAMES.near("县住房建设局")[0] == "housing"
    assert NAMES.near("气象台") == ()

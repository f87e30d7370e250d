"""A recurrence as printed becomes days that time itself can count."""

import datetime as dt

import pytest

from luoshi.gazette.deadlines import columns
from luoshi.gazette.parse.deadlines import read_deadline
from luoshi.gazette.parse.marks import uniform
from luoshi.office.duties.schedule import next_occurrence

START = dt.date(2024, 2, 29)  # a Thursday

NEXT = {
    "每季度末月25日前": ["2024-03-25", "2024-06-25"],
    "每季度首月10日前": ["2024-04-10", "2024-07-10"],
    "每季度": ["2024-03-31", "2024-06-30"],
    "每两周一次": ["2024-03-14", "2024-03-28"],
    "每10天一次": ["2024-03-10", "2024-03-20"],
    "每两个月一次": ["2024-04-30", "2024-06-30"],
    "每两年一次": ["2026-02-28", "2028-02-28"],
    "每周五前": ["2024-03-01", "2024-03-08"],
    "每周一、周五": ["2024-03-01", "2024-03-04"],
    "每半月一次": ["2024-03-15", "2024-03-31"],
    "每半年": ["2024-06-30", "2024-12-31"],
}


@pytest.mark.parametrize(("words", "days"), NEXT.items())
def test_the_next_two_days(words: str, days: list[str]) -> None:
    deadline, _ = read_deadline(uniform(words), words, 2024)
    every = columns(deadline).every
    assert every is not None
    first = next_occurrence(every, START)
    assert first is not None
    assert [str(first), str(next_occurrence(every, first))] == days


def test_what_no_calendar_can_count_keeps_its_words() -> None:
    deadline, _ = read_deadline("每学期", "每学期", 2024)
    assert columns(deadline).every == {"words": "term"}

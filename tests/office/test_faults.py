"""A database without its tables is said to be one, on SQLite and on PostgreSQL."""

import pytest
from django.db import OperationalError, ProgrammingError

from luoshi.office.faults import as_problem, lacks_tables


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("no such table: people_county"),
        OperationalError("no such column: gazette_proposal.counts"),
        ProgrammingError('relation "people_county" does not exist'),
        ProgrammingError("column gazette_proposal.counts does not exist"),
    ],
)
def test_missing_tables_are_named_with_the_command_that_makes_them(fault: Exception) -> None:
    problem = as_problem(fault)
    assert lacks_tables(fault) and problem.status == 503
    assert "缺少数据表" in problem.words.zh and "luoshi up --prepare-only" in problem.remedy.zh


def test_a_database_that_is_not_there_at_all_is_another_matter() -> None:
    assert "缺少数据表" not in as_problem(OperationalError('database "luoshi" does not exist')).words.zh

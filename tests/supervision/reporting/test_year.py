"""A township year, lived through real actions in a county of its own: most cells are filled, and none is asked twice."""

import pytest

from luoshi.site import bench_command

pytestmark = pytest.mark.slow


def test_in_a_year_at_least_four_cells_of_five_are_filled_by_the_system() -> None:
    """The job itself counts the frozen cells apart from the product, holds both equal, and looks for repeated questions."""
    found = bench_command.load("enter_once").run()
    towns = found["peers"][0]
    assert (towns["name"], towns["forms"] > 100) == ("the six towns", True)
    assert towns["by_system_percent"] >= 80 and towns["without_tables_percent"] >= 80
    assert towns["typed"] and towns["kept"], "a year in which nothing was asked would prove nothing"

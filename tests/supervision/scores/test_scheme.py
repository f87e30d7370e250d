"""The scheme: what it may count, that it is checked on load, and which one is in force."""

import ast
import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from luoshi.core.problem import Problem
from luoshi.office.register import files
from luoshi.supervision.scores import scheme
from luoshi.supervision.scores.scheme import FILE, RESULTS, in_force, packaged, read

FOLDER = Path(scheme.__file__).parent


def block() -> dict[str, Any]:
    return copy.deepcopy(files.read(FILE)["schemes"][0])


def test_a_score_counts_results_only() -> None:
    """The list is closed here as well: who widens it in the source has to widen it in this test, with the reason."""
    assert set(RESULTS) == {
        "done_on_time", "done_late", "overdue_now", "report_approved", "report_returned", "target_reached",
        "target_missed", "check_sound", "check_faulty",
    }  # fmt: skip
    for one in packaged():
        counted = {r for c in one.components for r in (*c.credits, *(["done_late"] if c.late else []))}
        assert counted <= set(RESULTS)
        assert sum(c.weight for c in one.components) == 100


@pytest.mark.parametrize(
    "name", ["sign_ins", "clicks", "uploads", "messages", "check_ins", "reports_made", "minutes_online"]
)
def test_counts_of_activity_are_refused(name: str) -> None:
    bad = block()
    bad["components"][0]["credits"][name] = "1"
    with pytest.raises(Problem) as told:
        read({"schemes": [bad]}, "x.yaml")
    assert name in told.value.place and "签到" in told.value.words.zh


def test_the_facts_are_read_from_records_of_work_alone() -> None:
    """No session, attempt, attachment or message is looked at; of the journal only hand-overs are."""
    tree = ast.parse((FOLDER / "records.py").read_text("utf-8"))
    models = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("luoshi.")
        and node.module.endswith("models")
        for alias in node.names
    }
    assert models == {
        "Duty",
        "Entry",
        "Unit",
        "Target",
        "CheckedUnit",
        "Milestone",
        "Consultation",
        "Assignment",
        "Report",
        "Contest",
    }
    actions = {
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith("assignment.")
    }
    assert actions == {"assignment.hand_over"}


def broken(change: Any) -> None:
    bad = block()
    change(bad)
    with pytest.raises(Problem):
        read({"schemes": [bad]}, "x.yaml")


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.pop("minimum_due"),
        lambda b: b.update(more=1),
        lambda b: b.update(minimum_due=0),
        lambda b: b.update(minimum_due=True),
        lambda b: b.update(components=[]),
        lambda b: b["components"].append(b["components"][0]),
        lambda b: b["components"][0].update(weight=0),
        lambda b: b["components"][0]["credits"].update(overdue_now="1.1"),
        lambda b: b["components"][0]["credits"].update(overdue_now="0.2"),
        lambda b: b["components"][0]["credits"].pop("overdue_now"),
        lambda b: b["components"][0]["credits"]["done_late"].reverse(),
        lambda b: b["components"][0]["credits"]["done_late"].pop(),
        lambda b: b["components"][0]["credits"].update(done_on_time="0.5"),
        lambda b: b["groups"][0]["kinds"].append("town"),
        lambda b: b["groups"].pop(),
    ],
)
def test_a_scheme_that_is_wrong_is_not_loaded(change: Any) -> None:
    broken(change)


@pytest.mark.parametrize("loaded", [None, {}, {"schemes": []}, {"schemes": 3}, [], {"schemes": ["x"]}])
def test_a_file_without_schemes_is_told(loaded: Any) -> None:
    with pytest.raises(Problem):
        read(loaded, "x.yaml")


def test_two_schemes_are_told_apart_by_day_and_code() -> None:
    later = block()
    later |= {"code": "results-2", "from": dt.date(2024, 1, 1)}
    both = read({"schemes": [block(), later]}, "x.yaml")
    assert in_force(dt.date(2023, 12, 31), both).code == "results-1"
    assert in_force(dt.date(2024, 1, 1), both).code == "results-2"
    with pytest.raises(Problem):
        in_force(dt.date(2022, 12, 31), both)
    for wrong in ([later, block()], [block(), block()], [block(), {**later, "code": "results-1"}]):
        with pytest.raises(Problem):
            read({"schemes": wrong}, "x.yaml")


def test_a_frozen_scheme_reads_back_as_it_was() -> None:
    import json

    one = packaged()[0]
    assert scheme.of(json.loads(json.dumps(one.data))) == one


def test_a_kind_no_group_names_is_in_the_last() -> None:
    one = packaged()[0]
    assert one.group_of("town").code == "towns" and one.group_of("enterprise").code == "others"

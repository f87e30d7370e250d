"""What ``coverage.yaml`` says about each clause is true: names exist, tests carry the ids, units and dates are those
of the register."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from luoshi.office import register
from luoshi.office.register import check

TESTS = Path(__file__).parents[1]


def marked_clauses(source: str) -> Iterator[str]:
    """The ids in every ``mark.clause("…")`` of a test file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause":
            inner = node.func.value
            if isinstance(inner, ast.Attribute) and inner.attr == "mark":
                yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


@pytest.fixture(scope="module")
def carried() -> set[str]:
    return {code for path in TESTS.rglob("*.py") for code in marked_clauses(path.read_text("utf-8"))}


def test_the_marks_of_a_test_file_are_found():
    source = '@pytest.mark.clause("OUT-1")\n@pytest.mark.slow\n@mark.clause("OUT-2")\ndef test_it(): pass\n'
    assert set(marked_clauses(source)) == {"OUT-1"}
    assert set(marked_clauses('pytest.param(1, marks=pytest.mark.clause("OUT-3"))')) == {"OUT-3"}
    assert set(marked_clauses('register.clause("OUT-4")')) == set()


@pytest.mark.parametrize("subject", register.SUBJECTS)
def test_every_statement_of_coverage_holds(subject):
    assert [f"{fault.clause}: {fault.words.en}" for fault in check.faults(subject)] == []


@pytest.mark.parametrize("subject", register.SUBJECTS)
def test_an_enforced_clause_has_a_test_that_carries_its_id(subject, carried):
    enforced = {code for code, cover in register.coverage(subject).items() if cover.status == "enforced"}
    assert enforced - carried == set()


def test_a_test_carries_only_ids_that_exist(carried):
    known = {code for found in register.registers().values() for code in found.clauses}
    assert carried - known == set()


@pytest.mark.parametrize("subject", register.SUBJECTS)
def test_tasks_targets_roles_deadlines_stages_and_reports_are_covered(subject):
    wanted = {"task", "target", "role", "deadline", "stage", "report"}
    covers = register.coverage(subject)
    clauses = register.register(subject).clauses.values()
    assert [clause.id for clause in clauses if clause.kind in wanted and clause.id not in covers] == []


@pytest.mark.parametrize("subject", register.SUBJECTS)
def test_rhetoric_and_only_what_has_a_reason_is_not_for_software(subject):
    covers = register.coverage(subject)
    for clause in register.register(subject).clauses.values():
        if clause.kind == "rhetoric":
            assert covers[clause.id].status == "not_for_software"
    for cover in covers.values():
        assert (cover.reason is not None) == (cover.status == "not_for_software")


# --- the checks themselves ------------------------------------------------------------------------------------------


def with_task(subject: str, code: str, **changes: object) -> register.PlanData:
    made = register.plan(subject)
    return replace(made, tasks=tuple(replace(t, **changes) if t.code == code else t for t in made.tasks))


def park_faults(monkeypatch: pytest.MonkeyPatch, made: register.PlanData) -> set[str]:
    monkeypatch.setattr(check.load, "plan", lambda subject: made)
    return {fault.clause for fault in check.faults("park")}


def test_another_date_in_the_plan_is_noticed(monkeypatch):
    task = next(found for found in register.plan("park").tasks if found.code == "park-2.1")
    later = replace(task.deadline, until=date(2023, 7, 1))
    assert park_faults(monkeypatch, with_task("park", "park-2.1", deadline=later)) == {"PARK-2.1D"}


def test_a_term_that_no_longer_goes_on_is_noticed(monkeypatch):
    task = next(found for found in register.plan("park").tasks if found.code == "park-2.1")
    once = replace(task.deadline, then=None)
    assert park_faults(monkeypatch, with_task("park", "park-2.1", deadline=once)) == {"PARK-2.1D"}


def test_a_lost_unit_is_noticed(monkeypatch):
    task = next(found for found in register.plan("park").tasks if found.code == "park-2.3.6")
    without_tax = tuple(unit for unit in task.support if unit != "tax")
    faults = park_faults(monkeypatch, with_task("park", "park-2.3.6", support=without_tax))
    assert {"PARK-2.3.6a", "PARK-2.3.6D", "PARK-2.3.6R"} <= faults
    assert all(code.startswith("PARK-2.3.6") for code in faults)


def test_another_allowance_is_noticed(monkeypatch):
    task = next(found for found in register.plan("park").tasks if found.code == "park-joint-acceptance")
    slower = replace(task.deadline, allowance=10)
    assert park_faults(monkeypatch, with_task("park", task.code, deadline=slower)) == {"PARK-2.2.5.4a"}


def test_a_dropped_clause_is_noticed(monkeypatch):
    task = next(found for found in register.plan("park").tasks if found.code == "park-2.3.1")
    fewer = tuple(code for code in task.clauses if code != "PARK-2.3.1d")
    assert park_faults(monkeypatch, with_task("park", task.code, clauses=fewer)) == {"PARK-2.3.1d"}


def test_a_report_on_another_day_is_noticed(monkeypatch):
    made = register.plan("park")
    (ledger,) = made.reports
    moved = replace(made, reports=(replace(ledger, deadline=replace(ledger.deadline, days=(27,))),))
    assert park_faults(monkeypatch, moved) == {"PARK-3.1k"}


@pytest.mark.parametrize(
    "status,where,holds",
    [
        ("enforced", "luoshi.core.clause.ClauseId.parse", True),
        ("enforced", "luoshi.office.register.check.faults", True),
        ("enforced", "luoshi.core.clause.ClauseId.guess", False),
        ("enforced", "luoshi.core.nothing.at_all", False),
        ("enforced", "os.path.join", False),
        ("recorded", "luoshi.office.register.records.Unit", True),
        ("recorded", "luoshi.core.clause.SUBJECT_OF_PREFIX", True),
        ("recorded", "data:park/values/report_day", True),
        ("recorded", "data:park/readings/PARK-R-41", True),
        ("recorded", "data:park/plan/park-2.1", True),
        ("recorded", "data:counties/guyang/units/finance", True),
        ("recorded", "data:counties/guyang/places/huaishuo", True),
        ("recorded", "data:park/values/none", False),
        ("recorded", "data:fishing/values/none", False),
        ("recorded", "data:counties/nowhere/units/finance", False),
        ("recorded", "data:park", False),
        ("tracked", "park-none", False),
        ("shown", "no-such-page", False),
    ],
)
def test_a_name_is_looked_up(monkeypatch, status, where, holds):
    covers = {"PARK-1a": register.Cover("PARK-1a", status, (where,))}
    monkeypatch.setattr(check.load, "coverage", lambda subject: covers)
    assert (check.faults("park") == []) is holds


def test_an_unknown_clause_is_a_fault(monkeypatch):
    covers = {"PARK-99": register.Cover("PARK-99", "enforced", ("luoshi.core.clause.ClauseId",))}
    monkeypatch.setattr(check.load, "coverage", lambda subject: covers)
    assert [fault.clause for fault in check.faults("park")] == ["PARK-99"]

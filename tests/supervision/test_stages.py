"""The life of a task under supervision: every state with every move and every role, and each gate on both sides."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from luoshi.core.outcome import Granted
from luoshi.supervision.stages import ROLES, STAGES

# Written by hand beside the table in the source: from → verb → (to, who may).
UNIT, REVIEW, OFFICE = {"officer", "unit_head"}, {"supervisor", "leading_office"}, {"leading_office"}
MAY = {
    "assigned": {
        "accept": ("accepted", UNIT),
        "extend": ("assigned", OFFICE), "escalate": ("assigned", REVIEW), "cancel": ("cancelled", OFFICE),
    },
    "accepted": {
        "start": ("in_progress", UNIT), "report_progress": ("in_progress", UNIT), "suspend": ("suspended", OFFICE),
        "extend": ("accepted", OFFICE), "escalate": ("accepted", REVIEW), "cancel": ("cancelled", OFFICE),
    },
    "in_progress": {
        "report_progress": ("in_progress", UNIT), "report_done": ("reported", UNIT), "suspend": ("suspended", OFFICE),
        "extend": ("in_progress", OFFICE), "escalate": ("in_progress", REVIEW), "cancel": ("cancelled", OFFICE),
    },
    "reported": {"approve": ("done", REVIEW), "return_report": ("returned", REVIEW)},
    "returned": {
        "report_progress": ("in_progress", UNIT), "report_done": ("reported", UNIT), "suspend": ("suspended", OFFICE),
        "extend": ("returned", OFFICE), "escalate": ("returned", REVIEW), "cancel": ("cancelled", OFFICE),
    },
    "suspended": {"resume": ("in_progress", OFFICE), "cancel": ("cancelled", OFFICE)},
    "done": {"close": ("closed", OFFICE)},
    "closed": {},
    "cancelled": {},
}  # fmt: skip
FACTS = {
    "report_text": "已完成",
    "reason": "材料不全",
    "reported_by": 1,
    "reviewed_by": 2,
    "due_on": date(2023, 7, 3),
    "new_due_on": date(2023, 7, 4),
    "evidence_count": 1,
}


@pytest.mark.parametrize(("state", "verb", "role"), list(STAGES.pairs()))
def test_each_state_with_each_move_and_each_role(state, verb, role):
    outcome = STAGES.allowed(state, verb, role, FACTS)
    to, who = MAY[state].get(verb, (None, set()))
    if role in who:
        assert isinstance(outcome, Granted)
        assert (outcome.values["from"], outcome.values["to"]) == (state, to)
        assert outcome.reasons[0].clauses
    else:
        assert outcome.verdict == "refused"
        reason = outcome.reasons[0]
        assert reason.code == ("move_not_for_role" if who else "move_not_from_state")
        assert reason.remedy and reason.clauses
        assert reason.facts["possible"] == [v for v in STAGES.verbs if v in MAY[state]]


def test_no_state_or_verb_of_the_table_was_forgotten_here():
    assert set(MAY) == set(STAGES.states)
    assert {verb for moves in MAY.values() for verb in moves} == set(STAGES.verbs)


GATES = [
    ("in_progress", "report_done", "officer", {"report_text": None}, "needs_report_text"),
    ("in_progress", "report_done", "officer", {"report_text": "  "}, "needs_report_text"),
    ("accepted", "report_progress", "officer", {"report_text": ""}, "needs_report_text"),
    ("reported", "return_report", "supervisor", {"reason": " "}, "needs_reason"),
    ("accepted", "suspend", "leading_office", {"reason": None}, "needs_reason"),
    ("assigned", "cancel", "leading_office", {"reason": None}, "needs_reason"),
    ("assigned", "extend", "leading_office", {"reason": None}, "needs_reason"),
    ("assigned", "extend", "leading_office", {"new_due_on": None}, "needs_new_due_on"),
    ("assigned", "extend", "leading_office", {"due_on": None}, "no_due_day"),
    ("assigned", "extend", "leading_office", {"new_due_on": date(2023, 7, 3)}, "not_later"),
    ("assigned", "extend", "leading_office", {"new_due_on": date(2023, 7, 2)}, "not_later"),
    ("reported", "approve", "supervisor", {"reviewed_by": 1}, "own_report"),
    ("reported", "approve", "supervisor", {"reviewed_by": None}, "needs_reviewed_by"),
    ("reported", "approve", "supervisor", {"reported_by": None}, "needs_reported_by"),
    ("done", "close", "leading_office", {"evidence_count": 0}, "no_evidence"),
    ("done", "close", "leading_office", {"evidence_count": None}, "needs_evidence_count"),
]


@pytest.mark.parametrize(("state", "verb", "role", "facts", "code"), GATES)
def test_a_gate_holds(state, verb, role, facts, code):
    assert STAGES.allowed(state, verb, role, FACTS)
    outcome = STAGES.allowed(state, verb, role, FACTS | facts)
    assert not outcome
    assert outcome.reasons[0].code == code
    assert outcome.reasons[0].remedy and outcome.reasons[0].clauses
    assert outcome.verdict == ("needs" if code.startswith("needs_") else "refused")


def test_every_gate_of_the_table_has_a_case_here():
    gated = {move.verb for move in STAGES.moves if move.gate}
    assert gated == {verb for _, verb, *_ in GATES}


def test_an_extension_hands_over_the_new_day():
    assert STAGES.allowed("assigned", "extend", "leading_office", FACTS).values["due_on"] == date(2023, 7, 4)


def test_the_roles_are_called_what_the_house_calls_them():
    people = pytest.importorskip("luoshi.office.people.roles")
    for code, words in ROLES.items():
        assert people.ROLES[code].words == words


def test_the_clauses_stand_in_the_register():
    register = Path(__file__).parents[3] / "shared" / "clauses"
    if not register.is_dir():
        pytest.skip("the register of clauses is not beside the project")
    known = {
        clause["id"]
        for name in ("food", "park")
        for clause in yaml.safe_load((register / f"{name}.yaml").read_text(encoding="utf-8"))
    }
    used = {clause for move in STAGES.moves for clause in move.clauses} | {s.clause for s in STAGES.states.values()}
    assert used <= known

"""Every act × state × seat: what the one door answers is what grants, scope and table say together."""

import pytest

from luoshi.core.outcome import Granted
from luoshi.office import access, door
from luoshi.office.access import READABLES
from luoshi.office.actions import ACTIONS
from luoshi.office.people.roles import ROLES
from luoshi.supervision import rules
from luoshi.supervision.actions.subjects import where_overseen, where_worked
from luoshi.supervision.models import Assignment
from luoshi.supervision.pages.offers import SHARE_OFFERS
from luoshi.supervision.stages import STAGES
from tests.supervision.small_county import SEATS, Small

VERBS = ("accept", "start", "report_progress", "report_done", "suspend", "resume", "extend", "cancel", "escalate")
IN_REACH = {
    "worked": {"market.officer", "market.unit_head"},
    "overseen": {"lead-office.leading_office", "office.county_head", "office.supervisor"},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(STAGES.states))
def test_the_door_answers_as_grants_scope_and_table_say(small: Small, verb: str, state: str) -> None:
    share = small.share(small.task(), "market")
    with door.opened("fixture"):
        Assignment.objects.filter(pk=share.pk).update(state=state)
    share = Assignment.objects.select_related("task__plan", "unit__place", "duty").get(pk=share.pk)
    act = SHARE_OFFERS[verb].action
    side = "worked" if act.where is where_worked else "overseen"
    assert act.where in (where_worked, where_overseen)
    for unit, role in SEATS:
        seat = f"{unit}.{role}"
        stage_role = rules.STAGE_ROLE.get(role, role)
        by_table = (
            any(m.verb == verb for m in STAGES.moves_from(state, stage_role)) if stage_role in STAGES.roles else False
        )
        expected = role in act.grants and seat in IN_REACH[side] and by_table
        answer = act.check(small.call(seat), share)
        assert isinstance(answer, Granted) == expected, (seat, verb, state, answer)
        if not expected:
            assert answer.reasons[0].words.zh and answer.reasons[0].words.en  # type: ignore[union-attr]


def test_every_verb_of_the_table_is_an_action() -> None:
    names = {"approve": "review_approve", "return_report": "review_return"}
    for verb in STAGES.verbs:
        assert f"assignment.{names.get(verb, verb)}" in ACTIONS


def test_administrators_and_the_public_read_and_do_nothing_here() -> None:
    ours = [a for a in ACTIONS.values() if a.name.startswith(("assignment.", "evidence.", "notice."))]
    read = [READABLES[n] for n in ("task", "ledger", "assignment", "duty", "report", "file", "notice")]
    assert len(ours) >= 20
    for role in ("system_admin", "security_admin", "audit_admin", "public"):
        assert role in ROLES
        assert not [a.name for a in ours if role in a.grants or "public" in a.grants]
        assert not [r.name for r in read if role in r.grants or "public" in r.grants]


def test_the_printed_matrix_has_a_line_for_each_of_them() -> None:
    rows = list(access.matrix())
    for name in [*(f"read.{r}" for r in ("task", "ledger", "duty", "report", "journal", "file", "notice")), *ACTIONS]:
        assert sum(r["action"] == name for r in rows) == len(ROLES) * 5, name

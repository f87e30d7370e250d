"""The editor's steps through the one door: each changes the proposal, is journalled, and can be taken back."""

import copy
from typing import Any

import pytest
from tests.gazette.desk.conftest import MARKET, SCHOOL, TEXT, Desk

from luoshi.core.problem import Problem
from luoshi.gazette.actions import edit, units
from luoshi.gazette.models import Proposal, ProposalEdit
from luoshi.office.actions import Result
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import UnitName

FIRST = "documents.0.tasks.0"


def do(desk: Desk, verb: str, proposal: Proposal, who: str = "editor", **given: Any) -> Result:
    result = edit.STEPS[verb](desk.call(who), proposal=proposal.pk, **given)
    proposal.refresh_from_db()
    return result


def test_a_corrected_deadline_and_unit_come_out_in_the_confirmed_task(desk: Desk) -> None:
    proposal = desk.receive()
    assert do(
        desk, "correct", proposal, at=FIRST, support="县住建局、县财政局，县水利局", deadline_until="2023-10-31"
    ).outcome
    desk.confirm(proposal)
    task = desk.tasks(MARKET)[0]
    assert str(task.due_on) == "2023-10-31"
    assert task.units_text == "县商务局、县住建局、县财政局、县水利局"


def test_an_added_task_takes_its_words_from_the_source(desk: Desk) -> None:
    proposal = desk.receive()
    start = TEXT.index("公示摊位费标准")
    assert do(
        desk, "add", proposal, at="documents.0.tasks.9", span_from=start, span_to=start + 7, responsible="县商务局",
        mode="single", deadline_kind="until", deadline_until="2023-05-31", number="5",
    ).outcome  # fmt: skip
    added = proposal.edited["documents"][0]["tasks"][4]
    assert (added["text"], added["origin"], added["responsible"]) == ("公示摊位费标准", "editor", ["县商务局"])
    desk.confirm(proposal)
    assert [t.heading_zh for t in desk.tasks(MARKET)][-1] == "公示摊位费标准"


def test_split_and_merge_make_two_tasks_of_one_and_one_of_two(desk: Desk) -> None:
    proposal = desk.receive()
    cut = TEXT.index("硬化地面")
    assert do(desk, "split", proposal, at=FIRST, offset=cut).outcome
    parts = proposal.edited["documents"][0]["tasks"]
    assert len(parts) == 5 and parts[1]["text"].startswith("硬化地面")
    assert do(desk, "merge", proposal, at=FIRST).outcome
    assert len(proposal.edited["documents"][0]["tasks"]) == 4


def test_a_confirmed_element_and_a_settled_doubt_are_marked(desk: Desk) -> None:
    proposal = desk.receive(TEXT.replace("2023年8月31日前", "2O23年8月31日前"))
    assert proposal.edited["doubts"]
    assert do(desk, "check", proposal, at=FIRST).outcome
    assert do(desk, "check", proposal, at="doubts.0").outcome
    assert proposal.edited["documents"][0]["tasks"][0]["checked"] is True
    assert proposal.edited["doubts"][0]["settled"] is True
    assert proposal.parsed["doubts"][0].get("settled") is None, "what the parser said stays"


def test_document_chronicle_clause_and_target_are_corrected_too(desk: Desk) -> None:
    proposal = desk.receive()
    assert do(
        desk,
        "correct",
        proposal,
        at="documents.1",
        title="学校供水改造（改）",
        disclosure="主动公开",
        issued_on="2023-03-21",
    ).outcome
    assert do(desk, "correct", proposal, at="documents.0.clauses.0", heading="前言").outcome
    assert do(desk, "correct", proposal, at="documents.0.tasks.0.targets.0", value=6, op=">=").outcome
    assert do(desk, "correct", proposal, at="chronicle.0", from_on="2023-01-08").outcome
    document = proposal.edited["documents"][1]
    assert (document["title"], document["disclosure"], document["issued_on"]) == (
        "学校供水改造（改）",
        "主动公开",
        "2023-03-21",
    )
    desk.confirm(proposal)
    assert desk.document("学校供水改造（改）").disclosure == "proactive"
    assert float(desk.tasks(MARKET)[0].targets.get().value) == 6


def test_steps_are_taken_back_one_by_one_until_nothing_is_left(desk: Desk) -> None:
    proposal = desk.receive()
    start = copy.deepcopy(proposal.edited)
    do(desk, "correct", proposal, at=FIRST, heading="新标题")
    do(desk, "remove", proposal, at="documents.0.tasks.1")
    do(desk, "merge", proposal, at=FIRST)
    assert units.resolve_unit(desk.call(), proposal=proposal.pk, name="县疾控站", unit="water").outcome
    proposal.refresh_from_db()
    assert proposal.edits_made == 4
    for left in (3, 2, 1, 0):
        assert do(desk, "undo", proposal).outcome
        assert proposal.edits_made == left
    assert proposal.edited == start
    assert do(desk, "undo", proposal).outcome.reasons[0].code == "nothing_to_undo"


def test_every_step_is_one_line_of_the_journal_with_what_was_and_what_came(desk: Desk) -> None:
    proposal = desk.receive()
    do(desk, "correct", proposal, at=FIRST, heading="新标题")
    entry = Entry.objects.get(action="proposal.correct")
    assert entry.subject_id == str(proposal.pk)
    assert ProposalEdit.objects.get().made_by_id == desk.accounts["editor"].pk


def test_a_form_made_before_another_edit_is_refused(desk: Desk) -> None:
    proposal = desk.receive()
    do(desk, "remove", proposal, at=FIRST, at_edit=0)
    for verb, more in (("remove", {}), ("correct", {"heading": "x"}), ("merge", {}), ("check", {}), ("undo", None)):
        given = {"at_edit": 0} | ({"at": FIRST, **more} if more is not None else {})
        assert do(desk, verb, proposal, **given).outcome.reasons[0].code == "changed_meanwhile"
    assert proposal.edits_made == 1


def test_after_confirming_nothing_is_edited(desk: Desk) -> None:
    proposal = desk.confirmed()
    assert do(desk, "remove", proposal, at=FIRST).outcome.reasons[0].code == "partly_confirmed"
    units.resolve_unit(desk.call(), proposal=proposal.pk, name="县疾控站", unit="water")
    assert desk.confirm(proposal).outcome
    for verb in ("check", "remove", "merge", "undo"):
        given = {} if verb == "undo" else {"at": FIRST}
        assert do(desk, verb, proposal, **given).outcome.reasons[0].code == "already_confirmed"


@pytest.mark.parametrize(
    "given",
    [
        {"at": "documents.0.tasks.77"},
        {"at": "documents.7.tasks.0"},
        {"at": "source.sha256"},
        {"at": "blocks.0"},
        {"at": "documents.0.interpretation"},
        {"at": "__proto__"},
        {"at": FIRST, "span_from": 10, "span_to": 5},
        {"at": FIRST, "span_to": 10**9},
        {"at": FIRST, "deadline_kind": "until", "deadline_until": ""},
        {"at": FIRST, "deadline_until": "2023-02-30"},
        {"at": FIRST, "mode": "everybody"},
        {"at": FIRST, "heading": "x" * 5_000},
        {"at": FIRST, "unknown": "x"},
        {"at": FIRST, "lead": "甲" * 200},
    ],
)
def test_what_does_not_hold_is_a_problem_and_changes_nothing(desk: Desk, given: dict[str, Any]) -> None:
    proposal = desk.receive()
    with pytest.raises(Problem):
        do(desk, "correct", proposal, **given)
    proposal.refresh_from_db()
    assert (proposal.edits_made, proposal.edited) == (0, proposal.parsed)


@pytest.mark.parametrize("who", ["officer", "supervisor", "auditor", "public"])
def test_only_an_editor_edits(desk: Desk, who: str) -> None:
    proposal = desk.receive()
    for verb in edit.STEPS:
        given = {"undo": {}, "split": {"at": FIRST, "offset": 5}, "add": {"at": FIRST, "span_from": 0, "span_to": 4}}
        result = do(desk, verb, proposal, who, **given.get(verb, {"at": FIRST}))
        assert result.outcome.reasons[0].code == "role_may_not"
    assert proposal.edits_made == 0


def test_a_name_resolved_everywhere_helps_the_next_document_and_steals_no_name(desk: Desk) -> None:
    proposal = desk.receive()
    taken = units.resolve_unit(desk.call(), proposal=proposal.pk, name="县商务局", unit="water", everywhere=True)
    assert taken.outcome.reasons[0].code == "name_taken"
    assert units.resolve_unit(desk.call(), proposal=proposal.pk, name="县疾控站", unit="water", everywhere=True).outcome
    assert UnitName.objects.filter(county=desk.county, name="县疾控站", unit__code="water").exists()
    desk.confirm(proposal)
    assert desk.tasks(SCHOOL)[1].units_text == "县教育局、县疾控站"


def test_a_unit_of_another_county_cannot_be_meant(desk: Desk, neighbour: Desk) -> None:
    proposal = desk.receive()
    with pytest.raises(Problem) as told:
        units.resolve_unit(desk.call(), proposal=proposal.pk, name="县疾控站", unit="town-jinshan")
    assert told.value.status == 404


def test_a_unit_code_is_made_once(desk: Desk) -> None:
    proposal = desk.receive()
    given = {"proposal": proposal.pk, "name": "县疾控站", "code": "water", "name_en": "x"}
    assert units.create_unit(desk.call(), **given).outcome.reasons[0].code == "code_taken"
    with pytest.raises(Problem):
        units.create_unit(desk.call(), **{**given, "code": "Not A Code"})

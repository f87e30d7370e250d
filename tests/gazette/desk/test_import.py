"""A gazette comes in: one proposal a text, confirmed once, every element in its record with its span."""

import json
from pathlib import Path

import pytest
from tests.gazette.desk.conftest import FOLDER, MARKET, SCHOOL, TEXT, Desk

from luoshi.cli import main
from luoshi.core.problem import Problem
from luoshi.gazette.actions import confirm, receive
from luoshi.gazette.models import ChronicleEntry, Issue, Proposal, TaskWords
from luoshi.office import door
from luoshi.office.duties.models import Duty
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Unit, UnitName
from luoshi.office.plans.models import Clause, Document, Plan, Task, TaskUnit
from luoshi.supervision.models import Assignment

FILE = FOLDER / "gazette.txt"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["gazette", "import", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_same_text_is_the_same_proposal_under_any_name(desk: Desk) -> None:
    one, two = desk.receive(), desk.receive(name="copy.docx")
    assert one.pk == two.pk
    assert Proposal.objects.count() == 1


def test_another_county_keeps_its_own_proposal_of_the_same_text(desk: Desk, neighbour: Desk) -> None:
    assert desk.receive().pk != neighbour.receive().pk


def test_confirming_makes_issue_documents_clauses_chronicle(desk: Desk) -> None:
    desk.confirmed()
    issue = Issue.objects.get(county=desk.county)
    assert (issue.year, issue.number, issue.serial) == (2023, 1, 7)
    market, school = (item.document for item in issue.items.all())
    assert (market.number, market.disclosure, school.disclosure) == ("柳政办发〔2023〕5号", "proactive", "on_request")
    assert market.text == TEXT
    assert market.interpretation_title.endswith("政策解读")
    assert TEXT[market.interpretation_from : market.interpretation_to].startswith("《柳汀县")
    for clause in Clause.objects.filter(document=market):
        assert clause.span_to > clause.span_from
        assert clause.heading in " ".join(TEXT[clause.span_from : clause.span_to].split())
    entries = list(ChronicleEntry.objects.filter(issue=issue).order_by("order"))
    assert [str(e.from_on) for e in entries] == ["2023-01-09", "2023-02-14", "2023-03-20"]
    assert entries[1].place is not None and entries[1].place.code == "qinghe"
    assert "农资集市" in TEXT[entries[1].span_from : entries[1].span_to]


def test_confirming_makes_tasks_with_units_roles_deadlines_targets_and_words(desk: Desk) -> None:
    desk.confirmed()
    facilities, stalls, water, monthly = desk.tasks(MARKET)
    parts = {(p.unit.code, p.role) for p in TaskUnit.objects.filter(task=facilities).select_related("unit")}
    assert parts == {("commerce", "lead"), ("housing", "support"), ("finance", "support")}
    assert (facilities.mode, str(facilities.due_on)) == ("lead_support", "2023-09-30")
    assert (stalls.then, str(stalls.due_on)) == ("ongoing", "2023-06-30")
    assert monthly.every == {"day_of_month": [28]}
    assert [(t.op, float(t.value), t.unit) for t in water.targets.all()] == [(">=", 95.0, "%")]
    assert "集市自来水" in water.document.text[water.span_from : water.span_to]
    assert TaskWords.objects.filter(task=water, document=water.document).count() == 1


def test_confirmed_tasks_stand_in_the_inbox_of_each_unit(desk: Desk) -> None:
    desk.confirmed()
    stalls = desk.tasks(MARKET)[1]
    units = set(Assignment.objects.filter(task=stalls).values_list("unit__code", flat=True))
    assert units == {"town-qinghe", "town-shiqiao"}, "各镇 stands for its members"
    duties = Duty.objects.filter(task=stalls)
    assert duties.count() == 2
    assert {str(d.due_on) for d in duties} == {"2023-06-30"}


def test_an_unknown_unit_blocks_its_own_task_only_and_a_name_frees_it(desk: Desk) -> None:
    from luoshi.gazette.actions import units

    proposal = desk.confirmed()
    assert proposal.state == "partly"
    assert [t.heading_zh for t in desk.tasks(SCHOOL)] == ["更换老旧水管12公里"]
    before = Task.objects.count(), Document.objects.count(), Assignment.objects.count()
    assert units.create_unit(
        desk.call(),
        proposal=proposal.pk,
        name="县疾控站",
        code="disease-control",
        name_en="Disease control",
        kind="institution",
    ).outcome
    assert desk.confirm(proposal).outcome
    proposal.refresh_from_db()
    assert proposal.state == "confirmed"
    assert [t.heading_zh for t in desk.tasks(SCHOOL)] == ["更换老旧水管12公里", "建立水质检测制度"]
    assert (Task.objects.count(), Document.objects.count(), Assignment.objects.count()) == (
        before[0] + 1,
        before[1],
        before[2] + 2,
    )


def test_confirming_twice_is_refused_and_changes_nothing(desk: Desk) -> None:
    with door.opened("fixture"):
        unit = Unit.objects.create(
            county=desk.county, code="cdc", name_zh="县疾控站", name_en="CDC", short_zh="县疾控站", kind="institution"
        )
        UnitName.objects.create(county=desk.county, unit=unit, name="县疾控站")
    proposal = desk.confirmed()
    counts = [m.objects.count() for m in (Document, Clause, Plan, Task, Assignment, Duty, Issue, ChronicleEntry)]
    result = desk.confirm(proposal)
    assert result.outcome.reasons[0].code == "already_confirmed"
    assert counts == [
        m.objects.count() for m in (Document, Clause, Plan, Task, Assignment, Duty, Issue, ChronicleEntry)
    ]


def test_the_journal_tells_who_confirmed_what(desk: Desk) -> None:
    proposal = desk.confirmed()
    entry = Entry.objects.filter(action="proposal.confirm").latest("pk")
    assert (entry.subject_id, entry.account_id) == (str(proposal.pk), desk.accounts["editor"].pk)


def test_another_text_of_a_standing_issue_is_refused_whole(desk: Desk) -> None:
    desk.confirmed()
    other = desk.receive(TEXT.replace("95%", "96%"))
    result = desk.confirm(other)
    assert result.outcome.reasons[0].code == "document_stands"
    assert Document.objects.filter(county=desk.county).count() == 2


@pytest.mark.parametrize("who", ["officer", "supervisor", "auditor", "public"])
def test_only_editors_import_and_confirm(desk: Desk, who: str) -> None:
    proposal = desk.receive()
    assert receive.receive(desk.call(who), name="x", text="甲乙").outcome.reasons[0].code == "role_may_not"
    assert confirm.confirm(desk.call(who), proposal=proposal.pk).outcome.reasons[0].code == "role_may_not"
    assert Document.objects.count() == 0


def test_an_editor_of_another_county_finds_no_such_proposal(desk: Desk, neighbour: Desk) -> None:
    proposal = desk.receive()
    with pytest.raises(Problem) as told:
        confirm.confirm(neighbour.call(), proposal=proposal.pk)
    assert told.value.status == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\公报\\第1期.docx", "第1期.docx"),
        ("a\nb\x00.txt", "ab.txt"),
        ("/", "未命名"),
        ("长" * 400, "长" * 200),
    ],
)
def test_a_file_name_is_a_name_and_no_path(given: str, kept: str) -> None:
    assert receive.base_name(given) == kept


def test_characters_no_database_keeps_move_no_offset(desk: Desk) -> None:
    assert receive.storable("甲\x00乙\ud800丙") == "甲\ufffd乙\ufffd丙"
    proposal = desk.receive("关于试验的通知\n\n一、试\x00验。\n")
    assert proposal.text == "关于试验的通知\n\n一、试\ufffd验。\n"
    with pytest.raises(Problem):
        receive.receive(desk.call(), name="x", text="甲\ud800")


def test_a_tampered_proposal_is_not_confirmed(desk: Desk) -> None:
    """Whoever reaches the stored JSON still cannot make records that do not hold."""
    hostile = {
        "documents.0.tasks.0.span": [-5, 3],
        "documents.0.tasks.0.span ": [0, 10**9],
        "documents.0.issued_on": "2023-02-30",
        "documents.0.tasks.0.lead": ["x" * 5000],
        "documents.0.tasks.0.mode": "everybody",
        "documents.0.tasks": "none",
    }
    for path, value in hostile.items():
        proposal = desk.receive(TEXT + path)
        node = edited = proposal.edited
        *way, last = path.strip().split(".")
        for step in way:
            node = node[int(step) if step.isdigit() else step]
        node[last] = value
        with door.opened("fixture"):
            Proposal.objects.filter(pk=proposal.pk).update(edited=edited)
        with pytest.raises(Problem) as told:
            desk.confirm(proposal)
        assert told.value.status == 422, path
    assert Document.objects.count() == 0


def test_a_discarded_proposal_comes_back_when_the_text_comes_again(desk: Desk) -> None:
    proposal = desk.receive()
    assert receive.discard(desk.call(), proposal=proposal.pk).outcome
    assert desk.confirm(proposal).outcome.reasons[0].code == "discarded"
    assert desk.receive().state == "open"


def test_the_command_imports_confirms_and_says_it_stands_already(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, str(FILE), "--county", "liuting", "--confirm", "--json")
    said = json.loads(out)
    assert code == 0
    assert [(d["tasks"], d["made"]) for d in said["confirmed"]["documents"]] == [(4, 4), (2, 1)]
    assert said["confirmed"]["unresolved"] == {"县疾控站": 1}
    code, out, _ = run(capsys, str(FILE), "--county", "liuting", "--confirm")
    assert (code, "县疾控站×1" in out) == (0, True)
    with door.opened("fixture"):
        UnitName.objects.create(
            county=desk.county, unit=Unit.objects.get(county=desk.county, code="water"), name="县疾控站"
        )
    assert run(capsys, str(FILE), "--county", "liuting", "--confirm")[0] == 0
    code, out, _ = run(capsys, str(FILE), "--county", "liuting", "--confirm")
    assert (code, "没有改动" in out) == (0, True)


def test_the_command_names_what_is_wrong_in_one_line(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    binary = tmp_path / "x.pdf"
    binary.write_bytes(b"%PDF-1.4\nbroken")
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n")
    for words in (
        (str(tmp_path / "none.txt"),),
        (str(binary),),
        (str(empty),),
        (str(FILE), "--county", "nowhere"),
        (str(FILE), "--replaces", "none"),
    ):
        code, out, err = run(capsys, *words)
        assert (code, out, err.count("\n")) == (2, "", 1), words
    assert Proposal.objects.count() == 0


def test_without_confirm_nothing_but_the_proposal_stands(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(FILE))
    assert (code, "尚未确认" in out) == (0, True)
    assert (Proposal.objects.count(), Document.objects.count()) == (1, 0)


def test_a_confirmed_text_replaces_nothing(desk: Desk) -> None:
    desk.confirmed()
    result = receive.receive(desk.call(), name="x", text=TEXT, replaces=desk.document().pk)
    assert result.outcome.reasons[0].code == "text_stands"


def test_the_command_brings_a_new_version_into_force(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk.confirmed()
    changed = tmp_path / "v2.txt"
    changed.write_text(TEXT.replace("2023年8月31日前", "2023年9月15日前"), encoding="utf-8")
    code, out, _ = run(capsys, str(changed), "--county", "liuting", "--confirm", "--replaces", desk.document().code)
    assert (code, "第2版已生效：任务新增0、改变1、删去0、不变3" in out) == (0, True)
    assert str(desk.tasks(MARKET)[2].due_on) == "2023-09-15"

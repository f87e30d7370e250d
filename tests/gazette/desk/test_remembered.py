"""A corrected parse is kept as a case and run again; the cases of a folder given by LUOSHI_CASES run too."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.gazette.desk.conftest import TEXT, Desk

from luoshi.cli import main
from luoshi.gazette import cases_command, remembered
from luoshi.gazette.actions import edit, remember
from luoshi.gazette.parse import parse

GIVEN = os.environ.get("LUOSHI_CASES", "")


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.LUOSHI_HOME = tmp_path
    return tmp_path / "cases" / "gazette"


def kept(desk: Desk, **corrected: Any) -> dict[str, Any]:
    proposal = desk.receive()
    assert edit.correct(desk.call(), proposal=proposal.pk, at="documents.0.tasks.0", **corrected).outcome
    result = remember.remember_case(desk.call(), proposal=proposal.pk)
    assert result.outcome
    return yaml.safe_load((remember.folder() / result.values["case"]).read_text(encoding="utf-8"))


def test_a_correction_the_parser_does_not_make_is_named(desk: Desk, home: Path) -> None:
    case = kept(desk, support="县住建局", deadline_until="2023-10-31")
    assert case["text"] == TEXT
    assert [(m.where, m.want, m.found) for m in remembered.run(case, parse)] == [
        ("documents.0.tasks.0.support", "县住建局", "县住建局、县财政局"),
        ("documents.0.tasks.0.deadline.until", "2023-10-31", "2023-09-30"),
    ]


def test_a_parse_that_was_right_is_a_case_that_passes(desk: Desk, home: Path) -> None:
    case = kept(desk, heading="改造设施")
    assert remembered.run(case, parse) == []
    assert "checked" not in json.dumps(case) and "origin" not in json.dumps(case)


def test_the_same_proposal_kept_again_is_one_file(desk: Desk, home: Path) -> None:
    kept(desk, heading="一")
    kept(desk, heading="二")
    assert len(list(home.iterdir())) == 1


def test_without_a_correction_there_is_no_case(desk: Desk, home: Path) -> None:
    proposal = desk.receive()
    assert remember.remember_case(desk.call(), proposal=proposal.pk).outcome.reasons[0].code == "nothing_corrected"
    edit.correct(desk.call(), proposal=proposal.pk, at="documents.0", title="x")
    assert remember.remember_case(desk.call("officer"), proposal=proposal.pk).outcome.reasons[0].code == "role_may_not"
    assert not home.exists()


def test_the_command_runs_a_folder_and_answers_no_while_something_differs(
    desk: Desk, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(desk, heading="改造设施")
    assert main(["gazette", "cases", str(home)]) == 0
    kept(desk, deadline_until="2023-10-31")
    assert main(["gazette", "cases", str(home), "--json"]) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["cases"] == 1 and len(next(iter(told["misses"].values()))) == 1
    (home / "broken.yaml").write_text("- : [", encoding="utf-8")
    assert main(["gazette", "cases", str(home)]) == 2
    assert main(["gazette", "cases", str(home / "none")]) == 2
    assert all(line.count("\n") == 0 for line in capsys.readouterr().err.splitlines())


def test_every_task_missing_added_or_in_another_place_is_told() -> None:
    case = remembered.case_of("x", TEXT, parse(TEXT))
    assert remembered.run(case, parse) == []
    nothing = {"documents": [], "chronicle": []}
    assert {m.where for m in remembered.run(case, lambda _: nothing)} == {
        "documents.0", "documents.1", "chronicle", "chronicle.0", "chronicle.1", "chronicle.2",
    }  # fmt: skip
    case["expect"]["documents"][0]["tasks"].pop()
    assert [m.where for m in remembered.run(case, parse)] == ["documents.0.tasks"]


@pytest.mark.skipif(not GIVEN, reason="LUOSHI_CASES names no folder of corrected parses")
def test_the_installations_own_cases_come_out_as_corrected() -> None:
    misses = {name: remembered.run(case, parse) for name, case in cases_command.load(Path(GIVEN or "."))}
    assert {name: found for name, found in misses.items() if found} == {}

"""A second county beside the first, from two data files and a text: brought up by commands, apart in every list."""

import json

import pytest
from tests.gazette.desk.conftest import FOLDER, NOW, Desk

from luoshi.cli import main
from luoshi.core.problem import Problem
from luoshi.gazette import queries
from luoshi.gazette.models import ChronicleEntry, Issue, Proposal
from luoshi.office.access import READABLES
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import County, Place, Unit
from luoshi.office.plans import loading
from luoshi.office.plans.models import Document, Plan, Task
from luoshi.supervision.models import Assignment
from luoshi.supervision.readables import DUTY, TASK

FILE = str(FOLDER / "gazette.txt")


def test_two_commands_bring_it_up(neighbour: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["county", "load", str(FOLDER), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"county": "liuting", "name": "柳汀县", "units": 11, "places": 4}
    assert main(["gazette", "import", FILE, "--county", "liuting", "--confirm", "--json"]) == 0
    county = County.objects.get(code="liuting")
    for model in (Proposal, Document, Plan, Task, Issue, ChronicleEntry, Assignment, Duty):
        assert model.objects.exists(), model
        assert set(model.objects.values_list("county_id", flat=True)) == {county.pk}, model
    assert Unit.objects.filter(county=neighbour.county).count() > 80


def test_loading_it_again_doubles_nothing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["county", "load", str(FOLDER)]) == 0
    assert (County.objects.count(), Unit.objects.count(), Place.objects.count()) == (1, 11, 4)


def test_each_countys_people_see_their_own_county_only(desk: Desk, neighbour: Desk) -> None:
    desk.confirmed()
    pairs = [(TASK, Task), (DUTY, Duty), (READABLES["proposal"], Proposal)]
    for readable, model in pairs:
        for who in ("supervisor", "editor", "officer"):
            assert not readable.visible(neighbour.actor(who), model.objects.all()).exists(), (readable.name, who)
    assert READABLES["proposal"].visible(desk.actor("editor"), Proposal.objects.all()).exists()
    assert TASK.visible(desk.actor("supervisor"), Task.objects.all()).count() == 5
    assert queries.proposal(neighbour.actor(), Proposal.objects.get().pk) is None


def test_a_name_of_one_county_means_nothing_in_the_other(desk: Desk, neighbour: Desk) -> None:
    proposal = neighbour.receive(
        "关于防汛的通知\n\n一、任务\n（一）巡堤。\n责任单位：青禾镇\n完成时限：2023年7月底前\n"
    )
    assert "青禾镇" in queries.unknown_names(neighbour.county, proposal)[0]
    assert "青禾镇" not in queries.unknown_names(desk.county, proposal)[0]


def test_a_folder_of_another_county_is_not_loaded_into_this_one(desk: Desk, neighbour: Desk) -> None:
    with pytest.raises(Problem) as told:
        loading.load_directory(loading.system_call(neighbour.county, NOW, "wrong-folder"), folder=str(FOLDER))
    assert told.value.place == "folder"


def test_only_a_command_on_the_machine_names_a_folder_by_its_path(desk: Desk) -> None:
    with pytest.raises(Problem):
        loading.load_directory(desk.call("system"), folder=str(FOLDER))
    with pytest.raises(Problem):
        loading.load_directory(desk.call("system"), folder="../counties/guyang")


def test_a_folder_that_is_none_or_broken_is_one_line(db: None, capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    assert main(["county", "load", str(tmp_path / "none")]) == 2
    (tmp_path / "places.yaml").write_text("county: x\nname: {zh: 甲, en: A}\nplaces: []\n", encoding="utf-8")
    (tmp_path / "units.yaml").write_text("- {code: a, kind: office}\n", encoding="utf-8")
    assert main(["county", "load", str(tmp_path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and "units.yaml:1" in lines[1]
    assert County.objects.count() == 0

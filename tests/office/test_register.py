"""The register loader: what the packaged files say, and what happens to broken ones."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

import luoshi
from luoshi.cli import main
from luoshi.core.problem import Problem
from luoshi.office import register
from luoshi.office.register import check

PACKAGE = Path(luoshi.__file__).parent
SHARED = Path(os.environ.get("LUOSHI_SHARED", Path(__file__).parents[2].parent / "shared"))


def packaged_data() -> list[Path]:
    found = [path for subject in register.SUBJECTS for path in sorted((PACKAGE / subject).glob("*.yaml"))]
    return found + sorted((PACKAGE / "office" / "counties").rglob("*.yaml"))


# --- what is packaged -----------------------------------------------------------------------------------------------


def test_the_five_registers_are_whole():
    assert {subject: len(found.clauses) for subject, found in register.registers().items()} == {
        "foodsafety": 621,
        "park": 308,
        "housing": 330,
        "outage": 395,
        "gazette": 90,
    }


def test_the_registers_equal_the_ones_they_were_carried_from():
    if not (SHARED / "clauses").is_dir():
        pytest.skip("the registers are not beside this repository (../shared/clauses)")
    for subject, name in (("foodsafety", "food"), ("park", "park"), ("housing", "housing"), ("outage", "outage")):
        source = yaml.load((SHARED / "clauses" / f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        packaged = yaml.load((PACKAGE / subject / "clauses.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        assert packaged == source


def test_a_clause_is_found_by_its_id_and_depends_on_clauses_that_exist():
    assert register.clause("FOOD-3.1.8c").values["value"] == 470
    for code in ("FOOD-9", "NOPE-1", "no id"):
        with pytest.raises(KeyError):
            register.clause(code)
    for found in register.registers().values():
        for clause in found.clauses.values():
            for other in clause.depends:
                register.clause(other)


def test_the_food_plan_has_its_60_blocks():
    blocks = register.plan("foodsafety").blocks
    assert len(blocks) == 60
    assert {block.number for block in blocks} == {str(number) for number in range(1, 37)}
    exceptional = [block.code for block in blocks if block.deadline.until != date(2023, 11, 30)]
    assert exceptional == ["food-2-1"]  # due in April, with no standing part
    modes = {
        mode: sum(block.mode == mode for block in blocks) for mode in ("single", "joint", "by_duty", "lead_support")
    }
    assert modes == {"single": 30, "joint": 12, "by_duty": 8, "lead_support": 10}


def test_the_park_plan_has_its_15_blocks():
    blocks = register.plan("park").blocks
    assert len(blocks) == 15
    assert all(block.mode == "lead_support" for block in blocks)
    assert [block.code for block in blocks if not block.support] == ["park-2.2.5.3", "park-2.2.5.4"]
    assert sum(block.deadline.kind == "until" for block in blocks) == 7


def test_reports_recur_on_the_printed_days():
    (ledger,) = register.plan("park").reports
    assert (ledger.deadline.every, ledger.deadline.days) == ("month", (28,))
    progress = register.plan("housing").reports[0]
    assert (progress.deadline.every, progress.deadline.days) == ("month", (1, 11, 21))


def test_every_code_of_a_plan_leads_to_a_unit_and_a_clause():
    units = register.units("guyang")
    for made in register.plans("guyang"):
        clauses = register.register(made.subject).clauses
        areas = {area.code for area in made.areas}
        tasks = {task.code for task in made.tasks}
        assert made.issuer in units
        for task in made.tasks:
            assert set(task.units) <= set(units)
            assert {unit for part in task.parts for unit in part.units} <= set(units)
            assert set(task.clauses) <= set(clauses)
            assert task.area is None or task.area in areas
            assert task.parent is None or task.parent in tasks
            assert {target.clause for target in task.targets} <= set(task.clauses)
        for report in made.reports:
            assert {*report.senders, *report.recipients} <= set(units)
        for stage in made.stages:
            assert set(stage.owners) <= set(units)
        for group in made.groups:
            assert {group.unit, *(unit for seat in group.seats for unit in seat.units)} <= set(units)


def test_every_task_target_role_deadline_stage_report_and_procedure_stands_in_the_plan():
    wanted = {"task", "target", "role", "deadline", "stage", "report", "procedure"}
    for subject in register.SUBJECTS:
        made = register.plan(subject)
        rows = [*made.tasks, *made.stages, *made.groups, *made.reports, *made.areas]
        held = {code for row in rows for code in row.clauses}
        missing = [c.id for c in register.register(subject).clauses.values() if c.kind in wanted and c.id not in held]
        assert missing == []


def test_the_members_of_the_food_leading_group_are_the_units_with_a_seat():
    group = next(found for found in register.plan("foodsafety").groups if found.code == "food-leading-group")
    seated = {unit for seat in group.seats for unit in seat.units} - {"county-government", "county-party-committee"}
    assert set(register.units("guyang")["food-members"].members) == seated
    assert len(group.seats) == 41


def test_every_name_a_subject_uses_means_one_unit():
    units = register.units("guyang")
    for subject in register.SUBJECTS:
        assert set(register.names(subject).values()) <= set(units)
    seen: dict[str, str] = {}
    for unit in units.values():
        for name in {unit.name.zh, unit.short, *unit.aliases}:
            assert seen.setdefault(name, unit.code) == unit.code, f"{name} means two units everywhere"


def test_the_county_has_six_towns_and_marks_what_it_made_up():
    places = register.places("guyang").values()
    assert sum(place.kind == "town" for place in places) == 6
    assert all(place.generated and "示例" in place.name.zh for place in places if place.kind == "village")
    assert not any(place.generated for place in places if place.kind != "village")


# --- values and readings ----------------------------------------------------------------------------------------------


def test_every_value_equals_the_figure_of_its_clause():
    for subject in register.SUBJECTS:
        for dated in (one for found in register.values(subject).values() for one in found):
            if dated.clause is None:
                continue
            figure = register.clause(dated.clause).values
            for step in dated.path:
                figure = figure[step]
            printed = tuple(figure) if isinstance(figure, list) else figure
            assert dated.value == printed, f"{subject}: {dated.key}"


def test_every_printed_due_day_is_a_value_in_force():
    for subject in register.SUBJECTS:
        grounds = {one.clause for found in register.values(subject).values() for one in found}
        for clause in register.register(subject).clauses.values():
            if clause.kind in ("deadline", "stage") and clause.values.get("until"):
                assert clause.id in grounds


def test_every_measured_target_of_the_plan_has_its_figure_in_force():
    for subject in register.SUBJECTS:
        figures = {one.value for found in register.values(subject).values() for one in found if one.clause}
        for task in register.plan(subject).tasks:
            for target in task.targets:
                if isinstance(target.value, (int, float)) and not isinstance(target.value, bool):
                    assert target.value in figures, f"{subject}: {target.metric}"


def test_all_326_doubts_are_recorded_in_both_languages():
    counts = {subject: len(register.readings(subject)) for subject in register.SUBJECTS}
    assert counts == {"foodsafety": 105, "park": 47, "housing": 62, "outage": 77, "gazette": 35}
    units = register.units("guyang")
    for subject in register.SUBJECTS:
        for reading in register.readings(subject).values():
            for words in (reading.doubt, reading.reading):
                assert re.search(r"[\u4e00-\u9fff]", words.zh)
                assert re.search(r"[A-Za-z]{2}", words.en)
            assert reading.unit in units
            assert set(reading.values) <= set(register.values(subject))
            for code in reading.clauses:
                register.clause(code)


def test_a_value_that_rests_on_a_reading_names_one_that_knows_it():
    for subject in register.SUBJECTS:
        for dated in (one for found in register.values(subject).values() for one in found):
            if dated.reading is not None:
                assert dated.key in register.readings(subject)[dated.reading].values


VALUES = """
- {key: days, value: 7, from: 2023-04-25, reading: R-1, words: {zh: 七天, en: seven}}
- {key: days, value: 5, from: 2024-01-01, reading: R-1, words: {zh: 五天, en: five}}
"""


def test_a_value_holds_from_its_day_until_the_next(tmp_path):
    (tmp_path / "values.yaml").write_text(VALUES, encoding="utf-8")
    on = {day: register.value_on(tmp_path, "days", day).value for day in (date(2023, 4, 25), date(2023, 12, 31))}
    assert set(on.values()) == {7}
    assert register.value_on(tmp_path, "days", date(2024, 1, 1)).value == 5
    with pytest.raises(KeyError):
        register.value_on(tmp_path, "days", date(2023, 4, 24))
    with pytest.raises(KeyError):
        register.value_on(tmp_path, "hours", date(2024, 1, 1))


# --- nothing about persons ------------------------------------------------------------------------------------------


def test_the_packaged_data_holds_no_phone_mail_or_id_number():
    shapes = re.compile(
        r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)|(?<!\d)[1-9]\d{6,7}(?!\d)|\d{17}[\dXx]"
    )
    for path in packaged_data():
        assert shapes.findall(path.read_text("utf-8")) == [], path.name


def test_the_packaged_data_holds_no_name_or_contact_of_the_gazette():
    source = SHARED / "gazette" / "guyang-2023-issue-2.txt"
    if not source.exists():
        pytest.skip("the gazette is not beside this repository (../shared/gazette)")
    text = source.read_text("utf-8")
    post = r"(?:县|政府|固阳|金山|下湿壕|银号|怀朔|兴顺西|西斗铺|农牧|包头)"
    persons = {
        re.sub(r"\s", "", name)
        for name in re.findall(rf"(?:[：:]\s*|\n|\t)([一-龥] ?[一-龥]{{1,4}})[ \t]+{post}", text)
    }
    persons |= set(re.findall(r"联系人[：:]\s*([一-龥]{2,4})", text))
    contacts = set(re.findall(r"[\w.]+@[\w.]+", text)) | set(re.findall(r"电话[：:为]?\s*(\d[\d-]{5,})", text))
    assert len(persons) > 40, "the roster was found"
    assert contacts
    for path in packaged_data():
        content = path.read_text("utf-8")
        assert [word for word in persons | contacts if word in content] == [], path.name


# --- broken files ---------------------------------------------------------------------------------------------------

CLAUSE = (
    "- {id: PARK-1, section: 一, kind: rule, actor: [甲], says: It is so., zh: 如此, values: {}, software: Do it.}\n"
)


@pytest.mark.parametrize(
    "text,line",
    [
        ("- id: PARK-1\n  section: [\n", 3),
        (CLAUSE + "- {id: PARK-2, section: 二}\n", 2),
        (CLAUSE + CLAUSE, 2),
        (CLAUSE.replace("PARK-1", "FOOD-1"), 1),
        (CLAUSE.replace("PARK-1", "park one"), 1),
        ("\n\n" + CLAUSE.replace("kind:", "kynd:"), 3),
        (CLAUSE.replace("[甲]", "甲"), 1),
        (CLAUSE.replace("values: {}", "values: [1]"), 1),
        (CLAUSE + "- id: PARK-2\n  section: 一\n  section: 二\n", 4),
        ("- just a text\n", 1),
        ("a: mapping\n", 1),
    ],
)
def test_a_broken_file_is_a_problem_that_names_file_and_line(tmp_path, text, line):
    path = tmp_path / "clauses.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem) as raised:
        register.register(tmp_path, "park")
    assert raised.value.place == f"{path}:{line}"
    assert raised.value.words.zh and raised.value.words.en


def test_a_missing_file_and_a_file_in_another_encoding_are_problems(tmp_path):
    with pytest.raises(Problem, match=r"clauses\.yaml"):
        register.register(tmp_path, "park")
    (tmp_path / "clauses.yaml").write_bytes("- 条款".encode("gb18030"))
    with pytest.raises(Problem, match="UTF-8"):
        register.register(tmp_path, "park")


@pytest.mark.parametrize(
    "broken",
    [
        "{key: a, value: 1, from: 2023-01-01, words: {zh: 甲, en: a}}",  # no ground
        "{key: a, value: 1, from: 2023-01-01, clause: PARK-1, words: {zh: 甲, en: a}}",  # no path
        "{key: a, value: 1, from: 2023-01-01, reading: R, law: L, words: {zh: 甲, en: a}}",  # two grounds
        "{key: a, from: 2023-01-01, reading: R, words: {zh: 甲, en: a}}",  # no value
        "{key: a, value: 1, from: yesterday, reading: R, words: {zh: 甲, en: a}}",
        "{key: a, value: 1, from: 2023-01-01, reading: R, words: {zh: 甲}}",  # one language
    ],
)
def test_a_value_without_a_ground_or_a_day_does_not_enter(tmp_path, broken):
    (tmp_path / "values.yaml").write_text(f"- {broken}\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"values\.yaml:1"):
        register.values(tmp_path)


def test_two_values_from_one_day_are_refused(tmp_path):
    (tmp_path / "values.yaml").write_text(VALUES.replace("2024-01-01", "2023-04-25"), encoding="utf-8")
    with pytest.raises(Problem, match="days"):
        register.values(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "lead_support"},  # without a lead
        {"mode": "single", "responsible": []},
        {"mode": "joint", "lead": ["b"]},
        {"mode": "shared"},
        {"kind": "wish"},
        {"deadline": {"kind": "until"}},
        {"deadline": {"kind": "recurring", "every": "month", "days": [32]}},
        {"deadline": {"kind": "relative"}},
        {"deadline": {"kind": "recurring"}},
        {"due": "2023-11-30"},
    ],
    ids=str,
)
def test_a_task_that_contradicts_itself_is_refused(tmp_path, wrong):
    task = {
        "code": "t",
        "kind": "block",
        "heading": {"zh": "任务", "en": "Task"},
        "clauses": [],
        "mode": "single",
        "responsible": ["a"],
        "deadline": {"kind": "none"},
    }
    head = {
        "code": "p",
        "subject": "park",
        "county": "x",
        "title": {"zh": "方案", "en": "Plan"},
        "issuer": "a",
        "issued_on": date(2023, 1, 1),
    }
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump({"plan": head, "tasks": [task]}), encoding="utf-8")
    assert register.plan(path).tasks[0].units == ("a",)
    other = tmp_path / "wrong" / "plan.yaml"
    other.parent.mkdir()
    other.write_text(yaml.safe_dump({"plan": head, "tasks": [task | wrong]}), encoding="utf-8")
    with pytest.raises(Problem, match=r"plan\.yaml:\d+"):
        register.plan(other)


# --- another county -------------------------------------------------------------------------------------------------


def test_a_county_is_a_folder(tmp_path):
    folder = tmp_path / "elsewhere"
    (folder / "plans").mkdir(parents=True)
    (folder / "places.yaml").write_text(
        "county: elsewhere\nname: {zh: 某县, en: Elsewhere}\nplaces:\n- {code: e, kind: county, name: {zh: 某县, en: E}}\n",
        encoding="utf-8",
    )
    (folder / "units.yaml").write_text(
        "- {code: gov, kind: government, short: 县政府, name: {zh: 某县人民政府, en: Government}}\n", encoding="utf-8"
    )
    (folder / "plans" / "park.yaml").write_text(
        "plan: {code: p, subject: park, county: elsewhere, title: {zh: 方案, en: Plan}, issuer: gov, issued_on: 2024-01-01}\n",
        encoding="utf-8",
    )
    assert list(register.units(folder)) == ["gov"]
    assert [made.code for made in register.plans(folder)] == ["p"]
    assert len(register.plans("guyang")) == 5


@pytest.mark.parametrize(
    "change",
    [
        ("parent: county-government", "parent: nobody"),
        ("- code: county-government\n", "- code: county-party-committee\n"),
    ],
)
def test_a_county_whose_references_lead_nowhere_is_refused(tmp_path, change):
    folder = tmp_path / "county"
    shutil.copytree(PACKAGE / "office" / "counties" / "guyang", folder)
    units = folder / "units.yaml"
    assert change[0] in units.read_text("utf-8")
    units.write_text(units.read_text("utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(Problem, match=r"units\.yaml:\d+"):
        register.county(folder)


@pytest.mark.parametrize("name", ["nowhere", "../guyang", "", "."])
def test_an_unknown_county_or_subject_names_the_known_ones(name):
    with pytest.raises(Problem, match="guyang"):
        register.units(name)
    with pytest.raises(Problem, match="foodsafety"):
        register.plan(name)


def test_loading_needs_no_framework():
    code = "import sys; from luoshi.office import register as r; r.plan('park'); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- the command ----------------------------------------------------------------------------------------------------


def test_clauses_coverage_prints_the_promised_keys_and_fails_while_any_is_missing(capsys):
    answer = main(["clauses", "coverage", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"total", "covered", "by_status", "missing"}
    assert set(printed["by_status"]) == {"enforced", "tracked", "recorded", "shown", "not_for_software"}
    assert printed["total"] == 1744
    assert printed["covered"] == sum(printed["by_status"].values()) == 1744 - len(printed["missing"])
    assert answer == (1 if printed["missing"] else 0)


def test_clauses_list_gives_each_clause_its_status(capsys):
    assert main(["clauses", "list", "--subject", "gazette", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == 90
    assert rows["GAZ-C-6"]["status"] == "tracked"
    assert rows["GAZ-C-6"]["where"] == ["gazette-issue"]
    assert main(["clauses", "list", "--subject", "gazette"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 90


def test_an_unknown_subject_is_exit_code_2(capsys):
    assert main(["clauses", "coverage", "--subject", "fishing", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_a_statement_that_does_not_hold_counts_as_missing(monkeypatch):
    before = check.summary(("park",))
    covers = dict(register.coverage("park"))
    victim = next(code for code, cover in covers.items() if cover.status == "tracked")
    covers[victim] = register.Cover(victim, "tracked", ("park-no-such-task",))
    monkeypatch.setattr(check.load, "coverage", lambda subject: covers)
    after = check.summary(("park",))
    assert victim not in before.missing and victim in after.missing
    assert after.covered == before.covered - 1

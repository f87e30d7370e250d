"""``luoshi housing`` as a person calls it."""

import csv
import json
import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from luoshi.cli import main
from luoshi.housing import decide, facts, lists, rules
from luoshi.office.papers import xlsx
from tests.housing.cases import DAY, drawn
from tests.housing.test_decide import GOOD

HEADS = [asked.name for asked in facts.ASKED]


def a_list(path: Path, count: int = 250, labels: bool = False) -> list[dict[str, object]]:
    chance = random.Random(count)
    households = [drawn(chance, unknown=0.05) for _ in range(count)]
    with path.open("w", encoding="gb18030" if labels else "utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["户号", *([a.words.zh for a in facts.ASKED] if labels else HEADS)])
        for n, household in enumerate(households):
            writer.writerow([f"h{n}", *(_written(household.get(a.name), labels) for a in facts.ASKED)])
    return households


def _written(value: object, labels: bool) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("是" if value else "否") if labels else str(value).lower()
    return facts.code_words(value).zh if labels and isinstance(value, str) else value


def test_one_household_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(GOOD), "utf-8")
    assert main(["housing", "decide", str(path), "--as-of", "2023-05-10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["amount_yuan"], told["area_m2"]["min"]) == ("granted", 22616, 30)
    path.write_text(json.dumps({**GOOD, "grade": "B"}), "utf-8")
    assert main(["housing", "decide", str(path), "--as-of", "2023-05-10"]) == 1
    assert "HOUSE-I-1.2.1" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"grade": "X"}', '{"unknown": 1}'])
def test_bad_facts_are_one_line_and_exit_two(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, "utf-8")
    assert main(["housing", "decide", str(path), "--as-of", "2023-05-10"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.strip().splitlines()) == 1


def test_the_schema_names_every_fact(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["housing", "facts-schema"]) == 0
    assert set(json.loads(capsys.readouterr().out)["properties"]) == set(HEADS)


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_list_is_screened_row_by_row(
    tmp_path: Path, kind: str, labels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "parquet" and find_spec("pyarrow") is None:
        pytest.skip("pyarrow is not installed: Parquet is not tried")
    monkeypatch.setattr(lists, "PART", 100)
    source, target = tmp_path / "in.csv", tmp_path / f"out.{kind}"
    households = a_list(source, labels=labels)
    assert main(["housing", "screen", str(source), str(target), "--as-of", DAY.isoformat()]) == 0
    found = list(_rows(target, kind))
    assert [row[0] for row in found] == [f"h{n}" for n in range(len(households))], "other columns are carried through"
    for row, household in zip(found, households, strict=True):
        assert row[-2] == decide.decide(household, rules.packaged(DAY)).outcome.verdict
    again = tmp_path / "again.csv"
    target.rename(tmp_path / f"in2.{kind}")
    assert main(["housing", "screen", str(tmp_path / f"in2.{kind}"), str(again)]) == 2, "outcome stands there already"
    assert not again.exists()


def _rows(target: Path, kind: str):
    if kind == "csv":
        with target.open(encoding="utf-8-sig", newline="") as lines:
            yield from list(csv.reader(lines))[1:]
    elif kind == "xlsx":
        yield from (cells for number, cells in xlsx.read(target).sheets[0].rows() if number > 1)
    else:
        import pyarrow.parquet

        yield from (list(row.values()) for row in pyarrow.parquet.read_table(target).to_pylist())


@pytest.mark.parametrize(
    ("head", "cell", "named"),
    [
        ("grade", "Z", "第3行"),
        ("persons", "两人", "第3行"),
        ("applied_on", "昨天", "第3行"),
        ("colour", "red", "in.csv"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(
    tmp_path: Path, head: str, cell: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.csv").write_text(f"{head}\n\n{cell}\n".replace("\n\n", '\n""\n'), "utf-8")
    target = tmp_path / "out.csv"
    assert main(["housing", "screen", str(tmp_path / "in.csv"), str(target), "--as-of", "2023-05-10"]) == 2
    assert named in capsys.readouterr().err and list(tmp_path.iterdir()) == [tmp_path / "in.csv"]


@pytest.mark.parametrize("name", ["missing.csv", "list.doc"])
def test_no_list_no_result(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["housing", "screen", str(tmp_path / name), str(tmp_path / "out.csv")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1

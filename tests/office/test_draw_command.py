"""``luoshi draw`` as other tools call it: a record that replays, and one that was touched."""

import json

import pytest

from luoshi.cli import main


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "frame.csv"
    path.write_text(
        "编号,名称,分层\n" + "".join(f"E{i},某店{i},{'A' if i % 2 else 'B'}\n" for i in range(20)), encoding="utf-8"
    )
    return path


def drawn(capsys, frame, *more: str) -> dict:
    assert main(["draw", "run", "--frame", str(frame), "--count", "4", "--seed", "公开种子", *more, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def verified(tmp_path, record: dict, *more: str) -> int:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return main(["draw", "verify", str(path), *more])


def test_a_draw_verifies(capsys, tmp_path, frame):
    record = drawn(capsys, frame)
    assert {"frame_hash", "seed", "method", "picks"} <= set(record)
    assert len(record["picks"]) == 4
    assert verified(tmp_path, record) == 0
    assert verified(tmp_path, record, "--frame", str(frame)) == 0


def test_strata_and_exclusions_verify_too(capsys, tmp_path, frame):
    first = drawn(capsys, frame)["picks"][0]
    record = drawn(capsys, frame, "--per-stratum", "A=3", "--per-stratum", "B=1", "--exclude", f"{first}=亲属")
    assert first not in record["picks"]
    assert record["excluded"][0]["reason"] == "亲属"
    assert verified(tmp_path, record) == 0


@pytest.mark.parametrize("field,value", [("picks", ["E0", "E1", "E2", "E3"]), ("seed", "另一个"), ("version", 9)])
def test_a_touched_record_is_told_and_exits_with_1(capsys, tmp_path, frame, field, value):
    record = {**drawn(capsys, frame), field: value}
    assert verified(tmp_path, record, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["outcome"] == "refused"
    assert answer["reasons"][0]["words"]["zh"]


def test_a_member_slipped_into_the_list_is_found(capsys, tmp_path, frame):
    record = drawn(capsys, frame)
    frame.write_text(frame.read_text(encoding="utf-8") + "E99,某店,A\n", encoding="utf-8")
    assert verified(tmp_path, record, "--frame", str(frame)) == 1


def test_a_list_in_gb18030_and_one_without_head_are_read(capsys, tmp_path, frame):
    same = tmp_path / "gb.csv"
    same.write_bytes(frame.read_text(encoding="utf-8").encode("gb18030"))
    assert drawn(capsys, same) == drawn(capsys, frame)
    bare = tmp_path / "bare.csv"
    bare.write_text("a\nb\nc\nd\n", encoding="utf-8")
    assert sorted(drawn(capsys, bare)["picks"]) == ["a", "b", "c", "d"]


def test_without_json_a_person_can_read_it(capsys, frame):
    assert main(["draw", "run", "--frame", str(frame), "--count", "2", "--seed", "s"]) == 0
    out = capsys.readouterr().out
    assert "抽中 Picks:" in out
    assert "sha256:" in out


@pytest.mark.parametrize(
    "text,more",
    [
        ("", []),
        ("name,town\nx,y\n", []),
        ("id\na\n\nb\na\n", []),
        ('id\n"a\n', []),
        ("id,town\n,x\n", []),
        ("id\na\n", ["--count", "two"]),
        ("id\na\n", ["--exclude", "a"]),
        ("id\na\n", ["--per-stratum", "A=x"]),
        (None, []),
    ],
)
def test_bad_lists_and_arguments_are_one_line_and_exit_code_2(capsys, tmp_path, text, more):
    path = tmp_path / "f.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert main(["draw", "run", "--frame", str(path), "--count", "1", "--seed", "s", *more]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", "nonsense", "[" * 100_000, '{"picks": []}'])
def test_what_is_no_record_is_one_line_and_exit_code_2(capsys, tmp_path, text):
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8")
    assert main(["draw", "verify", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1

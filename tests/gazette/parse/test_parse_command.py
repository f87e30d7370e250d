"""``luoshi gazette parse``: the proposal on standard output, one clear line and code 2 for what cannot be read."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from luoshi.gazette.commands import run_parse

TEXT = "某县养老方案\n1. 新建食堂20个。\n责任单位：县民政局\n完成时限：2023年6月底前\n"


def options(path: Path, **more: bool) -> argparse.Namespace:
    return argparse.Namespace(**{"file": str(path), "json": False, "text": False} | more)


def test_json_is_the_proposal_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "gb18030")
    assert run_parse(options(path, json=True)) == 0
    out, err = capsys.readouterr()
    proposal = json.loads(out)
    assert proposal["documents"][0]["tasks"][0]["responsible"] == ["县民政局"]
    assert proposal["source"]["format"] == "text" and err == ""


def test_the_summary_names_documents_and_doubts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT.replace("2023年6月底前", "另行通知"), "utf-8")
    assert run_parse(options(path)) == 0
    out = capsys.readouterr().out
    assert "某县养老方案" in out and "任务 1" in out and "另行通知" in out


def test_the_text_that_spans_count_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>某县养老方案</p><p>1. 甲。（县民政局负责）</p></body></html>", "utf-8")
    assert run_parse(options(path, text=True)) == 0
    text = capsys.readouterr().out
    run_parse(options(path, json=True))
    (task,) = json.loads(capsys.readouterr().out)["documents"][0]["tasks"]
    assert text[slice(*task["span"])] == "甲。（县民政局负责）"


@pytest.mark.parametrize("data", [None, b"", bytes(range(256)) * 9])
def test_bad_input_is_one_line_and_code_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes | None
) -> None:
    path = tmp_path / "a.txt"
    if data is not None:
        path.write_bytes(data)
    assert run_parse(options(path, json=True)) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and err.startswith("a.txt: ")

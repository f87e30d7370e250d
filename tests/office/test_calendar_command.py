"""``luoshi calendar due`` as other tools call it."""

import json

import pytest

from luoshi.cli import main

KEYS = {"due_on", "provisional", "sentence"}


def ask(capsys, *arguments: str) -> dict:
    assert main(["calendar", "due", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_answer_has_the_promised_keys_and_day(capsys):
    answer = ask(capsys, "--start", "2023-09-28T10:00", "--working-days", "9")
    assert set(answer) == KEYS
    assert (answer["due_on"], answer["provisional"]) == ("2023-10-17", False)
    assert "国庆节" in answer["sentence"]


@pytest.mark.parametrize(
    "stops,due_on",
    [
        (["2023-07-05/2023-07-07"], "2023-07-12"),
        (["2023-07-05T09:00/2023-07-07T09:00"], "2023-07-12"),
        (["2023-07-03/2023-07-04"], "2023-07-11"),  # from the day of the start, given without an hour
        (["2023-07-06/2023-07-07", "2023-07-04/2023-07-05"], "2023-07-12"),  # in any order
        (["2023-07-05/2023-07-05"], "2023-07-10"),
    ],
)
def test_stops_move_the_day(capsys, stops, due_on):
    given = [part for stop in stops for part in ("--stopped", stop)]
    assert ask(capsys, "--start", "2023-07-03T10:00", "--working-days", "5", *given)["due_on"] == due_on


def test_a_stop_that_still_lasts_leaves_no_day(capsys):
    answer = ask(capsys, "--start", "2023-07-03T10:00", "--working-days", "5", "--stopped", "2023-07-05/")
    assert answer["due_on"] is None
    assert "仍在暂停" in answer["sentence"]


def test_a_year_without_notice_is_provisional(capsys):
    assert ask(capsys, "--start", "2039-12-30", "--working-days", "5")["provisional"] is True


def test_without_json_both_languages_are_printed(capsys):
    assert main(["calendar", "due", "--start", "2023-07-03", "--working-days", "5"]) == 0
    out = capsys.readouterr().out
    assert "到期日：2023年7月10日（周一）" in out
    assert "Due on Monday 10 July 2023." in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--start", "yesterday", "--working-days", "5"],
        ["--start", "2023-02-30", "--working-days", "5"],
        ["--start", "0001-01-01", "--working-days", "5"],
        ["--start", "2023-07-03", "--working-days", "-1"],
        ["--start", "2023-07-03", "--working-days", "five"],
        ["--start", "2023-07-03", "--working-days", "²"],
        ["--start", "2023-07-03", "--working-days", "999999999"],
        ["--start", "2023-07-03", "--working-days", "9999999999999"],
        ["--start", "2023-07-03", "--working-days", "5", "--stopped", "2023-07-05"],
        ["--start", "2023-07-03", "--working-days", "5", "--stopped", "/2023-07-05"],
        ["--start", "2023-07-03", "--working-days", "5", "--stopped", "2023-07-07/2023-07-05"],
        ["--start", "2023-07-03", "--working-days", "5", "--stopped", "2023-07-01/2023-07-05"],
        [
            "--start",
            "2023-07-03",
            "--working-days",
            "5",
            "--stopped",
            "2023-07-04/2023-07-06",
            "--stopped",
            "2023-07-05/",
        ],
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_and_exit_code_2(capsys, arguments):
    assert main(["calendar", "due", *arguments, "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1

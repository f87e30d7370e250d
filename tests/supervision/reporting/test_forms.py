"""Forms and questions as data: checked on load, dated, each with its clause, each report of the plans accounted for."""

import datetime as dt
import itertools
from pathlib import Path

import pytest

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import register
from luoshi.office.indicators.registry import INDICATORS
from luoshi.supervision.reporting import forms, periods, reading
from luoshi.supervision.reporting.periods import StageDays

SUBJECTS = ("foodsafety", "housing", "park", "outage")
DAY = dt.date.fromisoformat
FORM = """
- code: a-form
  from: 2023-01-01
  subject: housing
  title: {zh: 表, en: Form}
  clauses: [HOUSE-6.2a]
  senders: [towns]
  recipient: leading
  when: {day_of_month: [1]}
  blocks:
  - code: one
    heading: {zh: 一, en: One}
    cells:
"""


def loaded(tmp_path: Path, cells: str, change: tuple[str, str] = ("", "")) -> tuple[forms.Form, ...]:
    """Load one form with these cells from a file of its own."""
    path = tmp_path / "forms.yaml"
    body = FORM.replace(*change) if change[0] else FORM
    path.write_text(f"return_working_days: 3\nforms:{body}    - {cells}\n", "utf-8")
    return forms._forms(path, forms.QUESTIONS)[0]


def test_every_report_the_plans_name_has_a_form_or_says_why_not():
    named = {r.code for s in SUBJECTS for r in register.plan(s).reports}
    with_form = [f.report for f in forms.forms() if f.report]
    without = [code for e in forms.elsewhere() for code in e.reports]
    assert len(with_form) == len(set(with_form)) and len(without) == len(set(without))
    assert set(with_form).isdisjoint(without)
    assert {*with_form, *without} == named


def test_days_and_senders_are_those_of_the_plans():
    reports = {r.code: r for s in SUBJECTS for r in register.plan(s).reports}
    recurring = [f for f in forms.forms() if f.days]
    assert {f.code: f.days for f in recurring} == {"park-ledger": (28,), "housing-ten-day": (1, 11, 21)}
    for form in recurring:
        assert tuple(reports[form.report].deadline.days or ()) == form.days
    assert reports["housing-report-progress"].senders == ("towns",)


def test_every_clause_provider_and_stage_exists_or_is_a_subjects_to_give():
    stages = {s.code for subject in SUBJECTS for s in register.plan(subject).stages}
    for form in forms.forms():
        assert form.clauses and all(register.clause(c) for c in form.clauses), form.code
        assert set(form.stages) <= stages
        for cell in (c for b in form.blocks for c in b.cells if c.provider):
            known = cell.provider in INDICATORS
            assert known or cell.question, f"{form.code}: {cell.provider} is nobody's and is not asked either"


def test_no_indicator_counts_what_the_rule_of_2026_forbids():
    said = " ".join(f"{i.code} {i.words.zh} {i.words.en}" for i in INDICATORS.values()).lower()
    for forbidden in (
        "login",
        "log-in",
        "sign-in",
        "click",
        "upload",
        "登录",
        "签到",
        "点击",
        "上传",
        "在线时长",
        "积分",
    ):
        assert forbidden not in said


@pytest.mark.parametrize(
    ("cells", "change", "said"),
    [
        ("{code: x, ratio: [y, z], words: {zh: 率, en: Rate}}", ("", ""), "looks ahead"),
        ("{code: x, question: no-such}", ("", ""), "no question no-such"),
        ("{code: x}", ("", ""), "one kind of source"),
        ("{code: x, colour: red, question: problems}", ("", ""), "Unknown field colour"),
        ("{code: x, question: self-check-result}", ("", ""), "only there"),
        ("{code: x, total: [a, b]}", ("", ""), "needs a name"),
        ("{code: x, question: problems}", ("HOUSE-6.2a", "HOUSE-99z"), "no clause HOUSE-99z"),
        ("{code: x, question: problems}", ("{day_of_month: [1]}", "{day_of_month: [32]}"), "exactly one"),
        ("{code: x, question: problems}", ("{day_of_month: [1]}", "{request: true, stages: [a]}"), "exactly one"),
    ],
)
def test_a_broken_form_is_named_with_its_file_and_line(tmp_path: Path, cells: str, change: tuple[str, str], said: str):
    with pytest.raises(Problem) as fault:
        loaded(tmp_path, cells, change)
    assert said in fault.value.words.en and "forms.yaml:" in fault.value.place


def test_a_later_version_replaces_a_form_from_its_day_on(monkeypatch: pytest.MonkeyPatch):
    old = next(f for f in forms.forms() if f.code == "park-ledger")
    from dataclasses import replace

    new = replace(old, from_on=DAY("2024-01-01"), days=(25,))
    monkeypatch.setattr(forms, "forms", lambda: (new, old))
    assert [f.days for f in forms.in_force(DAY("2023-12-31"), "park")] == [(28,)]
    assert [f.days for f in forms.in_force(DAY("2024-01-01"), "park")] == [(25,)]
    assert forms.form("park-ledger", old.from_on) is old
    with pytest.raises(KeyError):
        forms.form("park-ledger", DAY("2020-01-01"))


def by_code(code: str) -> forms.Form:
    return next(f for f in forms.forms() if f.code == code)


def test_periods_of_a_ten_day_report_meet_and_never_overlap():
    form = by_code("housing-ten-day")
    found = periods.to_open(form, DAY("2023-04-25"), DAY("2023-09-30"), [], DAY("2023-04-25"), DAY("2024-01-01"))
    assert [str(d.to_on) for d in found][:3] == ["2023-05-01", "2023-05-11", "2023-05-21"]
    assert str(found[-1].to_on) == "2023-09-21", "the plan ends before the next"
    assert str(found[0].from_on) == "2023-04-25", "the first begins with the plan"
    assert all(b.from_on == a.to_on + dt.timedelta(days=1) for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("today", "opened"), [("2023-06-20", 0), ("2023-06-21", 1), ("2023-06-28", 1), ("2023-06-29", 0)]
)
def test_a_monthly_ledger_opens_seven_days_before_the_28th(today: str, opened: int):
    found = periods.to_open(by_code("park-ledger"), DAY("2023-05-22"), None, [], None, DAY(today))
    assert len(found) == opened
    assert [(str(d.from_on), str(d.to_on)) for d in found] == [("2023-05-29", "2023-06-28")] * opened


def test_a_stage_is_summed_up_at_its_end_and_one_that_ended_before_the_plan_is_not():
    form = by_code("housing-stage-summary")
    stages = [
        StageDays("housing-stage-1", Words("一", "One"), None, DAY("2023-04-30")),
        StageDays("housing-stage-2", Words("二", "Two"), DAY("2023-05-01"), DAY("2023-08-31")),
        StageDays("housing-stage-3", Words("三", "Three"), DAY("2023-09-01"), None),
    ]
    ask = lambda plan, last, today: [  # noqa: E731 - three cases of one call
        d.mark for d in periods.to_open(form, DAY(plan), None, stages, DAY(last) if last else None, DAY(today))
    ]
    assert ask("2023-04-25", "", "2023-04-25") == ["housing-stage-1"]
    assert ask("2023-04-25", "", "2023-05-01") == [], "a county that starts today owes nothing of the past"
    assert ask("2023-04-25", "2023-04-30", "2023-08-25") == []
    assert ask("2023-04-25", "2023-04-30", "2023-08-26") == ["housing-stage-2"]
    assert ask("2023-05-10", "2023-05-09", "2023-12-01") == ["housing-stage-2"]


@pytest.mark.parametrize("text", ["", "１２.５.", "1e3", "-4", "12a", "NaN", "∞", "1" * 40])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(Problem) as fault:
        reading.number(text, "place")
    assert (fault.value.place, fault.value.status) == ("place", 422)


@pytest.mark.parametrize(("text", "read"), [("12.5", "12.5"), ("１２．５％", "12.5"), ("1,200", "1200"), ("0", "0")])
def test_numbers_are_read_as_people_type_them(text: str, read: str):
    assert f"{reading.number(text, 'place'):f}" == read


def test_a_correction_is_read_like_the_figure_it_replaces():
    assert reading.correction("count", "3", "value") == 3
    assert reading.correction("day", "2023-07-03", "value") == "2023-07-03"
    assert reading.correction("text", " 好 ", "value") == "好"
    for kind, text in (("count", "3.5"), ("day", "7月3日"), ("percent", "多")):
        with pytest.raises(Problem):
            reading.correction(kind, text, "value")

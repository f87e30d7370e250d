"""From facts to a score: credits, shared weights, rounding, order, places; and the open script beside it."""

import datetime as dt
import io
import json
import random
import zipfile
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.supervision.scores import calculator, recompute
from luoshi.supervision.scores.actions.running import line_json
from luoshi.supervision.scores.facts import CheckFact, Fact, Handed, TargetFact, as_json
from luoshi.supervision.scores.ranking import places
from tests.supervision.scores import made
from tests.supervision.scores.made import CALENDAR, DUE, PERIOD, SCHEME, done, duty

D = dt.date


def score(*facts: Fact) -> calculator.Score:
    return calculator.score(facts, PERIOD, SCHEME, CALENDAR)


def test_all_on_time_is_a_hundred_whatever_falls_out() -> None:
    assert score(done(DUE)).total == Decimal("100.00")
    target = TargetFact(1, 1, made.duty().words, ">=", "10", "10", DUE, DUE)
    assert score(done(DUE), target, CheckFact(1, made.duty().words, DUE)).total == Decimal("100.00")


def test_nothing_counted_is_no_score() -> None:
    assert score().total is None
    assert score(duty(state="cancelled", closed_on=DUE)).total is None


def test_the_figures_by_hand() -> None:
    """On time, 3 days late after one return, overdue: 75 of 100 weights present.

    50 × (1 + 0.6 + 0) ÷ 3 + 15 × 2 ÷ 3 + 10 × 2 ÷ 3, over 75.
    """
    returned = (Handed(1, D(2023, 5, 31), "returned", D(2023, 5, 31)),)
    found = score(done(DUE), done(D(2023, 6, 6), id=2, reports=returned), duty(id=3))
    exact = (Fraction(50) * Fraction("1.6") / 3 + Fraction(15) * 2 / 3 + Fraction(10) * 2 / 3) / 75 * 100
    assert found.total == Decimal("57.78") and abs(exact - Fraction("57.777777")) < Fraction(1, 10**5)
    assert [p.items for p in found.parts] == [3, 3, 3, 0, 0]
    assert found.as_json()["counts"] == {
        "done_late": 1, "done_on_time": 1, "overdue_now": 1, "report_approved": 2, "report_returned": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "late,credit",
    [(1, "0.6"), (5, "0.6"), (6, "0.3"), (15, "0.3"), (16, "0.1"), (400, "0.1")],
)
def test_both_sides_of_each_step_of_lateness(late: int, credit: str) -> None:
    assert SCHEME.components[0].credit("done_late", late) == Fraction(credit)


@pytest.mark.parametrize(
    "value,text",
    [("0", "0.00"), ("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("99.995", "100.00"), ("1/3", "0.33")],
)
def test_half_a_cent_goes_up(value: str, text: str) -> None:
    assert str(calculator.half_up(Fraction(value))) == text


@pytest.mark.parametrize(
    "reached,op,value,met",
    [
        ("95", ">=", "95", True), ("94.99", ">=", "95", False), ("95", ">", "95", False), ("5", "<=", "5", True),
        ("5.01", "<=", "5", False), ("4.99", "<", "5", True), ("5", "<", "5", False), ("100.0", "==", "100", True),
        ("99", "==", "100", False), ("100", "reach", "100", True), ("99", "increase", "100", False), ("x", ">=", "1", False),
    ],
)  # fmt: skip
def test_when_a_target_is_reached(reached: str, op: str, value: str, met: bool) -> None:
    assert calculator.reaches(reached, op, value) is met


@pytest.mark.parametrize(
    "faults,result",
    [
        ((), "check_sound"), (((DUE, DUE),), "check_sound"), (((DUE, D(2023, 6, 2)),), "check_faulty"),
        (((DUE, None),), "check_faulty"), (((D(2023, 7, 5), None),), "not_due"),
        (((D(2023, 7, 5), D(2023, 7, 1)),), "not_due"), (((D(2023, 7, 5), None), (DUE, None)), "check_faulty"),
    ],
)  # fmt: skip
def test_a_check_is_sound_where_faults_were_mended_in_time(faults: Any, result: str) -> None:
    assert calculator.line(CheckFact(1, duty().words, DUE, faults), PERIOD, CALENDAR).result == result


def test_what_one_item_would_change() -> None:
    base = score(done(DUE), duty(id=2))
    assert calculator.would_be(base, base.lines[1], SCHEME) == Decimal("100.00")
    assert calculator.would_be(base, base.lines[0], SCHEME) is None


@given(made.sheets())
@settings(max_examples=150)
def test_the_order_of_facts_does_not_matter(facts: list[Fact]) -> None:
    shuffled = facts[:]
    random.Random(1).shuffle(shuffled)
    assert score(*facts).total == score(*shuffled).total
    assert score(*facts).as_json() == score(*shuffled).as_json()


@given(made.sheets())
@settings(max_examples=150)
def test_a_score_lies_between_nought_and_a_hundred(facts: list[Fact]) -> None:
    found = score(*facts)
    assert found.total is None or 0 <= found.total <= 100
    assert len(found.lines) == len(facts)


@given(made.sheets(least=1), st.data())
@settings(max_examples=300)
def test_doing_an_overdue_duty_never_lowers_the_score(facts: list[Fact], data: st.DataObject) -> None:
    base = score(*facts)
    open_ones = [n for n, one in enumerate(base.lines) if one.result == "overdue_now"]
    if not open_ones:
        return
    n = data.draw(st.sampled_from(open_ones))
    fact: Any = facts[n]
    ended = [s.until_on or s.from_on for s in fact.stops] + [r.decided_on or r.on for r in fact.reports]
    earliest = max([PERIOD.from_on, fact.opened_on, *ended])
    if earliest > PERIOD.to_on:
        return
    on = data.draw(st.dates(earliest, PERIOD.to_on))
    closed = {"state": "closed", "closed_on": on, "reports": (*fact.reports, Handed(99, on, "approved", on))}
    plain = {f: getattr(fact, f) for f in fact.__slots__}
    better = [*facts[:n], type(fact)(**{**plain, **closed}), *facts[n + 1 :]]
    after = score(*better).total
    assert base.total is None or (after is not None and after >= base.total)


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.sampled_from("ab")), max_size=12))
def test_places_follow_the_score_and_too_few_items_have_none(rows: list[tuple[int, bool, str]]) -> None:
    given_rows = [(n, group, Decimal(s), enough) for n, (s, enough, group) in enumerate(rows)]
    found = places(given_rows)
    assert set(found) == {n for n, _, _, enough in given_rows if enough}
    for n, place in found.items():
        better = sum(e and g == given_rows[n][1] and s > given_rows[n][2] for _, g, s, e in given_rows)
        assert place == better + 1


def test_a_unit_with_one_perfect_item_cannot_lead() -> None:
    one = score(done(DUE))
    many = score(*(done(DUE, id=n) for n in range(9)), duty(id=99))
    assert one.total == Decimal("100.00") and not one.enough and many.enough
    assert places([(1, "g", one.total, one.enough), (2, "g", many.total, many.enough)]) == {2: 1}


# --- the script that works alone -------------------------------------------------------------------------------------


def export(units: dict[str, list[Fact]], tamper: Any = None) -> io.BytesIO:
    """An export as the product writes it, without the product's writer."""
    facts = {code: [as_json(f) for f in rows] for code, rows in units.items()}
    found = {code: score(*rows) for code, rows in units.items()}
    ranked = places((n, "g", found[c].total, found[c].enough) for n, c in enumerate(units))
    results: dict[str, Any] = {
        "format": recompute.FORMAT, "from_on": str(PERIOD.from_on), "to_on": str(PERIOD.to_on), "whole": True,
        "units": {
            c: {
                "score": s.as_json()["score"], "due": s.due, "group": "g", "place": ranked.get(n),
                "lines": [line_json(f, one) for f, one in zip(units[c], s.lines, strict=True)],
            }
            for n, (c, s) in enumerate(found.items())
        },
    }  # fmt: skip
    calendar = "day,working\n"
    for n in range(1200):
        day = D(2022, 1, 1) + dt.timedelta(days=n)
        calendar += f"{day},{int(CALENDAR.is_working(day))}\n"
    if tamper is not None:
        tamper(facts, results)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("facts.json", json.dumps(facts))
        packed.writestr("results.json", json.dumps(results))
        packed.writestr("scheme.json", json.dumps(SCHEME.data))
        packed.writestr("calendar.csv", calendar)
    out.seek(0)
    return out


@given(st.lists(made.sheets(most=15), min_size=1, max_size=6))
@settings(max_examples=120, deadline=None)
def test_the_script_comes_to_the_same_cent_in_its_own_way(rows: list[list[Fact]]) -> None:
    units = {f"u{n}": facts for n, facts in enumerate(rows)}
    assert recompute.main(export(units)) == 0


def test_each_kind_of_change_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    moves = (("suspend", "2023-05-08", "", ""), ("resume", "2023-05-11", "2023-06-01", "2023-06-06"))
    units = {
        "a": [done(DUE, id=n) for n in range(1, 6)],
        "b": [done(D(2023, 6, 7), moves=moves, due_on=D(2023, 6, 6)), duty(id=2)],
    }

    def told(tamper: Any) -> str:
        assert recompute.main(export(units, tamper)) == 1
        return capsys.readouterr().out.splitlines()[-1]

    assert "a duty-3" in told(lambda f, r: f["a"][2].update(due_on="2023-05-31", promised_on="2023-05-31"))
    assert "published score" in told(lambda f, r: r["units"]["b"].update(score="99.00"))
    assert "b duty-1" in told(lambda f, r: f["b"][0]["moves"][1].__setitem__(3, "2023-06-07"))
    assert "b duty-2" in told(lambda f, r: f["b"].pop(1))
    assert "a duty-1" in told(lambda f, r: r["units"]["a"]["lines"].pop(0))
    assert "items due" in told(lambda f, r: r["units"]["a"].update(due=4))
    assert "place" in told(lambda f, r: r["units"]["a"].update(place=2))
    assert "not both" in told(lambda f, r: f.pop("a"))
    assert "calendar" in told(lambda f, r: f["b"][0]["moves"][1].__setitem__(1, "2031-01-01"))


def test_one_unit_alone_and_what_is_no_export(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scores.zip"
    path.write_bytes(
        export({"a": [done(DUE)], "b": [duty()]}, lambda f, r: r["units"]["b"].update(score="1.00")).read()
    )
    assert recompute.main(str(path), "a") == 0
    assert capsys.readouterr().out == "a: equal, 100.00\n"
    assert recompute.main(str(path), "b") == 1
    assert recompute.main(str(path), "c") == 2
    path.write_bytes(b"no zip")
    assert recompute.main(str(path)) == 2
    assert recompute.main(str(tmp_path / "nothing.zip")) == 2


def test_the_script_stands_alone_on_a_bare_python(tmp_path: Any) -> None:
    import subprocess
    import sys
    from pathlib import Path

    path, script = tmp_path / "scores.zip", tmp_path / "recompute.py"
    path.write_bytes(export({"a": [done(DUE)]}).read())
    script.write_bytes(Path(recompute.__file__).read_bytes())
    ran = subprocess.run([sys.executable, "-I", "-S", str(script), str(path)], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "a: equal, 100.00\n")
    assert subprocess.run([sys.executable, "-I", "-S", str(script)], capture_output=True).returncode == 2
    text = script.read_text("utf-8")
    imported = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_the_tally_is_what_the_lines_add_up_to() -> None:
    found = score(done(DUE), duty(id=2))
    assert found.tally == Counter({("done_on_time", 0): 1, ("report_approved", 0): 1, ("overdue_now", 0): 1})

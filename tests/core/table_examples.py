"""Tables that the tests of the decision tables share: one read like a rule, and any number made at random."""

import itertools
from datetime import date

from hypothesis import strategies as st

from luoshi.core.table import Bands, Bool, Category, Edge, Fact, Result, Row, Table
from luoshi.core.words import Words

PERSONS = Category("persons", Words("家庭人数", "persons"), {n: Words(f"{n}人", f"{n} persons") for n in (1, 2, 3)})
INPUTS = [
    Category(
        "group",
        Words("户类型", "household group"),
        {"key": Words("重点对象", "key group"), "other": Words("一般户", "other"), "town": Words("城镇户", "town")},
        can_change=False,
    ),
    Bool("has_house", Words("已有安全住房", "has another safe house")),
    Bands(
        "area_m2",
        Words("建筑面积", "floor area"),
        ("small", "fit", "large"),
        {n: (Edge(10 + 10 * n, "m²", f"RULE-area-min-{n}"), Edge(60, "m²", "RULE-area-max", "to")) for n in (1, 2, 3)},
        by=PERSONS,
    ),
    Bands(
        "residence_days",
        Words("常住天数", "days of residence"),
        ("short", "long"),
        [Edge(365, "days", "RULE-residence")],
        of=Fact("applied_on", Words("申请日", "day of application")),
        less=Fact("resident_on", Words("入住日", "first day of residence")),
    ),
    Bands(
        "applied_on",
        Words("申请日", "day of application"),
        ("in_time", "late"),
        [Edge(date(2023, 4, 30), "day", "RULE-close", "to")],
    ),
]
RESULTS = [
    Result(
        "town",
        "refused",
        Words("城镇户不在范围内。", "Town households are outside."),
        Words("无法补救。", "Nothing can be done."),
    ),
    Result(
        "owns",
        "refused",
        Words("已有住房。", "Owns a house."),
        Words("核实住房情况。", "Check the ownership."),
        ("RULE-owns",),
    ),
    Result(
        "late", "refused", Words("已过截止日。", "After the closing day."), Words("明年再申请。", "Apply next year.")
    ),
    Result(
        "short",
        "refused",
        Words("常住时间不足。", "Resident too short."),
        Words("满一年后申请。", "Apply after a year."),
    ),
    Result(
        "area",
        "refused",
        Words("面积不合标准。", "The area is out of bounds."),
        Words("调整设计。", "Change the design."),
    ),
    Result("paid", "granted", Words("可享受补助。", "Eligible."), None, ("RULE-paid",)),
    Result("loan", "granted", Words("可申请贷款。", "Eligible for a loan.")),
]
ROWS = [
    Row("town", {"group": "town"}, ("RULE-town",)),
    Row("owns", {"has_house": True}),
    Row("late", {"applied_on": "late"}),
    Row("short", {"residence_days": "short"}),
    Row("area", {"area_m2": {"small", "large"}}),
    Row("paid", {"group": "key"}),
    Row("loan"),
]
HOUSE = Table("house", clauses=["RULE-1"], inputs=INPUTS, results=RESULTS, rows=ROWS, priority=True)

GOOD = {
    "group": "key",
    "has_house": False,
    "persons": 2,
    "area_m2": 45,
    "applied_on": date(2023, 3, 1),
    "resident_on": date(2010, 1, 1),
}


@st.composite
def tables(draw):
    """A random table, complete because its last row holds always; returns it with its rows for an oracle."""
    inputs = [draw(st.sampled_from([_bool, _category, _bands]))(draw, i) for i in range(draw(st.integers(1, 5)))]
    combinations = list(itertools.product(*(source.keys for source in inputs)))
    codes = ["r0", "r1", "r2", "r3"][: draw(st.integers(1, 4))]
    rows, taken = [], set()
    for _ in range(draw(st.integers(0, 5))):
        when = {}
        for source in inputs:
            if draw(st.booleans()):
                when[source.name] = draw(st.sets(st.sampled_from(source.keys), min_size=1))
        covered = {c for c in combinations if holds(inputs, when, c)}
        if covered - taken and len(taken | covered) < len(combinations):  # reachable, and leaves a cell to the last row
            rows.append(Row(draw(st.sampled_from(codes)), when))
            taken |= covered
    rows.append(Row(draw(st.sampled_from(codes))))
    used = {row.result for row in rows}
    results = [
        Result(code, "granted" if i % 2 else "refused", Words(code, code), Words("补救", "remedy"))
        for i, code in enumerate(codes)
        if code in used
    ]
    return Table("random", clauses=["RULE-1"], inputs=inputs, results=results, rows=rows, priority=True)


def holds(inputs, when, combination):
    """Whether a row's conditions hold for one full combination of answers."""
    return all(answer in when.get(source.name, {answer}) for source, answer in zip(inputs, combination, strict=True))


def oracle(table, answers):
    """The result of a case by trying every completion: a code, or None. ``answers``: one per input, None unknown."""
    options = [[a] if a is not None else source.keys for a, source in zip(answers, table.inputs, strict=True)]
    found = {
        next(row.result for row in table.rows if holds(table.inputs, row.when, combination))
        for combination in itertools.product(*options)
    }
    return found.pop() if len(found) == 1 else None


def _bool(draw, i):
    return Bool(f"yes{i}", Words("是否", "yes or no"))


def _category(draw, i):
    codes = draw(st.sampled_from([("a", "b"), ("a", "b", "c", "d", "e", "f", "g"), (1, 2, 3), (4, 9)]))
    return Category(f"kind{i}", Words("类别", "kind"), codes)


def _bands(draw, i):
    values = sorted(draw(st.sets(st.integers(-3, 3), min_size=1, max_size=3)))
    edges = [Edge(v, "m", "RULE-e", draw(st.sampled_from(["from", "to"]))) for v in values]
    return Bands(f"size{i}", Words("大小", "size"), tuple(f"b{k}" for k in range(len(edges) + 1)), edges)

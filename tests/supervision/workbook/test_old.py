"""Old ledgers with messy heads: read as a proposal, doubts named, mended, confirmed into tasks with their source cell."""

import datetime as dt
from typing import Any

import pytest

from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.evidence import actions as evidence
from luoshi.office.evidence.models import Attachment
from luoshi.office.people.models import UnitName
from luoshi.office.plans.models import Plan, Task, TaskUnit
from luoshi.supervision.models import Assignment
from luoshi.supervision.workbook import actions, old_queries
from luoshi.supervision.workbook.models import OldLedger, OldRow
from luoshi.supervision.workbook.names import directory, split
from tests.supervision.small_county import Small
from tests.supervision.workbook import books

SEAT = "lead-office.leading_office"
NAMES = {
    "market": "市场监督管理局",
    "health": "卫生健康委员会",
    "police": "公安局",
    "town-a": "金山镇",
    "town-b": "西斗铺镇",
}
MESSY: list[list[Any]] = [
    ["2023年重点工作督查台账", *[None] * 8],
    ["填报单位：督查室", *[None] * 8],
    ["序号", "重点\n领域", "工作任务", "责任单位", None, "完成时限（前）", "工作进展", "状态", "备注"],
    [None, None, None, "牵头单位", "配合单位", None, None, None, None],
    ["一、食品安全", *[None] * 8],
    [1, "监管", "开展校园食堂检查", "市场监管局", "卫健委、公安局", "2023年6月底前", "正在推进", None, None],
    [2, None, "建立快检室", "市场监督管理局（牵头）", "各镇", dt.datetime(2023, 9, 30), None, None, None],
    [3, None, "每月报送台账", "县市场监管局", None, "每月28日前", None, None, None],
    ["二、农村", *[None] * 8],
    [4, "农房", "完成危房鉴定", "金山镇人民政府；西斗铺", None, 45107, None, None, None],
    [5, None, "长效管护", "公安局", None, "长期", None, None, None],
    [6, None, "已经做完的事", "公安局", None, "2023.3.31", "已完成", None, None],
    ["合计", *[None] * 8],
]
MERGED = ("A1:I1", "D3:E3", "B6:B8", "A5:I5")


@pytest.fixture
def named(small: Small) -> Small:
    """The small county with names as a county has them."""
    with door.opened("fixture"):
        for code, name in NAMES.items():
            small.units[code].name_zh = small.units[code].short_zh = name
            small.units[code].save()
        for code, name in (("market", "市场监管局"), ("health", "卫健委"), ("towns", "各镇")):
            UnitName.objects.create(county=small.county, unit=small.units[code], name=name)
    return small


def brought(small: Small, data: bytes, name: str = "督查台账.xlsx", seat: str = SEAT) -> OldLedger:
    """Upload an old ledger through the actions."""
    file = evidence.receive(small.call(seat), name, [data])
    result = actions.receive_old(small.call(seat), file_id=file.values["file"])
    assert result.outcome, result.outcome
    return OldLedger.objects.get(pk=result.values["ledger"])


def test_a_messy_ledger_is_read_with_its_doubts(named: Small) -> None:
    ledger = brought(named, books.sheet_of(MESSY, merged=MERGED, title="台账"))
    assert (ledger.title, ledger.year, ledger.heads["lead"], ledger.heads["deadline"]) == (
        "2023年重点工作督查台账", 2023, "牵头单位", "完成时限（前）",
    )  # fmt: skip
    assert any("合计" in words["zh"] for words in ledger.warnings)
    lines = {line.judged.cells["number"]: line for line in old_queries.lines(ledger)}
    assert list(lines) == ["1", "2", "3", "4", "5", "6"]
    assert [line.row.cell for line in lines.values()] == [
        "台账!C6",
        "台账!C7",
        "台账!C8",
        "台账!C10",
        "台账!C11",
        "台账!C12",
    ]
    assert [lines[n].judged.cells["area"] for n in ("1", "3", "4", "5")] == ["监管", "监管", "农房", "农房"]
    units = {pk: code for code, unit in named.units.items() for pk in [unit.pk]}
    one = [(part.role, units[part.unit or 0]) for part in lines["1"].judged.parts]
    assert one == [("lead", "market"), ("support", "health"), ("support", "police")]
    assert [(p.role, units[p.unit or 0]) for p in lines["2"].judged.parts] == [("lead", "market"), ("support", "towns")]
    assert {n: (x.judged.due.kind, x.judged.due.day) for n, x in lines.items()} == {
        "1": ("until", dt.date(2023, 6, 30)), "2": ("until", dt.date(2023, 9, 30)), "3": ("recurring", None),
        "4": ("until", dt.date(2023, 6, 30)), "5": ("ongoing", None), "6": ("until", dt.date(2023, 3, 31)),
    }  # fmt: skip
    assert lines["6"].row.left_out and lines["6"].finished and not lines["1"].finished
    stopping = {n: [d.words.zh for d in x.judged.doubts if d.stops] for n, x in lines.items()}
    assert stopping["4"] == ["不认识单位“西斗铺”。"] and stopping["3"] == []
    near = next(p for p in lines["4"].judged.parts if p.unit is None).near
    assert near[0] == named.units["town-b"].pk
    assert Task.objects.count() == 0


def test_confirmed_rows_become_tasks_shares_and_remember_their_cell(named: Small) -> None:
    ledger = brought(named, books.sheet_of(MESSY, merged=MERGED, title="台账"))
    given = {"ledger_id": ledger.pk, "title": "重点工作", "leading_unit_id": named.units["lead-group"].pk}
    refused = actions.confirm(named.call(SEAT), **given)
    assert not refused.outcome and refused.outcome.reasons[0].code == "doubts_stop"
    assert "第10行" in refused.outcome.reasons[0].words.zh and Task.objects.count() == 0
    assert actions.name(named.call(SEAT), ledger_id=ledger.pk, units={"西斗铺": named.units["town-b"].pk}).outcome
    done = actions.confirm(named.call(SEAT, "confirm-once"), **given)
    assert done.outcome and done.values["tasks"] == 5
    assert actions.confirm(named.call(SEAT, "confirm-once"), **given).replayed
    tasks = {task.number: task for task in Task.objects.filter(plan__name_zh="重点工作")}
    assert {n: (t.mode, t.deadline_kind, t.due_on) for n, t in tasks.items() if n in ("1", "4", "5")} == {
        "1": ("lead_support", "until", dt.date(2023, 6, 30)), "4": ("lead_support", "until", dt.date(2023, 6, 30)),
        "5": ("single", "ongoing", None),
    }  # fmt: skip
    assert tasks["3"].every == {"day_of_month": [28]} and tasks["3"].due_on == dt.date(2023, 7, 28)
    shares = set(Assignment.objects.filter(task=tasks["2"]).values_list("unit__code", "role"))
    assert shares == {("market", "lead"), ("town-a", "support"), ("town-b", "support")}
    assert TaskUnit.objects.get(task=tasks["4"], unit=named.units["town-b"]).printed == "西斗铺"
    assert OldRow.objects.get(task=tasks["1"]).cell == "台账!C6"
    assert Attachment.objects.filter(subject_kind="old_ledger", subject_id=str(ledger.pk)).count() == 1
    assert Plan.objects.get(name_zh="重点工作").leading_unit == named.units["lead-group"]
    ledger.refresh_from_db()
    again = actions.correct(named.call(SEAT), ledger_id=ledger.pk, row_id=OldRow.objects.first().pk, left_out=True)
    assert not again.outcome and ledger.state == "confirmed"


def test_what_a_person_mends_counts_and_what_was_printed_stays(named: Small) -> None:
    ledger = brought(named, books.sheet_of([["任务", "责任单位", "完成时限"], ["整改", "查无此局", "某天"]]))
    row = OldRow.objects.get(ledger=ledger)
    line = old_queries.lines(ledger)[0]
    assert {d.column for d in line.doubts if d.stops} == {"responsible", "deadline"}
    fixed = {"responsible": "公安局", "deadline": "2023.12.1"}
    assert actions.correct(named.call(SEAT), ledger_id=ledger.pk, row_id=row.pk, cells=fixed, at_edit=0).outcome
    line = old_queries.lines(OldLedger.objects.get(pk=ledger.pk))[0]
    assert not line.doubts and line.judged.due.day == dt.date(2023, 12, 1)
    row.refresh_from_db()
    assert row.given["deadline"] == "某天" and row.mended == fixed
    with pytest.raises(Problem) as seen:  # somebody who looked before that edit
        actions.correct(named.call(SEAT), ledger_id=ledger.pk, row_id=row.pk, cells={"task": "别的"}, at_edit=0)
    assert seen.value.status == 409


@pytest.mark.parametrize(
    ("text", "role", "found"),
    [
        ("市场监管局、卫健委", "responsible", [("responsible", "市场监管局"), ("responsible", "卫健委")]),
        ("牵头：市场监管局；配合：卫健委，公安局", "responsible",
         [("lead", "市场监管局"), ("support", "卫健委"), ("support", "公安局")]),
        ("市场监管局（牵头）\n卫健委 公安局", "responsible",
         [("lead", "市场监管局"), ("responsible", "卫健委"), ("responsible", "公安局")]),
        ("各镇人民政府、县直各有关部门按职责分工负责", "support",
         [("support", "各镇人民政府"), ("support", "县直各有关部门")]),
        ("主办单位：教育局 配合单位:公安局", "lead", [("lead", "教育局"), ("support", "公安局")]),
        ("", "lead", []),
        ("、，；", "lead", []),
    ],
)  # fmt: skip
def test_units_of_a_cell(text: str, role: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(one) for one in split(text, role)] == found


def test_names_are_found_exactly_by_other_names_and_nearly() -> None:
    rows = [
        ("固阳县市场监督管理局", 1),
        ("市场监管局", 1),
        ("卫生健康委员会", 2),
        ("金山镇", 3),
        ("教育局", 4),
        ("教育体育局", 5),
    ]
    known = directory("固阳县", rows)
    exact = {name: known.find(name).unit for name in (
        "市场监管局", "县市场监管局", "固阳县市场监管局", "市场监督管理局", "金山镇人民政府", "金 山 镇", "教育局",
    )}  # fmt: skip
    assert exact == {"市场监管局": 1, "县市场监管局": 1, "固阳县市场监管局": 1, "市场监督管理局": 1,
                     "金山镇人民政府": 3, "金 山 镇": 3, "教育局": 4}  # fmt: skip
    beside = directory("固阳县", [*rows, ("市市场监管局", 9)])
    assert (beside.find("市场监管局").unit, beside.find("市市场监管局").unit) == (
        1,
        9,
    )  # a city's office is another one
    near = {name: known.find(name) for name in ("市场监管居", "市监局", "卫健委", "教体局", "水务局气象站")}
    assert {name: answer.unit for name, answer in near.items()} == dict.fromkeys(near)
    assert near["市场监管居"].near[0] == 1 and near["市监局"].near[0] == 1 and near["卫健委"].near[0] == 2
    assert 5 in near["教体局"].near and near["水务局气象站"].near == ()
    assert known.find("卫健委", {"卫健委": 2}).unit == 2 and known.find("说明", {"说明": 0}).unit == 0


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "名称"], [1, "无任务列"]],
        [["随便", "写写"], ["没有", "表头"]],
        [["任务"], ["没有单位也没有期限"]],
    ],
)
def test_a_table_without_heads_is_one_clear_line(named: Small, rows: list[list[Any]]) -> None:
    with pytest.raises(Problem) as seen:
        brought(named, books.sheet_of(rows))
    assert "没有找到表头" in seen.value.words.zh and OldLedger.objects.count() == 0


def test_heads_in_any_order_and_repeated_on_every_page(named: Small) -> None:
    heads = ["备注", "完成时间", "承办单位", "督查事项", "协办单位"]
    rows = [
        heads,
        [None, "年底", "公安局", "事项甲", None],
        heads,
        ["急", "7月5日", "卫健委", "事项乙", "公安局"],
        ["事项乙"],
    ]
    ledger = brought(named, books.sheet_of(rows), name="2024年台账.xlsx")
    lines = old_queries.lines(ledger)
    assert [(x.judged.cells["task"], x.judged.due.day) for x in lines] == [
        ("事项甲", dt.date(2024, 12, 31)), ("事项乙", dt.date(2024, 7, 5)),
    ]  # fmt: skip
    assert any("重复的表头" in words["zh"] and "第3行" in words["zh"] for words in ledger.warnings)


def test_the_same_task_twice_is_a_doubt(named: Small) -> None:
    row = ["整改", "公安局", "年底"]
    ledger = brought(named, books.sheet_of([["任务", "责任单位", "完成时限"], row, row]))
    assert [x.double_of for x in old_queries.lines(ledger)] == [None, 2]


def test_officers_and_other_counties_have_no_part_in_it(named: Small) -> None:
    from tests.supervision import small_county

    ledger = brought(named, books.sheet_of(MESSY, merged=MERGED))
    refused = actions.discard_old(named.call("market.officer"), ledger_id=ledger.pk)
    assert not refused.outcome and refused.outcome.reasons[0].code == "role_may_not"
    other = small_county.make("other")
    with pytest.raises(Problem) as seen:
        actions.discard_old(other.call(SEAT), ledger_id=ledger.pk)
    assert seen.value.status == 404

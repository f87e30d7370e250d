"""What the gallery's components are filled with. Made up; no record of any county."""

import datetime as dt
from typing import Any

from luoshi.core.outcome import Granted, Reason, Refused
from luoshi.core.problem import Problem
from luoshi.core.stages import Move, Stages, State
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, FilterWord, Ledger, Linked, Pager, Row

TODAY = dt.date(2023, 7, 3)
CLAUSE = "FOOD-0d"
REFUSED = Refused(
    (
        Reason(
            "not_accepted",
            Words("任务还没有签收，不能报进展。", "The task has not been accepted; no progress can be reported."),
            Words("请先签收。", "Accept it first."),
            (CLAUSE,),
        ),
    )
)
_TASKS = (
    ("1", "农村集体聚餐备案", "Register of village banquets", "on_time", dt.date(2023, 11, 30), 40),
    ("2", "小作坊登记建档", "Register of small workshops", "near", dt.date(2023, 7, 10), 80),
    ("3", "食用农产品快检点建设", "Rapid test points for farm produce", "overdue", dt.date(2023, 6, 30), 60),
    ("4", "校园食堂“明厨亮灶”", "Open kitchens in schools", "suspended", None, 25),
    ("5", "餐饮单位量化分级", "Grading of restaurants", "done", dt.date(2023, 5, 31), 100),
    ("6", "冷链食品追溯", "Tracing of chilled food", "done_late", dt.date(2023, 4, 28), 100),
)


def ledger() -> Ledger:
    """Return a ledger with each kind of column and each state."""
    columns = (
        Column("heading", Words("任务", "Task")),
        Column("unit", Words("牵头单位", "Lead unit")),
        Column("state", Words("状态", "State"), "state"),
        Column("due", Words("期限", "Due"), "day", sort_url="?sort=due", sorted="ascending"),
        Column("done", Words("完成（%）", "Done (%)"), "figure", sort_url="?sort=done"),
        Column("clause", Words("依据", "Clause"), "clause"),
    )
    rows = tuple(
        Row(
            number,
            (Words(f"{number}. {zh}", f"{number}. {en}"), Words("示例单位", "Sample unit"), state, due, done, CLAUSE),
            href=f"?row={number}#tasks-{number}",
            selected=number == "3",
        )
        for number, zh, en, state, due, done in _TASKS
    )
    return Ledger(
        "tasks",
        Words("任务台账（示例）", "Ledger of tasks (sample)"),
        columns,
        rows,
        totals=(Words("共6项", "6 in all"), "", Words("逾期1项", "1 overdue"), "", Linked(61, "?done=1"), ""),
        filters=(FilterWord(Words("方案：食安", "Plan: food"), "?"), FilterWord(Words("2023年", "2023"), "?plan=food")),
        pager=Pager(Words("第1—6项，共6项", "1–6 of 6"), older_url="?after=6"),
    )


def form(problem: Problem | None = None) -> Form:
    """Return a form with each kind of field."""
    fields = (
        Field("percent", Words("完成比例（%）", "Done (%)"), "number", "45", minimum="0", maximum="100"),
        Field(
            "text",
            Words("进展说明", "What was done"),
            "textarea",
            hint=Words("写做了什么、还差什么。", "Say what was done and what is missing."),
        ),
        Field("due_on", Words("新的期限", "New day"), "date", "2023-07-10"),
        Field(
            "unit",
            Words("办理单位", "Unit"),
            "select",
            "b",
            options=(Option("a", Words("甲镇", "Town A")), Option("b", Words("乙镇", "Town B"))),
        ),
        Field(
            "kind",
            Words("报告种类", "Kind"),
            "radio",
            "done",
            options=(Option("progress", Words("进展", "Progress")), Option("done", Words("办结", "Done"))),
        ),
        Field(
            "file",
            Words("佐证材料", "Evidence"),
            "file",
            required=False,
            hint=Words("照片、pdf 或表格，单个不超过 100 MB。", "A photo, pdf or table, at most 100 MB each."),
        ),
        Field("sure", Words("材料属实", "This is true"), "checkbox"),
    )
    made = Form("/gallery", Words("提交", "Send"), fields, "0" * 32, draft="gallery")
    return made.with_problem(problem) if problem else made


def stages() -> Stages:
    """Return a small table of stages, only for the picture."""
    roles = {"unit": Words("承办单位", "Unit"), "supervisor": Words("督查员", "Supervisor")}
    states = (
        State("assigned", Words("已交办", "Assigned"), "unit"),
        State("accepted", Words("办理中", "In hand"), "unit"),
        State("reported", Words("待审核", "Under review"), "supervisor"),
        State("done", Words("已办结", "Done"), terminal=True),
    )
    both, unit, sup = frozenset({"unit", "supervisor"}), frozenset({"unit"}), frozenset({"supervisor"})
    moves = (
        Move("accept", Words("签收", "Accept"), ("assigned",), "accepted", unit, (CLAUSE,)),
        Move("report", Words("报办结", "Report done"), ("accepted",), "reported", unit, (CLAUSE,)),
        Move("return", Words("退回", "Return"), ("reported",), "accepted", sup, (CLAUSE,)),
        Move("approve", Words("通过", "Approve"), ("reported",), "done", sup, (CLAUSE,)),
        Move("remind", Words("催办", "Remind"), ("accepted",), None, both, (CLAUSE,)),
    )
    return Stages("gallery", roles=roles, states=states, moves=moves)


def samples() -> dict[str, Any]:
    """Return everything the gallery shows, by name."""
    at = dt.datetime(2023, 7, 3, 9, 30, tzinfo=COUNTY_ZONE)
    problem = Problem(
        "percent",
        Words("完成比例要在 0 到 100 之间，现在是 145。", "The share must be between 0 and 100; it is 145."),
        Words("请改成 0 到 100 的整数。", "Give a whole number from 0 to 100."),
    )
    return {
        "today": TODAY,
        "since": dt.date(2023, 4, 13),
        "due_on": dt.date(2023, 7, 10),
        "kind": Words("任务 · 食品安全方案", "Task · food-safety plan"),
        "title": Words("小作坊登记建档", "Register of small workshops"),
        "next": Words("报进展", "Report progress"),
        "next_by": Words("示例单位", "Sample unit"),
        "report": Words("报进展", "Report progress"),
        "granted": Granted(),
        "refused": REFUSED,
        "clause_id": CLAUSE,
        "ledger": ledger(),
        "empty_ledger": Ledger("none", Words("空台账", "Empty ledger"), ledger().columns, ()),
        "form": form(),
        "bad_form": form(problem),
        "entries": _entries(at),
        "sentence": Words(
            "自2023年4月13日起算，7月10日到期；其间中止5个工作日，已顺延。",
            "Counted from 13 April 2023, due on 10 July; five working days of suspension were given back.",
        ),
        "files": _files(),
        "pairs": [
            {"label": Words("牵头单位", "Lead unit"), "value": Words("示例单位", "Sample unit"), "url": "/gallery"},
            {"label": Words("发文日期", "Issued on"), "value": Words("2023年4月13日", "13 April 2023"), "url": ""},
        ],
        "steps": [
            {"words": Words("已交办", "Assigned"), "standing": "passed", "note": Words("4月13日", "13 April")},
            {"words": Words("办理中", "In hand"), "standing": "current", "note": Words("自4月20日", "since 20 April")},
            {"words": Words("待审核", "Under review"), "standing": "coming", "note": ""},
            {"words": Words("已办结", "Done"), "standing": "coming", "note": ""},
        ],
        "stages": stages(),
        "tabs": [
            {"words": Words("全部", "All"), "url": "?tab=all", "here": True, "count": 103},
            {"words": Words("逾期", "Overdue"), "url": "?tab=late", "here": False, "count": 4},
            {"words": Words("说明", "About"), "url": "?tab=about", "here": False, "count": None},
        ],
        "trail": [
            {"words": Words("首页", "Start"), "url": "/"},
            {"words": Words("任务台账", "Tasks"), "url": "/gallery"},
        ],
        "place": Words("金山镇", "Jinshan Town"),
        "unit": Words("示例单位", "Sample unit"),
        "states": ["on_time", "near", "overdue", "suspended", "done", "done_late", "cancelled"],
        "empty_what": Words("还没有报告。", "No reports yet."),
        "empty_how": Words(
            "单位报进展后出现在这里，最新的在最上面。", "They appear when the unit reports; the newest first."
        ),
        "other_state": Words("待审核", "Under review"),
        "notices": _notices(),
        "late_label": Words("逾期", "Overdue"),
        "of_all": Words("共 103 项", "of 103"),
    }


def _entries(at: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": at,
            "words": Words("报进展：45%", "Reported progress: 45%"),
            "by": Words("示例单位 承办人", "Officer, sample unit"),
            "outcome": "granted",
            "clauses": [CLAUSE],
            "note": "",
        },
        {
            "at": at - dt.timedelta(days=3),
            "words": Words("报进展", "Report progress"),
            "by": Words("示例单位 承办人", "Officer, sample unit"),
            "outcome": "refused",
            "clauses": [],
            "note": Words("任务还没有签收。", "Not accepted yet."),
        },
        {
            "at": at - dt.timedelta(days=81),
            "words": Words("交办", "Assigned"),
            "by": Words("系统", "System"),
            "outcome": "granted",
            "clauses": [],
            "note": "",
        },
    ]


def _files() -> list[dict[str, Any]]:
    return [
        {
            "name": "现场照片.jpg",
            "url": "/gallery",
            "size": "1.2 MB",
            "note": Words("7月3日上传", "added on 3 July"),
            "findings": [
                {"mark": "ok", "words": Words("拍摄时间在白天", "Taken in daylight")},
                {"mark": "doubt", "words": Words("没有位置信息", "No position in the file")},
                {"mark": "bad", "words": Words("与另一件材料中的照片几乎相同", "Almost the same photo as elsewhere")},
            ],
        },
        {"name": "登记表.xlsx", "url": "/gallery", "size": "84 KB", "note": "", "findings": []},
    ]


def _notices() -> list[dict[str, Any]]:
    return [
        {"kind": "info", "text": Words("今天起按新版方案办理。", "The new version is in force from today.")},
        {"kind": "done", "text": Words("已提交，督查员会在3个工作日内审核。", "Sent; reviewed within 3 working days.")},
        {
            "kind": "warn",
            "text": Words(
                "2026年的调休安排尚未公布，日期为暂定。", "No holiday notice for 2026 yet; the day is provisional."
            ),
        },
        {"kind": "error", "text": Words("文件太大，没有收下。", "The file is too large and was not taken.")},
    ]

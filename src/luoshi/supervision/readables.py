"""Which roles may read which records of supervision, and how each scope finds them."""

from luoshi.core.words import Words
from luoshi.office.access import Grants, Readable
from luoshi.office.evidence import attach
from luoshi.supervision.models import Consultation, Milestone, Piece, Report, StageFact

WATCHERS: Grants = {
    "supervisor": "county",
    "leading_office": "county",
    "county_head": "county",
    "auditor": "county",
}
"""Those who answer for the whole: they read everything of supervision in their county."""
WORKERS: Grants = {
    "officer": "unit",
    "unit_head": "unit",
    "town_clerk": "place",
    "village_clerk": "unit",
}
"""Those who carry tasks out: they read what concerns their unit; a town also its villages."""

TASK = Readable(
    "task",
    Words("任务", "Task"),
    {**WORKERS, **WATCHERS, "editor": "county"},
    lookups={"unit": "assignments__unit_id", "place": "assignments__unit__place__path"},
)
LEDGER = Readable(
    "ledger",
    Words("台账", "Ledger"),
    TASK.grants,
    lookups={"unit": "unit_id", "place": "place_path"},
)
ASSIGNMENT = Readable(
    "assignment",
    Words("任务分工", "Assignment"),
    {**WORKERS, **WATCHERS, "editor": "county"},
    lookups={"unit": "task__assignments__unit_id", "place": "task__assignments__unit__place__path"},
)
DUTY = Readable(
    "duty",
    Words("待办", "Duty"),
    {**WORKERS, **WATCHERS, "editor": "unit", "disclosure_officer": "unit"},
    lookups={"own": "account_id", "unit": "unit_id", "place": "unit__place__path"},
)
REPORT = Readable(
    "report",
    Words("报告", "Report"),
    {**WORKERS, **WATCHERS},
    lookups={
        "unit": "assignment__task__assignments__unit_id",
        "place": "assignment__task__assignments__unit__place__path",
    },
)
_IN_TASK = {"unit": "share__task__assignments__unit_id", "place": "share__task__assignments__unit__place__path"}
MILESTONE = Readable("milestone", Words("节点", "Milestone"), REPORT.grants, lookups=_IN_TASK)
CONSULTATION = Readable("consultation", Words("协办征询", "Question to another unit"), REPORT.grants, lookups=_IN_TASK)
PIECE = Readable(
    "piece",
    Words("分解事项", "Piece of a share"),
    REPORT.grants,
    lookups={"unit": "share__unit_id", "place": "share__unit__place__path"},
)
"""Of the unit that split its share, and of those that watch; the unit inside reads its piece as a duty."""
STAGE = Readable("stage", Words("方案阶段", "Stage of a plan"), dict.fromkeys(TASK.grants, "county"))
STAGE_FACT = Readable(
    "stagefact", Words("阶段事实", "Fact of a stage"), dict.fromkeys(TASK.grants, "county"), lookups={}
)
JOURNAL = Readable(
    "journal",
    Words("留痕", "Journal"),
    {
        **WATCHERS,
        "officer": "own",
        "unit_head": "unit",
        "town_clerk": "unit",
        "village_clerk": "own",
        "audit_admin": "county",
    },
    lookups={"own": "account_id", "unit": "unit_id"},
)

attach.hold("report", REPORT, Report.objects.all)
attach.hold("milestone", MILESTONE, Milestone.objects.all)
attach.hold("consultation", CONSULTATION, Consultation.objects.all)
attach.hold("piece", PIECE, Piece.objects.all)
attach.hold("stagefact", STAGE_FACT, StageFact.objects.all)

"""What the API gives out of supervision; its actions stand in the API by being declared."""

from luoshi.office.duties.models import Duty
from luoshi.office.journal.models import Entry
from luoshi.office.plans.models import Task
from luoshi.office.resources import Resource
from luoshi.supervision.load import api as load_api
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.outlook import api as outlook_api
from luoshi.supervision.promises import api as promises_api
from luoshi.supervision.readables import ASSIGNMENT, DUTY, JOURNAL, REPORT, TASK
from luoshi.supervision.reporting import api as reporting_api
from luoshi.supervision.scores import api as scores_api

RESOURCES = (
    Resource(
        "tasks", TASK, lambda: Task.objects.select_related("plan", "lead_unit"),
        ("plan.code", "code", "number", "sub", "words", "mode", "open_ended", "deadline_kind", "due_on", "then",
         "every", "clause_ids", "lead_unit.code", "units_text", "state", "done_on"),
        {"plan": "plan__code", "state": "state", "due_before": "due_on__lt", "unit": "assignments__unit__code"},
    ),
    Resource(
        "assignments", ASSIGNMENT, lambda: Assignment.objects.select_related("task", "unit", "duty"),
        ("task_id", "task.words", "unit.code", "unit.words", "role", "state", "assigned_on", "accepted_on", "done_on",
         "percent", "duty.due_on"),
        {"task": "task_id", "unit": "unit__code", "state": "state"},
    ),
    Resource(
        "duties", DUTY, lambda: Duty.objects.select_related("unit"),
        ("unit.code", "words", "clause_id", "state", "level", "opened_on", "due_on", "every", "closed_on",
         "subject_kind", "subject_id"),
        {"unit": "unit__code", "state": "state", "level": "level", "due_before": "due_on__lt"},
    ),
    Resource(
        "reports", REPORT, lambda: Report.objects.select_related("assignment"),
        ("assignment_id", "number", "kind", "text", "percent", "reported_on", "decision", "decided_on", "reason"),
        {"assignment": "assignment_id", "decision": "decision", "kind": "kind"},
    ),
    Resource(
        "journal", JOURNAL, lambda: Entry.objects.all(),
        ("at", "action", "subject_kind", "subject_id", "outcome", "digest"),
        {"subject_kind": "subject_kind", "subject_id": "subject_id", "action": "action", "outcome": "outcome"},
    ),
    *promises_api.RESOURCES,
    *reporting_api.RESOURCES,
    *load_api.RESOURCES,
    *scores_api.RESOURCES,
    *outlook_api.RESOURCES,
)  # fmt: skip

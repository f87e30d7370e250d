"""What the API gives out of requests, steps of pressing, checks and their papers."""

from luoshi.office.resources import Resource
from luoshi.supervision.load.models import Ask, AskedUnit, Check, Finding, OfficePaper, Press
from luoshi.supervision.load.readables import ASK, ASKED_UNIT, CHECK, FINDING, PAPER, PRESS

RESOURCES = (
    Resource(
        "asks", ASK, lambda: Ask.objects.select_related("by_unit"),
        ("by_unit.code", "task_id", "title", "wanted", "cells", "papers", "sent_on", "due_on", "called_off_on"),
        {"due_before": "due_on__lt", "task": "task_id"},
    ),
    Resource(
        "asked-units", ASKED_UNIT, lambda: AskedUnit.objects.select_related("unit"),
        ("ask_id", "unit.code", "joined_id", "answer", "answered_on"), {"ask": "ask_id", "unit": "unit__code"},
    ),
    Resource(
        "presses", PRESS, lambda: Press.objects.select_related("unit"),
        ("assignment_id", "unit.code", "step", "state", "taken_on", "sent_on", "due_on", "mend_by", "reason", "wanted",
         "ended_on", "public"),
        {"assignment": "assignment_id", "unit": "unit__code", "step": "step", "state": "state"},
    ),
    Resource(
        "office-papers", PAPER, lambda: OfficePaper.objects.select_related("unit"),
        ("kind", "document_number", "unit.code", "press_id", "checked_id", "issuer", "recipient", "title", "body",
         "issued_on"),
        {"unit": "unit__code", "kind": "kind", "press": "press_id"},
    ),
    Resource(
        "checks", CHECK, lambda: Check.objects.filter(approved_on__isnull=False).select_related("by_unit"),
        ("by_unit.code", "title", "content", "scope", "basis", "ground", "visit_from", "visit_to", "state", "mend_by",
         "conclusion", "concluded_on"),
        {"state": "state"},
    ),
    Resource(
        "findings", FINDING, lambda: Finding.objects.select_related("unit"),
        ("checked_id", "unit.code", "text", "clause_id", "evidence", "found_on", "mend_by", "mended", "mended_on"),
        {"unit": "unit__code"},
    ),
)  # fmt: skip

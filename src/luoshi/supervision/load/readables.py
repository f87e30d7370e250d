"""Who may read what supervision asked of units. A unit sees what concerns it and nothing of the units beside it."""

from luoshi.core.words import Words
from luoshi.office.access import Readable
from luoshi.office.evidence import attach
from luoshi.supervision.load.models import AskedUnit, Finding
from luoshi.supervision.readables import WATCHERS, WORKERS

SIDES = {**WORKERS, **WATCHERS}
LOAD = Readable(
    "load", Words("督查负担", "Load of supervision"), SIDES,
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)  # fmt: skip
ASK = Readable(
    "ask", Words("临时要求", "Request to units"), SIDES,
    lookups={"unit": "units__unit_id", "place": "units__unit__place__path"},
)  # fmt: skip
ASKED_UNIT = Readable(
    "asked_unit", Words("被要求的单位", "Unit of a request"), SIDES,
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)  # fmt: skip
PRESS = Readable(
    "press", Words("催督步骤", "Step of pressing"), SIDES, lookups={"unit": "unit_id", "place": "unit__place__path"}
)
PAPER = Readable(
    "office_paper", Words("督查文书", "Paper of supervision"), SIDES,
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)  # fmt: skip
CHECK = Readable(
    "check", Words("督查检查", "Check"), SIDES,
    lookups={"unit": "units__unit_id", "place": "units__unit__place__path"},
)  # fmt: skip
CHECKED_UNIT = Readable(
    "checked_unit", Words("被检查的单位", "Unit of a check"), SIDES,
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)  # fmt: skip
FINDING = Readable(
    "finding", Words("检查发现的问题", "Finding"), SIDES,
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)  # fmt: skip

attach.hold("asked_unit", ASKED_UNIT, AskedUnit.objects.all)
attach.hold("finding", FINDING, Finding.objects.all)

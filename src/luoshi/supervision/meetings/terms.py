"""The figures of this part (``values.yaml``)."""

from pathlib import Path

from luoshi.office.plans.part_values import PartValues

SUBJECT = "meetings"
MINUTES, NOTICE = "minutes_days", "notice_working_days"
_VALUES = PartValues(SUBJECT, Path(__file__).parent)
figure, ground = _VALUES.figure, _VALUES.ground

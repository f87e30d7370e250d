"""The figures of this part (``values.yaml``)."""

from pathlib import Path

from luoshi.office.plans.part_values import PartValues

SUBJECT = "promises"
ANSWER, PER_DAY, PHOTO_MB = "clue_answer_working_days", "clues_per_day", "clue_photo_mb"
_VALUES = PartValues(SUBJECT, Path(__file__).parent)
figure, ground = _VALUES.figure, _VALUES.ground

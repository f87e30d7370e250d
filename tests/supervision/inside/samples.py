"""What hangs on a unit's share, for the walk through every address."""

import datetime as dt
from typing import Any

from luoshi.office import door
from luoshi.office.plans.models import Stage
from luoshi.supervision import actions
from luoshi.supervision.pages import stages
from luoshi.supervision.pages.offers import INSIDE_OFFERS
from tests.supervision.small_county import TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {
    **{f"{kind}-act.verb": tuple(offers) for kind, offers in INSIDE_OFFERS.items()},
    "stage-act.verb": tuple(stages.VERBS), "plan-stages.code": ("food",),
    "task-file.kind": ("pdf", "docx"),
}  # fmt: skip
PUBLIC: set[str] = set()


def populate(small: Small, unit: str, mark: str) -> dict[str, object]:
    """Give a unit's share a milestone, a question to another unit and a piece, and return their ids."""
    day = TODAY + dt.timedelta(days=20)
    other = "health" if unit != "health" else "town-b"  # units whose seats in the walk see more than their own
    task = small.task("lead_support", ((unit, "lead"), (other, "support")), heading_zh=f"{mark}任务")
    share, officer = small.share(task, unit), small.call(f"{unit}.officer")
    given: dict[str, Any] = {"assignment_id": share.pk, "words": f"{mark}内容", "due_on": day}
    milestone = actions.set_milestone(officer, **given)
    asked = actions.consult(small.call(f"{unit}.officer"), unit_id=small.units[other].pk, **given)
    inner = small.inner(unit)
    piece = actions.split(small.call(f"{unit}.officer"), unit_ids=[inner.pk], **given)
    assert milestone.outcome and asked.outcome and piece.outcome
    with door.opened("fixture"):
        # A stage is the whole county's: only another county's is marked.
        foreign = "" if small.county.code == "home" else mark
        stage, _ = Stage.objects.get_or_create(
            county=small.county, plan=small.plan, code="food-stage-1",
            defaults={"order": 1, "name_zh": f"动员{foreign}", "name_en": f"Mobilisation {foreign}"},
        )  # fmt: skip
    return {
        "stage_id": stage.pk, "milestone_id": milestone.values["milestone"], "consultation_id": asked.values["consultation"],
        "piece_id": piece.values["pieces"][0],
    }  # fmt: skip

"""Promises and clues for the walk through every address."""

from typing import Any

from luoshi.office import door
from luoshi.office.access import Actor
from luoshi.office.actions import Call
from luoshi.supervision.promises import actions, clue_actions
from luoshi.supervision.promises.models import Clue, PublicNote
from tests.supervision.small_county import NOW, TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {"promises-data.kind": ("csv", "json")}
PUBLIC = {
    "promises", "promises-data", "promises-columns", "promise", "clues", "clue-new", "clue-find", "clue-state",
    "api/v1/promises", "api/v1/promises/<int:record_id>",
}  # fmt: skip
_OFFICE = "办公密文"


def populate(small: Small, unit: str, mark: str) -> dict[str, object]:
    """Give one unit a promise with a note, and the county's desk a clue about it; only the office's is shown."""
    heading = (
        {"heading_zh": "公开承诺事项", "heading_en": "A promise"} if mark == _OFFICE else {"heading_zh": f"{mark}承诺"}
    )
    task = small.task(units=((unit, "responsible"),), **heading)
    if mark != _OFFICE and unit == "health":
        with door.opened("fixture"):
            PublicNote.objects.create(county=small.county, task=task, text=f"{mark}说明", noted_on=TODAY)
    else:
        shown = actions.publish(small.call("office.county_head"), task_id=task.pk, reason="县政府常务会议决定公开")
        assert shown.outcome, shown.outcome
    clue = _clue(small, unit, mark, task.pk if mark == _OFFICE else None)
    return {
        "promise.plan": task.plan.code, "promise.code": task.code, "promises-desk-plan.pk": task.plan_id,
        "promise-desk.pk": task.pk, "clue_id": clue.pk, "clue-state.number": clue.number,
        "api/v1/promises.record_id": task.pk,
    }  # fmt: skip


def _clue(small: Small, unit: str, mark: str, task_id: int | None) -> Clue:
    given: dict[str, Any] = {"task_id": task_id} if task_id else {"unit_id": small.units[unit].pk}
    call = Call(Actor(small.county.pk, "public"), NOW, f"clue-{small.county.code}-{mark}")
    text = f"{mark}线索：很久没有人来处理这件事情。"
    made = clue_actions.file_clue(call, text=text, code=clue_actions.code_of(f"sample-{mark}"), contact=mark, **given)
    assert made.outcome, made.outcome
    return Clue.objects.get(pk=made.values["clue"])

"""Objects of this part for the walk through every address, each text marked with whose it is."""

import datetime as dt
from typing import Any

from luoshi.office import door
from luoshi.supervision import actions as work
from luoshi.supervision.load import actions
from luoshi.supervision.load.models import AskedUnit, CheckedUnit, Finding, OfficePaper
from luoshi.supervision.load.pages import acts
from tests.supervision.small_county import NOW, TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {
    "office-paper.form": ("docx", "pdf"),
    "ask-act.verb": tuple(acts.ASK_OFFERS),
    "asked-act.verb": tuple(acts.ASKED_OFFERS),
    "press-act.verb": tuple(acts.PRESS_OFFERS),
    "check-act.verb": tuple(acts.CHECK_OFFERS),
    "checked-act.verb": tuple(acts.CHECKED_OFFERS),
    "finding-act.verb": tuple(acts.FINDING_OFFERS),
}
PUBLIC: set[str] = {"circulars"}


def populate(small: Small, unit: str, mark: str) -> dict[str, Any]:
    """Press, ask and check one unit; return the ids that lead there."""
    office, head = "office.supervisor", "office.county_head"
    task = small.task(
        units=((unit, "responsible"),),
        heading_zh=f"{mark}逾期任务",
        heading_en=f"{mark} late",
        due_on=dt.date(2023, 6, 30),
    )
    share = small.share(task, unit)
    press = work.escalate(small.call(office), assignment_id=share.pk, step="chase", reason=f"{mark}催办事由")
    assert press.outcome, press.outcome
    unit_id = small.units[unit].pk
    ask = actions.send(
        small.call(office),
        title=f"{mark}数字统计要求",
        wanted=f"{mark}要求内容",
        units=[unit_id],
        due_on=TODAY + dt.timedelta(days=14),
    )
    assert ask.outcome, ask.outcome
    asked = AskedUnit.objects.get(ask_id=ask.values["ask"])
    visit = TODAY + dt.timedelta(days=21)
    check = actions.plan(
        small.call(office), title=f"{mark}专项检查", content=f"{mark}检查内容", scope=f"{mark}范围", basis=f"{mark}依据", units=[unit_id],
        visit_from=visit, visit_to=visit,
    )  # fmt: skip
    assert check.outcome, check.outcome
    assert actions.approve(small.call(head), check_id=check.values["check"]).outcome
    checked = CheckedUnit.objects.get(check_of_id=check.values["check"])
    with door.opened("fixture"):
        finding = Finding.objects.create(
            county=small.county, checked=checked, unit=checked.unit, text=f"{mark}问题", clause_id="FOOD-2d",
            evidence=f"{mark}证据", mend_by=visit + dt.timedelta(days=9), found_on=visit,
        )  # fmt: skip
    paper = OfficePaper.objects.filter(unit=checked.unit).latest("pk")
    assert NOW.date() == TODAY
    ids = {
        "press_id": press.values["press"], "ask_id": asked.ask_id, "asked_id": asked.pk, "check_id": checked.check_of_id,
        "checked_id": checked.pk, "finding_id": finding.pk, "paper_id": paper.pk,
    }  # fmt: skip
    of_resource = {"asks": "ask_id", "presses": "press_id", "checks": "check_id", "findings": "finding_id",
                   "office-papers": "paper_id", "asked-units": "asked_id"}  # fmt: skip
    return {**ids, **{f"api/v1/{name}.record_id": ids[key] for name, key in of_resource.items()}}

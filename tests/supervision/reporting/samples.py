"""A form of a unit for the walk through every address: confirmed, with a version, its texts marked."""

import datetime as dt

from luoshi.core.outcome import Granted
from luoshi.office import door
from luoshi.office.plans.models import Plan
from luoshi.supervision.reporting import actions, filling, forms, opening
from luoshi.supervision.reporting.models import Filing
from luoshi.supervision.reporting.pages.filing import VERBS
from luoshi.supervision.reporting.periods import Due
from tests.supervision.small_county import TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {
    "filing-act.verb": tuple(VERBS),
    "filing-paper.kind": ("docx", "pdf", "xlsx"),
}
PUBLIC: set[str] = set()


def populate(small: Small, unit: str, mark: str) -> dict[str, object]:
    """Open a round in which only this unit sends a form, answer it with marked texts and confirm it."""
    form = next(f for f in forms.forms() if f.code == "food-illness")
    with door.opened("fixture"):
        plan, _ = Plan.objects.get_or_create(
            county=small.county, code="food-forms", subject="foodsafety",
            defaults={"name_zh": "方案", "name_en": "Plan", "leading_unit": small.units["lead-group"]},
        )  # fmt: skip
        due = Due(TODAY - dt.timedelta(days=9), TODAY, f"{unit}-1")
        held, _ = opening.open_round(plan, form, due, TODAY, only=small.units[unit])
    filing = Filing.objects.get(round=held)
    call = small.call(f"{unit}.officer")
    sheet = filling.draft(filling.rows().get(pk=filing.pk), call.now)
    answers = {c.key: mark if c.kind == "text" else "1" for c in sheet.cells() if c.question}
    for act, given in ((actions.answer, {"answers": answers}), (actions.confirm, {})):
        result = act(small.call(f"{unit}.officer"), filing_id=filing.pk, **given)  # type: ignore[operator]
        assert isinstance(result.outcome, Granted), result.outcome
    return {"filing_id": filing.pk, "round_id": held.pk, "api/v1/filings.record_id": filing.pk}

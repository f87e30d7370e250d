"""Objects of this part for the walk through every address, each text marked with whose it is."""

import datetime as dt
from typing import Any

from luoshi.office import door
from luoshi.supervision.scores import actions
from luoshi.supervision.scores.models import Scoresheet, Scoring
from luoshi.supervision.scores.pages import contests, scorings
from tests.supervision.small_county import TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {
    "scoring-act.verb": tuple(scorings.VERBS),
    "contest-act.verb": tuple(contests.VERBS),
}
PUBLIC: set[str] = {"scores-public", "scores-script"}


def populate(small: Small, unit: str, mark: str) -> dict[str, Any]:
    """Score a period of its own for one unit's overdue duty, publish it, contest the item; return the ids."""
    small.task(units=((unit, "responsible"),), heading_zh=f"{mark}失分事项", heading_en=f"{mark} lost", today=dt.date(2023, 5, 4),
               due_on=dt.date(2023, 6, 1))  # fmt: skip
    # A period of its own, so that the other unit's duty is in neither of the two scorings of one county.
    first = dt.date(2023, 6, 1) - dt.timedelta(days=Scoring.objects.filter(county=small.county).count() + 1)
    made = actions.run(small.call("office.supervisor"), from_on=first, to_on=dt.date(2023, 6, 30))
    assert made.outcome, made.outcome
    scoring = Scoring.objects.get(pk=made.values["scoring"])
    with door.opened("fixture"):
        Scoresheet.objects.filter(scoring=scoring).exclude(unit=small.units[unit]).delete()
    assert actions.publish(small.call("office.supervisor"), scoring_id=scoring.pk).outcome
    sheet = Scoresheet.objects.get(scoring=scoring, unit=small.units[unit])
    item = sheet.facts.split('"item":"')[1].split('"')[0]
    officer = small.call(
        f"{unit}.officer", now=dt.datetime.combine(TODAY, dt.time(11), small.call("office.supervisor").now.tzinfo)
    )
    told = actions.contest(officer, scoresheet_id=sheet.pk, item=item, reason=f"{mark}申诉理由")
    assert told.outcome, told.outcome
    ids = {"scoring_id": scoring.pk, "scoresheet_id": sheet.pk, "contest_id": told.values["contest"], "item": item}
    api = {f"api/v1/{name}.record_id": ids[key] for name, key in
           (("scorings", "scoring_id"), ("scoresheets", "scoresheet_id"), ("contests", "contest_id"))}  # fmt: skip
    return ids | api

"""The demo county scores its second quarter: run, published, one item contested, decided by another, run again."""

import datetime as dt
import json
from collections.abc import Callable, Mapping

from luoshi.office.access import Actor
from luoshi.office.people.models import County
from luoshi.supervision.scores import actions
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring

FROM, TO = dt.date(2023, 4, 1), dt.date(2023, 6, 15)
RUN, CONTESTED, DECIDED, AGAIN = (dt.date(2023, 6, n) for n in (16, 20, 27, 28))
REASON = "报送当天全镇停电，系统和电话都不通，已在恢复供电的当天上报，附停电通知。"
ANSWER = "经核对停电通知和值班记录，情况属实，核减5个工作日。"
Ask = Callable[..., bool]


def on_day(county: County, people: Mapping[tuple[int, str], Actor], ask: Ask, day: dt.date) -> None:
    """Live one day; nothing happens on most."""
    if day not in (RUN, CONTESTED, DECIDED, AGAIN):
        return
    by_role = {role: actor for (_, role), actor in reversed(list(people.items()))}
    supervisor, head = by_role.get("supervisor"), by_role.get("county_head")
    if supervisor is None or head is None:
        return
    if day == RUN:
        if ask(supervisor, day, actions.run, from_on=FROM, to_on=TO):
            ask(supervisor, day, actions.publish, scoring_id=_latest(county).pk)
    elif day == CONTESTED:
        _contest(county, people, ask, day)
    elif day == DECIDED:
        for row in Contest.objects.filter(county=county, state="filed"):
            ask(head, day, actions.uphold, contest_id=row.pk, answer=ANSWER, kind="excuse_days", days=5)
    elif Contest.objects.filter(county=county, state="upheld").exists():
        ask(supervisor, day, actions.rerun, scoring_id=_latest(county).pk, reason="申诉成立，按更正后的事实重算。")
        ask(supervisor, day, actions.publish, scoring_id=_latest(county).pk)


def _latest(county: County) -> Scoring:
    return Scoring.objects.filter(county=county, to_on=TO).order_by("-version")[0]


def _contest(county: County, people: Mapping[tuple[int, str], Actor], ask: Ask, day: dt.date) -> None:
    """Let the first town that did something late contest it."""
    for sheet in Scoresheet.objects.filter(county=county, scoring__to_on=TO, group="towns").order_by("unit_id"):
        actor = people.get((sheet.unit_id, "town_clerk"))
        late = next((x["item"] for x in json.loads(sheet.lines) if x["result"] in ("done_late", "overdue_now")), None)
        if actor is not None and late is not None:
            ask(actor, day, actions.contest, scoresheet_id=sheet.pk, item=late, reason=REASON)
            return

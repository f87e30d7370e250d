"""Computing a scoring and freezing it, within an action."""

import gc
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from luoshi.core.calendar import default_calendar
from luoshi.office import door
from luoshi.office.people.models import Unit
from luoshi.office.prepared import insert
from luoshi.supervision.scores import calculator, facts, records
from luoshi.supervision.scores.facts import Fact
from luoshi.supervision.scores.models import Scoresheet, Scoring
from luoshi.supervision.scores.ranking import places
from luoshi.supervision.scores.scheme import Scheme
from luoshi.supervision.scores.standing import Period, Standing

ALGORITHM = "sha256"


def compute(scoring: Scoring, scheme: Scheme) -> None:
    """Work out every unit's score and write the sheets; the scoring gets their number and digest."""
    assert door.inside(), "scores are frozen by an action"
    with _uncollected():
        _compute(scoring, scheme)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no garbage be looked for meanwhile: hundreds of thousands of live rows, none of them in a circle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _compute(scoring: Scoring, scheme: Scheme) -> None:
    period, calendar = Period(scoring.from_on, scoring.to_on), default_calendar()
    read = records.facts(scoring.county_id, scoring.plan_id, period, scheme, calendar)
    units = {u.pk: u for u in Unit.objects.filter(county_id=scoring.county_id, collective=False, pk__in=read)}
    sheets = [
        _sheet(scoring, units[pk], read[pk], calculator.score(read[pk], period, scheme, calendar), scheme)
        for pk in sorted(units)
    ]
    ranked = places((s.unit_id, s.group, s.score, s.result["enough"]) for s in sheets)
    for sheet in sheets:
        sheet.place = ranked.get(sheet.unit_id)
        insert(sheet)  # one by one: a bulk insert on PostgreSQL escapes these texts as arrays, character by character
    scoring.units, scoring.items = len(sheets), sum(len(read[pk]) for pk in units)
    scoring.digest = digest("".join(s.digest for s in sheets))
    scoring.save(update_fields=["units", "items", "digest"])


def _sheet(scoring: Scoring, unit: Unit, read: list[Fact], found: calculator.Score, scheme: Scheme) -> Scoresheet:
    rows = _text([facts.as_json(fact) for fact in read])
    lines = _text([line_json(f, one) for f, one in zip(read, found.lines, strict=True)])
    result = found.as_json()
    return Scoresheet(
        county_id=scoring.county_id, scoring=scoring, unit=unit, group=scheme.group_of(unit.kind).code,
        score=found.total, due=found.due, result=result, facts=rows, lines=lines,
        digest=digest("\n".join((rows, lines, _text(result)))),
    )  # fmt: skip


def line_json(fact: Fact, one: Standing) -> dict[str, Any]:
    """Return one line of a sheet: what became of the item, and why."""
    return {
        "item": fact.item, "result": one.result, "late_days": one.late_days,
        "done_on": None if one.done_on is None else str(one.done_on), "excused": [list(e) for e in one.excused],
        "returned": one.returned, "approved": one.approved,
    }  # fmt: skip


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(text: str) -> str:
    """Return the named digest of a text."""
    return f"{ALGORITHM}:{hashlib.new(ALGORITHM, text.encode()).hexdigest()}"

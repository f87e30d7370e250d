"""The colour scheme a county uses on a day: its own choice from a day on, or the packaged default."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from luoshi.core.calendar import default_calendar
from luoshi.office.ledger import Marked
from luoshi.office.plans.models import DatedValue
from luoshi.office.register import files
from luoshi.supervision import colours
from luoshi.supervision.colours import Scheme

SUBJECT, KEY = "supervision", "colour_scheme"
LOOKS = {
    "green": "on_time", "yellow": "near", "red": "overdue", "blue": "blue", "orange": "orange", "none": "uncoloured"
}  # fmt: skip
"""Shape and colour of each colour, as the style sheet names them."""
_FILE = Path(__file__).with_name("colours.yaml")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A scheme in force: ``since`` the county's day (None: the packaged default), with who decided and why."""

    scheme: Scheme
    since: dt.date | None = None
    reason: str = ""


@lru_cache(maxsize=1)
def packaged() -> tuple[Scheme, ...]:
    """Return every packaged scheme, the default first."""
    return colours.read(files.read(_FILE))


def scheme_on(code: str, day: dt.date) -> Scheme | None:
    """Return the version of a scheme in force on a day; its first one on any day before, None for an unknown code.

    A scheme may be older than the county's use of it, never younger: choosing it fixes which version is meant.
    """
    versions = sorted((s for s in packaged() if s.code == code), key=lambda s: s.from_on)
    return next((s for s in reversed(versions) if s.from_on <= day), versions[0] if versions else None)


def chosen(county_id: int, day: dt.date) -> Chosen:
    """Return the scheme in force in a county on a day."""
    rows = DatedValue.objects.filter(county_id=county_id, subject=SUBJECT, key=KEY, from_on__lte=day)
    row = rows.order_by("-from_on").values_list("value", "from_on", "reason").first()
    scheme = scheme_on(row[0], day) if row is not None else None
    if row is None or scheme is None:
        default = scheme_on(packaged()[0].code, day)
        assert default is not None, "the default is packaged"
        return Chosen(default)
    return Chosen(scheme, row[1], row[2])


@dataclass(frozen=True, slots=True)
class Day:
    """One county's marks on one day: the scheme in force and the last due day that counts as near."""

    today: dt.date
    scheme: Scheme
    near: dt.date

    def standing(
        self, state: str, due_on: dt.date | None, done_on: dt.date | None, missed_on: dt.date | None = None
    ) -> str:  # fmt: skip
        """Return the mark of a task, share or duty: of the scheme while it is open, else of its end.

        ``overdue``, ``behind``, ``near``, ``on_time``, ``suspended``, ``done``, ``done_late`` or ``cancelled``.
        """
        if state in ("suspended", "cancelled"):
            return state
        if state in ("done", "closed"):
            return "done_late" if due_on and done_on and done_on > due_on else "done"
        return colours.decide(self.scheme, self.today, self.near, due_on, missed_on).standing

    def mark(self, standing: str) -> Marked | None:
        """Return an open standing in the scheme's colour and words; None for one that no scheme colours."""
        rule = self.scheme.words(standing)
        return Marked(LOOKS[rule.colour], rule.words) if rule is not None else None


def day_of(county_id: int, today: dt.date) -> Day:
    """Return how a county marks its tasks on a day."""
    scheme = chosen(county_id, today).scheme
    return Day(today, scheme, _near(scheme, today))


def default_near(today: dt.date) -> dt.date:
    """Return the last due day that counts as near under the packaged default."""
    scheme = scheme_on(packaged()[0].code, today)
    assert scheme is not None, "the default is packaged"
    return _near(scheme, today)


@lru_cache(maxsize=256)
def _near(scheme: Scheme, today: dt.date) -> dt.date:
    return colours.near_until(scheme, today, default_calendar())

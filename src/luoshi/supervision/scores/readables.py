"""Who may read scorings, sheets and contests. A unit reads its own once published; watchers read all."""

from django.db.models import QuerySet

from luoshi.core.words import Words
from luoshi.office.access import Actor, Readable
from luoshi.office.evidence import attach
from luoshi.supervision.readables import WATCHERS, WORKERS
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring

SCORING = Readable(
    "scoring",
    Words("评分", "Scoring"),
    {**WORKERS, **WATCHERS},
    lookups={"unit": "sheets__unit_id", "place": "sheets__unit__place__path"},
)
SCORESHEET = Readable(
    "scoresheet",
    Words("成绩单", "Score sheet"),
    SCORING.grants,
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)
CONTEST = Readable(
    "contest",
    Words("评分申诉", "Contest of a score"),
    SCORING.grants,
    lookups={"unit": "scoresheet__unit_id", "place": "scoresheet__unit__place__path"},
)

attach.hold("contest", CONTEST, Contest.objects.all)


def scorings(actor: Actor) -> QuerySet[Scoring]:
    """Return the scorings this actor may read: a unit those that were published."""
    rows = SCORING.visible(actor, Scoring.objects.all())
    return rows if actor.role in WATCHERS else rows.exclude(state="computed")


def sheets(actor: Actor) -> QuerySet[Scoresheet]:
    """Return the sheets this actor may read: a unit its own that were published."""
    rows = SCORESHEET.visible(actor, Scoresheet.objects.all())
    return rows if actor.role in WATCHERS else rows.exclude(scoring__state="computed")

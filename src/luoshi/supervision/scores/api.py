"""What the API gives out of scoring: what was published, never a run that is only computed."""

from luoshi.office.resources import Resource
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring
from luoshi.supervision.scores.readables import CONTEST, SCORESHEET, SCORING

RESOURCES = (
    Resource(
        "scorings", SCORING, lambda: Scoring.objects.exclude(state="computed"),
        ("scope", "from_on", "to_on", "version", "state", "run_on", "published_on", "contest_until", "public", "units",
         "items", "digest", "reason"),
        {"scope": "scope", "state": "state"},
    ),
    Resource(
        "scoresheets", SCORESHEET,
        lambda: Scoresheet.objects.exclude(scoring__state="computed").select_related("unit").defer("facts", "lines"),
        ("scoring_id", "unit.code", "unit.words", "group", "score", "due", "place", "result", "digest"),
        {"scoring": "scoring_id", "unit": "unit__code", "group": "group"},
    ),
    Resource(
        "contests", CONTEST, lambda: Contest.objects.all(),
        ("scoresheet_id", "item", "words", "reason", "state", "filed_on", "due_on", "decided_on", "answer",
         "correction"),
        {"scoresheet": "scoresheet_id", "state": "state"},
    ),
)  # fmt: skip

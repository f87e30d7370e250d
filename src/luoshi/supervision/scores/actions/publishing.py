"""Giving a scoring to the units, and (only where the county decides it) to the public."""

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import Call, Decision, Done, action
from luoshi.office.notices import outbox
from luoshi.supervision.scores import scheme as schemes
from luoshi.supervision.scores.actions.runs import (
    RUNNERS,
    RerunInputs,
    ScoringInputs,
    is_latest,
    load_scoring,
    where_scoring,
)
from luoshi.supervision.scores.models import Scoring
from luoshi.supervision.stages import REVIEW

COUNTY_DECIDES: Grants = {"county_head": "county"}


def why_not_publish(call: Call, scoring: Scoring) -> Outcome:
    """Answer whether this version can be published: it is the latest and has not been."""
    if scoring.state != "computed":
        return refuse(
            "already_published", f"已于{scoring.published_on}公布。", f"It was published on {scoring.published_on}.",
            Words("需要更正时请重算。", "Run it again to correct it."), (REVIEW,), state=scoring.state,
        )  # fmt: skip
    return is_latest(scoring)


def why_not_open(call: Call, scoring: Scoring) -> Outcome:
    """Answer whether a scoring can be opened to the public: it is the one published, and not open yet."""
    if scoring.state == "published" and not scoring.public:
        return Granted()
    return refuse(
        "not_to_open", "只有现行公布、尚未公开的评分可以对外公开。",
        "Only the scoring now published, and not yet open, can be opened to the public.",
        Words("请先公布，或打开最新一版。", "Publish it first, or open the latest version."), (REVIEW,),
        state=scoring.state, public=scoring.public,
    )  # fmt: skip


def why_not_shut(call: Call, scoring: Scoring) -> Outcome:
    """Answer whether a scoring can be taken from the public."""
    if scoring.public:
        return Granted()
    return refuse(
        "not_open", "这份评分没有对外公开。", "This scoring is not open to the public.",
        Words("无需办理。", "Nothing needs doing."), (REVIEW,),
    )  # fmt: skip


@action(
    "scores.publish",
    Words("向各单位公布", "Publish to the units"),
    subject="scoring",
    grants=RUNNERS,
    inputs=ScoringInputs,
    load=load_scoring,
    where=where_scoring,
    why_not=why_not_publish,
    clauses=(REVIEW,),
)
def publish(call: Call, scoring: Scoring, inputs: ScoringInputs) -> Decision:
    """Show each unit its sheet and open the days for contests; a version published before is replaced."""
    days = schemes.of(scoring.scheme).contest_days
    earlier = Scoring.objects.filter(
        county_id=scoring.county_id, scope=scoring.scope, from_on=scoring.from_on, to_on=scoring.to_on,
        state="published",
    )  # fmt: skip
    was = list(earlier.values_list("pk", "public"))
    earlier.update(state="replaced", public=False)
    scoring.state, scoring.published_on = "published", call.today
    scoring.contest_until = default_calendar().add_working_days(call.today, days)
    scoring.public = any(public for _, public in was)
    scoring.save(update_fields=["state", "published_on", "contest_until", "public"])
    _tell_units(call, scoring)
    return Done(
        Words(
            f"公布{scoring.from_on}至{scoring.to_on}评分第{scoring.version}版，{scoring.contest_until}前可申诉。",
            f"Scores of {scoring.from_on} to {scoring.to_on}, version {scoring.version}, published; contests until "
            f"{scoring.contest_until}.",
        ),
        before={"state": "computed", "replaced": [pk for pk, _ in was]},
        after={"state": "published", "public": scoring.public},
        values={"contest_until": str(scoring.contest_until)},
    )  # fmt: skip


def _tell_units(call: Call, scoring: Scoring) -> None:
    """Send each unit one message with the way to its sheet and the last day for contests, in working time."""
    until, when = scoring.contest_until, outbox.quiet_until(call.now, default_calendar())
    for sheet in scoring.sheets.only("pk", "unit_id", "score").order_by("unit_id"):
        said = {
            "zh": f"{scoring.from_on}至{scoring.to_on}评分已公布，{until}前可对单项提出申诉。",
            "en": f"Scores of {scoring.from_on} to {scoring.to_on} are published; contests are open until {until}.",
            "sheet": sheet.pk,
        }
        key = f"scores:{scoring.pk}:{sheet.unit_id}"
        outbox.enqueue(call, key, "scores", said, sheet.unit_id, not_before=when)


@action(
    "scores.open",
    Words("向社会公开", "Open to the public"),
    subject="scoring",
    grants=COUNTY_DECIDES,
    inputs=RerunInputs,
    load=load_scoring,
    where=where_scoring,
    why_not=why_not_open,
    clauses=(REVIEW,),
)
def open_to_public(call: Call, scoring: Scoring, inputs: RerunInputs) -> Decision:
    """Let everybody see the published scores; without this decision nobody outside does."""
    return _turned(scoring, True, inputs.reason, Words("向社会公开", "opened to the public"))


@action(
    "scores.shut",
    Words("停止公开", "Take from the public"),
    subject="scoring",
    grants=COUNTY_DECIDES,
    inputs=RerunInputs,
    load=load_scoring,
    where=where_scoring,
    why_not=why_not_shut,
    clauses=(REVIEW,),
)
def shut(call: Call, scoring: Scoring, inputs: RerunInputs) -> Decision:
    """Take the scores from the public again; the units keep theirs."""
    return _turned(scoring, False, inputs.reason, Words("停止公开", "taken from the public"))


def _turned(scoring: Scoring, public: bool, reason: str, words: Words) -> Done:
    scoring.public = public
    scoring.save(update_fields=["public"])
    return Done(
        Words(
            f"{scoring.from_on}至{scoring.to_on}评分{words.zh}：{reason.rstrip('。. ')}。",
            f"Scores of {scoring.from_on} to {scoring.to_on} {words.en}: {reason.rstrip('。. ')}.",
        ),
        before={"public": not public},
        after={"public": public, "reason": reason},
    )

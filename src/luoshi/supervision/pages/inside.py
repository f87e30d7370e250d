"""What hangs on a share, drawn on the pages of duties and tasks, each line with what may be done."""

import datetime as dt
from typing import Any

from django.urls import reverse

from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.duties.models import Duty
from luoshi.supervision.models import Assignment
from luoshi.supervision.pages import asking, parts
from luoshi.supervision.pages.offers import INSIDE_OFFERS
from luoshi.supervision.queries import inside, shares
from luoshi.supervision.queries.inside import Seen

TITLES = {
    "milestone": Words("节点", "Milestones"),
    "piece": Words("分解给下属单位", "Split among units inside"),
    "consultation": Words("协办征询", "Questions to other units"),
}


def sections(call: Call, share: Assignment, today: dt.date, *, past: bool) -> list[dict[str, Any]]:
    """Return milestones, pieces and questions of a share; in a past view without acts."""
    found = inside.of_share(call.actor, share, today)
    return [
        {"title": title, "rows": [drawn(call, one, past=past) for one in found if one.kind == kind]}
        for kind, title in TITLES.items()
        if any(one.kind == kind for one in found)
    ]


def of_duty(call: Call, duty: Duty, today: dt.date, *, past: bool) -> tuple[list[dict[str, Any]], Assignment | None]:
    """Return the line that a duty of a milestone, piece or question leads to, with its share; else nothing."""
    if duty.subject_kind not in TITLES or not duty.subject_id.isdigit():
        return [], None
    case = inside.case(call.actor, duty.subject_kind, int(duty.subject_id))
    if case is None:
        return [], None
    row = getattr(case, {"milestone": "milestone", "piece": "piece", "consultation": "question"}[duty.subject_kind])
    lines = inside.seen([row], duty.subject_kind, today)
    title = TITLES[duty.subject_kind]
    return [{"title": title, "rows": [drawn(call, one, past=past) for one in lines]}], case.share


def drawn(call: Call, one: Seen, *, past: bool) -> dict[str, Any]:
    """Return one line for the template."""
    acts = [] if past else _acts(call, one)
    return {
        "row": one.row,
        "unit": one.unit,
        "mark": one.mark,
        "said": one.said,
        "files": [parts.file_seen(a) for a in one.files],
        "acts": acts,
    }


def _acts(call: Call, one: Seen) -> list[dict[str, Any]]:
    """Return what this person may do with a line now; what has ended offers nothing."""
    case = inside.case(call.actor, one.kind, one.row.pk)
    offered = []
    for offer in INSIDE_OFFERS[one.kind].values():
        outcome = offer.action.check(call, case)
        if outcome:
            url = reverse(f"{one.kind}-act", args=[one.row.pk, offer.verb])
            main = offer.verb in ("reach_milestone", "finish_piece", "answer", "decide_question")
            offered.append(
                {"words": offer.action.words, "outcome": outcome, "url": url, "post": False, "primary": main}
            )
    return offered


def share_url(call: Call, share: Assignment | None, past: dt.date | None) -> str:
    """Return the duty of the share that something hangs on, where the reader may open it."""
    if share is None or share.duty_id is None or shares.duty(call.actor, share.duty_id) is None:
        return ""
    return asking.at(reverse("duty", args=[share.duty_id]), past)

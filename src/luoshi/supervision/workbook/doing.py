"""The acts of a row as actions of the house, asked or done with the importer's own rights."""

from collections.abc import Mapping, Sequence
from typing import Any

from luoshi.core.outcome import Granted, Outcome, Reason
from luoshi.core.words import Words
from luoshi.office import access
from luoshi.office.actions import Action, Call, Result
from luoshi.supervision import actions
from luoshi.supervision.actions.hands import holders
from luoshi.supervision.actions.subjects import where_overseen
from luoshi.supervision.models import Assignment
from luoshi.supervision.stages import STAGES
from luoshi.supervision.workbook.wishes import Act

ACTIONS: Mapping[str, Action[Any, Any]] = {
    "assign": actions.assign, "accept": actions.accept, "start": actions.start, "note": actions.note,
    "report_progress": actions.report_progress, "report_done": actions.report_done, "extend": actions.extend,
}  # fmt: skip


def translated(call: Call, share: Assignment, act: Act) -> tuple[Action[Any, Any], dict[str, Any]] | Words:
    """Return the action of an act with its inputs, or why there is none.

    Whoever may not extend asks for it: the wish is kept as a note that the leading office reads.
    """
    given = {"assignment_id": share.pk, **act.given}
    if act.verb == "assign":
        return _assign(call, share, str(given.pop("person")), given)
    if act.verb == "extend" and not access.may(call.actor, actions.extend.grants, where_overseen(share)):
        text = f"申请延期至{given['due_on']}：{given['reason']}"
        return actions.note, {"assignment_id": share.pk, "text": text}
    return ACTIONS[act.verb], given


def _assign(
    call: Call, share: Assignment, name: str, given: dict[str, Any]
) -> tuple[Action[Any, Any], dict[str, Any]] | Words:
    if not name:
        return actions.assign, {**given, "account_id": None}
    found = {h.account_id for h in holders(share.unit_id, call) if h.name == name}
    if len(found) == 1:
        return actions.assign, {**given, "account_id": found.pop()}
    if found:
        return Words(
            f"本单位有几位“{name}”，请在网页上指定。", f"Several people are called {name!r}; choose on the page."
        )
    return Words(f"“{name}”今日在本单位没有岗位。", f"{name!r} holds no post in the unit today.")


class Permissions:
    """Asks of acts whether this person could do them now, without doing them."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def against(self, share: Assignment, wanted: Sequence[Act]) -> dict[str, Words]:
        """Return what stands against the columns of some acts; a column that is not named could be done."""
        found: dict[str, Words] = {}
        was = share.state
        for act in wanted:
            made = translated(self._call, share, act)
            if isinstance(made, Words):
                found |= dict.fromkeys(act.columns, made)
                continue
            outcome = made[0].check(self._call, share)
            if not isinstance(outcome, Granted):
                found |= dict.fromkeys(act.columns, said(outcome))
            elif outcome.values.get("to") in STAGES.states:
                share.state = str(outcome.values["to"])  # the next act of the row finds it so; nothing is saved
        share.state = was
        return found


def said(outcome: Outcome | Result) -> Words:
    """Return the words of a refusal with its remedy."""
    reasons: tuple[Reason, ...] = outcome.outcome.reasons if isinstance(outcome, Result) else outcome.reasons
    first = reasons[0]
    if first.remedy is None:
        return first.words
    return Words(f"{first.words.zh}{first.remedy.zh}", f"{first.words.en} {first.remedy.en}")

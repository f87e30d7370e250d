"""Loading and locking a form, where it stands, and what every act on it shares."""

from typing import Annotated, Any

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Inputs
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.actions.subjects import missing
from luoshi.supervision.reporting import filling
from luoshi.supervision.reporting.models import Filing

SENDERS: Grants = {"officer": "unit", "unit_head": "unit", "town_clerk": "place", "leading_office": "unit"}
RECIPIENTS: Grants = {"leading_office": "unit", "supervisor": "county"}
FilingId = Annotated[int, told("报表编号", "Form", "一个单位一期的报表", "one unit's form of one round", ge=1)]
CellKey = Annotated[str, told("格", "Cell", "表中的一格", "one cell of the form", min_length=1, max_length=120)]
NO_WORDS = Words("", "")
STATE_WORDS = {
    "drafting": Words("待确认", "To be confirmed"),
    "confirmed": Words("已确认，待报送", "Confirmed, to be sent"),
    "submitted": Words("已报送", "Sent"),
    "received": Words("已接收", "Received"),
    "sent_back": Words("已退回", "Sent back"),
}


class FilingInputs(Inputs):
    """An act on one form that needs nothing more."""

    filing_id: FilingId


def load(call: Call, inputs: Any) -> Filing:
    """Return the form, locked; ``Problem`` 404 where there is none in this county."""
    mine = filling.rows().select_for_update(of=("self",))
    filing = mine.filter(pk=inputs.filing_id, county_id=call.actor.county_id).first()
    if filing is None:
        raise missing("filing_id", "报表", "form")
    return filing


def where_sent(filing: Filing) -> Where:
    """A form stands in the unit that sends it."""
    place = filing.unit.place
    return Where(filing.county_id, frozenset({filing.unit_id}), place.path if place else None)


def where_received(filing: Filing) -> Where:
    """Taking and sending back stand in the unit that receives it."""
    return Where(filing.county_id, frozenset({filing.recipient_id}))


def stands(filing: Filing, *states: str) -> Outcome:
    """Answer whether the form is in one of these states."""
    if filing.state in states:
        return Granted()
    now = STATE_WORDS[filing.state]
    return refuse(
        "form_state", f"这份报表现在是“{now.zh}”。", f"This form is now: {now.en}.",
        Words("请刷新页面查看现状。", "Reload the page to see the present state."),
        tuple(filling.form_of(filing).clauses[:1]), state=filing.state,
    )  # fmt: skip


def said(filing: Filing, verb: Words, more: Words = NO_WORDS) -> Words:
    """Return the journal's sentence on an act with a form."""
    unit, title, on = filing.unit.words, filling.title_of(filing), filing.round.to_on
    return Words(
        f"{unit.zh}{verb.zh}《{title.zh}》（截至{on}）{more.zh}。",
        f"{unit.en}: {verb.en} “{title.en}” to {on}{more.en}.",
    )

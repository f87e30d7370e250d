"""The accepted cells of one row as acts, in the order in which the house takes them. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from luoshi.supervision.workbook.layouts import MOVES

VERBS = {words.zh: verb for verb, words in MOVES.items()}


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its verb, what it is given besides the share, and the columns it comes from."""

    verb: str
    given: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


def acts(wanted: Mapping[str, str], now: Mapping[str, str], name: str) -> list[Act]:
    """Return the acts that the wanted cells of a row stand for; ``now`` is what the house says, ``name`` the file's.

    A report carries text and percentage together, so the one that was not changed comes from the house.
    """
    found: list[Act] = []
    if "person" in wanted:
        found.append(Act("assign", {"person": wanted["person"]}, ("person",)))
    verb = VERBS.get(wanted.get("move", ""), "")
    if verb in ("accept", "start"):
        found.append(Act(verb, {}, ("move",)))
    text = wanted.get("text", now.get("text", ""))
    if verb == "report_done":
        columns = tuple(c for c in ("move", "text", "percent") if c in wanted)
        found.append(Act("report_done", {"text": text}, columns))
    elif "text" in wanted or "percent" in wanted:
        percent = int(wanted.get("percent", now.get("percent") or "0"))
        columns = tuple(c for c in ("text", "percent") if c in wanted)
        found.append(Act("report_progress", {"text": text, "percent": min(percent, 99)}, columns))
    if "extend_to" in wanted:
        day = dt.date.fromisoformat(wanted["extend_to"])
        why = f"{wanted.get('extend_why', '')}（{name}）"
        found.append(Act("extend", {"due_on": day, "reason": why}, ("extend_to", "extend_why")))
    if "note" in wanted:
        found.append(Act("note", {"text": wanted["note"]}, ("note",)))
    return found

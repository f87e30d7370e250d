"""The accepted cells are done: each row through its actions, with the importer's own rights, and the results written.

A run has a number, and every act of it a request id made from the run, the share and the verb: the same run again does
nothing twice. Before a row is acted on, the share is locked and looked at once more; where the house has moved on since
the proposal, the cell becomes a conflict instead of an act.
"""

import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction

from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.journal import append as journal
from luoshi.supervision.actions.subjects import lock_share
from luoshi.supervision.models import Assignment
from luoshi.supervision.readables import ASSIGNMENT
from luoshi.supervision.workbook import rows
from luoshi.supervision.workbook.actions.imports import settle
from luoshi.supervision.workbook.cells import printed
from luoshi.supervision.workbook.doing import said, translated
from luoshi.supervision.workbook.models import Change, Import
from luoshi.supervision.workbook.wishes import Act, acts

PART = 200  # rows between two records of results
_PAIRS = (("extend_to", "extend_why"), ("extend_why", "extend_to"))
Told = dict[str, Any]


def waiting(row: Import) -> int:
    """Return how many cells are accepted and not done yet."""
    return _accepted(row).count()


def apply(call: Call, row: Import, progress: Callable[[int], None] | None = None) -> dict[str, int]:
    """Do everything that is accepted and return how many cells were done, refused, or had moved meanwhile.

    ``call`` is the person's. Results are recorded every ``PART`` cells, and after each ``progress`` hears how many.
    """
    counts = {"done": 0, "refused": 0, "moved": 0}
    told: list[Told] = []
    ordered = list(_accepted(row).order_by("share_id", "pk"))
    for share_id, cells in itertools.groupby(ordered, lambda cell: cell.share_id):
        assert share_id is not None, "a cell without a share is never accepted"
        told += _row(call, row, share_id, list(cells))
        if len(told) >= PART:
            _record(call, row, told, counts, last=False)
            told = []
            if progress is not None:
                progress(sum(counts.values()))
    _record(call, row, told, counts, last=True)
    return counts


def _record(call: Call, row: Import, told: list[Told], counts: dict[str, int], *, last: bool) -> None:
    for one in told:
        counts[one["result"]] += 1
    mark = f"{zlib.crc32(json.dumps(told, sort_keys=True).encode()):08x}"
    recorded = _call(call, f"wb:{row.pk}:{row.rounds}:settle:{int(last)}{mark}")
    settle(recorded, import_id=row.pk, round=row.rounds, results=told, last=last)


def _accepted(row: Import) -> Any:
    return Change.objects.filter(
        imported=row, decision="take", result="", verdict__in=("ready", "ask", "conflict"), share__isnull=False
    )


def _call(call: Call, request_id: str) -> Call:
    return Call(call.actor, call.now, request_id, "workbook", call.address)


def _row(call: Call, row: Import, share_id: int, cells: list[Change]) -> list[Told]:
    """Do the accepted cells of one row while its share is held."""
    if not cells:
        return []
    by_column = {cell.column: cell for cell in cells}
    with transaction.atomic():
        mine = Assignment.objects.filter(pk=share_id, county_id=call.actor.county_id)
        if not ASSIGNMENT.visible(call.actor, mine).exists():
            words = Words("这一行已不在本单位名下。", "This row is no longer yours.")
            return [_told(cell, "refused", words) for cell in cells]
        share = lock_share(call, share_id)
        house = {code: printed(value) for code, value in next(iter(rows.read([share_id], call.today))).cells.items()}
        moved = [
            cell for cell in cells if house.get(cell.column, "") != cell.now and not _done(call, row, share_id, cell)
        ]
        if moved:
            changed = Words("核对以后，系统里又有变动，请再看一次。", "The house has moved on; look again.")
            return [
                {**_told(cell, "moved", changed), "now": house.get(cell.column, "")[:6_000]} for cell in cells
            ]  # the cells of a row belong together, so none of them is done
        alone = [by_column[one] for one, other in _PAIRS if one in by_column and other not in by_column]
        if alone:
            words = Words("延期的日期和理由要一起采用。", "The new day and its reason are taken together.")
            return [_told(cell, "refused", words) for cell in alone] + _row(
                call, row, share_id, [cell for cell in cells if cell not in alone]
            )
        wanted = {column: cell.wanted for column, cell in by_column.items()}
        return [told for act in acts(wanted, house, row.name) for told in _act(call, row, share, act, by_column)]


def _done(call: Call, row: Import, share_id: int, cell: Change) -> bool:
    """Tell whether this run has acted on this cell already, before it was interrupted."""
    verbs = {"percent": ("report_progress", "report_done"), "text": ("report_progress", "report_done")}
    names = verbs.get(cell.column, ("assign",) if cell.column == "person" else ())
    return any(journal.find(call.actor.county_id, _request(row, share_id, name)) is not None for name in names)


def _request(row: Import, share_id: int, verb: str) -> str:
    return f"wb:{row.pk}:{row.rounds}:{share_id}:{verb}"


def _act(call: Call, row: Import, share: Assignment, act: Act, cells: Mapping[str, Change]) -> Iterator[Told]:
    try:
        made = translated(call, share, act)
        if isinstance(made, Words):
            result, words = "refused", made
        else:
            verb, given = made
            outcome = verb(_call(call, _request(row, share.pk, act.verb)), **given).outcome
            result = "done" if isinstance(outcome, Granted) else "refused"
            words = verb.words if isinstance(outcome, Granted) else said(outcome)
    except Problem as problem:
        result = "refused"
        words = Words(f"{problem.words.zh}{problem.remedy.zh}", f"{problem.words.en} {problem.remedy.en}")
    for column in act.columns:
        yield _told(cells[column], result, words)


def _told(cell: Change, result: str, words: Words) -> Told:
    return {"change": cell.pk, "result": result, "zh": words.zh[:400], "en": words.en[:400]}

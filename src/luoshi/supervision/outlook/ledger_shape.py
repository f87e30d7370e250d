"""The ledger with the columns somebody chose, its links keeping the choice; and its rows as text. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from luoshi.core.words import Words
from luoshi.office.ledger import Cell, FilterWord, Ledger, Linked, Marked, Pager


def keeping(url: str, kept: str) -> str:
    """Return an address that also carries the kept parameters; an empty one stays empty."""
    if not url or not kept:
        return url
    return f"{url}{'' if url.endswith(('?', '&')) else '&' if '?' in url else '?'}{kept}"


def shaped(ledger: Ledger, chosen: Sequence[str], kept: str) -> Ledger:
    """Return the ledger with its head column and the chosen ones, in its own order; none chosen means all."""
    places = [i for i, c in enumerate(ledger.columns) if i == 0 or not chosen or c.key in chosen]

    def some(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(cells[i] for i in places)

    columns = tuple(replace(ledger.columns[i], sort_url=keeping(ledger.columns[i].sort_url, kept)) for i in places)
    pager = ledger.pager and Pager(
        ledger.pager.shown, keeping(ledger.pager.newer_url, kept), keeping(ledger.pager.older_url, kept)
    )
    return replace(
        ledger,
        columns=columns,
        rows=tuple(replace(row, cells=some(row.cells)) for row in ledger.rows),
        totals=some(ledger.totals) if ledger.totals else (),
        filters=tuple(FilterWord(f.words, keeping(f.remove_url, kept)) for f in ledger.filters),
        pager=pager,
    )


def as_lines(ledger: Ledger, pick: Callable[[Words], str], states: dict[str, Words]) -> Iterable[str]:
    """Yield the head and the rows as lines of cells parted by tabs, which any spreadsheet takes apart again."""
    yield "\t".join(pick(column.words) for column in ledger.columns)
    for row in ledger.rows:
        yield "\t".join(_plain(cell, pick, states) for cell in row.cells)


def _plain(cell: Cell, pick: Callable[[Words], str], states: dict[str, Words]) -> str:
    if isinstance(cell, Linked):
        return _plain(cell.value, pick, states)
    if cell is None:
        return ""
    if isinstance(cell, Marked):
        return harmless(pick(cell.words))
    if isinstance(cell, Words):
        return harmless(pick(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, str):
        return harmless(pick(states[cell]) if cell in states else cell)
    return str(cell)


def harmless(text: str) -> str:
    """Return a text as one line that no spreadsheet runs as a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line

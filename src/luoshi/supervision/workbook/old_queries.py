"""An old ledger as a proposal: its rows judged against the county's directory of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.office.people.models import County, Unit, UnitName
from luoshi.supervision.workbook import old_proposal
from luoshi.supervision.workbook.models import OldLedger, OldRow
from luoshi.supervision.workbook.names import Directory, directory
from luoshi.supervision.workbook.old_proposal import Doubt, Judged


@dataclass(frozen=True, slots=True)
class Line:
    """A stored row with what it was judged to be; ``double_of`` is the row that says the same."""

    row: OldRow
    judged: Judged
    double_of: int | None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Every doubt, that of a double among them."""
        if self.double_of is None:
            return self.judged.doubts
        words = Words(f"与第{self.double_of}行的任务相同。", f"It says the same as row {self.double_of}.")
        return (*self.judged.doubts, Doubt("task", words, False))

    @property
    def stopped(self) -> bool:
        """Tell whether the row keeps the ledger from being brought in."""
        return self.judged.stopped and not self.row.left_out

    @property
    def finished(self) -> bool:
        """Tell whether the old ledger had it done."""
        return any(doubt.column == "state" for doubt in self.judged.doubts)


def names_of(county_id: int) -> Directory:
    """Return every name of the county's units that are single or stand for others."""
    county = County.objects.get(pk=county_id)
    units = Unit.objects.filter(county_id=county_id)
    rows = [(name, pk) for pk, *names in units.values_list("pk", "name_zh", "short_zh") for name in set(names)]
    rows += list(UnitName.objects.filter(county_id=county_id).values_list("name", "unit_id"))
    return directory(county.name_zh, rows)


def lines(ledger: OldLedger) -> list[Line]:
    """Return the rows of an old ledger in their order, judged."""
    names = names_of(ledger.county_id)
    rows = list(OldRow.objects.filter(ledger=ledger).order_by("row"))
    doubles = old_proposal.doubles((row.row, cells_of(row)) for row in rows)
    return [Line(row, judge(ledger, row, names), doubles.get(row.row)) for row in rows]


def judge(ledger: OldLedger, row: OldRow, names: Directory) -> Judged:
    """Return what one row is, with what people mended and chose."""
    finished = bool(row.given.get("_finished"))
    return old_proposal.judge(cells_of(row), names, ledger.names, ledger.year, finished=finished)


def cells_of(row: OldRow) -> Mapping[str, str]:
    """Return a row's cells with what was mended."""
    cells: dict[str, Any] = {code: text for code, text in row.given.items() if not code.startswith("_")}
    return {**cells, **row.mended}

"""Exports, returned workbooks and old ledgers for the walk through every address."""

from luoshi.supervision.workbook.models import OldRow
from tests.supervision.small_county import Small
from tests.supervision.workbook import books
from tests.supervision.workbook.test_old import brought

FIXED: dict[str, tuple[object, ...]] = {}
PUBLIC: set[str] = set()


def populate(small: Small, unit: str, mark: str) -> dict[str, object]:
    """Give one unit an export and a returned workbook, and its county an old ledger, all marked."""
    seat = f"{unit}.officer"
    path = books.exported(small, seat)
    row = books.returned(small, seat, books.edited(path, (1, "note", f"{mark}的备注")), f"{mark}.xlsx")
    data = books.sheet_of([[f"{mark}台账"], ["任务", "责任单位", "完成时限"], [f"{mark}旧任务", f"{mark}局", "年底"]])
    ledger = brought(small, data, f"{mark}旧台账.xlsx", "office.supervisor")
    return {
        "export_id": books.number_of(path), "import_id": row.pk, "ledger_id": ledger.pk,
        "row_id": OldRow.objects.get(ledger=ledger).pk,
    }  # fmt: skip

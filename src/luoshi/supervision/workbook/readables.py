"""Which roles may read exports, workbooks that came back, and old ledgers."""

from luoshi.core.words import Words
from luoshi.office.access import Grants, Readable
from luoshi.office.evidence import attach
from luoshi.supervision.readables import WATCHERS, WORKERS
from luoshi.supervision.workbook.models import Import, OldLedger

KEEPERS: Grants = {"supervisor": "county", "leading_office": "county", "editor": "county"}
"""Those who bring an old ledger into the house: they give work to every unit of the county."""
_OWN: Grants = {**dict.fromkeys(WORKERS, "own"), **dict.fromkeys(WATCHERS, "own")}

EXPORT = Readable("workbook_export", Words("台账导出", "Exported ledger"), _OWN, lookups={"own": "account_id"})
IMPORT = Readable("workbook_import", Words("台账回传", "Returned ledger"), _OWN, lookups={"own": "account_id"})
OLD_LEDGER = Readable("old_ledger", Words("旧台账", "Old ledger"), {**KEEPERS, "auditor": "county"})

attach.hold("workbook_import", IMPORT, Import.objects.all)
attach.hold("old_ledger", OLD_LEDGER, OldLedger.objects.all)

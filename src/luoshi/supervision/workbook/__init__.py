"""The ledger as the office's own workbook, out and back in; ledgers kept elsewhere brought in."""

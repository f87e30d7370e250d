"""Tables as xlsx: ``write`` streams a ledger out, ``read`` takes a sheet in, ``fill`` fills a staff template."""

from luoshi.office.papers.xlsx.look import Column, SheetOut
from luoshi.office.papers.xlsx.reader import Limits, Sheet, Workbook, address, read, text_of
from luoshi.office.papers.xlsx.template import Rows, fill
from luoshi.office.papers.xlsx.writer import write

__all__ = ["Column", "Limits", "Rows", "Sheet", "SheetOut", "Workbook", "address", "fill", "read", "text_of", "write"]

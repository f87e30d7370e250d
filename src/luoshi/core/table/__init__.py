"""Total decision tables: every combination of conditions has its answer, checked when the table is built.

One table explains a single case (``Table.explain``) and decides a million rows as arrays (``Table.decide``).
"""

from luoshi.core.table.check import TableError
from luoshi.core.table.inputs import Bands, Bool, Category, Edge, Fact
from luoshi.core.table.rows import ANY, Result, Row
from luoshi.core.table.table import NEEDS, Change, Table

__all__ = [
    "ANY",
    "NEEDS",
    "Bands",
    "Bool",
    "Category",
    "Change",
    "Edge",
    "Fact",
    "Result",
    "Row",
    "Table",
    "TableError",
]

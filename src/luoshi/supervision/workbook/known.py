"""What an export gave out of each row, kept small: enough to say later what stood in a cell at the export. Pure."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from luoshi.office.papers.text import clean
from luoshi.supervision.workbook.cells import printed

_ROW = struct.Struct("<qqHBI")
_VERSION = b"1"


class Known(NamedTuple):
    """One exported row: the share, who held it (0: nobody in person), the number of its last report, its percentage,
    and a check sum over the cells that are only read."""

    share: int
    account: int
    report: int
    percent: int
    fixed: int


def fixed_sum(values: Iterable[Any]) -> int:
    """Return the check sum of the cells that are only read, in the order of the table.

    Blanks do not count: what was exported and what a spreadsheet program gives back differ in them.
    """
    text = "|".join([value if type(value) is str else printed(value) for value in values])
    return zlib.crc32("".join(text.split()).encode() if text.isprintable() else "".join(clean(text).split()).encode())


class Packer:
    """Takes rows as they are written and keeps them packed."""

    def __init__(self) -> None:
        self._squeezed = zlib.compressobj(1)
        self._parts: list[bytes] = [_VERSION]
        self.rows = 0

    def add(self, *row: int) -> None:
        """Keep one row, given as the fields of ``Known``."""
        self.rows += 1
        self._parts.append(self._squeezed.compress(_ROW.pack(*row)))

    def done(self) -> bytes:
        """Return everything that was kept."""
        self._parts.append(self._squeezed.flush())
        return b"".join(self._parts)


def unpack(data: bytes) -> Iterator[Known]:
    """Yield the rows of a packed export in their order."""
    if not data:
        return
    assert data[:1] == _VERSION, "an export of another version of the house"
    yield from (Known(*row) for row in _ROW.iter_unpack(zlib.decompress(data[1:])))

"""One pass over an xlsx before a fast reader opens it.

The reader lays every sheet out as a full grid and repeats shared text for each cell, so one cell in the last corner or
one long text used a million times would fill the memory. The pass inflates each part once, in pieces, and counts.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lxml import etree

from luoshi.office.evidence.checks import archive
from luoshi.office.evidence.checks.archive import Unreadable

# Two patterns with one group each are faster over millions of cells than one with two.
_FAST_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d')
_FAST_ROW = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,9})"')
_FAST_ROW_TAG = re.compile(rb'<row r="(\d{1,9})"')
_ANY_COLUMN = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']\s*\$?([A-Za-z]{1,4})\$?\d")
_ANY_ROW = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']\s*\$?[A-Za-z]{1,4}\$?(\d{1,9})")
_ANY_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"']\s*(\d{1,9})")
_CELL_COUNT = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ERROR = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=[\"']([A-Z]+\d+)[\"'][^>]*?\bt=[\"']e[\"']")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?r=[\"']([A-Z]+\d+)[\"'][^>]*><(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)(<(?:\w+:)?v>[^<])?"
)
_HIDDEN_TAG = re.compile(rb"<(?:\w+:)?(row|col)\b([^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_NUMBER_OF = {name: re.compile(rb"\b" + name + rb"\s*=\s*[\"'](\d{1,7})[\"']") for name in (b"r", b"min", b"max")}
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_SHARED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt=[\"']s[\"'][^>]*><(?:\w+:)?v>(\d+)<")
_SHEET = re.compile(r"^xl/(?:worksheets|chartsheets|dialogsheets)/[^/]+\.xml$", re.IGNORECASE)
_MACRO = re.compile(r"(vbaProject\.bin|/macrosheets/|/vbaData\.xml)", re.IGNORECASE)
SHOWN = 100  # addresses kept for a message
MARKED = 200_000  # places kept of what a person does not see on a sheet: hidden, merged, worked out
MAX_COLUMN = 16_384  # of the format
SMALL_PART = 4 << 20
_LONG_RUN = 4 << 20


@dataclass(slots=True)
class SheetScan:
    """What one sheet's part says: its farthest row and column (1-based), cells, error cells, formulas and those without
    a stored value (addresses, at most 100).

    ``worked_out`` are the addresses of all formulas, ``hidden_rows`` and ``hidden_columns`` their 1-based numbers,
    ``merged`` ranges as (first row, first column, last row, last column); at most ``MARKED`` each."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: list[str] = field(default_factory=list)
    formulas: int = 0
    uncomputed: list[str] = field(default_factory=list)
    worked_out: set[str] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def take(self, piece: bytes) -> None:
        """Count a piece that starts and ends between tags."""
        letters, rows, count = _FAST_COLUMN.findall(piece), _FAST_ROW.findall(piece), piece.count(b"<c ")
        if not len(letters) == len(rows) == count or b":c" in piece or _odd_blanks(piece):
            letters, rows = _ANY_COLUMN.findall(piece), _ANY_ROW.findall(piece)
            count = len(_CELL_COUNT.findall(piece))
        self.cells += count
        named = _FAST_ROW_TAG.findall(piece)
        if len(named) != piece.count(b"<row") or b":row" in piece:
            named = _ANY_ROW_TAG.findall(piece)
        self.columns = max(self.columns, *(column_number(name.decode()) for name in set(letters)), 0)
        self.rows = max(self.rows, *map(int, set(rows)), *map(int, named), 0)
        if b't="e"' in piece or b"t='e'" in piece:
            self.errors += [cell.decode() for cell in _ERROR.findall(piece)][: SHOWN - len(self.errors)]
        if b"<f" in piece or b":f>" in piece or b":f " in piece:
            self._formulas(piece)
        if b"hidden" in piece:
            self._hidden(piece)
        if b"mergeCell " in piece:
            found = _MERGED.findall(piece)[: MARKED - len(self.merged)]
            self.merged += [
                (int(top), column_number(left.decode()), int(bottom), column_number(right.decode()))
                for left, top, right, bottom in found
            ]

    def _hidden(self, piece: bytes) -> None:
        for tag, attributes in _HIDDEN_TAG.findall(piece):
            said = {name: int(m[1]) for name, at in _NUMBER_OF.items() if (m := at.search(attributes)) is not None}
            if tag == b"row" and b"r" in said and len(self.hidden_rows) < MARKED:
                self.hidden_rows.add(said[b"r"])
            elif tag == b"col" and b"min" in said and b"max" in said:
                self.hidden_columns.update(range(said[b"min"], min(said[b"max"], MAX_COLUMN) + 1))

    def _formulas(self, piece: bytes) -> None:
        for cell, value in _FORMULA.findall(piece):
            self.formulas += 1
            if len(self.worked_out) < MARKED:
                self.worked_out.add(cell.decode())
            if not value and len(self.uncomputed) < SHOWN:
                self.uncomputed.append(cell.decode())


def _odd_blanks(piece: bytes) -> bool:
    """Say whether a cell tag may be written with another blank than a space (valid XML that no Office writes)."""
    return any(blank in piece and b"<c" + blank in piece for blank in (b"\n", b"\t", b"\r"))


def column_number(letters: str) -> int:
    """Return the 1-based number of a column (``A`` → 1, ``AA`` → 27)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a 1-based column number."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(slots=True)
class Scan:
    """What the pass found: the scan of each sheet by its name, macro parts, links to other workbooks or addresses."""

    sheets: dict[str, SheetScan] = field(default_factory=dict)
    macros: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def scan(stream: BinaryIO, limits: archive.Limits) -> Scan:
    """Inflate and count the whole workbook; raise ``Unreadable`` when it is broken or beyond a limit.

    The text of all cells together counts against ``limits.uncompressed`` too.
    """
    entries = archive.directory(stream, limits).infolist()
    meter = _Meter(limits, max(sum(entry.compress_size for entry in entries), 1))
    parts: dict[str, SheetScan] = {}
    small: dict[str, bytes] = {}
    lengths: list[int] = []
    for entry in entries:
        pieces = meter.count(entry.filename, archive.inflated(stream, entry))
        name = _key(entry.filename)
        if _SHEET.match(name):
            found = parts.setdefault(name, SheetScan())  # two entries of one name count together
            for piece in _between(pieces, b"</row>"):
                found.take(piece)
        elif name == "xl/sharedstrings.xml":
            lengths += [len(text) for piece in _between(pieces, b"</si>") for text in piece.split(b"</si>")]
        elif name.startswith("xl/") and name.endswith((".rels", "workbook.xml")):
            small[name] = b"".join(pieces)[:SMALL_PART]
        else:
            for _ in pieces:
                pass
    _weigh_text(stream, entries, parts, lengths, limits.uncompressed)
    names = [entry.filename for entry in entries]
    return Scan(
        sheets={name: parts[part] for name, part in _sheet_parts(small).items() if part in parts},
        macros=[name for name in names if _MACRO.search(name)],
        links=_links(small),
    )


@dataclass(slots=True)
class _Meter:
    limits: archive.Limits
    packed: int
    total: int = 0

    def count(self, name: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Pass the pieces on while the archive keeps its limits and its XML is plain."""
        markup = first = _key(name).endswith((".xml", ".rels"))
        for piece in pieces:
            self.total += len(piece)
            if self.total > self.limits.uncompressed:
                raise Unreadable("too_large", name, self.total)
            if self.total > self.limits.ratio_from and self.total / self.packed > self.limits.ratio:
                raise Unreadable("ratio", name, self.total / self.packed)
            if (first and b"\0" in piece) or (markup and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece)):
                raise Unreadable("markup", name)
            first = False
            yield piece


def _between(pieces: Iterator[bytes], end: bytes) -> Iterator[bytes]:
    """Re-cut pieces behind the last ``end`` tag; a run of 4 MiB without one is cut before its last tag."""
    carry = b""
    for piece in pieces:
        carry += piece
        at = carry.rfind(end)
        if at >= 0:
            at += len(end)
        elif len(carry) > _LONG_RUN:
            at = max(carry.rfind(b"<"), 1)
        else:
            continue
        yield carry[:at]
        carry = carry[at:]
    if carry:
        yield carry


def _weigh_text(
    stream: BinaryIO, entries: list[zipfile.ZipInfo], parts: dict[str, SheetScan], lengths: list[int], limit: int
) -> None:
    """Refuse a workbook whose shared texts, repeated for each cell that shows them, exceed the limit."""
    if not lengths or max(lengths) * sum(sheet.cells for sheet in parts.values()) <= limit:
        return
    total = 0
    for entry in entries:
        if _key(entry.filename) not in parts:
            continue
        for piece in _between(archive.inflated(stream, entry), b"</row>"):
            total += sum(lengths[int(at)] for at in _SHARED.findall(piece) if int(at) < len(lengths))
            if total > limit:
                raise Unreadable("too_large", entry.filename, total)


def _key(name: str) -> str:
    """Return a part's name as readers compare it: without case, with forward slashes."""
    return name.replace("\\", "/").lower()


def _tree(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("broken", "xl/workbook.xml") from error


def _sheet_parts(small: dict[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    if "xl/workbook.xml" not in small:
        return {}
    targets: dict[str, str] = {}
    for node in _tree(small.get("xl/_rels/workbook.xml.rels", b"<r/>")):
        targets[node.get("Id", "")] = _key(posixpath.normpath(posixpath.join("/xl", node.get("Target", "")))).lstrip(
            "/"
        )
    sheets = _tree(small["xl/workbook.xml"]).iter("{*}sheet")
    return {node.get("name", ""): targets.get(_relation(node), "") for node in sheets}


def _relation(node: Any) -> str:
    return next((value for key, value in node.attrib.items() if key.endswith("}id")), "")


def _links(small: dict[str, bytes]) -> list[str]:
    found = []
    for name, data in small.items():
        if name.endswith(".rels"):
            nodes = [node for node in _tree(data) if node.get("TargetMode") == "External"]
            found += [node.get("Target", "") for node in nodes if not node.get("Type", "").endswith("/hyperlink")]
    return found[:SHOWN]

"""Lists of households in and out as columns, a part at a time: csv, xlsx, and Parquet where pyarrow is installed.

Heads are the names of ``facts.ASKED`` or their Chinese labels, in any order; other columns are carried through. Yes/no
may be written true/false, 是/否, 1/0; codes by their name or their Chinese words. An empty cell is a fact not known.
"""

import csv
import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.housing.facts import ASKED, BY_NAME, Asked, code_words, group_of
from luoshi.office.papers import xlsx

PART = 20_000
KINDS = (".csv", ".xlsx", ".parquet")
_YES = {"true": 1, "是": 1, "1": 1, "yes": 1, "false": 0, "否": 0, "0": 0, "no": 0}
LIMITS = xlsx.Limits(rows=1_048_576, cells=60_000_000, packed=1 << 30, uncompressed=8 << 30)
Part = tuple[list[str], list[list[Any]]]
"""Heads, and one list of cells a column."""


def parts(source: Path) -> Iterator[Part]:
    """Yield a list's columns, at most ``PART`` rows at a time; raise ``Problem`` for what cannot be read."""
    kind = source.suffix.lower()
    if kind not in KINDS:
        raise _bad(str(source), "只读 csv、xlsx 和 parquet。", "Only csv, xlsx and parquet are read.")
    if not source.is_file():
        raise _bad(str(source), "没有这个文件。", "There is no such file.")
    if kind == ".parquet":
        yield from _parquet_parts(source)
        return
    rows = _csv_rows(source) if kind == ".csv" else _xlsx_rows(source)
    heads = next(rows, None)
    if heads is None:
        raise _bad(str(source), "文件是空的。", "The file is empty.")
    names = [str(head).strip() for head in heads]
    some: list[Sequence[Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == PART:
            yield names, _turned(some, len(names))
            some = []
    yield names, _turned(some, len(names))


def _csv_rows(source: Path) -> Iterator[Sequence[Any]]:
    encoding = "utf-8-sig"
    try:
        with source.open(encoding=encoding, newline="") as lines:
            for _ in lines:
                pass
    except UnicodeDecodeError:
        encoding = "gb18030"
    try:
        with source.open(encoding=encoding, newline="") as lines:
            yield from csv.reader(lines)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise _bad(str(source), "不是 UTF-8 或 GB18030 的 csv。", "It is no csv in UTF-8 or GB18030.") from fault


def _xlsx_rows(source: Path) -> Iterator[Sequence[Any]]:
    with source.open("rb") as data:
        for sheet in xlsx.read(data, name=source.name, limits=LIMITS).sheets:
            if sheet.state == "visible":
                yield from (cells for _, cells in sheet.rows())
                return


def _parquet_parts(source: Path) -> Iterator[Part]:
    parquet = _pyarrow("pyarrow.parquet", source)
    try:
        batches = parquet.ParquetFile(source).iter_batches(batch_size=PART)
        for batch in batches:
            yield list(batch.schema.names), [column.to_pylist() for column in batch.columns]
    except (OSError, ValueError) as fault:
        raise _bad(str(source), "不是完整的 Parquet 文件。", "This is not a whole Parquet file.") from fault


def _pyarrow(module: str, place: Path) -> Any:
    if find_spec("pyarrow") is None:
        raise _bad(
            str(place),
            "本机未安装 pyarrow，读写 Parquet 需要它。",
            "Parquet needs pyarrow, which is not installed here.",
        )
    return import_module(module)


def _turned(rows: list[Sequence[Any]], width: int) -> list[list[Any]]:
    return [[row[i] if i < len(row) else "" for row in rows] for i in range(width)]


def columns(part: Part, first_row: int, place: str) -> dict[str, NDArray[Any]]:
    """Return the facts of one part as arrays for ``screen``; a bad cell is a ``Problem`` naming its row and head."""
    found: dict[str, NDArray[Any]] = {}
    for name, cells in zip(*part, strict=True):
        asked = _asked(name)
        if asked is None:
            continue
        if asked.name in found:
            raise _bad(f"{place} {name}", "这一列出现了两次。", "This column stands twice.")
        found[asked.name] = _array(asked, cells, first_row, f"{place} {name}")
    if not found:
        raise _bad(place, "没有一列是认识的事实。", "No column is a known fact.")
    return found


_LABELS = {asked.words.zh: asked for asked in ASKED}


def _asked(name: str) -> Asked | None:
    return BY_NAME.get(name) or _LABELS.get(name)


def _array(asked: Asked, cells: list[Any], first_row: int, place: str) -> NDArray[Any]:
    read = {"yes_no": _yes_no, "code": _code, "whole": _number, "number": _number, "day": _day}[asked.kind]
    known: dict[Any, Any] = {}
    out: list[Any] = []
    for row, cell in enumerate(cells):
        key = (cell, type(cell))
        if key not in known:
            try:
                known[key] = read(asked, cell)
            except ValueError as fault:
                where = Words(f"{place} 第{first_row + row}行", f"{place} row {first_row + row}").zh
                raise _bad(where, f"看不懂“{cell!s:.40}”。", f"{cell!s:.40} cannot be read.") from fault
        out.append(known[key])
    if asked.kind in ("yes_no", "code"):
        return np.array(out, np.int8)
    return np.array(out, "datetime64[D]" if asked.kind == "day" else np.float64)


def _empty(cell: Any) -> bool:
    return (
        cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and math.isnan(cell))
    )


def _yes_no(asked: Asked, cell: Any) -> int:
    if _empty(cell):
        return -1
    if isinstance(cell, float) and cell in (0.0, 1.0):
        return int(cell)
    if (found := _YES.get(str(cell).strip().lower())) is None:
        raise ValueError(cell)
    return found


def _code(asked: Asked, cell: Any) -> int:
    if _empty(cell):
        return -1
    text = str(cell).strip()
    if asked.name == "group":
        text = group_of(text) or text
    for position, code in enumerate(asked.codes):
        if text in (code, code_words(code).zh):
            return position
    raise ValueError(cell)


def _number(asked: Asked, cell: Any) -> float:
    if _empty(cell):
        return math.nan
    number = float(cell)
    whole = asked.kind == "number" or number.is_integer()
    if isinstance(cell, bool) or not whole or not asked.least <= number <= asked.most:
        raise ValueError(cell)
    return number


def _day(asked: Asked, cell: Any) -> Any:
    if _empty(cell):
        return np.datetime64("NaT")
    if isinstance(cell, dt.datetime):
        return np.datetime64(cell.date())
    return np.datetime64(cell if isinstance(cell, dt.date) else dt.date.fromisoformat(str(cell).strip()))


def write(target: Path, heads: list[str], made: Iterator[list[list[Any]]], progress: Callable[[int], None]) -> int:
    """Write parts (one list a column) under their heads and return the rows; the file appears whole or not at all."""
    kind = target.suffix.lower()
    if kind not in KINDS:
        raise _bad(str(target), "只写 csv、xlsx 和 parquet。", "Only csv, xlsx and parquet are written.")
    if not target.parent.is_dir():
        raise _bad(str(target), "没有这个文件夹。", "There is no such folder.")
    new = target.with_name(f".{target.name}.part")
    try:
        rows = _WRITERS[kind](new, heads, made, progress)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
    return rows


def _write_csv(target: Path, heads: list[str], made: Iterator[list[list[Any]]], progress: Callable[[int], None]) -> int:
    rows = 0
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heads)
        for part in made:
            writer.writerows(zip(*part, strict=True))
            rows += len(part[0])
            progress(rows)
    return rows


def _write_xlsx(
    target: Path, heads: list[str], made: Iterator[list[list[Any]]], progress: Callable[[int], None]
) -> int:
    def rows() -> Iterator[list[Any]]:
        for part in made:
            yield from ([_plain(cell) for cell in row] for row in zip(*part, strict=True))

    sheet = xlsx.SheetOut("筛查结果", [xlsx.Column(head, "text") for head in heads], rows())
    with target.open("wb") as out:
        return xlsx.write(out, [sheet], progress=progress, every=PART)


def _plain(cell: Any) -> str:
    return "" if cell is None else cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _write_parquet(
    target: Path, heads: list[str], made: Iterator[list[list[Any]]], progress: Callable[[int], None]
) -> int:
    arrow, parquet = _pyarrow("pyarrow", target), _pyarrow("pyarrow.parquet", target)
    rows, writer = 0, None
    try:
        for part in made:
            table = arrow.table(dict(zip(heads, part, strict=True)))
            writer = writer or parquet.ParquetWriter(target, table.schema)
            writer.write_table(table.cast(writer.schema))
            rows += table.num_rows
            progress(rows)
    except (arrow.ArrowInvalid, arrow.ArrowTypeError) as fault:
        raise _bad(
            str(target), "同一列里类型不一致，写不成 Parquet。", "A column holds mixed types: no Parquet."
        ) from fault
    finally:
        if writer is not None:
            writer.close()
    return rows


_WRITERS = {".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet}


def _bad(place: str, zh: str, en: str) -> Problem:
    remedy = Words(
        "请按 luoshi housing facts-schema 的事实名称和写法整理。",
        "See luoshi housing facts-schema for names and forms.",
    )
    return Problem(place, Words(zh, en), remedy)

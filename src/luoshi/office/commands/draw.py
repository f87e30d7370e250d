"""``luoshi draw``: run a replayable draw, and replay one to see whether it is true."""

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from luoshi.core import draw
from luoshi.core.problem import Problem
from luoshi.core.words import Words

T = TypeVar("T")

_ID_HEADS = ("id", "编号", "代码", "统一社会信用代码")
_STRATUM_HEADS = ("stratum", "分层", "类别")


def add_commands(sub: "argparse._SubParsersAction[Any]") -> None:
    """Add ``draw`` and its verbs to the command line."""
    about = "随机抽取与复核 Random draws that anyone can replay"
    verbs = sub.add_parser("draw", help=about, description=about).add_subparsers(
        dest="verb", metavar="操作 VERB", required=True
    )
    about = "从名单中抽取并留下记录 Draw from a list and print the record"
    parser = verbs.add_parser("run", help=about, description=about)
    parser.add_argument("--frame", required=True, metavar="F.csv", help="名单，列 id[,stratum] list: id[,stratum]")
    parser.add_argument("--count", required=True, metavar="N", help="抽取数量 how many")
    parser.add_argument("--seed", required=True, metavar="TEXT", help="名单公布后确定的公开种子 public seed")
    parser.add_argument(
        "--per-stratum", action="append", default=[], metavar="NAME=N", help="每层数量，可重复 number per stratum"
    )
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="ID=REASON", help="回避及理由，可重复 who steps out, and why"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON 记录 print the record as JSON")
    parser.set_defaults(run=run_run)
    about = "重演一份记录 Replay a record"
    parser = verbs.add_parser("verify", help=about, description=about)
    parser.add_argument("record", metavar="RECORD.json", help="抽取记录 the record of a draw")
    parser.add_argument("--frame", metavar="F.csv", help="另行公布的名单 the list as published elsewhere")
    parser.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    parser.set_defaults(run=run_verify)


def run_run(arguments: argparse.Namespace) -> int:
    """Draw and print; raise ``Problem`` for a list, number or exclusion that cannot be used."""
    quotas = dict(_pairs("--per-stratum", arguments.per_stratum, lambda text: _number("--per-stratum", text)))
    reasons = _pairs("--exclude", arguments.exclude, str)
    record = draw.run(
        read_frame(Path(arguments.frame)),
        _number("--count", arguments.count),
        arguments.seed,
        quotas or None,
        [draw.Exclusion(id_, reason) for id_, reason in reasons],
    )
    if arguments.json:
        print(json.dumps(record.as_json(), ensure_ascii=False))
        return 0
    print(f"名单 {len(record.frame)} 个，摘要 Frame: {len(record.frame)}, hash {record.frame_hash}")
    print(f"种子 Seed: {record.seed}  方法 Method: {record.method} v{record.version}")
    for exclusion in record.excluded:
        instead = exclusion.replaced_by or "—"
        print(f"回避 Excluded: {exclusion.id}（{exclusion.reason}） 替补 replaced by: {instead}")
    print("抽中 Picks:", *record.picks, sep="\n")
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Replay a record on its own list, or on the one published elsewhere; 0 when it is true, 1 when not."""
    path = Path(arguments.record)
    try:
        value = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        words = Words(f"不是 JSON 文件：{error}。", f"Not a JSON file: {error}.")
        raise Problem(
            str(path), words, Words("请使用 draw run --json 的输出。", "Use the output of draw run --json.")
        ) from error
    record = draw.Record.from_json(value, str(path))
    frame = read_frame(Path(arguments.frame)) if arguments.frame else record.frame
    answer = draw.verify(record, frame)
    if arguments.json:
        reasons = [reason.as_json() for reason in answer.reasons]
        print(json.dumps({"outcome": answer.verdict, "reasons": reasons}, ensure_ascii=False))
    elif answer:
        print("记录属实：按名单和种子重演，结果一致。\nTrue: replaying list and seed gives the same picks.")
    else:
        print(*(line for reason in answer.reasons for line in reason.words), sep="\n")
    return 0 if answer else 1


def read_frame(path: Path) -> list[draw.Member]:
    """Read a list from a CSV file with a head line; a file of one column may go without. Raises ``Problem``."""
    rows = [(number, row) for number, row in enumerate(_rows(path), start=1) if any(cell.strip() for cell in row)]
    if not rows:
        raise _bad(str(path), "名单为空。", "The list is empty.")
    heads = [cell.strip().lower() for cell in rows[0][1]]
    id_at = next((heads.index(head) for head in _ID_HEADS if head in heads), None)
    stratum_at = next((heads.index(head) for head in _STRATUM_HEADS if head in heads), None)
    if id_at is not None:
        rows = rows[1:]
    elif len(heads) == 1:
        id_at = 0
    else:
        raise _bad(f"{path}:1", "表头中没有 id 或“编号”列。", "The head line has no column 'id'.")
    members = []
    for number, row in rows:
        cells = [cell.strip() for cell in row] + [""] * len(heads)
        if not cells[id_at]:
            raise _bad(f"{path}:{number}", "编号为空。", "The id is empty.")
        members.append(draw.Member(cells[id_at], (cells[stratum_at] or None) if stratum_at is not None else None))
    return members


def _rows(path: Path) -> Iterable[list[str]]:
    try:
        return list(csv.reader(io.StringIO(_read(path), newline=""), strict=True))
    except csv.Error as error:
        raise _bad(str(path), f"CSV 格式有误：{error}。", f"Not well-formed CSV: {error}.") from error


def _read(path: Path) -> str:
    """Text of a file in UTF-8 or, as spreadsheets here still write it, GB 18030."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "error"
        raise _bad(str(path), f"无法读取文件：{reason}。", f"The file cannot be read: {reason}.") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(str(path), "文件编码不是 UTF-8 或 GB 18030。", "The file is neither UTF-8 nor GB 18030.")


def _pairs(place: str, texts: Iterable[str], read: Callable[[str], T]) -> list[tuple[str, T]]:
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise _bad(place, f"应写成 名称=值：{text!r}。", f"Write NAME=VALUE, not {text!r}.")
        pairs.append((name.strip(), read(value.strip())))
    return pairs


def _number(place: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _bad(place, f"不是有效的数量：{text!r}。", f"Not a number: {text!r}.")
    return int(text)


def _bad(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请改正后重试。", "Correct it and try again."))

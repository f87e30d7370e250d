"""What stands in a table that was flattened into text: its head row, its columns, its rows of cells.

序号⇥重点任务⇥牵头单位⇥配合单位⇥完成时限 in one line, or the same one cell a line.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from luoshi.gazette.parse.labels import LABEL
from luoshi.gazette.parse.marks import bare
from luoshi.gazette.parse.paragraphs import Line, Paragraph

_SERIAL = re.compile(r"序\s?号|编\s?号|项次|No\.?")
_SCORE = re.compile(r"(?:标准|基本|满|权重|考核|赋|评价)?分(?:值|数)?(?:（分）)?|权重(?:（%）)?|标准分")
# Who gives the marks; in a table that names nobody else, who answers for them
_SCORER = re.compile(
    r"(?:牵头)?(?:考核|评分|评价|评议|打分|计分|考评|认定|评定|数据提供)(?:责任|实施)?(?:单位|部门|主体)"
)
_TEXT = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}(?:任务|措施|内容|事项|指标|目标|项目|工作|要求|举措|类别|清单|名称|问题|标准|依据|办法|步骤|阶段|成果|细则|说明|方式|备注|情况|要点|环节|建议|进度|得分))(?:（.{1,10}）)?|备注|自评分?"
)
_SPLIT = re.compile(r" *[\t|] *| {2,}")
_HEAD_OPENS = frozenset("序编项工重任牵责考主指目类问具年N|一二三措内评")
_PARTED = re.compile(r"[\s|]")
_BLANKS = re.compile(r"\s+")
_BLANKS_OR_STROKE = re.compile(r"\s+|\|")
_NUMBER = re.compile(r"\d{1,3}[.、]?|[一二三四五六七八九十]{1,3}")


def column_kind(words: str) -> str | None:
    """Return serial, lead, support, responsible, guide, deadline, person, score, scorer or text for a column head."""
    return _kind_of(words) if len(words) <= 64 else _column_kind(words)


def _column_kind(words: str) -> str | None:
    text = bare(words)
    if not 1 < len(text) <= 14:
        return None
    for kind, rule in (("serial", _SERIAL), ("score", _SCORE), ("scorer", _SCORER)):
        if rule.fullmatch(text):
            return kind
    found = LABEL.fullmatch(text)
    if found is not None and found.lastgroup != "other":
        return str(found.lastgroup)
    return "text" if _TEXT.fullmatch(text) else None


_kind_of = lru_cache(maxsize=4096)(_column_kind)


def mark_cells(lines: list[Line]) -> None:
    """Set ``kind`` to cell for tables printed one cell a line: a run of column heads, then serial numbers in order."""
    n = 0
    while n < len(lines):
        width = _head_width(lines, n)
        if width < 3:
            n += 1
            continue
        end = _table_end(lines, n + width, width)
        for line in lines[n:end]:
            line.kind = "cell"
        n = max(end, n + 1)


def _head_width(lines: list[Line], at: int) -> int:
    text = lines[at].text
    if text[0] not in "序编项N" or column_kind(text) != "serial":
        return 0
    width = 0
    while at + width < len(lines) and width < 12 and column_kind(lines[at + width].text) is not None:
        width += 1
    return width


def _table_end(lines: list[Line], at: int, width: int) -> int:
    """Rows begin with 1, 2, 3 …; the last row has as many cells as there are columns."""
    expected, n, last = 1, at, at
    while n < len(lines):
        if lines[n].text.strip(" .、") == str(expected):
            expected, last = expected + 1, n
        elif n - last >= 3 * width:
            break
        n += 1
    return min(last + width, len(lines)) if expected > 1 else at


@dataclass(slots=True)
class Cell:
    """A cell: its paragraph and place in it."""

    para: Paragraph
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.para.text[self.start : self.end].strip()


def split_row(para: Paragraph, width: int | None = None) -> list[Cell]:
    """Return the cells of a row printed in one line. With ``width`` single blanks may part that many cells."""
    lost = 0
    if para.start and "\t" in para.text:
        before = para.source[max(0, para.start - 20) : para.start]
        lost = len(before) - len(before.rstrip("\t"))
    cells = [Cell(para, 0, 0)] * lost + _split(para, _SPLIT)
    if width and len(cells) != width:
        single = _split(para, _BLANKS_OR_STROKE)
        if len(single) == width:
            return single
    return cells


def _split(para: Paragraph, rule: re.Pattern[str]) -> list[Cell]:
    cells, at = [], 0
    for cut in rule.finditer(para.text):
        cells.append(Cell(para, at, cut.start()))
        at = cut.end()
    cells.append(Cell(para, at, len(para.text)))
    if cells and not cells[0].text and para.text.startswith("|"):
        cells.pop(0)
    if cells and not cells[-1].text and para.text.endswith("|"):
        cells.pop()
    return cells


def head_row(para: Paragraph) -> tuple[list[Cell], list[str]] | None:
    """Return cells and kinds when the line is the head of a table with at least three known columns."""
    text = para.text
    if len(text) > 140 or text[0] not in _HEAD_OPENS or _PARTED.search(text) is None:
        return None
    for cells in (split_row(para), _split(para, _BLANKS)):
        kinds = [column_kind(c.text) for c in cells]
        known = [k for k in kinds if k]
        strange = len(kinds) - len(known)
        if (
            len(known) >= 3
            and strange <= (2 if "\t" in para.text or "|" in para.text else 1)
            and set(known) & {"lead", "responsible", "deadline", "score", "support"}
        ):
            return cells, [k or "text" for k in kinds]
    return None


def is_serial(words: str) -> bool:
    return _NUMBER.fullmatch(words.strip()) is not None

"""What a paper holds, before it is set as docx or pdf. Text is plain: no markup is understood, all of it is printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.papers.layout import PLAIN_INDENT, PT_PER_MM, SEAL_INDENT, TABLE_PT, TEXT_WIDTH_MM
from luoshi.office.papers.text import clean, one_line, title_lines, width

TABLE_CHARACTERS = TEXT_WIDTH_MM * PT_PER_MM / TABLE_PT
SHORT_COLUMN = 10.0  # characters a column may take before it counts as one of sentences
KEPT_CHARACTERS = 140  # five lines: longer text breaks across pages instead of moving whole

_FIGURES = "〇一二三四五六七八九"
_YEAR = re.compile(r"[\[\(（【［〔]\s*(\d{4})\s*[\]\)）】］〕]\s*(?:第\s*)?0*(\d*)\s*号")


def chinese_date(day: date) -> str:
    """Return the day as papers print it: Arabic figures, no leading zeros (``2023年4月13日``)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_figure(number: int) -> str:
    """Return 1–99 in Chinese figures as enumerators use them (``11`` → ``十一``)."""
    assert 1 <= number <= 99, "enumerators run from 1 to 99"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _FIGURES[tens] + "十"
    return head + (_FIGURES[ones] if ones else "")


def document_number(raw: str) -> str:
    """Return a document number in its normal form: year in 〔〕, no 第, no leading zero. Other text stays as given."""
    text = one_line(raw)
    return _YEAR.sub(lambda m: f"〔{m[1]}〕{m[2]}号", text)


def _problem(place: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Problem:
    return Problem(place, Words(zh, en), Words(remedy_zh, remedy_en))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4; ``number`` prints the level's enumerator (一、 （一） 1. （1）) before the text."""

    text: str
    level: int = 1
    number: int | None = None

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise _problem(
                "heading.level",
                f"标题层次为 {self.level}，公文只有四层。",
                f"The heading level is {self.level}; official papers have four.",
                "请用 1 至 4。",
                "Use 1 to 4.",
            )

    @property
    def printed(self) -> str:
        """The heading with its enumerator, on one line."""
        if self.number is None:
            return one_line(self.text)
        marks = {1: "{zh}、", 2: "（{zh}）", 3: "{n}.", 4: "（{n}）"}
        zh = chinese_figure(self.number) if self.level < 3 else ""
        return marks[self.level].format(zh=zh, n=self.number) + one_line(self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text; a line end inside starts a new line. Indented by two characters unless ``indent`` is off."""

    text: str
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one head row that repeats on each page. Every row has one text a column."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str | None = None

    def __post_init__(self) -> None:
        if not self.columns:
            raise _problem(
                "table.columns", "表格没有列。", "The table has no column.", "请给出表头。", "Name the columns."
            )
        for at, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise _problem(
                    f"table.rows[{at}]",
                    f"第 {at} 行有 {len(row)} 格，表头有 {len(self.columns)} 列。",
                    f"Row {at} has {len(row)} cells, the head has {len(self.columns)} columns.",
                    "请补齐或删去多余的格。",
                    "Fill the row up or drop the extra cells.",
                )

    def shares(self) -> list[float]:
        """Return each column's share of the width; they add up to 1. Columns of short words get what they need on one
        line, columns of sentences divide what is left."""
        needs = [1.15 * self._widest(at) + 1.5 for at in range(len(self.columns))]
        short = sum(need for need in needs if need <= SHORT_COLUMN)
        long = sum(need for need in needs if need > SHORT_COLUMN)
        rest = max(TABLE_CHARACTERS - short, TABLE_CHARACTERS / 3)
        shrink = rest / long if long > rest else 1.0
        needs = [need * shrink if need > SHORT_COLUMN else need for need in needs]
        return [need / sum(needs) for need in needs]

    def _widest(self, at: int) -> float:
        cells = max((width(clean(row[at])) for row in self.rows), default=0.0)
        return max(2.0, min(width(clean(self.columns[at])), 12.0), min(cells, 30.0))

    def long_columns(self) -> list[bool]:
        """Return for each column whether its cells are sentences, set flush left, rather than short words, centred."""
        return [any(width(clean(row[at])) > 12 for row in self.rows) for at in range(len(self.columns))]


@dataclass(frozen=True, slots=True)
class AttachmentList:
    """附件说明 below the text: one title without a number, several with 1. 2. 3."""

    titles: Sequence[str]

    def printed(self) -> list[tuple[str, str]]:
        """Return (label, title) a line; the label is empty from the second line's 附件： on."""
        names = [one_line(title) for title in self.titles]
        if len(names) == 1:
            return [("附件：", names[0])]
        return [("附件：" if at == 1 else "", f"{at}. {name}") for at, name in enumerate(names, 1)]


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 and 成文日期. With ``sealed`` the date leaves four characters at the right for the seal, else two.

    ``note`` (附注) stands below the date; ``flow`` puts the paper's disclosure there.
    """

    issuer: str
    day: date
    sealed: bool = True
    note: str = ""

    def right_indents(self) -> tuple[float, float]:
        """Return how many characters stay free at the right of the issuer and of the date.

        Sealed: the issuer is centred on the date. Not sealed: the date starts two characters further right than the
        issuer, and the longer of both keeps two characters free (GB/T 9704-2012, 7.3.5).
        """
        issuer, day = width(one_line(self.issuer)), width(chinese_date(self.day))
        if self.sealed:
            return max(SEAL_INDENT + (day - issuer) / 2, 0.0), float(SEAL_INDENT)
        if day > issuer:
            return PLAIN_INDENT + day - issuer + 2, float(PLAIN_INDENT)
        return float(PLAIN_INDENT), max(PLAIN_INDENT + issuer - day - 2, 0.0)


@dataclass(frozen=True, slots=True)
class Annex:
    """An attachment on a page of its own: label (``附件1``, may be empty), title, blocks."""

    title: str
    blocks: Sequence["Heading | Paragraph | Table | Signature"] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: who printed the paper and when."""

    office: str
    day: date


Block = Heading | Paragraph | Table | AttachmentList | Signature | Annex


@dataclass(frozen=True, slots=True)
class Paper:
    """One official paper.

    ``mark`` is the red 发文机关标志 (``固阳县人民政府文件``); without it the paper starts with its title.
    ``disclosure`` is printed in brackets below the date. ``copies_to`` and ``imprint`` stand at the foot of the last
    page. Raises ``Problem`` for an empty title.
    """

    title: str
    blocks: Sequence[Block]
    mark: str = ""
    number: str = ""
    recipients: Sequence[str] = ()
    disclosure: str = ""
    copies_to: Sequence[str] = ()
    imprint: Imprint | None = None
    page_numbers: bool = True

    def __post_init__(self) -> None:
        if not clean(self.title).strip():
            raise _problem("title", "公文没有标题。", "The paper has no title.", "请填写标题。", "Give it a title.")

    @property
    def day(self) -> date | None:
        """The day of the first signature, else of the imprint."""
        signed = next((block.day for block in self.blocks if isinstance(block, Signature)), None)
        return signed or (self.imprint.day if self.imprint else None)

    @property
    def printed_title(self) -> list[str]:
        """The title's lines."""
        return title_lines(self.title)

    @property
    def printed_recipients(self) -> str:
        """主送机关 with its colon, or nothing."""
        return "，".join(one_line(name) for name in self.recipients) + "：" if self.recipients else ""

    @property
    def printed_disclosure(self) -> str:
        """附注 in full-width brackets, or nothing."""
        note = one_line(self.disclosure).strip("（）()")
        return f"（{note}）" if note else ""

    @property
    def printed_copies(self) -> str:
        """抄送机关 with its full stop, or nothing."""
        return "，".join(one_line(name) for name in self.copies_to) + "。" if self.copies_to else ""


def flow(paper: Paper) -> Iterator[Block | str]:
    """Yield the blocks in print order, the disclosure in the first signature, else as a ``str`` before an annex or at
    the end."""
    note = paper.printed_disclosure
    for block in paper.blocks:
        if note and isinstance(block, Annex):
            yield note
            note = ""
        if note and isinstance(block, Signature) and not block.note:
            block, note = replace(block, note=note), ""
        yield block
    if note:
        yield note


def keeps_with_next(blocks: Sequence[Block | str], at: int) -> bool:
    """Say whether block ``at`` should share the page of what follows, so that no page holds a signature alone."""
    block, below = blocks[at], blocks[at + 1] if at + 1 < len(blocks) else None
    if isinstance(block, Paragraph):
        followed = isinstance(below, Signature | AttachmentList)
        return followed and len(block.text) <= KEPT_CHARACTERS
    return isinstance(block, AttachmentList | Heading)


def texts(paper: Paper) -> Iterator[str]:
    """Yield every text the paper prints, cleaned, for coverage checks and tests."""
    yield from (clean(paper.mark), document_number(paper.number), *paper.printed_title, paper.printed_recipients)
    for block in flow(paper):
        yield from _block_texts(block)
    yield from ("抄送：" + paper.printed_copies,) if paper.copies_to else ()
    if paper.imprint:
        yield from (one_line(paper.imprint.office), chinese_date(paper.imprint.day) + "印发")


def _block_texts(block: Block | str) -> Iterator[str]:
    match block:
        case str():
            yield block
        case Heading():
            yield block.printed
        case Paragraph():
            yield clean(block.text)
        case Table():
            yield from (clean(cell) for row in (block.columns, *block.rows) for cell in row)
            yield one_line(block.caption or "")
        case AttachmentList():
            yield from (label + title for label, title in block.printed())
        case Signature():
            yield from (one_line(block.issuer), chinese_date(block.day), block.note)
        case Annex():
            yield from (one_line(block.label), clean(block.title))
            for inner in block.blocks:
                yield from _block_texts(inner)

"""Lines → paragraphs: running heads and page numbers set aside, sentences broken by a page or a line end joined again.

Reads ``text``, ``plain``; writes ``lines``, ``paragraphs``, ``furniture``.
"""

import re
from collections import Counter
from itertools import pairwise

from luoshi.gazette.parse.cells import mark_cells
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.heads import is_date, is_signature
from luoshi.gazette.parse.labels import ROLES, read_fields, starts_label
from luoshi.gazette.parse.marks import bare
from luoshi.gazette.parse.paragraphs import Line, Paragraph
from luoshi.gazette.parse.titles import is_issuer, opens_title
from luoshi.gazette.parse.units import is_unit

# - 12 -   第 3 页 共 10 页   · 7 ·   42
_PAGE = re.compile(
    r"[-·\s]*(?:第\s?)?\d{1,4}\s?(?:页(?:[\s，/]*共?\s?\d{1,4}\s?页)?)?[-·\s]*|[-·\s]*\d{1,3}\s?/\s?\d{1,3}[-·\s]*"
)
_SPREAD = re.compile(r"(?:\S ){3,}\S")
_PARTS = re.compile("[、，：]")
_HARD_END = frozenset("。；：！？…")
# 按职责分工负责   牵头，…   等部门: the rest of a unit list that the line end cut off
_ROLE_REST = re.compile(r"(?:按照?(?:各自)?职责|牵头|负责|配合|协助|等(?:部门|单位|有关|相关))")
_FIRST_PIECE = re.compile(r"[^、，。；\s]{1,40}")
_CUT_TIME = re.compile(r"(?:并|长|长期|持|持续|常|常态|坚|[\d年月至-])$")
_REST_OF_TIME = re.compile(r"[续期态化持\d年月日底前末上中下初]|坚持|长期|常态|推进|开展|实施|落实|执行|巩固|完成|抓好")
# **一是**将…**一、指挥部组成**: an emphasised enumerator glued to the end of another line
_GLUED = re.compile(r"\*\*(?=[一二三四五六七八九十]{1,3}、)")


def read_lines(text: str, plain: str) -> list[Line]:
    """Cut the text into its non-blank lines; an emphasised top-level heading inside a line begins its own line."""
    lines = []
    at = 0
    emphasised = "**" in text
    for piece in plain.split("\n"):
        if emphasised and "  " in piece:
            inner = [m.start() - at for m in _GLUED.finditer(text, at, at + len(piece)) if m.start() > at]
            cuts = [0, *inner, len(piece)]
            parts = [(a, piece[a:b]) for a, b in pairwise(cuts)]
        else:
            parts = [(0, piece)]
        for a, part in parts:
            words = part.strip()
            if words:
                start = at + a + len(part) - len(part.lstrip())
                lines.append(Line(start, start + len(words), words))
        at += len(piece) + 1
    return lines


def mark_furniture(lines: list[Line]) -> None:
    """Set ``kind`` of running heads (short lines printed spread out or again and again) and page numbers."""
    mark_cells(lines)
    short = Counter(bare(line.text) for line in lines if len(line.text) <= 24 and line.text[-1] == "报")
    for n, line in enumerate(lines):
        if len(line.text) > 24 or line.kind == "cell":
            continue
        if _PAGE.fullmatch(line.text):
            line.kind = "page_number"
        elif _is_running_head(line.text, short) and n > 0:
            line.kind = "running_head"


def _is_running_head(words: str, short: Counter[str]) -> bool:
    if (
        words[1:2] == " "
        and _SPREAD.fullmatch(words)
        and bare(words).endswith(("文件", "公报", "大事记", "解读", "任免"))
    ):
        return True
    return words[-1] == "报" and bare(words).endswith("公报") and short[bare(words)] >= 2


def join_lines(lines: list[Line], source: str) -> list[Paragraph]:
    """Join each line that only continues the one before; furniture between the two does not part them."""
    width = _wrap_width(lines)
    groups: list[list[Line]] = []
    content = [line for line in lines if line.kind in ("text", "cell")]
    for n, line in enumerate(content):
        signature = is_issuer(line.text) and is_signature(line.text, [c.text for c in content[n + 1 : n + 5]])
        joins = line.kind == "text" and bool(groups) and groups[-1][0].kind == "text" and not signature
        if joins and _continues(groups[-1], line, width):
            groups[-1].append(line)
            continue
        groups.append([line])
    return [Paragraph(group, source, group[0].kind) for group in groups]


def _wrap_width(lines: list[Line]) -> int:
    """Return the line width of a hard-wrapped text, 0 for a text of one paragraph a line."""
    long = [len(line.text) for line in lines if line.kind == "text" and len(line.text) >= 16]
    if len(long) < 12:
        return 0
    width = sorted(long)[int(len(long) * 0.9)]
    full = sum(1 for n in long if width - 3 <= n <= width + 3)
    return width if width <= 60 and full * 2 > len(long) else 0


def _continues(group: list[Line], line: Line, width: int) -> bool:
    before = group[-1].text
    last = before[-1]
    if starts_label(group[0].text) and not _begins(line.text):
        full = width > 0 and len(before) >= width - 1 and last != "。"
        return full or _label_goes_on(group, line.text)
    if last in _HARD_END and not (width and abs(len(before) - width) <= 1 and _open_words(line.text)):
        return False
    if _starts_anew(line.text) and not (
        width and len(before) >= width - 1 and last not in _HARD_END and _false_mark(line.text)
    ):
        return False
    if "\t" in before or "\t" in line.text or "|" in before:
        return False
    if width and len(before) < width - 3:
        return False
    if last in "，、（《“〔-":
        return True
    first = group[0].text
    if width and len(before) >= width - 1 and last not in _HARD_END:
        return not opens_title(first) and len(first) >= width - 3
    mark = read_mark(first)
    if mark is not None and mark.style != "bullet":
        return _is_prose(first[mark.end :] + _ends_of(group[1:]))
    return _is_prose(_ends_of(group))


def _ends_of(group: list[Line]) -> str:
    """The first lines and the last: enough to see what kind of text it is, however long it grows."""
    return "".join(g.text for g in (group if len(group) <= 6 else [*group[:3], *group[-3:]]))


def _open_words(words: str) -> bool:
    return words[0] in "，。、；）》”"


def _label_goes_on(group: list[Line], words: str) -> bool:
    """A label line goes on when its last name is no whole unit, or its time limit stops after 并, 长期, a figure."""
    text = _ends_of(group)
    if len(words) > 200 or text[-1] in "。；" or words[0] in "●■◆-":
        return False
    if text[-1] in "，、：（和及" or words[0] in "、，）":
        return not (text[-1] == "：" and opens_title(words) and words.startswith(("关于", "《")))
    kind, last = read_fields(text)[-1].kind, _PARTS.split(text)[-1]
    if kind in ROLES and len(words) <= 120 and _rest_of_name(last, words):
        return True
    if opens_title(words):
        return False
    if _ROLE_REST.match(words):
        return True
    if kind == "deadline":
        return len(words) <= 30 and _CUT_TIME.search(text[-4:]) is not None and _REST_OF_TIME.match(words) is not None
    return (
        kind in ROLES
        and len(words) <= 120
        and "。" not in words[:-1]
        and not is_unit(last)
        and not last.endswith("负责")
    )


def _rest_of_name(last: str, words: str) -> bool:
    """各乡 | 镇人民政府   各村民委 | 员会: the next line opens with no body, or the last name here is too short."""
    first = _FIRST_PIECE.match(words)
    if first is None or not is_unit(last + first.group()):
        return False
    return len(last) <= 2 or (len(first.group()) <= 4 and not is_unit(first.group()))


def _is_prose(words: str) -> bool:
    """Unfinished running text, not a heading: it already holds a full stop, or it is long and has commas."""
    return "。" in words or "；" in words or (len(words) >= 45 and "，" in words)


def _false_mark(words: str) -> bool:
    """In a wrapped text a full line may break before a figure: （2020-2 | 023）的要求 is no item 023."""
    mark = read_mark(words)
    return mark is not None and mark.style in ("arabic", "arabic_paren", "decimal", "circled", "bullet", "first")


def _begins(words: str) -> bool:
    """A mark, a label, a date, a table row: what never continues a label line."""
    mark = read_mark(words)
    bullet = mark is not None and mark.style == "bullet" and words[0] == "-" and words[1] != "-"
    return (mark is not None and not bullet) or starts_label(words) or is_date(words) or "\t" in words


def _starts_anew(words: str) -> bool:
    return _begins(words) or opens_title(words)

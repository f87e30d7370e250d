"""The printed table of contents of an issue: columns, pages, titles. Pure. GAZ-T-1, GAZ-T-4."""

import re
import unicodedata
from dataclasses import dataclass

from luoshi.gazette.publication.citations import normal_title

_LINE = re.compile(
    r"^\s*[-—·•]?\s*(?P<page>\d{1,4})\s*(?P<title>[^\d\s].*)$|^(?P<title2>.{4,120}?)[\s.·…]{2,}(?P<page2>\d{1,4})\s*$"
)


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line: the column it stands under, its starting page, its title as printed."""

    column: str
    page: int
    title: str

    @property
    def is_interpretation(self) -> bool:
        """Tell whether the line announces an interpretation."""
        return self.title.rstrip("）)").endswith("解读")


def contents(text: str) -> tuple[ContentsLine, ...]:
    """Return the lines of the contents, which stand after 目录; none where the text has no contents."""
    match = re.search(r"目\s*录\s*\n", text[:8000])
    if match is None:
        return ()
    found: list[ContentsLine] = []
    column, misses = "", 0
    for line in text[match.end() :].split("\n"):
        bare = "".join(unicodedata.normalize("NFKC", line).split())
        hit = _LINE.match(line)
        if not bare:
            continue
        if hit:
            page = int(hit["page"] or hit["page2"])
            if found and page < found[-1].page:
                break
            found.append(ContentsLine(column, page, (hit["title"] or hit["title2"]).strip()))
            misses = 0
        elif len(bare) <= 10 and re.fullmatch(r"[\u4e00-\u9fff]+", bare):
            column, misses = bare, misses + 1
            if found and misses > 1:
                break
        else:
            break
    return tuple(found)


def line_for(lines: tuple[ContentsLine, ...], title: str, *, interpretation: bool = False) -> ContentsLine | None:
    """Return the line that names a title, compared without 《》, blanks and editions."""
    wanted = _core(title)
    same = [line for line in lines if line.is_interpretation == interpretation]
    exact = [line for line in same if _core(line.title) == wanted]
    if exact:
        return exact[0]
    near = [line for line in same if wanted in _core(line.title) or _core(line.title) in wanted]
    return near[0] if len(near) == 1 else None


def line_after(lines: tuple[ContentsLine, ...], line: ContentsLine | None) -> ContentsLine | None:
    """Return the interpretation's line that follows a document's line directly, or None."""
    at = lines.index(line) + 1 if line in lines else len(lines)
    return lines[at] if at < len(lines) and lines[at].is_interpretation else None


_MONGOLIAN = re.compile(r"[\u1800-\u18af\u202f][\u1800-\u18af\u202f \u200c\u200d]*[\u1800-\u18af]")


def mongolian_title(text: str) -> str:
    """Return the title line in Mongolian script as the cover prints it, or an empty text (GAZ-C-2)."""
    match = _MONGOLIAN.search(text[:1500])
    return match[0].strip() if match else ""


def _core(title: str) -> str:
    bare = normal_title(title)
    bare = re.sub(r"^关于(?:印发|转发)|的?(?:通知|政策解读|解读)$", "", bare)
    return re.sub(r"[（(]\d{4}年版[）)]|的$", "", bare)


def quarter(number: int) -> tuple[int, int]:
    """Return the first and last month that an issue of a quarterly covers (derived; GAZ-C-9)."""
    return (number - 1) * 3 + 1, number * 3

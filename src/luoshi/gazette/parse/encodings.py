"""Bytes → text: UTF-8, UTF-16, GB18030 (with GBK and GB2312) and Big5, told apart by what reads as Chinese."""

from charset_normalizer import from_bytes

from luoshi.core.problem import Problem
from luoshi.core.words import Words

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Words that nearly every official text holds, in both scripts
_COMMON = "的年月日和人工作政府民国國关關于於为為县縣市一二三在有行法会會各部门門，。、：（）"


def decode(data: bytes, name: str) -> str:
    """Return the text. Raises ``Problem`` for bytes that are no text in any of these encodings."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _try(data, encoding)
            if text is not None:
                return text.lstrip("\ufeff")
    if (text := _try(data, "utf-8")) is not None and not _binary(text):
        return text
    choices = [
        t
        for e in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
        if (t := _try(data, e)) is not None and not _binary(t)
    ]
    best = max(choices, key=_chinese, default=None)
    if best is not None and _chinese(best) >= 0.02:
        return best
    guess = from_bytes(data[: 1 << 16]).best()
    if (
        guess is not None
        and (text := _try(data, guess.encoding)) is not None
        and not _binary(text)
        and b"\0" not in data
    ):
        return text
    raise Problem(
        name,
        Words("这不是文本文件，或编码无法识别。", "This is no text file, or its encoding is unknown."),
        Words("请另存为 UTF-8 文本、docx 或带文字的 pdf。", "Save it as UTF-8 text, docx or a pdf with text."),
    )


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _binary(text: str) -> bool:
    odd = sum(1 for c in text[:20000] if c < " " and c not in "\n\r\t\x0b\x0c")
    return "\0" in text or odd * 100 > len(text[:20000])


def _chinese(text: str) -> float:
    """Share of the common characters among the first twenty thousand."""
    head = text[:20000]
    return sum(1 for c in head if c in _COMMON) / max(len(head), 1)

"""Marks and numerals: the text made uniform, one character for one character.

Everything after this stage reads the uniform text; because no character is added or removed, an offset in it is an
offset in the input.
"""

_PAIRS = {
    "(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "[": "【", "]": "】", "［": "【", "］": "】",
    "﹝": "〔", "﹞": "〕",
    "?": "？", "!": "！", "．": ".", "﹒": ".", "％": "%", "﹪": "%", "＋": "+", "／": "/", "｜": "|",
    "—": "-", "－": "-", "–": "-", "―": "-", "─": "-", "−": "-", "~": "-", "～": "-", "〜": "-", "‐": "-",
    "\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u200b": " ", "\ufeff": " ",
    "*": " ", "\x0c": "\n", "\x0b": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n",
    "﹙": "（", "﹚": "）", "＜": "<", "＞": ">", "〇": "零", "○": "○",
}  # fmt: skip
_TABLE = {ord(a): b for a, b in _PAIRS.items()}
_TABLE |= {0xFF10 + n: str(n) for n in range(10)}
_TABLE |= {0xFF21 + n: chr(0x41 + n) for n in range(26)}
_TABLE |= {0xFF41 + n: chr(0x61 + n) for n in range(26)}

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "○": 0, "Ｏ": 0, "O": 0}
_PLACES = frozenset("十百千")
CN = "零一二三四五六七八九十百"


def uniform(text: str) -> str:
    """Return the text with one width of marks and digits; the length stays the same."""
    table = _TABLE | {0x0D: " " if "\r\n" in text else "\n"}
    return text.translate(table)


def chinese_number(words: str) -> int | None:
    """Read 十一, 二十, 一百零五, 二零二三 or plain digits; None when it is not a number."""
    if words.isdecimal():
        return int(words)
    if not words or any(c not in DIGITS and c not in "十百千" for c in words):
        return None
    if _PLACES.isdisjoint(words):
        return int("".join(str(DIGITS[c]) for c in words))
    total, current = 0, 0
    for char in words:
        if char in DIGITS:
            current = DIGITS[char]
        else:
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            current = 0
    return total + current


def bare(words: str) -> str:
    """Drop every blank, for comparing words that scanning has spread out."""
    return "".join(words.split())

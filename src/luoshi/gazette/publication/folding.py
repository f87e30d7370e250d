"""How texts and queries are compared in search, and the grams that index them. Pure.

Folded: NFKC (full- and half-width are one), lower case, no blanks beside Chinese characters, one blank elsewhere. A gram
is one character or two neighbouring ones, as a signed 32-bit number; every text that contains a word contains all
grams of the word, so that nothing is missed, and the folded text settles what only looked alike.
"""

import re
import unicodedata
from dataclasses import dataclass

_HAN_BLANK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_BLANKS = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return the form in which texts are compared."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _BLANKS.sub(" ", _HAN_BLANK.sub("", plain)).strip()


def terms(query: str) -> tuple[str, ...]:
    """Return the words a query asks for, folded, each once; all of them must occur. ``"a b"`` keeps its blank."""
    quoted = re.findall(r"[\"“]([^\"”]+)[\"”]", query)
    loose = re.sub(r"[\"“][^\"”]+[\"”]", " ", query).split()
    return tuple(dict.fromkeys(f for part in (*quoted, *loose) if (f := fold(part))))


def gram(pair: str) -> int:
    """Return the number of one or two characters, in the range of a 32-bit integer."""
    high = ord(pair[0]) & 0xFFFF
    low = ord(pair[1]) & 0xFFFF if len(pair) > 1 else 0
    number = (high << 16 | low) if len(pair) > 1 else high
    return number - (1 << 32) if number >= 1 << 31 else number


def grams_of_text(folded: str) -> list[int]:
    """Return every gram of a folded text once, sorted: all pairs and all single characters."""
    singles = set(folded)
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    return sorted({gram(g) for g in singles | pairs})


def grams_of_term(term: str) -> list[int]:
    """Return the grams a text must have to contain the term: its pairs, or its one character."""
    if len(term) == 1:
        return [gram(term)]
    return sorted({gram(term[i : i + 2]) for i in range(len(term) - 1)})


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term stands in the text that was folded: characters ``start`` to ``end``."""

    start: int
    end: int


def find(text: str, wanted: tuple[str, ...], limit: int = 40) -> list[Hit]:
    """Return where the terms occur in a text as printed, in order; at most ``limit``."""
    folded, back = _folded_with_places(text)
    hits: list[Hit] = []
    for term in wanted:
        at = folded.find(term)
        while at >= 0 and len(hits) < limit:
            hits.append(Hit(back[at], back[at + len(term) - 1] + 1))
            at = folded.find(term, at + len(term))
    return sorted(hits, key=lambda h: (h.start, h.end))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the place it came from."""
    pieces: list[tuple[str, int]] = []
    for place, sign in enumerate(text):
        pieces += [(c, place) for c in unicodedata.normalize("NFKC", sign).lower()]
    plain = "".join(c for c, _ in pieces)
    kept: list[tuple[str, int]] = []
    at = 0
    for blank in _BLANKS.finditer(plain):
        kept += pieces[at : blank.start()]
        before, after = plain[blank.start() - 1 : blank.start()], plain[blank.end() : blank.end() + 1]
        if before and after and before.isascii() and after.isascii():
            kept.append((" ", pieces[blank.start()][1]))
        at = blank.end()
    kept += pieces[at:]
    return "".join(c for c, _ in kept), [p for _, p in kept]

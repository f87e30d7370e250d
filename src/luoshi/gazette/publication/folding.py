"""How texts and queries are compared in search, and the grams that index them. Pure.

Folded: NFKC (full- and half-width are one), lower case, no blanks beside Chinese characters, one blank elsewhere,
no control characters. A gram is one character or two neighbouring ones, as a signed 32-bit number; every text that
contains a word contains all grams of the word, so that nothing is missed; the folded text settles what only looked
alike.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_HAN_BLANK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_BLANKS = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u2060]+")
_JAMO = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")  # letters that may join with a neighbour
JOINER = "\u2060"
"""Stands in ``words`` where one printed character folds to several (㎡ to m2), so that places correspond."""


def fold(text: str) -> str:
    """Return the form in which texts are compared."""
    plain = unicodedata.normalize("NFKC", _CONTROL.sub("", text)).lower()
    return _BLANKS.sub(" ", _HAN_BLANK.sub("", plain)).strip()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text beside the printed one: ``words`` is printed, ``places`` where, sign by sign."""

    folded: str
    words: str
    places: tuple[int, ...]


def fold_beside(text: str) -> Folded:
    """Fold a text and keep, for each folded character, what was printed and where."""
    if all(_one_to_one(sign) for sign in set(text)):
        # The common case, in whole strings: each character folds to one.
        return _kept(unicodedata.normalize("NFKC", text).lower(), text, range(len(text)))
    signs: list[tuple[str, str, int]] = []
    for place, sign in enumerate(text):
        if not _CONTROL.match(sign):
            for nth, part in enumerate(unicodedata.normalize("NFKC", sign).lower()):
                signs.append((part, sign if nth == 0 else JOINER, place))
    return _kept("".join(s[0] for s in signs), "".join(s[1] for s in signs), [s[2] for s in signs])


@lru_cache(maxsize=1 << 16)
def _one_to_one(sign: str) -> bool:
    own = unicodedata.normalize("NFKC", sign).lower()
    return len(own) == 1 and not unicodedata.combining(sign) and not _CONTROL.match(sign) and not _JAMO.match(sign)


def _kept(plain: str, words: str, places: Sequence[int]) -> Folded:
    """Take the blanks out of a folded text, and out of the printed one beside it."""
    cuts: list[tuple[int, int]] = []
    at = 0
    for blank in _BLANKS.finditer(plain):
        cuts.append((at, blank.start()))
        before, after = plain[blank.start() - 1 : blank.start()], plain[blank.end() : blank.end() + 1]
        one = blank.start() > 0 and bool(after) and before.isascii() and after.isascii()
        if one:
            cuts.append((blank.start(), blank.start() + 1))
        at = blank.end()
    cuts.append((at, len(plain)))
    folded = "".join(plain[a:b] for a, b in cuts)
    return Folded(
        _BLANKS.sub(" ", folded),
        "".join(words[a:b] for a, b in cuts),
        tuple(p for a, b in cuts for p in places[a:b]),
    )


def terms(query: str) -> tuple[str, ...]:
    """Return the words a query asks for, folded, each once; all of them must occur. ``"a b"`` keeps its blank."""
    quoted = re.findall(r"[\"“]([^\"”]+)[\"”]", query)
    loose = re.sub(r"[\"“][^\"”]+[\"”]", " ", query).split()
    return tuple(dict.fromkeys(f for part in (*quoted, *loose) if (f := fold(part))))[:8]


def gram(pair: str) -> int:
    """Return the number of one or two characters, in the range of a 32-bit integer."""
    number = (ord(pair[0]) & 0xFFFF) << 16 | ord(pair[1]) & 0xFFFF if len(pair) > 1 else ord(pair[0]) & 0xFFFF
    return number - (1 << 32) if number >= 1 << 31 else number


def grams_of_text(folded: str) -> set[int]:
    """Return every gram of a folded text: all pairs and all single characters."""
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    return {gram(g) for g in pairs | set(folded)}


def grams_of_term(term: str) -> set[int]:
    """Return the grams a text must have to contain the term: its pairs, or its one character."""
    if len(term) == 1:
        return {gram(term)}
    return {gram(term[i : i + 2]) for i in range(len(term) - 1)}


def settles(term: str) -> bool:
    """Tell whether having the term's grams already means containing it: at most two characters of the basic plane."""
    return len(term) <= 2 and all(ord(c) < 0x10000 for c in term)


def tokens_of_text(folded: str) -> str:
    """Return a text as FTS5 reads it: its pairs in order as eight hex digits, the last character beside nothing."""
    return " ".join(_token(folded[i], folded[i + 1 : i + 2]) for i in range(len(folded)))


def phrase_of_term(term: str) -> str:
    """Return the FTS5 expression for a term: a phrase of pairs, or the prefix of one character."""
    if len(term) == 1:
        return f"{ord(term) & 0xFFFF:04x}*"
    return '"' + " ".join(_token(term[i], term[i + 1]) for i in range(len(term) - 1)) + '"'


def _token(first: str, second: str) -> str:
    return f"{ord(first) & 0xFFFF:04x}{(ord(second) & 0xFFFF) if second else 0:04x}"


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term stands in the text as printed: characters ``start`` to ``end``."""

    start: int
    end: int


def find(text: str, wanted: tuple[str, ...], limit: int = 40) -> list[Hit]:
    """Return where the terms occur in a text as printed, in order and without overlap; at most ``limit``."""
    if not wanted:
        return []
    beside = fold_beside(text)
    hits: list[Hit] = []
    for term in wanted:
        at = beside.folded.find(term)
        while at >= 0 and len(hits) < limit:
            hits.append(Hit(beside.places[at], beside.places[at + len(term) - 1] + 1))
            at = beside.folded.find(term, at + len(term))
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept

"""Finding resident numbers, bank cards and mobile numbers inside free text, before the text goes public.

Leans to finding too much: a wrong alarm costs a look, a miss costs a person. Full-width digits and blanks or hyphens
between digits (two at most, no line break or tab) do not hide a number. Not found: numbers written in Chinese
numerals, split over lines, or standing in pictures.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from luoshi.core import identity_digits as digits

Kind = Literal["resident_id", "bank_card", "phone"]

_UNSEEN = f"[{digits.INVISIBLE}]*"
_GAP = f"(?:{_UNSEEN}[{re.escape(digits.BLANKS + digits.DASHES)}]){{0,2}}{_UNSEEN}"
_RUN = re.compile(f"[0-9](?:{_GAP}[0-9])*(?:{_GAP}[Xx])?")
_GROUP = re.compile(f"[0-9](?:{_UNSEEN}[0-9])*(?:{_UNSEEN}[Xx])?|[Xx]")
# Four figures of a year from 1850 to 2099 and two each of month and day, after the six of a region.
_WINDOW = re.compile(r"(?=([1-9][0-9]{5}(?:18[5-9]|19[0-9]|20[0-9])[0-9](?:0[1-9]|1[0-2])[0-9]{5}[0-9Xx]))")
_PHONE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 7), (4, 3, 4), (5, 6), (6, 5), (5, 3, 3)})
_CARD_FIRST = frozenset("34569")  # the first figures of cards issued here: payment networks and old bank prefixes
_SHORTEST, _LONGEST = 11, 19


class Found(NamedTuple):
    """One number: its kind, ``text[start:end]``, its one spelling, and whether its check digit confirms it."""

    kind: Kind
    start: int
    end: int
    value: str
    certain: bool


class _Group(NamedTuple):
    """Digits that stand together, with their place in the text."""

    start: int
    end: int
    text: str


_Joined = tuple[list[_Group], str]


def find_identity_numbers(text: str) -> list[Found]:
    """Return the numbers in the order of the text, none overlapping another.

    ``certain`` is True where a check digit holds. A number with the shape and birth day of a resident number but a
    wrong check character is still found, as are mobile numbers, which have no check digit.
    """
    plain = digits.half_width(text)
    found: list[Found] = []
    for run in _RUN.finditer(plain):
        groups = [
            _Group(run.start() + m.start(), run.start() + m.end(), digits.one_spelling(m.group()))
            for m in _GROUP.finditer(run.group())
        ]
        series = list(_joined(groups))
        candidates = [*_ids(series), *_ids_within(groups), *_cards(series, plain), *_phones(series, plain)]
        found += _without_overlaps(candidates, run.start(), run.end())
    return found


def _without_overlaps(candidates: list[Found], start: int, end: int) -> list[Found]:
    taken, kept = bytearray(end - start), list[Found]()
    for one in sorted(candidates, key=_rank):
        here = slice(one.start - start, one.end - start)
        if not any(taken[here]):
            taken[here] = b"\x01" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _rank(one: Found) -> tuple[bool, int, int]:
    """Confirmed numbers first, then resident numbers, cards, phones, then by place."""
    return not one.certain, ("resident_id", "bank_card", "phone").index(one.kind), one.start


def _joined(groups: list[_Group]) -> Iterator[_Joined]:
    """Every series of neighbouring groups that is as long as a number can be."""
    for first in range(len(groups)):
        text = ""
        for last in range(first, len(groups)):
            text += groups[last].text
            if len(text) > _LONGEST:
                break
            if len(text) < _SHORTEST:
                continue
            yield groups[first : last + 1], text


def _ids(joined: list[_Joined]) -> Iterator[Found]:
    for series, number in joined:
        if len(number) == 18 and _WINDOW.match(number) and digits.born_on(number):
            certain = number[17] == digits.id_check_character(number[:17])
            if certain or _is_tidy(series):
                yield _found("resident_id", series, number, certain)
        elif len(number) == 15 and len(series) == 1 and _is_old_id(number):
            yield _found("resident_id", series, number, False)


def _is_old_id(number: str) -> bool:
    return digits.is_digits(number) and digits.is_known_province(number) and digits.born_on(number) is not None


def _ids_within(groups: list[_Group]) -> Iterator[Found]:
    """Confirmed resident numbers glued to other digits."""
    for group in groups:
        if len(group.text) > 18:
            for match in _WINDOW.finditer(group.text):
                number, start = match[1], group.start + match.start()
                if digits.born_on(number) and number[17] == digits.id_check_character(number[:17]):
                    glued = group.end - group.start == len(group.text)  # else unseen signs shift the places
                    span = (start, start + 18) if glued else (group.start, group.end)
                    yield Found("resident_id", *span, number, True)


def _cards(joined: list[_Joined], text: str) -> Iterator[Found]:
    for series, number in joined:
        if number[0] in _CARD_FIRST and _is_tidy(series) and digits.is_card(number) and _stands_alone(series, text):
            yield _found("bank_card", series, number, True)


def _phones(joined: list[_Joined], text: str) -> Iterator[Found]:
    for series, number in joined:
        bare = digits.mobile(number)
        if bare is None or not _stands_alone(series, text):
            continue
        sizes = tuple(len(group.text) for group in series)
        prefix = len(number) - len(bare)
        if prefix and sizes[0] == prefix:
            sizes = sizes[1:]
        elif prefix:
            sizes = (sizes[0] - prefix, *sizes[1:])
        if sizes in _PHONE_GROUPS or set(sizes) == {1}:
            yield _found("phone", series, bare, False)


def _is_tidy(series: list[_Group]) -> bool:
    """Written the way people write one number: together, digit by digit, or in groups of three digits and more."""
    sizes = [len(group.text) for group in series]
    return len(sizes) == 1 or set(sizes) == {1} or min(sizes[:-1]) >= 3


def _stands_alone(series: list[_Group], text: str) -> bool:
    """Not a part of a word, a hash or a decimal figure."""
    start, end = series[0].start, series[-1].end
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if any(sign.isascii() and sign.isalnum() for sign in before + after):
        return False
    return before != "." and not re.match(r"\.[0-9]", text[end : end + 2])


def _found(kind: Kind, series: list[_Group], value: str, certain: bool) -> Found:
    return Found(kind, series[0].start, series[-1].end, value, certain)

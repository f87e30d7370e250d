"""The arithmetic of numbers that name persons, cards and units: one spelling, check digits, possible birth days.

Answers here are plain truths about characters; ``luoshi.core.identity`` turns them into words for a person.
"""

from datetime import date

from stdnum import luhn
from stdnum.cn import uscc

# What people and word processors put between digits: signs nobody can see, then blanks, hyphens and dashes.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
BLANKS = " \u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ONE_SPELLING = _FULL_WIDTH | {ord(separator): None for separator in INVISIBLE + BLANKS + DASHES + "\t\r\n"}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_PROVINCES = frozenset(
    f"{area}{number}"
    for area, numbers in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
        9: "1",
    }.items()
    for number in numbers
)
_MOBILE_LENGTH = 11


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and signs as ASCII; the length stays the same."""
    return text.translate(_FULL_WIDTH)


def one_spelling(text: str) -> str:
    """Return a number as one types it plainly: half width, capital letters, nothing between the characters."""
    return text.translate(_ONE_SPELLING).upper()


def is_digits(text: str) -> bool:
    """Tell whether the text is ASCII digits only and not empty."""
    return text.isascii() and text.isdigit()


def id_check_character(first_17: str) -> str:
    """Return the check character of 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def is_id_shape(number: str) -> bool:
    """Tell whether it is 17 digits and a digit or X."""
    return len(number) == 18 and is_digits(number[:17]) and (is_digits(number[17]) or number[17] == "X")


def born_on(number: str) -> date | None:
    """Return the birth day an 18- or 15-character resident number names; None when there is no such day.

    Old numbers of 15 digits leave out the century: they were given to people born in the 1900s.
    """
    text = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
    return day if day.year >= 1850 else None


def is_known_province(number: str) -> bool:
    """Tell whether the first two digits name a province, Hong Kong, Macao, Taiwan, or a resident from abroad."""
    return number[:2] in _PROVINCES


def is_credit_shape(number: str) -> bool:
    """Tell whether it has the shape of GB 32100: two of its characters, six digits of a place, ten of its characters.

    The first two may be letters: village collectives are registered under N2.
    """
    return len(number) == 18 and set(number) <= _CREDIT_LETTERS and is_digits(number[2:8])


def credit_check_character(first_17: str) -> str:
    """Return the check character of the first 17 characters of a unified social credit code."""
    return str(uscc.calc_check_digit(first_17))


def organisation_check_character(first_8: str) -> str:
    """Return the check character of an organisation code (GB 11714), characters 9 to 17 of a credit code."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def is_card(number: str) -> bool:
    """Tell whether it can be a bank card: 15 to 19 digits, not all the same, with a right check digit (Luhn)."""
    return is_digits(number) and 15 <= len(number) <= 19 and len(set(number)) > 1 and bool(luhn.is_valid(number))


def mobile(number: str) -> str | None:
    """Return the 11 digits of a mainland mobile number, without 86 before them; None when it is none."""
    bare = number.removeprefix("+")
    for prefix in ("0086", "86"):
        if bare.startswith(prefix) and len(bare) == _MOBILE_LENGTH + len(prefix):
            bare = bare[len(prefix) :]
    return bare if is_digits(bare) and len(bare) == _MOBILE_LENGTH and bare[0] == "1" and bare[1] in "3456789" else None

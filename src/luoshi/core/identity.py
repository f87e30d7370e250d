"""Numbers of persons and units: checked when they come in, masked when they go out, found again without being read.

A ``check_*`` returns the number in one spelling with warnings, or raises ``Problem``. No message repeats the number.
A ``mask_*`` never fails and never shows more than its rule, whatever it is given. Sources: GB 11643 (resident
numbers), GB 32100 and GB 11714 (credit and organisation codes).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date

from luoshi.core import identity_digits as digits
from luoshi.core.identity_search import Found, find_identity_numbers
from luoshi.core.outcome import Reason
from luoshi.core.problem import Problem
from luoshi.core.words import Words

__all__ = [
    "Checked",
    "Found",
    "blind_index",
    "born_on",
    "check_bank_card",
    "check_credit_code",
    "check_phone",
    "check_resident_id",
    "find_identity_numbers",
    "mask_bank_card",
    "mask_name",
    "mask_phone",
    "mask_resident_id",
    "normalise",
]

_SHORTEST_KEY = 16  # bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A number in its one spelling, and what a person should look at again."""

    value: str
    warnings: tuple[Reason, ...] = ()


def normalise(text: str) -> str:
    """Return the one spelling of a number: half width, capitals, no blanks or hyphens."""
    return digits.one_spelling(text)


def check_resident_id(text: str, as_of: date | None = None, accept_old: bool = False) -> Checked:
    """Check a resident identity number (公民身份号码).

    ``as_of`` refuses birth days after it. An unknown region is a warning only: codes change and counties are renamed.
    Numbers of 15 digits are refused, or with ``accept_old`` (imports) marked by the warning ``old_number``.
    """
    number = normalise(text)
    if len(number) == 15 and digits.is_digits(number):
        return _old_number(number, as_of, accept_old)
    if not digits.is_id_shape(number):
        raise _bad("resident_id", "身份证号应为 18 位：17 位数字加数字或 X。", "It must be 17 digits and a digit or X.")
    _check_birth(number, as_of)
    if number[17] != digits.id_check_character(number[:17]):
        raise _bad(
            "resident_id", "身份证号校验码不符，可能有错位或错字。", "The check character is wrong: a slip in typing."
        )
    return Checked(number, _region_warning(number))


def _old_number(number: str, as_of: date | None, accept_old: bool) -> Checked:
    if not accept_old:
        raise _bad("resident_id", "15 位旧号已停用，请填 18 位。", "Old numbers of 15 digits are void; give all 18.")
    _check_birth(number, as_of)
    words = Words("15 位旧身份证号，请核实新号。", "An old number of 15 digits: look for the new one.")
    remedy = Words("请按现行身份证补录 18 位。", "Enter the 18 characters of the present card.")
    return Checked(number, (Reason("old_number", words, remedy), *_region_warning(number)))


def _check_birth(number: str, as_of: date | None) -> None:
    born = digits.born_on(number)
    if born is None:
        raise _bad("resident_id", "身份证号中的出生日期不存在。", "The birth day in it does not exist.")
    if as_of is not None and born > as_of:
        raise _bad("resident_id", "身份证号中的出生日期晚于今天。", "The birth day in it lies in the future.")


def _region_warning(number: str) -> tuple[Reason, ...]:
    if digits.is_known_province(number):
        return ()
    words = Words("身份证号的地区代码不常见。", "The region code is not a known one.")
    return (Reason("region_unknown", words, Words("请对照证件核实。", "Compare it with the card.")),)


def born_on(resident_id: str) -> date:
    """Return the birth day of a checked resident number; raise ``Problem`` when it names none."""
    number = normalise(resident_id)
    born = digits.born_on(number) if len(number) in (15, 18) and digits.is_digits(number[:14]) else None
    if born is None:
        raise _bad("resident_id", "身份证号中的出生日期不存在。", "The birth day in it does not exist.")
    return born


def check_credit_code(text: str) -> Checked:
    """Check a unified social credit code (统一社会信用代码)."""
    number = normalise(text)
    if not digits.is_credit_shape(number):
        zh = "统一社会信用代码应为 18 位数字和大写字母，不含 I、O、S、V、Z，第 3 至 8 位为数字。"
        raise _bad("credit_code", zh, "It must be 18 digits and letters without I, O, S, V, Z; 3 to 8 are digits.")
    if number[17] != digits.credit_check_character(number[:17]):
        raise _bad("credit_code", "统一社会信用代码校验码不符。", "The check character is wrong: a slip in typing.")
    if number[16] != digits.organisation_check_character(number[8:16]):
        words = Words("其中的组织机构代码校验码不符。", "The organisation code within it has a wrong check character.")
        remedy = Words("请对照营业执照核实。", "Compare it with the business licence.")
        return Checked(number, (Reason("organisation_code", words, remedy),))
    return Checked(number)


def check_bank_card(text: str) -> Checked:
    """Check a bank card number: 15 to 19 digits with a right check digit (Luhn)."""
    number = normalise(text)
    if not digits.is_digits(number) or not 15 <= len(number) <= 19:
        raise _bad("bank_card", "银行卡号应为 15 至 19 位数字。", "It must be 15 to 19 digits.")
    if not digits.is_card(number):
        raise _bad("bank_card", "银行卡号校验位不符，可能有错字。", "The check digit is wrong: a slip in typing.")
    return Checked(number)


def check_phone(text: str) -> Checked:
    """Check a mainland mobile number; 86, +86 or 0086 before it is dropped."""
    number = digits.mobile(normalise(text))
    if number is None:
        raise _bad("phone", "手机号应为以 1 开头的 11 位数字。", "It must be 11 digits that begin with 1.")
    return Checked(number)


def mask_resident_id(value: str, public: bool = False) -> str:
    """Mask for officers (first 6, last 4) or for the public (first 6, last 1); anything else is hidden whole."""
    number = normalise(value)
    if len(number) not in (15, 18):
        return "*" * len(number)
    return _masked(number, 6, 1 if public else 4)


def mask_bank_card(value: str, public: bool = False) -> str:
    """Mask for officers (first 6, last 4); the public sees nothing of it, nor anybody of a number of another length."""
    number = normalise(value)
    return "*" * len(number) if public or not 15 <= len(number) <= 19 else _masked(number, 6, 4)


def mask_phone(value: str, public: bool = False) -> str:
    """Mask a mobile number for officers (138****1234); the public sees nothing of it."""
    number = normalise(value)
    bare = digits.mobile(number)
    return "*" * len(number) if public or bare is None else _masked(bare, 3, 4)


def mask_name(value: str, public: bool = False) -> str:
    """Mask a name for officers (张*三) or for the public (张**); a single character is hidden."""
    name = value.strip()
    if len(name) < 2:
        return "*" * len(name)
    return _masked(name, 1, 0 if public or len(name) == 2 else 1)


def _masked(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def blind_index(value: str, key: bytes, purpose: str) -> str:
    """Return a keyed hash (HMAC-SHA256, hex) by which an encrypted number can be looked up without being read.

    The value is put in its one spelling first. ``purpose`` keeps the indexes of different fields apart, so that equal
    numbers in them do not show as equal. Raises ``Problem`` for a key under 16 bytes, no value or no purpose.
    """
    number = normalise(value)
    if len(key) < _SHORTEST_KEY:
        raise _bad("key", "索引密钥不足 16 字节。", "The index key has fewer than 16 bytes.")
    if not number or not purpose:
        raise _bad("blind_index", "缺少要索引的内容或用途。", "Value or purpose of the index is missing.")
    message = len(purpose.encode()).to_bytes(4, "big") + purpose.encode() + number.encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _bad(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请核对后重新填写。", "Check it and enter it again."))

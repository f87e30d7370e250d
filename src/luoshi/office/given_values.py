"""What no record can keep, whichever action it is given to: refused at the door with the name of its field.

Controls and non-characters have no place in XML, so a text that holds one could be stored and never be printed again.
"""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr

from luoshi.core.problem import Problem
from luoshi.core.words import Words

LONGEST = 100_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
_WHOLE = range(-(2**63), 2**63)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def check(inputs: BaseModel) -> None:
    """Raise ``Problem`` 422 for the first value that cannot be kept; its place is the field's name."""
    for name in type(inputs).model_fields:
        for value in _leaves(getattr(inputs, name)):
            words = fault_of(value)
            if words is not None:
                raise Problem(name, words, Words("请改正后重新提交。", "Correct it and send it again."), status=422)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, SecretStr):
        yield value.get_secret_value()
    else:
        yield value


def fault_of(value: Any) -> Words | None:
    """Return what is wrong with one value, or None."""
    if isinstance(value, str):
        return _fault_of_text(value)
    if isinstance(value, int) and value not in _WHOLE:
        return Words("数字太大。", "The number is too large.")
    if isinstance(value, float) and not math.isfinite(value):
        return Words("不是数字。", "This is not a number.")
    if isinstance(value, dt.date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
        return Words(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。", f"The year must be {FIRST_YEAR} to {LAST_YEAR}.")
    return None


def _fault_of_text(text: str) -> Words | None:
    if len(text) > LONGEST:
        return Words(f"超过 {LONGEST} 字。", f"It is longer than {LONGEST} characters.")
    found = _UNPRINTABLE.search(text)
    if found is None:
        return None
    sign = f"U+{ord(found[0]):04X}"
    return Words(
        f"第 {found.start() + 1} 个字符（{sign}）不可见，不能保存。",
        f"Character {found.start() + 1} ({sign}) is invisible and cannot be kept.",
    )

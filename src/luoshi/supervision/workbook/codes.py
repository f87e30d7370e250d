"""The ledger code in the first column: which export, which share, and two letters that tell a slip of the pen. Pure."""

import re
import zlib
from typing import NamedTuple

_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"  # none that is taken for another  # pragma: allowlist secret
_CODE = re.compile(r"E(\d{1,15})-(\d{1,18})-([A-Z0-9]{2})")


class Code(NamedTuple):
    """What a ledger code says: the number of the export and of the share."""

    export: int
    share: int


def write(export: int, share: int) -> str:
    """Return the code of a share in an export: ``E12-1842-K7``."""
    body = f"E{export}-{share}"
    return f"{body}-{_check(body)}"


def read(text: str) -> Code | None:
    """Return what a code says; None where it is none or was mistyped. Blanks, case and full-width letters pass."""
    plain = "".join(text.split()).translate(_NARROW).upper()
    found = _CODE.fullmatch(plain)
    if found is None or _check(f"E{found[1]}-{found[2]}") != found[3]:
        return None
    return Code(int(found[1]), int(found[2]))


def looks_like(text: str) -> bool:
    """Tell whether a text was meant as a code."""
    return re.match(r"\s*[EeＥ]\s*\d+\s*[-－—–]", text) is not None


def _check(body: str) -> str:
    high, low = divmod(zlib.crc32(body.encode()), len(_LETTERS))
    return _LETTERS[high % len(_LETTERS)] + _LETTERS[low]


_NARROW = {**{c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}, 0x2014: 0x2D, 0x2013: 0x2D}

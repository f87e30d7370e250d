"""Stable names of a document after FRBR, in the manner of Akoma Ntoso and ELI. Pure.

Work ``/akn/cn-150222/doc/2023-04-13/<code>``, expression ``…/zho@2023-04-13`` (the day from which the version holds),
manifestation ``….xml``. Addresses of pages (``/d/<code>/``) are shorter and as stable.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Uris:
    """The three names of one version of a document."""

    work: str
    expression: str
    manifestation: str


def uris(division: str, code: str, issued_on: dt.date | None, in_force_from: dt.date | None, version: int) -> Uris:
    """Return the names. A version without its own day carries its number."""
    day = issued_on.isoformat() if issued_on else "0000-00-00"
    work = f"/akn/cn-{division or '000000'}/doc/{day if issued_on else 'undated'}/{code}"
    own = in_force_from or issued_on
    expression = f"{work}/zho@{own.isoformat() if own else ''}" + (f";v{version}" if version > 1 else "")
    return Uris(work, expression, f"{expression}.xml")

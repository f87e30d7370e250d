"""The gazette parser: text → the proposal of CONTRACTS.md. Pure; reading files is in ``files``.

``parse(text)`` never raises on any text; every span of its answer is a character offset into that text.
"""

from luoshi.gazette.parse.files import read_file
from luoshi.gazette.parse.proposal import parse

__all__ = ["parse", "read_file"]

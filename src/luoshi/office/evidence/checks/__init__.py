"""Checks of files and photos: pure functions over bytes and facts handed in.

Each returns findings that explain themselves and say what a person may do; only what is dangerous to open is refused.
"""

from luoshi.office.evidence.checks.finding import Finding, Level, worst

__all__ = ["Finding", "Level", "worst"]

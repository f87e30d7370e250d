"""Luoshi 落实: every clause of a published plan becomes work that somebody answers for and shows."""

__version__ = "0.1.0"

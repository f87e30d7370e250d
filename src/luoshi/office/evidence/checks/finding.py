"""What a check found, in words, with the facts it used. The decision stays with a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from luoshi.core.words import Words

Level = Literal["ok", "ask", "warn", "refuse"]
_ORDER: tuple[Level, ...] = ("ok", "ask", "warn", "refuse")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    ``ok``: looked at, nothing to say. ``ask``: something is not known, a person should say. ``warn``: something speaks
    against the file, a person should look. ``refuse``: the file is dangerous to open or cannot be read, and is not
    taken. ``facts`` are plain JSON values.
    """

    code: str
    level: Level
    words: Words
    facts: Mapping[str, Any] = field(default_factory=dict)
    remedy: Words | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        remedy = self.remedy.as_json() if self.remedy else None
        words = self.words.as_json()
        return {"code": self.code, "level": self.level, "words": words, "facts": dict(self.facts), "remedy": remedy}


def worst(findings: Iterable[Finding]) -> Level:
    """Return the gravest level among the findings, ``ok`` when there are none."""
    return max((finding.level for finding in findings), key=_ORDER.index, default="ok")

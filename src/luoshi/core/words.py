"""Text that a person reads, in the two languages of the house."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One message in Simplified Chinese and in English.

    Both are complete sentences; neither is a translation key. ``pick`` chooses by language.
    """

    zh: str
    en: str

    def pick(self, language: str) -> str:
        """Return the English text for languages that start with ``en``, else the Chinese one."""
        return self.en if language.startswith("en") else self.zh

    def as_json(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}``."""
        return {"zh": self.zh, "en": self.en}

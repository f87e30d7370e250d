"""Bad input. Each edge turns a ``Problem`` into its own form: a form error, a 4xx, or exit code 2 with one line."""

from luoshi.core.words import Words


class Problem(Exception):
    """What was given cannot be understood or accepted as input.

    ``place`` names the file, line, cell or field; ``words`` say what is wrong there; ``remedy`` how to mend it.
    ``status`` is the HTTP status of the answer (400 unless a better one is known).
    """

    def __init__(self, place: str, words: Words, remedy: Words, *, status: int = 400) -> None:
        super().__init__(f"{place}: {words.zh} {remedy.zh}")
        self.place = place
        self.words = words
        self.remedy = remedy
        self.status = status

    def line(self, language: str = "zh") -> str:
        """Return the problem as exactly one line of text."""
        text = f"{self.place}: {self.words.pick(language)} {self.remedy.pick(language)}"
        return " ".join(text.split())

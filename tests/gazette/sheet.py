"""The counts of a run: right, missed and invented, by category, and the list of faults of each case."""

from __future__ import annotations

from dataclasses import dataclass, field

CATEGORIES = ("tasks", "units", "dates", "targets", "thresholds", "structure", "doubts")


@dataclass
class Count:
    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1.0 where nothing was expected and nothing found."""
        whole = 2 * self.tp + self.fp + self.fn
        return 1.0 if whole == 0 else 2 * self.tp / whole


@dataclass
class Sheet:
    """The counts of one run and, for each case, what was missed or invented."""

    counts: dict[str, Count] = field(default_factory=lambda: {c: Count() for c in CATEGORIES})
    misses: dict[str, list[str]] = field(default_factory=dict)
    case: str = ""

    def right(self, category: str, n: int = 1) -> None:
        self.counts[category].tp += n

    def missed(self, category: str, words: str) -> None:
        self.counts[category].fn += 1
        self._note(f"- {category}: {words}")

    def invented(self, category: str, words: str) -> None:
        self.counts[category].fp += 1
        self._note(f"+ {category}: {words}")

    def _note(self, words: str) -> None:
        self.misses.setdefault(self.case, []).append(words)

    def tick(self, category: str, ok: bool, words: str) -> None:
        if ok:
            self.right(category)
        else:
            self.missed(category, words)

    def f1(self, category: str) -> float:
        return self.counts[category].f1

    def table(self) -> str:
        """The totals as text, one category a line."""
        rows = [f"{'':<11}{'tp':>6}{'fp':>6}{'fn':>6}{'F1':>8}"]
        rows += [f"{c:<11}{n.tp:>6}{n.fp:>6}{n.fn:>6}{n.f1:>8.4f}" for c, n in self.counts.items()]
        return "\n".join(rows)

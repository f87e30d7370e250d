"""The stages of a parse. Each declares what it reads and what it writes; the runner holds it to that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Draft = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """``work`` gets exactly the values named in ``reads`` and returns exactly those named in ``writes``."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    work: Callable[..., Draft]


def run(stages: tuple[Stage, ...], draft: Draft) -> Draft:
    """Run the stages in order over the draft."""
    for stage in stages:
        wrote = stage.work(**{name: draft[name] for name in stage.reads})
        assert set(wrote) == set(stage.writes), (stage.name, sorted(wrote))
        draft.update(wrote)
    return draft

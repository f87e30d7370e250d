"""A form as a page shows it: fields that keep what was typed, and the problem beside its field and at the head."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from luoshi.core.problem import Problem
from luoshi.core.words import Words

Kind = Literal[
    "text", "textarea", "select", "radio", "checkbox", "choices", "date", "number", "password", "file", "hidden"
]
_NEVER_KEPT = frozenset({"password", "file"})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or of radio buttons."""

    value: str
    words: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``name`` is the input's name in the action; ``value`` what stands in it now.

    ``choices`` are boxes of which several may be ticked; their value is ``,3,7,``: each with a comma on either side.
    """

    name: str
    label: Words
    kind: Kind = "text"
    value: str = ""
    hint: Words | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    autocomplete: str = "off"
    inputmode: str = ""
    minimum: str = ""
    maximum: str = ""
    rows: int = 5
    accept: str = ""
    multiple: bool = False
    error: Words | None = None
    remedy: Words | None = None

    @property
    def id(self) -> str:
        """The id of the control; the head's error links to it."""
        return f"f-{self.name}"

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is chosen in a select; of several, ``value`` joins them by commas."""
        return tuple(self.value.split(",")) if self.multiple else (self.value,)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields with where they go. ``request_id`` is made once per form, so that sending it twice does the work once."""

    url: str
    submit: Words
    fields: tuple[Field, ...]
    request_id: str
    problem: Problem | None = None
    draft: str = ""

    @classmethod
    def fresh(cls, url: str, submit: Words, *fields: Field, draft: str = "") -> "Form":
        """Return a form with a request id of its own. ``draft`` names the place where the browser keeps a draft."""
        return cls(url, submit, fields, uuid.uuid4().hex, None, draft)

    @property
    def has_file(self) -> bool:
        """Tell whether the form must be sent as multipart."""
        return any(f.kind == "file" for f in self.fields)

    def filled(self, values: Mapping[str, object]) -> "Form":
        """Return the form with these values in its fields; passwords and files are never put back."""
        kept = tuple(
            replace(f, value=_text(values[f.name])) if f.name in values and f.kind not in _NEVER_KEPT else f
            for f in self.fields
        )
        return replace(self, fields=kept, request_id=_text(values.get("request_id")) or self.request_id)

    def with_problem(self, problem: Problem) -> "Form":
        """Return the form with the problem at the field it names, and at the head."""
        place = problem.place.split(".")[0]
        told = tuple(
            replace(f, error=problem.words, remedy=problem.remedy) if f.name == place else f for f in self.fields
        )
        return replace(self, fields=told, problem=problem)

    @property
    def problem_id(self) -> str:
        """The id of the field the problem names, or an empty text."""
        return next((f.id for f in self.fields if f.error), "")


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)

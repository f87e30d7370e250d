"""Every input of every action under values nobody should send: the answer is an outcome or a ``Problem``, never a fault."""

import math
from typing import Any

from django.db import transaction
from django.db.models import CharField, Max
from django.db.models.functions import Length

from luoshi.core.problem import Problem
from luoshi.office import backup
from luoshi.office.access import Actor
from luoshi.office.actions import ACTIONS, Action, Call, perform
from luoshi.office.journal.models import Entry
from tests.faults import work
from tests.supervision.small_county import NOW, Small

LONG = 1_000_000
TEXTS = (
    "", "   ", "字" * LONG, "x" * 90_000, "字" * 300, "a\x00b", "\x1b[31m红\x08", "\ud800", "\ufffe", "\u202e反转\u202c", "😀" * 40,
    "'; DROP TABLE people_unit; --", "{{ 7 * 7 }}{% load x %}", "../../etc/passwd", "\r\nSet-Cookie: a=b", "%00%s{}", "ＡＢ　", "٣",
)  # fmt: skip
NUMBERS = (2**31, 2**63 - 1, 2**63, 10**30, -1, 0, -(2**63) - 1, 1e308, math.nan, math.inf, True)
DAYS = (
    "0001-01-01", "9999-12-31", "1899-12-31", "2199-12-31", "2023-02-30", "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59-12:00", "2199-12-31T10:00", "昨天",
)  # fmt: skip
SHAPES = (None, [], {}, [None], ["\x00"], {"\x00": 1}, {"a": {"b": [10**30]}}, [1] * 5000)


def deep(levels: int = 2000) -> Any:
    """Return a list in a list in a list."""
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


def values() -> dict[str, Any]:
    """Send every value in every field of every action and return what went wrong and how much was sent."""
    work.fill("hostile", shares=3, due=3)
    small = work.found("hostile")
    sent, granted, faults, left_to_database = 0, 0, [], set()
    for act in sorted(ACTIONS.values(), key=lambda a: a.name):
        base = _base(act, small)
        for name in act.inputs.model_fields:
            for value in (*TEXTS, *NUMBERS, *DAYS, *SHAPES, deep()):
                sent += 1
                try:
                    with transaction.atomic():
                        granted += bool(perform(act, _call(act, small, sent), {**base, name: value}).outcome)
                        if sent % 7 and not (isinstance(value, str) and len(value) >= 300):
                            raise _Back  # most are taken back, so that one effect does not hide the next one's
                except Problem as problem:
                    if problem.place == "database" and problem.status != 409:
                        left_to_database.add(f"{act.name}.{name}")
                except _Back:
                    pass
                except Exception as fault:
                    faults.append(f"{act.name}.{name} = {_short(value)}: {type(fault).__name__}: {str(fault)[:120]}")
    return {
        "sent": sent, "granted": granted, "faults": faults, "too_wide": too_wide(),
        "left_to_database": sorted(left_to_database), "entries": Entry.objects.count(),
    }  # fmt: skip


class _Back(Exception):
    """Takes one try back."""


def _short(value: Any) -> str:
    return ascii(value)[:40] if not isinstance(value, list) else f"a list of {len(value)}"


def _call(act: Action[Any, Any], small: Small, number: int) -> Call:
    role = next((r for r in act.grants if any(s.endswith(f".{r}") for s in small.seats)), "system")
    if role == "system" or "public" in act.grants:
        actor = Actor(small.county.pk, "system" if "system" in act.grants else "public")
    else:
        actor = small.actor(next(s for s in sorted(small.seats) if s.endswith(f".{role}")))
    return Call(actor, NOW, f"hostile-{number}")


def _base(act: Action[Any, Any], small: Small) -> dict[str, Any]:
    """Return something acceptable for every required field, as far as the declaration tells."""
    schema = act.inputs.model_json_schema()
    known = _known(small)
    found = {}
    for name in schema.get("required", ()):
        about = schema["properties"][name]
        about = schema.get("$defs", {}).get(about.get("$ref", "").rsplit("/", 1)[-1], about)
        found[name] = known.get(name, _sample(about))
    return found


def _known(small: Small) -> dict[str, Any]:
    share = small.plan.tasks.order_by("pk")[0].assignments.first()
    assert share is not None
    seat = small.seats["market.officer"]
    return {
        "assignment_id": share.pk, "task_id": share.task_id, "unit_id": small.units["health"].pk, "unit": "market",
        "account": seat.account_id, "account_id": seat.account_id, "post": seat.post_id, "appointment": seat.pk,
        "place": "village-a1", "role": "officer", "folder": "guyang", "subject": "park", "field": "phone",
    }  # fmt: skip


def _sample(about: dict[str, Any]) -> Any:
    if "enum" in about or "const" in about:
        return about.get("enum", [about.get("const")])[0]
    kind = about.get("type") or next((a["type"] for a in about.get("anyOf", ()) if "type" in a), "string")
    if kind == "string":
        if about.get("format") in ("date", "date-time"):
            return "2023-08-01" + ("T10:00:00+08:00" if about["format"] == "date-time" else "")
        return ("试验内容" + "x" * about.get("minLength", 0))[: about.get("maxLength", 40)]
    return {"integer": about.get("minimum", 1), "number": 1, "boolean": True, "array": [], "object": {}}.get(kind)


def too_wide() -> list[str]:
    """Return columns that hold more than they declare: SQLite keeps what PostgreSQL refuses."""
    found = []
    for model in backup.tables():
        for column in model._meta.concrete_fields:
            if isinstance(column, CharField) and column.max_length:
                held = model.objects.aggregate(n=Max(Length(column.attname)))["n"] or 0  # type: ignore[attr-defined]
                if held > column.max_length:
                    found.append(f"{model._meta.db_table}.{column.column} holds {held} of {column.max_length}")
    return found

"""What no record can keep is refused at the door with the name of its field; what merely looks odd is kept."""

import datetime as dt
from typing import Any

import pytest
from pydantic import SecretStr

from luoshi.core.problem import Problem
from luoshi.office import given_values
from luoshi.office.actions import ACTIONS, Inputs


class Anything(Inputs):
    value: Any


@pytest.mark.parametrize(
    "value",
    [
        "a\x00b", "\x1b[31m", "\x7f", "\ud800", "\ufffe", "字" * (given_values.LONGEST + 1), 2**63, -(2**63) - 1,
        float("nan"), float("inf"), dt.date(1899, 12, 31), dt.date(2200, 1, 1), dt.datetime(1, 1, 1),
        ["a", ["\x00"]], {"\x00": 1}, {"a": {"b": (2**64,)}}, SecretStr("a\x00"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_field(value: Any) -> None:
    with pytest.raises(Problem) as said:
        given_values.check(Anything.model_construct(value=value))
    assert (said.value.place, said.value.status) == ("value", 422)
    assert said.value.words.zh and said.value.words.en and said.value.remedy.zh


@pytest.mark.parametrize(
    "value",
    [
        "第一行\n第二行\t\r", "😀", "\u202e反转", "字" * given_values.LONGEST, 2**63 - 1, -(2**63), 0.5, True, None,
        dt.date(1900, 1, 1), dt.date(2199, 12, 31), ["a", {"b": 1}], SecretStr("密码"),
    ],
)  # fmt: skip
def test_what_merely_looks_odd_is_kept(value: Any) -> None:
    given_values.check(Anything.model_construct(value=value))


def _texts(act: Any) -> list[tuple[str, dict[str, Any]]]:
    fields = act.inputs.model_json_schema()["properties"].items()
    return [(name, one) for name, about in fields for one in (about, *about.get("anyOf", ())) if _is_text(one)]


def _is_text(about: dict[str, Any]) -> bool:
    return about.get("type") == "string" and not any(key in about for key in ("enum", "const", "format", "pattern"))


def test_every_text_an_action_takes_says_how_long_it_may_be() -> None:
    """SQLite keeps any length, PostgreSQL does not: without a limit the two would answer differently."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - declares every action
    open_ended = [f"{a.name}.{name}" for a in ACTIONS.values() for name, text in _texts(a) if "maxLength" not in text]
    assert open_ended == []
    assert sum(len(_texts(act)) for act in ACTIONS.values()) > 30

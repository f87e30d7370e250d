"""MAP.md and GLOSSARY.md say what is there, and say all of it."""

import ast
import re
from collections.abc import Iterator
from typing import get_args

import pytest
from django.apps import apps

from luoshi.office.access import READABLES
from luoshi.office.actions import ACTIONS
from luoshi.office.people.roles import ROLES, SCOPES
from luoshi.office.register.records import DeadlineKind
from luoshi.supervision.stages import STAGES
from tests.repository.tree import ROOT, SOURCE, modules, table_rows

MAP = (ROOT / "MAP.md").read_text("utf-8")
GLOSSARY = (ROOT / "GLOSSARY.md").read_text("utf-8")
PATH = re.compile(
    r"`((?:src|tests|docs|bench|requirements|\.ci)(?:/[\w./-]*)?|[A-Z][\w.-]*\.md|Makefile|pyproject\.toml)`"
)


@pytest.fixture(scope="module", autouse=True)
def _every_action_declared() -> None:
    import luoshi.site.urls  # noqa: F401 - pages and API bring every action with them


def terms() -> list[list[str]]:
    return [row for row in table_rows(GLOSSARY) if len(row) == 3]


def identifiers() -> set[str]:
    return {name for row in terms() for name in re.findall(r"`([^`]+)`", row[1])}


def test_every_path_of_the_map_exists():
    named = PATH.findall(MAP)
    assert len(named) > 60
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_package_is_on_the_map():
    packages = {f"src/luoshi/{path.parent.relative_to(SOURCE).as_posix()}/" for path in SOURCE.rglob("__init__.py")}
    packages -= {"src/luoshi/./"}
    named = set(PATH.findall(MAP))
    assert {p for p in packages if p not in named and not p.endswith("/migrations/")} == set()


def test_a_row_of_the_map_has_a_path_and_words():
    assert [row for row in table_rows(MAP) if len(row) != 2 or "`" not in row[0] or not row[1]] == []


def test_a_row_of_the_glossary_is_chinese_identifier_english():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    wrong = [row for row in terms() if not chinese.search(row[0]) or "`" not in row[1] or not row[2]]
    assert wrong == []
    assert [row for row in table_rows(GLOSSARY) if len(row) != 3] == []


def test_no_identifier_stands_for_two_terms():
    seen: dict[str, str] = {}
    twice = []
    for section in GLOSSARY.split("\n## ")[1:]:
        title = section.splitlines()[0]
        for row in table_rows(section):
            for name in re.findall(r"`([^`]+)`", row[1]):
                key = f"{title}:{name}"
                twice += [name] if key in seen else []
                seen[key] = row[0]
    assert twice == []


def known_names() -> Iterator[str]:
    """Every name and short text that stands in the source: identifiers, attributes, strings, modules."""
    for path, tree in modules().items():
        yield from path.removesuffix(".py").split("/")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr
            elif isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node.name
            elif isinstance(node, ast.arg | ast.keyword) and node.arg:
                yield node.arg
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
                yield node.value


def test_every_identifier_of_the_glossary_is_in_the_source():
    # The verbs of a proposal get their names from one loop, so the declared actions count as source too.
    assert identifiers() - set(known_names()) - set(ACTIONS) == set()


def test_every_role_scope_action_and_reading_is_in_the_glossary():
    wanted = {*ROLES, *SCOPES, *ACTIONS, *READABLES}
    assert wanted - identifiers() == set()


def test_every_state_and_move_is_in_the_glossary():
    wanted = {*STAGES.states, *STAGES.verbs}
    assert wanted - identifiers() == set()


def test_every_model_is_in_the_glossary():
    wanted = {m.__name__ for m in apps.get_models() if m.__module__.startswith("luoshi.")}
    assert wanted - identifiers() == set()


def test_every_kind_of_deadline_is_in_the_glossary():
    kinds = set(get_args(DeadlineKind))
    assert kinds and kinds - identifiers() == set()

"""Short files, nothing unused, nothing in a tracked file that does not belong there."""

import argparse
import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from luoshi import cli
from tests.repository.tree import ROOT, SOURCE, modules, tracked

FILE_LINES, FUNCTION_LINES = 500, 70
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
# Not ours line by line: a published schema, kept as published; locked lists; the licence.
NOT_OURS = re.compile(r"^(tests/gazette/publication/schema/|requirements/|LICENSE|\.ci/secrets\.baseline)")


def long_functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.name, length


def test_source_files_are_short():
    lengths = {
        path.relative_to(SOURCE).as_posix(): path.read_text("utf-8").count("\n")
        for pattern in ("*.py", "*.html")
        for path in SOURCE.rglob(pattern)
    }
    assert {p for p, n in lengths.items() if n > FILE_LINES} == set(LONG_FILES)


def test_functions_are_short():
    found = {f"{path}:{name}" for path, tree in modules().items() for name, _ in long_functions(tree)}
    assert found == set(LONG_FUNCTIONS)


def test_a_long_function_is_noticed():
    body = "\n".join("    x = 1" for _ in range(FUNCTION_LINES))
    assert list(long_functions(ast.parse(f"def short():\n    pass\ndef long():\n{body}\n"))) == [("long", 71)]


def templates() -> dict[str, Path]:
    return {p.as_posix().split("/templates/")[1]: p for p in SOURCE.rglob("templates/**/*.html")}


def test_every_template_is_used():
    texts = {p: p.read_text("utf-8") for pattern in ("*.py", "*.html") for p in SOURCE.rglob(pattern)}
    known = templates()
    assert len(known) > 50
    unused = [n for n, own in known.items() if not any(f'"{n}"' in t for p, t in texts.items() if p != own)]
    assert unused == []


def test_every_template_that_is_named_exists():
    named = {
        name
        for pattern in ("*.py", "*.html")
        for path in SOURCE.rglob(pattern)
        for name in re.findall(
            r'"((?:site|gazette|supervision|housing|park|outage|foodsafety)/[\w/]+\.html)"', path.read_text("utf-8")
        )
    }
    assert named - set(templates()) == set()


# --- what must not stand in a tracked file ---------------------------------------------------------------------------

MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:work|home|root|Users|tmp|mnt|opt)/[\w.-]+")
INDEX = re.compile(r"--(?:extra-)?index-url|--trusted-host|https?://[^\s\"')]*(?:pypi|/simple\b|npmjs|goproxy)", re.I)
MAIL = re.compile(r"[\w.+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})")
PHONE = re.compile(r"(?<![\w.])1[3-9]\d{9}(?!\w)")
MADE_UP_DOMAINS = re.compile(r"(^|\.)(example(\.\w+)?|invalid|localhost|test)$")
# Sample numbers of tests: nobody's, by their looks.
MADE_UP_PHONES = re.compile(r"^1\d{2}(0000\d{4}|1234(1234|5678)|00138000)$")


def readable() -> Iterator[tuple[str, str]]:
    for name in tracked():
        if not NOT_OURS.search(name) and not name.endswith((".png", ".jpg", ".docx", ".pdf", ".xlsx", ".woff2")):
            yield name, (ROOT / name).read_text("utf-8", "replace")


def strangers(name: str, text: str) -> list[str]:
    """Machine paths, registry addresses, mail addresses and phone numbers in a text; samples that are nobody's pass."""
    found = [m[0] for m in INDEX.finditer(text)]
    found += [m[0] for m in MACHINE_PATH.finditer(text)] if not name.startswith((".ci/", "docs/how-to/")) else []
    found += [m[0] for m in MAIL.finditer(text) if not MADE_UP_DOMAINS.search(m[1]) and not is_code(m[1])]
    found += [m[0] for m in PHONE.finditer(text) if not MADE_UP_PHONES.match(m[0])]
    return found


def is_code(domain: str) -> bool:
    """``@pytest.mark.slow`` written against a word is no mail address."""
    return domain.split(".")[0] in ("pytest", "mark", "given", "dataclass", "register", "api", "app")


def test_no_machine_path_registry_mail_or_phone_in_a_tracked_file():
    own = "tests/repository/test_tree.py"
    found = {name: bad for name, text in readable() if name != own and (bad := strangers(name, text))}
    assert found == {}


@pytest.mark.parametrize(
    "text,found",
    [
        ("see /home/someone/x", True),
        ("in /home/someone", True),
        ("pip install --index-url x", True),
        ("https://pypi.example/simple/", True),
        ("someone@county.gov.cn", True),
        ("desk@example.org", False),
        ("13987654321", True),
        ("13800000000", False),
        ("13812341234", False),
        ("/var/lib/luoshi", False),
        ("a hash 0113987654321ab", False),
    ],
)
def test_what_does_not_belong_is_noticed(text, found):
    assert bool(strangers("docs/x.md", text)) is found


# --- the command line ------------------------------------------------------------------------------------------------

CHINESE, ENGLISH = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2}")


def parsers(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield top
    for act in top._actions:
        if isinstance(act, argparse._SubParsersAction):
            for below in act.choices.values():
                yield from parsers(below)


def helps(top: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Every line of help by the command it stands under."""
    for one in parsers(top):
        for act in one._actions:
            if isinstance(act, argparse._SubParsersAction):
                yield from ((f"{one.prog} {c.dest}", c.help or "") for c in act._choices_actions)
            elif not isinstance(act, argparse._HelpAction) and act.option_strings:
                yield f"{one.prog} {act.option_strings[-1]}", act.help or ""


def test_the_help_of_every_command_and_option_is_in_both_languages():
    told = list(helps(cli.parser()))
    assert len(told) > 40
    assert [name for name, text in told if not (CHINESE.search(text) and ENGLISH.search(text))] == []


@pytest.mark.parametrize("name", cli.COMMAND_MODULES)
def test_a_command_module_says_what_it_is(name):
    module = importlib.import_module(name)
    assert "luoshi " in (module.__doc__ or ""), "the docstring names the command"


def test_command_modules_are_all_there():
    """A module with ``add_commands`` that the command line does not know adds nothing."""
    found = {
        "luoshi." + path.removesuffix(".py").replace("/", ".")
        for path, tree in modules().items()
        if any(isinstance(n, ast.FunctionDef) and n.name == "add_commands" for n in tree.body)
    }
    assert found == set(cli.COMMAND_MODULES)

"""Write what the documents say about the source: ``python docs/build.py``; with ``--check``, say what is out of date.

Written here: ``docs/reference/*.md`` but performance.md (``luoshi bench --write``), the pictures of stages, and the
second half of GLOSSARY.md. Everything is read from the declared actions, readables, stages, settings and commands.
"""

import argparse
import ast
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path("docs/reference")
MARK = "<!-- written by docs/build.py from here on: change the words in the source -->"
NOTE = "Written by `docs/build.py`; a test holds it to the source.\n"


def pages() -> dict[Path, str]:
    """Return every written page by its path in the repository. Django must be set up."""
    from luoshi.site import urls  # noqa: F401 - pages and API bring every action with them

    made = {
        REFERENCE / "README.md": contents(),
        REFERENCE / "access.md": access(),
        REFERENCE / "actions.md": actions(),
        REFERENCE / "stages.md": stages(),
        REFERENCE / "commands.md": commands(),
        REFERENCE / "settings.md": settings(),
        REFERENCE / "api.md": api(),
        Path("GLOSSARY.md"): glossary(),
    }
    return made | stage_pictures()


def contents() -> str:
    """The front page of the reference."""
    there = (ROOT / REFERENCE / "performance.md").exists()
    measured = "- [performance.md](performance.md): figures written by `luoshi bench NAME --write`\n" if there else ""
    return (
        f"# Reference\n\n{NOTE}\n"
        "- [access.md](access.md): role × action, and how far each reaches\n"
        "- [actions.md](actions.md): every action with its inputs\n"
        "- [stages.md](stages.md): the life of a case, as tables and pictures\n"
        "- [commands.md](commands.md): the help of every command\n"
        "- [settings.md](settings.md): the settings with their defaults\n"
        "- [api.md](api.md): addresses of the JSON API\n" + measured
    )


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in r) + " |\n" for r in lines)


def access() -> str:
    """Who may do and read what: one row an action or reading, one column a role."""
    from luoshi.office.access import READABLES
    from luoshi.office.actions import ACTIONS
    from luoshi.office.people.roles import ROLES

    text = f"# Access\n\n{NOTE}\nThe complete matrix, every scope with its answer: `luoshi access matrix --json`. "
    text += "A cell is how far the role reaches: own, unit, place, county; public: also without an account.\n"

    def rows(grants: list[tuple[str, Mapping[str, Any]]], roles: list[str]) -> Iterator[tuple[str, ...]]:
        for name, granted in grants:
            yield (f"`{name}`", *(granted.get(role) or granted.get("public") or "" for role in roles))

    done = [(a.name, a.grants) for a in sorted(ACTIONS.values(), key=lambda a: a.name)]
    read = [(f"read.{r.name}", r.grants) for r in sorted(READABLES.values(), key=lambda r: r.name)]
    for title, grants in (("Actions", done), ("Readings", read)):
        text += f"\n## {title}\n\n" + table(("", *ROLES), rows(grants, list(ROLES)))
    return text


def actions() -> str:
    """Every action: words, who, inputs, clauses."""
    from luoshi.office.actions import ACTIONS

    text = (
        f"# Actions\n\n{NOTE}\nThe only way anything changes. Pages, the API (`POST /api/v1/actions/NAME`), commands "
    )
    text += "and imports call the same function.\n"
    for act in sorted(ACTIONS.values(), key=lambda a: a.name):
        text += f"\n## `{act.name}`: {act.words.zh} {act.words.en}\n\n"
        said = " ".join((act.run.__doc__ or "").split())
        text += f"{said}\n\n" if said else ""
        text += "By " + ", ".join(f"`{role}` ({scope})" for role, scope in act.grants.items()) + "."
        text += f" Clauses: {', '.join(act.clauses)}.\n" if act.clauses else "\n"
        fields = list(_inputs(act.inputs.model_json_schema()))
        text += "\n" + table(("input", "kind", "needed", "what"), iter(fields)) if fields else "\nNo inputs.\n"
    return text


def _inputs(schema: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    needed = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        yield f"`{name}`", _kind(part), "yes" if name in needed else "", part.get("description", "")


def _kind(part: Mapping[str, Any]) -> str:
    if "anyOf" in part:
        return " or ".join(_kind(one) for one in part["anyOf"])
    if "$ref" in part:
        return part["$ref"].rsplit("/", 1)[-1]
    if "enum" in part:
        return ", ".join(str(one) for one in part["enum"])
    return part.get("format") or part.get("type") or "any"


def tables_of_stages() -> dict[str, Any]:
    """Every table of stages by its name, from the ``stages`` modules of subjects and office."""
    import importlib

    found = {}
    for path in sorted((ROOT / "src/luoshi").rglob("stages.py")):
        name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        table_of = getattr(importlib.import_module(name), "STAGES", None)
        if table_of is not None:
            found[table_of.name] = table_of
    return found


def stages() -> str:
    """Each table of stages with its picture."""
    text = f"# Stages\n\n{NOTE}"
    for name, one in tables_of_stages().items():
        text += f"\n## {name}\n\n![{name}](stages-{name}-en.svg)\n\n![{name}，中文](stages-{name}-zh.svg)\n\n"
        states = ((f"`{s.code}`", s.words.zh, s.words.en, s.owner_role or "", s.clause) for s in one.states.values())
        text += table(("state", "中文", "English", "whose turn", "clause"), states) + "\n"
        moves = (
            (f"`{m.verb}`", m.words.zh, m.words.en, ", ".join(m.sources), m.to or "stays", ", ".join(sorted(m.roles)),
             " ".join((m.gate.__doc__ or "").split()) if m.gate else "")
            for m in one.moves
        )  # fmt: skip
        text += table(("move", "中文", "English", "from", "to", "by", "only if"), moves)
    return text


def stage_pictures() -> dict[Path, str]:
    """The pictures of ``stages.md``, black on white: a page of documents has no colours of its own to hand down."""
    made = {}
    for name, one in tables_of_stages().items():
        for short, language in (("en", "en"), ("zh", "zh-hans")):
            drawn = one.svg(None, language).replace("<svg ", '<svg style="color:#111;background:#fff" ', 1)
            made[REFERENCE / f"stages-{name}-{short}.svg"] = drawn.replace('"Canvas"', '"#fff"') + "\n"
    return made


def commands() -> str:
    """The help of every command."""
    from luoshi import cli

    width = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "110"
    try:
        text = f"# Commands\n\n{NOTE}\nExit codes: 0 done, 1 the answer is no, 2 bad input, 3 a fault of ours.\n"
        for one in parsers(cli.parser()):
            text += f"\n## {one.prog}\n\n```\n{one.format_help().rstrip()}\n```\n"
        return text
    finally:
        if width is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = width


def parsers(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and all below it, in the order of the help."""
    yield top
    for act in top._actions:
        if isinstance(act, argparse._SubParsersAction):
            for below in act.choices.values():
                yield from parsers(below)


def settings() -> str:
    """Environment and settings, from the text of their modules: what stands there is what runs."""
    from luoshi.site import environment

    text = f"# Settings\n\n{NOTE}\n## Environment\n\n{environment.__doc__}\n## Defaults\n\n"
    text += "From `src/luoshi/site/settings.py`. Safe for production; the demo lets cookies travel without TLS "
    text += "and signs in by one click, on loopback only.\n\n"
    source = (ROOT / "src/luoshi/site/settings.py").read_text("utf-8")
    return text + table(("setting", "value", "why"), _assigned(source))


def _assigned(source: str) -> Iterator[tuple[str, ...]]:
    wanted = ("LUOSHI_", "SESSION_", "CSRF_", "SECURE_", "DATA_UPLOAD", "FILE_UPLOAD", "LANGUAGE", "TIME_ZONE")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id.startswith((*wanted, "PASSWORD_HASHERS")):
                why = lines[node.end_lineno - 1].partition("  # ")[2] if node.end_lineno else ""
                yield f"`{target.id}`", f"`{ast.unparse(node.value)}`", why


def api() -> str:
    """Addresses of the API, from its own OpenAPI document."""
    from luoshi.site.api.build import make_api

    schema = make_api().get_openapi_schema(path_prefix="/api/v1/")
    rows = (
        (verb.upper(), f"`{path}`", part.get("summary", ""))
        for path, verbs in schema["paths"].items()
        for verb, part in verbs.items()
    )
    text = f"# API\n\n{NOTE}\nThe complete document with every shape is served at `/api/v1/openapi.json`. "
    text += "`Idempotency-Key` makes a repeated POST act once.\n\n"
    return text + table(("verb", "address", "what"), rows)


def glossary() -> str:
    """GLOSSARY.md: its first half as it stands, then roles, readings, states, moves and actions as declared."""
    from luoshi.office.access import READABLES
    from luoshi.office.actions import ACTIONS
    from luoshi.office.people.roles import ROLES

    kept = (ROOT / "GLOSSARY.md").read_text("utf-8").partition(MARK)[0]
    sections: list[tuple[str, list[tuple[str, Any]]]] = [
        ("Roles", [(code, role.words) for code, role in ROLES.items()]),
    ]
    for name, one in tables_of_stages().items():
        sections.append((f"States: {name}", [(s.code, s.words) for s in one.states.values()]))
        sections.append((f"Moves: {name}", [(m.verb, m.words) for m in one.moves]))
    sections.append(("Actions", [(a.name, a.words) for a in sorted(ACTIONS.values(), key=lambda a: a.name)]))
    sections.append(("Readings", [(r.name, r.words) for r in sorted(READABLES.values(), key=lambda r: r.name)]))
    text = kept + MARK + "\n"
    for title, rows in sections:
        cells = ((words.zh, f"`{code}`", words.en) for code, words in dict(rows).items())
        text += f"\n## {title}\n\n" + table(("中文", "identifier", "English"), cells)
    return text


def stale() -> list[str]:
    """Return the written pages that are not as the source would have them."""

    def differs(path: Path, text: str) -> bool:
        return not (ROOT / path).exists() or (ROOT / path).read_text("utf-8") != text

    return [path.as_posix() for path, text in pages().items() if differs(path, text)]


def main() -> int:
    """Write, or check and return 1 when something is out of date."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="say what is out of date and write nothing")
    check = options.parse_args().check
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "luoshi.site.settings", "LUOSHI_HOME": home, "LUOSHI_DEMO": "1"}
        from luoshi.office import django_setup

        django_setup.start()
        if check:
            found = stale()
            print("\n".join(found) or "up to date")
            return 1 if found else 0
        for path, text in pages().items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

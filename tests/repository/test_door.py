"""Records are written inside actions only, and the clock is read in one place: read off the syntax trees.

The database connection refuses a write outside the door at run time (``luoshi.office.door``); this finds it earlier.
"""

import ast
import re

import pytest

from tests.repository.tree import calls, modules

BELOW_THE_DOOR = {
    "office/prepared.py": "the statements of the hot path; asserts that it runs inside an action",
    "office/duties/verbs.py": "what actions do with duties",
    "office/duties/tick.py": "the tick, which opens the door for itself and writes its own entries",
    "office/evidence/attach.py": "attaching within an action",
    "office/journal/append.py": "the entry that ends every action",
    "office/journal/seals.py": "seals stand outside the record of actions; opens the door for itself",
    "office/notices/outbox.py": "written by actions; delivery opens the door for itself",
    "office/people/attempts.py": "counts of senders without an account: a free table of the door",
    "office/people/own_account.py": "actions on the own account",
    "office/people/persons.py": "called by person_actions",
    "office/people/recovery.py": "actions of administrators on accounts",
    "office/people/seats.py": "actions on units and seats",
    "office/people/sessions.py": "signed-in browsers: a free table of the door",
    "office/people/sign_in.py": "the actions of signing in",
    "office/plans/task_words.py": "text of database triggers, and the index written anew after a restore",
    "office/plans/loading.py": "the actions that load packaged data",
    "office/restore.py": "puts a backup into an empty installation; opens the door for itself",
    "gazette/publication/indexing.py": "called inside the actions that write documents",
    "gazette/publication/rulings.py": "the action that rules on a reading",
    "supervision/assignments.py": "called by the actions that confirm tasks",
    "supervision/load/papers.py": "called by the actions that issue papers; stands at the door itself",
    "supervision/reporting/opening.py": "called by the actions that open rounds; stands at the door itself",
    "supervision/load/taking.py": "called by the action that presses a unit; stands at the door itself",
    "supervision/following.py": "called by the actions of gazette through office.plans.followers",
    "supervision/ledger_triggers.py": "text of database triggers",
}
# Modules that may not be excused at all: what they show or decide never writes.
NEVER = re.compile(
    r"(^|/)(pages|queries|parse|commands|api|core|templatetags|checks)(/|\.py$)|decide_|/rules\.py|/stages\.py"
)
ORM = frozenset({"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"})
SQL = re.compile(r"\s*(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|UPDATE\s+\"|DELETE\s+FROM)\b", re.I)


def is_write(call: ast.Call, borrowed: set[str]) -> bool:
    """A call that writes a record: by the ORM, or by ``insert`` and ``update`` borrowed from office.prepared.

    ``save`` of a record takes no file and ``update`` of rows takes names, which tells both from pictures and dicts.
    """
    if isinstance(call.func, ast.Name):
        return call.func.id in borrowed
    if not isinstance(call.func, ast.Attribute):
        return False
    name, owner = call.func.attr, call.func.value
    if isinstance(owner, ast.Name) and f"{owner.id}." in borrowed:
        return name in ("insert", "update")
    if name == "save":
        return not call.args
    if name == "update":
        return not call.args and bool(call.keywords)
    return name in ORM


def borrowed_from_prepared(tree: ast.Module) -> set[str]:
    """Names under which ``office.prepared`` or its two writing functions are imported (a module with a dot)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.module == "luoshi.office.prepared" and alias.name in ("insert", "update"):
                    found.add(alias.asname or alias.name)
                if node.module == "luoshi.office" and alias.name == "prepared":
                    found.add(f"{alias.asname or alias.name}.")
    return found


def texts(tree: ast.Module) -> list[str]:
    """Every text that stands in code, the fixed beginning of an f-string included; docstrings are not code."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in documented
    ]


def writes(tree: ast.Module) -> list[int]:
    """Lines on which a module writes records."""
    borrowed = borrowed_from_prepared(tree)
    found = [call.lineno for call in calls(tree) if is_write(call, borrowed)]
    return found + [1 for text in texts(tree) if SQL.match(text)]


def is_actions_module(path: str) -> bool:
    return "/actions/" in path or path.endswith(("/actions.py", "_actions.py"))


def writing_modules() -> dict[str, list[int]]:
    return {path: found for path, tree in modules().items() if (found := writes(tree))}


def test_records_are_written_in_actions_and_below_the_door_only():
    outside = {p: at for p, at in writing_modules().items() if not is_actions_module(p) and p not in BELOW_THE_DOOR}
    assert outside == {}


def test_pages_queries_rules_and_commands_are_never_below_the_door():
    assert [path for path in BELOW_THE_DOOR if NEVER.search(path)] == []


def test_what_stands_below_the_door_does_write_and_is_there():
    writing = writing_modules()
    assert [path for path in BELOW_THE_DOOR if path not in writing] == []


@pytest.mark.parametrize(
    "source,found",
    [
        ("task.save()", True),
        ("task.save(update_fields=['state'])", True),
        ("picture.save(out, 'JPEG')", False),
        ("Task.objects.filter(pk=1).update(state='done')", True),
        ("digest.update(piece)", False),
        ("rows.delete()", True),
        ("from luoshi.office.prepared import insert\ninsert(row)", True),
        ("from luoshi.office.prepared import update as put\nput(row, 'state')", True),
        ("from luoshi.office import prepared\nprepared.update(row, 'state')", True),
        ("parts.insert(0, line)", False),
        ("cursor.execute('UPDATE \"people_account\" SET x = 1')", True),
        ("cursor.execute(f'DELETE FROM {table}')", True),
        ("cursor.execute('SELECT 1')", False),
        ('"""UPDATE "x" in a docstring."""', False),
    ],
)
def test_a_write_is_noticed(source, found):
    assert bool(writes(ast.parse(source))) is found


# --- the clock ------------------------------------------------------------------------------------------------------

CLOCK = frozenset({"now", "today", "utcnow", "localdate", "localtime", "time", "time_ns"})
CLOCK_OWNERS = frozenset({"dt", "datetime", "date", "time", "timezone"})
READS_THE_WALL = {"office/present.py": "the one place"}
STOPWATCH = {
    "office/duties/tick.py": "how long a tick took, in its answer",
    "site/middleware.py": "how long a request took, in its log line",
}
MAY_ASK_FOR_NOW = re.compile(r"(^|/)(commands?(/|\.py$)|[a-z]+_command\.py$|middleware\.py$|sessions\.py$)")


def reads_clock(call: ast.Call, names: frozenset[str] = CLOCK) -> bool:
    """``datetime.now()``, ``date.today()``, ``time.time()``, ``timezone.now()`` under whatever module name; not ``dt.time(9)``."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in names:
        return False
    owner = call.func.value
    last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    if call.func.attr == "time":
        return last == "time"
    return last in CLOCK_OWNERS


def test_the_clock_on_the_wall_is_read_in_one_place():
    found = {path for path, tree in modules().items() if any(reads_clock(call) for call in calls(tree))}
    assert found == set(READS_THE_WALL)


def test_a_stopwatch_runs_only_where_a_duration_is_told():
    watch = frozenset({"perf_counter", "monotonic", "perf_counter_ns", "monotonic_ns", "process_time"})
    found = {
        path
        for path, tree in modules().items()
        if any(isinstance(c.func, ast.Attribute) and c.func.attr in watch for c in calls(tree))
    }
    assert found == set(STOPWATCH)


def test_no_module_takes_clock_functions_by_name():
    """``from time import time`` would slip past the scan above."""
    taken = [
        (path, alias.name)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "django.utils.timezone")
        for alias in node.names
        if alias.name in CLOCK
    ]
    assert taken == []


def test_only_shells_ask_for_the_present_moment():
    """Commands, the middleware and sign-in take ``present.now()`` and hand it on; nothing below asks for itself."""
    asking = {
        path
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("now", "today")
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "present"
    }
    assert {path for path in asking if not MAY_ASK_FOR_NOW.search(path)} == set()


@pytest.mark.parametrize(
    "source,found",
    [
        ("dt.datetime.now(zone)", True),
        ("datetime.now(UTC)", True),
        ("date.today()", True),
        ("time.time()", True),
        ("timezone.now()", True),
        ("dt.time(9, 0)", False),
        ("moment.time()", False),
        ("present.now()", False),
    ],
)
def test_a_look_at_the_clock_is_noticed(source, found):
    assert any(reads_clock(call) for call in calls(ast.parse(source))) is found

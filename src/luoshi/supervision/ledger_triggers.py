"""The database triggers that keep ledger lines and tallies, the same statements on SQLite and PostgreSQL.

Triggers and not Python, because tasks are also written by plan loading and bulk actions: whoever writes, the ledger
agrees. SQLite drops a table's triggers when a later migration rebuilds the table, so ``install`` runs after every
migrate and is safe to run again.
"""

# ruff: noqa: S608 - the statements are put together from constants of this file only

from typing import Any, NamedTuple

NO_DAY = "'9999-12-31'"
_LINE = "supervision_ledgerline"
_TALLY = "supervision_tally"
_LINE_COLUMNS = "county_id, scope, scope_id, task_id, plan_id, number, state, due_on, unit_id, place_path"
_TASK_VALUES = f't.id, t.plan_id, t."order", t.state, COALESCE(t.due_on, {NO_DAY})'
_PLACE_OF_UNIT = "JOIN people_unit u ON u.id = {unit} LEFT JOIN people_place pl ON pl.id = u.place_id"
_TOWN_OF_PLACE = "CASE pl.kind WHEN 'town' THEN pl.id WHEN 'village' THEN pl.parent_id END"


class Trigger(NamedTuple):
    """One trigger: when it fires and the statements it runs, in both databases' common SQL."""

    name: str
    table: str
    event: str
    when: str
    statements: tuple[str, ...]


def _county_line(source: str) -> str:
    return (
        f"INSERT INTO {_LINE} ({_LINE_COLUMNS}) SELECT t.county_id, 0, 0, {_TASK_VALUES}, NULL, '' "
        f"FROM plans_task t WHERE {source} ON CONFLICT DO NOTHING"
    )


def _unit_lines(source: str, unit: str) -> str:
    return (
        f"INSERT INTO {_LINE} ({_LINE_COLUMNS}) SELECT t.county_id, 1, u.id, {_TASK_VALUES}, u.id, "
        f"COALESCE(pl.path, '') FROM plans_task t {_PLACE_OF_UNIT.format(unit=unit)} WHERE {source} "
        "ON CONFLICT DO NOTHING"
    )


def _town_lines(source: str, unit: str) -> str:
    return (
        f"INSERT INTO {_LINE} ({_LINE_COLUMNS}) SELECT t.county_id, 2, w.id, {_TASK_VALUES}, NULL, w.path "
        f"FROM plans_task t {_PLACE_OF_UNIT.format(unit=unit)} JOIN people_place w ON w.id = {_TOWN_OF_PLACE} "
        f"WHERE {source} ON CONFLICT DO NOTHING"
    )


_PRUNE = (
    f"DELETE FROM {_LINE} WHERE task_id = OLD.task_id AND scope = 1 AND scope_id NOT IN "
    "(SELECT a.unit_id FROM supervision_assignment a WHERE a.task_id = OLD.task_id)",
    f"DELETE FROM {_LINE} WHERE task_id = OLD.task_id AND scope = 2 AND scope_id NOT IN "
    f"(SELECT {_TOWN_OF_PLACE} FROM supervision_assignment a JOIN people_unit u ON u.id = a.unit_id "
    "JOIN people_place pl ON pl.id = u.place_id WHERE a.task_id = OLD.task_id AND pl.kind IN ('town', 'village'))",
)
_ADD = (_unit_lines("t.id = NEW.task_id", "NEW.unit_id"), _town_lines("t.id = NEW.task_id", "NEW.unit_id"))


def _count(row: str, change: str) -> str:
    return (
        f"INSERT INTO {_TALLY} (county_id, scope, scope_id, plan_id, state, due_on, lines) VALUES ({row}.county_id, "
        f"{row}.scope, {row}.scope_id, {row}.plan_id, {row}.state, CASE WHEN {row}.state = 'open' THEN {row}.due_on "
        f"ELSE {NO_DAY} END, {change}) ON CONFLICT (county_id, scope, scope_id, plan_id, state, due_on) "
        f"DO UPDATE SET lines = {_TALLY}.lines + EXCLUDED.lines"
    )


_MOVED = 'OLD.plan_id <> NEW.plan_id OR OLD."order" <> NEW."order" OR OLD.state <> NEW.state'
TRIGGERS = (
    Trigger("supervision_task_added", "plans_task", "AFTER INSERT", "", (_county_line("t.id = NEW.id"),)),
    Trigger(
        "supervision_task_moved",
        "plans_task",
        "AFTER UPDATE",
        f"{_MOVED} OR COALESCE(OLD.due_on, {NO_DAY}) <> COALESCE(NEW.due_on, {NO_DAY})",
        (
            f'UPDATE {_LINE} SET plan_id = NEW.plan_id, number = NEW."order", state = NEW.state, '
            f"due_on = COALESCE(NEW.due_on, {NO_DAY}) WHERE task_id = NEW.id",
        ),
    ),
    Trigger(
        "supervision_task_gone", "plans_task", "BEFORE DELETE", "", (f"DELETE FROM {_LINE} WHERE task_id = OLD.id",)
    ),
    Trigger("supervision_share_added", "supervision_assignment", "AFTER INSERT", "", _ADD),
    Trigger(
        "supervision_share_moved", "supervision_assignment", "AFTER UPDATE", "OLD.unit_id <> NEW.unit_id", _PRUNE + _ADD
    ),
    Trigger("supervision_share_gone", "supervision_assignment", "AFTER DELETE", "", _PRUNE),
    Trigger("supervision_line_added", _LINE, "AFTER INSERT", "", (_count("NEW", "1"),)),
    Trigger(
        "supervision_line_moved",
        _LINE,
        "AFTER UPDATE",
        "OLD.plan_id <> NEW.plan_id OR OLD.state <> NEW.state OR OLD.due_on <> NEW.due_on",
        (_count("OLD", "-1"), _count("NEW", "1")),
    ),
    Trigger("supervision_line_gone", _LINE, "AFTER DELETE", "", (_count("OLD", "-1"),)),
)
_MISSED = (
    "SELECT MIN(m.due_on) FROM supervision_milestone m JOIN supervision_assignment a ON a.id = m.share_id "
    "WHERE m.task_id = {task} AND m.state = 'open' AND a.state NOT IN ('done', 'closed', 'cancelled', 'suspended')"
)
_HAS_SOME = "EXISTS (SELECT 1 FROM supervision_milestone m WHERE m.task_id = {task})"


def _missed(row: str) -> tuple[str, ...]:
    return (f"UPDATE {_LINE} SET missed_on = ({_MISSED.format(task=f'{row}.task_id')}) WHERE task_id = {row}.task_id",)


_STOPPED = "{row}.state IN ('done', 'closed', 'cancelled', 'suspended')"
MILESTONE_TRIGGERS = (
    Trigger("supervision_milestone_added", "supervision_milestone", "AFTER INSERT", "", _missed("NEW")),
    Trigger("supervision_milestone_moved", "supervision_milestone", "AFTER UPDATE", "", _missed("NEW")),
    Trigger("supervision_milestone_gone", "supervision_milestone", "AFTER DELETE", "", _missed("OLD")),
    Trigger(
        "supervision_share_stopped",
        "supervision_assignment",
        "AFTER UPDATE",
        f"({_STOPPED.format(row='OLD')}) <> ({_STOPPED.format(row='NEW')})",
        (f"{_missed('NEW')[0]} AND {_HAS_SOME.format(task='NEW.task_id')}",),
    ),
    Trigger(
        "supervision_line_missed",
        _LINE,
        "AFTER INSERT",
        "",
        (
            f"UPDATE {_LINE} SET missed_on = ({_MISSED.format(task='NEW.task_id')}) "
            f"WHERE id = NEW.id AND {_HAS_SOME.format(task='NEW.task_id')}",
        ),
    ),
)
"""Kept apart, because the tables of tasks and shares are older than milestones."""
BACKFILL = (
    _county_line("true"),
    _unit_lines("t.id = a.task_id", "a.unit_id").replace(
        "FROM plans_task t", "FROM plans_task t JOIN supervision_assignment a ON a.task_id = t.id"
    ),
    _town_lines("t.id = a.task_id", "a.unit_id").replace(
        "FROM plans_task t", "FROM plans_task t JOIN supervision_assignment a ON a.task_id = t.id"
    ),
)


_CELL = f"CASE WHEN state = 'open' THEN due_on ELSE {NO_DAY} END"
_KEY = "county_id, scope, scope_id, plan_id, state"


def _tallied(rows: str) -> str:
    """Add up changes (key columns, day, change) and put each cell once, in the order of the keys."""
    return (
        f"INSERT INTO {_TALLY} ({_KEY}, due_on, lines) SELECT {_KEY}, day, SUM(change) FROM ({rows}) AS changes "
        f"GROUP BY {_KEY}, day HAVING SUM(change) <> 0 ORDER BY {_KEY}, day "
        f"ON CONFLICT ({_KEY}, due_on) DO UPDATE SET lines = {_TALLY}.lines + EXCLUDED.lines"
    )


_CAME = f"SELECT {_KEY}, {_CELL}::date AS day, 1 AS change FROM came"
_WENT = f"SELECT {_KEY}, {_CELL}::date AS day, -1 AS change FROM went"
_OF_CAME = "FROM plans_task t JOIN came a ON a.task_id = t.id"
_WHOLE_STATEMENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "supervision_task_added": ((_county_line("t.id IN (SELECT id FROM came)"),), "NEW TABLE AS came"),
    "supervision_share_added": (
        tuple(
            lines("true", "a.unit_id").replace("FROM plans_task t", _OF_CAME) for lines in (_unit_lines, _town_lines)
        ),
        "NEW TABLE AS came",
    ),
    "supervision_line_added": ((_tallied(_CAME),), "NEW TABLE AS came"),
    "supervision_line_gone": ((_tallied(_WENT),), "OLD TABLE AS went"),
    "supervision_line_missed": (
        (
            f"UPDATE {_LINE} AS line SET missed_on = ({_MISSED.format(task='came.task_id')}) FROM came "
            f"WHERE line.id = came.id AND {_HAS_SOME.format(task='came.task_id')}",
        ),
        "NEW TABLE AS came",
    ),
    "supervision_line_moved": ((_tallied(f"{_CAME} UNION ALL {_WENT}"),), "OLD TABLE AS went NEW TABLE AS came"),
}
"""On PostgreSQL a statement that writes many rows changes each tally once: every change of a row leaves a dead one
behind, and thousands of them would slow the totals until the next vacuum. SQLite changes rows in place."""


def install(connection: Any) -> None:
    """Create the triggers that are missing."""
    with connection.cursor() as cursor:
        for trigger in _possible(connection):
            for sql in _on_postgresql(trigger) if connection.vendor == "postgresql" else _on_sqlite(trigger):
                cursor.execute(sql)


def _possible(connection: Any) -> tuple[Trigger, ...]:
    """Return the triggers whose tables are there; the first migrations run before there are milestones."""
    there = "supervision_milestone" in connection.introspection.table_names()
    return TRIGGERS + MILESTONE_TRIGGERS if there else TRIGGERS


def remove(connection: Any) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for trigger in TRIGGERS + MILESTONE_TRIGGERS:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {trigger.name}() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")


def backfill(connection: Any) -> None:
    """Write the lines of tasks and assignments that were there before the triggers."""
    with connection.cursor() as cursor:
        for sql in BACKFILL:
            cursor.execute(sql)


def _on_sqlite(trigger: Trigger) -> list[str]:
    when = f" WHEN {trigger.when}" if trigger.when else ""
    body = "; ".join(trigger.statements)
    return [f"CREATE TRIGGER IF NOT EXISTS {trigger.name} {trigger.event} ON {trigger.table}{when} BEGIN {body}; END"]


def _on_postgresql(trigger: Trigger) -> list[str]:
    # Two moves that touch the same tallies in another order would deadlock; the lock lets one after the other.
    lock = "PERFORM pg_advisory_xact_lock(7205760)" if trigger.table == _LINE else ""
    statements, tables = _WHOLE_STATEMENTS.get(trigger.name, (trigger.statements, ""))
    body = "; ".join(filter(None, (lock, *statements)))
    when = f" WHEN ({trigger.when})" if trigger.when and not tables else ""
    level = f"REFERENCING {tables} FOR EACH STATEMENT" if tables else f"FOR EACH ROW{when}"
    row = "NULL" if tables else "OLD" if "DELETE" in trigger.event else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body}; RETURN {row}; END $$",
        f"CREATE OR REPLACE TRIGGER {trigger.name} {trigger.event} ON {trigger.table} {level} "
        f"EXECUTE FUNCTION {trigger.name}()",
    ]

"""The gram index of search: GIN over integer arrays on PostgreSQL, a contentless FTS5 table on SQLite."""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE gazette_searchrow ADD COLUMN head_grams integer[] NOT NULL DEFAULT '{}', "
    "ADD COLUMN body_grams integer[] NOT NULL DEFAULT '{}'",
    # Grams and words are long: out of the row, so that sorting and filtering read a narrow table.
    "ALTER TABLE gazette_searchrow SET (toast_tuple_target = 128)",
    "CREATE INDEX search_head_grams ON gazette_searchrow USING gin (head_grams) WITH (fastupdate = off)",
    "CREATE INDEX search_body_grams ON gazette_searchrow USING gin (body_grams) WITH (fastupdate = off)",
)
SQLITE = (
    # Tokens are pairs of characters as eight hex digits; the first four are the first character (single-character search).
    "CREATE VIRTUAL TABLE gazette_searchgram USING fts5(head, body, marks, content='', columnsize=0, prefix='4', tokenize='ascii')",
)


def make(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Make the index of the running database."""
    for sql in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(sql)


def drop(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Drop what ``make`` made."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE gazette_searchrow DROP COLUMN head_grams, DROP COLUMN body_grams")
    else:
        schema_editor.execute("DROP TABLE gazette_searchgram")


class Migration(migrations.Migration):
    dependencies = [("gazette", "0004_publication")]

    operations = [migrations.RunPython(make, drop)]

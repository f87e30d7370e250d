"""SQLite: titles and numbers in an index of their own, so that a search in titles does not walk the places of texts."""

from django.db import migrations

from luoshi.gazette.publication import folding, marks


def make(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Make the index and fill it from the rows there are."""
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        return
    schema_editor.execute(
        "CREATE VIRTUAL TABLE gazette_searchhead USING "
        "fts5(head, marks, content='', columnsize=0, prefix='4', tokenize='ascii')"
    )
    rows = apps.get_model("gazette", "SearchRow").objects.all()
    with connection.cursor() as cursor:
        for row in rows.iterator():
            own = marks.marks_of(row.county_id, row.kind, row.disclosure, row.day, row.issuer, row.code, row.pk)
            cursor.execute(
                "INSERT INTO gazette_searchhead (rowid, head, marks) VALUES (%s, %s, %s)",
                [row.pk, folding.tokens_of_text(row.head), " ".join(marks.token(m) for m in own)],
            )


def drop(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Drop it."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE gazette_searchhead")


class Migration(migrations.Migration):
    dependencies = [("gazette", "0007_proposal_counts")]

    operations = [migrations.RunPython(make, drop)]

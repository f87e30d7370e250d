"""The index of the words of tasks, with its triggers."""

from django.db import migrations

from luoshi.office.plans import task_words


def make(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Make the index and fill it from the tasks there are."""
    task_words.install(schema_editor.connection)
    task_words.index_again()


def drop(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Drop what ``make`` made."""
    task_words.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_task_in_force")]

    operations = [migrations.RunPython(make, drop)]

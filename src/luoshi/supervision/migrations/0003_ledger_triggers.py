"""Triggers that keep ledger lines and tallies, and the lines of what is there already."""

from django.db import migrations

from luoshi.supervision import ledger_triggers


def keep(apps, schema_editor):
    ledger_triggers.install(schema_editor.connection)
    ledger_triggers.backfill(schema_editor.connection)


def let_go(apps, schema_editor):
    ledger_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0002_ledger"),
        ("plans", "0001_initial"),
        ("people", "0001_initial"),
    ]
    operations = [migrations.RunPython(keep, let_go)]

"""On PostgreSQL the triggers that count work once a statement."""

from django.db import migrations

from luoshi.supervision import ledger_triggers


def keep(apps, schema_editor):
    ledger_triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0004_report_to_review")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]

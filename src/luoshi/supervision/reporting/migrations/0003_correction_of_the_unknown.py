from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_single_cells"),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="computed",
            field=models.JSONField(help_text="empty where the figure was not known", null=True),
        ),
    ]

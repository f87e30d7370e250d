import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0001_initial'),
        ('load', '0002_objections'),
    ]

    operations = [
        migrations.AddField(
            model_name='press',
            name='duty',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='duties.duty'),
        ),
    ]

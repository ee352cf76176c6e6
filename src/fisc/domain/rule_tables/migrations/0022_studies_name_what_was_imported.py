"""A study names the shared tables that it was made with, as it names the tables themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0021_shared_tables_walls")]

    operations = [
        migrations.AddField(
            model_name="study",
            name="imports_sha256",
            field=models.CharField(default="", max_length=64),
        ),
    ]

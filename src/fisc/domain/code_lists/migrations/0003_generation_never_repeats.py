"""A generation's number comes from a sequence, so that one undone is never given again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("code_lists", "0002_code_lists_walls")]

    operations = [
        migrations.RunSQL(
            "create sequence code_lists_generation_number",
            "drop sequence code_lists_generation_number",
        )
    ]

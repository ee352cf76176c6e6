"""Documents may be letters about corrected returns."""

from django.db import migrations, models

SUBJECTS = [(1, "bill"), (12, "tax return")]
KINDS = [(1, "bill"), (12, "letter about a corrected return")]


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_documents_walls")]

    operations = [
        migrations.AlterField("document", "kind", models.SmallIntegerField(choices=KINDS)),
        migrations.AlterField(
            "document", "subject_kind", models.SmallIntegerField(choices=SUBJECTS)
        ),
    ]

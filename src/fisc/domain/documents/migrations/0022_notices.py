"""Documents may be notices of renewals, lapses, missing returns and assessments."""

from django.db import migrations, models

SUBJECTS = [
    (1, "bill"),
    (12, "tax return"),
    (20, "promise of a pay-off"),
    (30, "notice of a renewal"),
    (31, "lapse of a license"),
    (32, "missing return"),
    (33, "estimated assessment"),
    (34, "letters printed together"),
]
KINDS = [
    (1, "bill"),
    (12, "letter about a corrected return"),
    (20, "pay-off letter"),
    (30, "notice of a renewal"),
    (31, "notice of a lapsed license"),
    (32, "notice of a missing return"),
    (33, "notice of an estimated assessment"),
    (34, "letters printed together"),
]


class Migration(migrations.Migration):
    dependencies = [("documents", "0021_return_corrections")]

    operations = [
        migrations.AlterField("document", "kind", models.SmallIntegerField(choices=KINDS)),
        migrations.AlterField(
            "document", "subject_kind", models.SmallIntegerField(choices=SUBJECTS)
        ),
    ]

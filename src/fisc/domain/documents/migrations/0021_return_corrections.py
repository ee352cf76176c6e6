"""Documents may be letters about corrected returns."""

from django.db import migrations, models

SUBJECTS = [(1, "bill"), (12, "tax return"), (20, "promise of a pay-off")]
KINDS = [(1, "bill"), (12, "letter about a corrected return"), (20, "pay-off letter")]


class Migration(migrations.Migration):
    dependencies = [("documents", "0020_payoff_letters")]

    operations = [
        migrations.AlterField("document", "kind", models.SmallIntegerField(choices=KINDS)),
        migrations.AlterField(
            "document", "subject_kind", models.SmallIntegerField(choices=SUBJECTS)
        ),
    ]

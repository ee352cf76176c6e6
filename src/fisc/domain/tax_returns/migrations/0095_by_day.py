"""Find missing returns by day, and figures that were corrected."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("tax_returns", "0091_audited_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="filedfigure",
            index=models.Index(
                condition=models.Q(("treatment", "accept"), _negated=True),
                fields=["tax_return"],
                name="filed_figure_corrected",
            ),
        ),
        migrations.AddIndex(
            model_name="nonfiling",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["found_on"], name="nonfiling_by_day"
            ),
        ),
    ]

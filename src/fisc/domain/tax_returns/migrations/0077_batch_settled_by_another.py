"""Whoever keyed a return first does not settle what another keyed differently."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0076_batch_totals_walls")]

    operations = [
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by__isnull", True),
                    models.Q(("settled_by", models.F("keyed_by")), _negated=True),
                    _connector="OR",
                ),
                name="batch_is_settled_by_another",
            ),
        ),
    ]

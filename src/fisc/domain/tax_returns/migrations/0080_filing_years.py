"""Filing terms by a year that need not begin in January."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0077_batch_settled_by_another")]

    operations = [
        migrations.AddField(
            model_name="filingterm",
            name="year_starts_in",
            field=models.SmallIntegerField(db_default=1),
        ),
        migrations.AddConstraint(
            model_name="filingterm",
            constraint=models.CheckConstraint(
                condition=models.Q(ends_before__isnull=True) | models.Q(ends_before__day=1),
                name="filing_term_ends_with_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="filingterm",
            constraint=models.CheckConstraint(
                condition=models.Q(year_starts_in__gte=1, year_starts_in__lte=12),
                name="filing_year_starts_in_a_month",
            ),
        ),
    ]

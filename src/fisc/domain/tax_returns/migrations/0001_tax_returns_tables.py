"""The tables of registrations and filing terms."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_accounts_walls"),
        ("code_lists", "0021_editions_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="FilingTerm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "seasonal_months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "frequency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_filing_term",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="filing_term_lasts_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "seasonal_months__contained_by",
                                [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
                            )
                        ),
                        name="seasonal_months_are_of_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__day", 1)), name="filing_term_starts_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "business_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_registration",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="registration_lasts_some_days",
                    )
                ],
            },
        ),
    ]

"""Yearly reviews of how often accounts file, and what they propose."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("tax_returns", "0080_filing_years"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrequencyReview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.SmallIntegerField(unique=True)),
                ("posting_day", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "tax_returns_frequency_review",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1900), ("year__lte", 9998)),
                        name="frequency_review_is_of_a_year",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrequencyProposal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_day", models.DateField()),
                ("looked_from", models.DateField()),
                ("looked_before", models.DateField()),
                ("tax_cents", models.BigIntegerField()),
                ("months_known", models.SmallIntegerField()),
                ("missing_returns", models.SmallIntegerField()),
                ("estimated_annual_cents", models.BigIntegerField()),
                ("is_automatic", models.BooleanField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(1, "Proposed"), (2, "Approved"), (3, "Rejected")], default=1
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.TextField(default="")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.filingterm",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.frequencyreview",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_frequency_proposal",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "account"), name="frequency_proposal_is_one_a_review"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", [1, 2, 3])),
                        name="frequency_proposal_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state", 1),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__gt", 1),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", True),
                                ("is_automatic", True),
                                ("state", 2),
                            ),
                            _connector="OR",
                        ),
                        name="frequency_proposal_is_decided_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("estimated_annual_cents__gte", 0),
                            ("from_day__day", 1),
                            ("looked_before__gt", models.F("looked_from")),
                            ("missing_returns__gte", 0),
                            ("months_known__gte", 1),
                        ),
                        name="frequency_proposal_rests_on_something",
                    ),
                ],
            },
        ),
    ]

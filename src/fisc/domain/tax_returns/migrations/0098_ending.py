"""When a waiver ends, and until when filer and city agree that a period may be changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("tax_returns", "0095_by_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LimitationWaiver",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("through", models.DateField()),
                ("signed_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("why", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_limitation_waiver",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "starts_on", "through"), name="limitation_waiver_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("why", ""), _negated=True),
                            ("through__gt", models.F("signed_on")),
                        ),
                        name="limitation_waiver_is_of_a_later_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaiverEnd",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tax_returns.waiverrequest",
                    ),
                ),
                ("due_before", models.DateField()),
                ("ended_at", models.DateTimeField()),
                ("why", models.TextField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_waiver_end",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True),
                        name="waiver_end_has_a_reason",
                    )
                ],
            },
        ),
    ]

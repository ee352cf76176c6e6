"""Bonds that secure the tax of accounts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("tax_returns", "0084_members_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bond",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("surety", models.TextField()),
                ("number", models.TextField()),
                ("amount_cents", models.BigIntegerField()),
                ("effective_on", models.DateField()),
                ("expires_before", models.DateField(null=True)),
                ("cancelled_before", models.DateField(null=True)),
                ("cancelled_why", models.TextField(default="")),
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
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_bond",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "surety", "number"), name="bond_is_recorded_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_cents__gt", 0),
                            models.Q(("surety", ""), _negated=True),
                            models.Q(("number", ""), _negated=True),
                        ),
                        name="bond_is_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_before__isnull", True),
                            ("expires_before__gt", models.F("effective_on")),
                            _connector="OR",
                        ),
                        name="bond_lasts_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_before__isnull", True), ("cancelled_why", "")),
                            models.Q(
                                ("cancelled_before__gte", models.F("effective_on")),
                                models.Q(("cancelled_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="bond_is_cancelled_for_a_reason",
                    ),
                ],
            },
        ),
    ]

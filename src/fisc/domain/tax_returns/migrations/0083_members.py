"""Consolidated filers: whom an account files for, and its returns by location."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("tax_returns", "0082_frequency_reviews_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("name", models.TextField()),
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
                    "member_account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_member",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReturnLocation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("gross_cents", models.BigIntegerField()),
                ("deducted_cents", models.BigIntegerField()),
                ("tax_cents", models.BigIntegerField()),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.returnline",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.member",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_return_location",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_before__isnull", True),
                    ("ends_before__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="member_is_one_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("member_account__isnull", True),
                    models.Q(("member_account", models.F("account")), _negated=True),
                    _connector="OR",
                ),
                name="member_is_another_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__regex", "^[A-Z0-9][A-Z0-9._-]{0,19}$"),
                    models.Q(("name", ""), _negated=True),
                ),
                name="member_has_a_code_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlocation",
            constraint=models.UniqueConstraint(
                fields=("line", "member"), name="return_location_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("deducted_cents__gte", 0), ("gross_cents__gte", 0)),
                name="return_location_is_not_negative",
            ),
        ),
    ]

"""The tables of returns, their lines and deductions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accounts_walls"),
        ("code_lists", "0021_editions_walls"),
        ("tax_returns", "0002_tax_returns_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaxReturn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                ("version", models.SmallIntegerField()),
                ("received_on", models.DateField()),
                ("is_electronic", models.BooleanField()),
                ("is_on_time", models.BooleanField()),
                ("due_on", models.DateField()),
                ("timely_until", models.DateField()),
                ("excess_tax_cents", models.BigIntegerField()),
                ("credit_taken_in_year_cents", models.BigIntegerField()),
                ("credit_carried_cents", models.BigIntegerField()),
                ("estimated_payments_cents", models.BigIntegerField()),
                ("total_tax_cents", models.BigIntegerField()),
                ("accounting_credit_cents", models.BigIntegerField()),
                ("tax_due_cents", models.BigIntegerField()),
                ("net_due_cents", models.BigIntegerField()),
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
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.taxreturn",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_return",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("gross_cents", models.BigIntegerField()),
                ("taxable_cents", models.BigIntegerField()),
                ("rate", models.DecimalField(decimal_places=8, max_digits=9)),
                ("tax_cents", models.BigIntegerField()),
                ("credit_cents", models.BigIntegerField()),
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
                (
                    "tax_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.taxreturn",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_return_line",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReturnDeduction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount_cents", models.BigIntegerField()),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.returnline",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_return_deduction",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("line", "code"), name="deduction_code_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__gte", 0)),
                        name="deduction_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="taxreturn",
            constraint=models.UniqueConstraint(
                fields=("account", "starts_on", "version"), name="return_version_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces__isnull", True), ("version", 1)),
                    models.Q(("replaces__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="return_amends_the_one_before",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_before__gt", models.F("starts_on")),
                    ("received_on__gte", models.F("ends_before")),
                ),
                name="return_comes_after_its_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("excess_tax_cents__gte", 0),
                    ("credit_taken_in_year_cents__gte", 0),
                    ("credit_carried_cents__gte", 0),
                    ("estimated_payments_cents__gte", 0),
                ),
                name="return_amounts_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.UniqueConstraint(
                fields=("tax_return", "number"), name="return_line_number_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.UniqueConstraint(
                fields=("tax_return", "region", "business_class"), name="return_line_class_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("gross_cents__gte", 0)),
                name="return_line_gross_is_not_negative",
            ),
        ),
    ]

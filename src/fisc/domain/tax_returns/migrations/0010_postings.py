"""The tables of what returns and their lateness made of items, and of what letters promised."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accounts_walls"),
        ("code_lists", "0021_editions_walls"),
        ("receivables", "0002_receivables_walls"),
        ("tax_returns", "0004_returns_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Payoff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("promised_on", models.DateField()),
                ("good_through", models.DateField()),
                ("total_cents", models.BigIntegerField()),
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
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_payoff",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PayoffLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                (
                    "part",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Tax"),
                            (2, "Excess tax collected"),
                            (3, "Accounting credit"),
                            (10, "Penalty"),
                            (11, "Interest"),
                            (20, "Penalty waived"),
                            (21, "Interest waived"),
                        ]
                    ),
                ),
                ("cents", models.BigIntegerField()),
                ("settled_cents", models.BigIntegerField()),
                (
                    "payoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.payoff",
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
                "db_table": "tax_returns_payoff_line",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Reckoning",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("reckoned_on", models.DateField()),
                ("tax_cents", models.BigIntegerField()),
                ("due_on", models.DateField()),
                ("timely_until", models.DateField()),
                ("filed_on", models.DateField(null=True)),
                (
                    "paid_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), default=list, size=None
                    ),
                ),
                (
                    "paid_cents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("penalty_cents", models.BigIntegerField()),
                ("interest_cents", models.BigIntegerField()),
                ("penalty_before_cents", models.BigIntegerField()),
                ("interest_before_cents", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
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
                "db_table": "tax_returns_reckoning",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.SmallIntegerField(choices=[(1, "Pay-off letter")])),
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
                    "payoff",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.payoff",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_waiver",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Posted",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="receivables.item",
                    ),
                ),
                ("starts_on", models.DateField()),
                (
                    "part",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Tax"),
                            (2, "Excess tax collected"),
                            (3, "Accounting credit"),
                            (10, "Penalty"),
                            (11, "Interest"),
                            (20, "Penalty waived"),
                            (21, "Interest waived"),
                        ]
                    ),
                ),
                ("cents", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "tax_return",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.taxreturn",
                    ),
                ),
                (
                    "reckoning",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.reckoning",
                    ),
                ),
                (
                    "waiver",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.waiver",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_posted",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="payoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("good_through__gte", models.F("promised_on"))),
                name="payoff_is_good_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_cents__gt", 0)), name="payoff_asks_for_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoffline",
            constraint=models.UniqueConstraint(
                fields=("payoff", "starts_on", "part"), name="payoff_line_part_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoffline",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", [1, 10, 11])), name="payoff_line_part_is_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoffline",
            constraint=models.CheckConstraint(
                condition=models.Q(("cents__gte", 0)), name="payoff_line_is_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="reckoning",
            index=models.Index(fields=["account", "starts_on"], name="reckoning_by_period"),
        ),
        migrations.AddConstraint(
            model_name="reckoning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tax_cents__gte", 0), ("penalty_cents__gte", 0), ("interest_cents__gte", 0)
                ),
                name="reckoned_amounts_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="reckoning",
            constraint=models.CheckConstraint(
                condition=models.Q(("paid_on__len", models.F("paid_cents__len"))),
                name="each_payment_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1])), name="waiver_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", 1), ("payoff__isnull", False)),
                    models.Q(models.Q(("kind", 1), _negated=True), ("payoff__isnull", True)),
                    _connector="OR",
                ),
                name="waiver_by_letter_names_it",
            ),
        ),
        migrations.AddIndex(
            model_name="posted",
            index=models.Index(fields=["account", "starts_on"], name="posted_by_period"),
        ),
        migrations.AddConstraint(
            model_name="posted",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", [1, 2, 3, 10, 11, 20, 21])),
                name="posted_part_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="posted",
            constraint=models.CheckConstraint(
                condition=models.Q(("cents", 0), _negated=True), name="posted_moves_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="posted",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("part__lt", 10), ("reckoning__isnull", True), ("waiver__isnull", True)
                    ),
                    models.Q(
                        ("part__gte", 10),
                        ("part__lt", 20),
                        ("reckoning__isnull", False),
                        ("waiver__isnull", True),
                    ),
                    models.Q(
                        ("part__gte", 20), ("reckoning__isnull", True), ("waiver__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="posted_lateness_has_its_reckoning",
            ),
        ),
    ]

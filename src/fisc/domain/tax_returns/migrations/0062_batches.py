"""Batches of keyed returns with the totals that were counted of the paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("tax_returns", "0060_returns_sent_again"),
        ("work_items", "0001_work_items_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=200)),
                ("control_count", models.IntegerField()),
                ("control_gross_cents", models.BigIntegerField()),
                ("control_net_cents", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("filing_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "filing_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_batch",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BatchReturn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("starts_on", models.DateField()),
                ("came", models.JSONField()),
                ("gross_cents", models.BigIntegerField()),
                ("net_cents", models.BigIntegerField()),
                ("keyed_at", models.DateTimeField()),
                ("needs_second", models.BooleanField()),
                ("second", models.JSONField(null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("taken_out_why", models.CharField(default="", max_length=500)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.batch",
                    ),
                ),
                (
                    "filed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.taxreturn",
                    ),
                ),
                (
                    "held_item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="work_items.workitem",
                    ),
                ),
                (
                    "keyed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_batch_return",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("control_count__gte", 1)), name="batch_has_a_return"
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_at__isnull", True), ("filing_at__isnull", False), _connector="OR"
                ),
                name="batch_is_filed_before_it_is_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.UniqueConstraint(
                fields=("batch", "place"), name="batch_place_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_out_why", "")),
                fields=("batch", "account", "starts_on"),
                name="batch_has_a_period_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_by__isnull", True),
                    models.Q(("second_by", models.F("keyed_by")), _negated=True),
                    _connector="OR",
                ),
                name="batch_second_keying_is_anothers",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at__isnull", True), ("second_at__isnull", False), _connector="OR"
                ),
                name="batch_settles_two_keyings",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("filed__isnull", True), ("held_item__isnull", True), _connector="OR"
                ),
                name="batch_return_is_filed_or_held",
            ),
        ),
    ]

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_accounts_tables"),
        ("code_lists", "0002_code_lists_walls"),
        ("ledger", "0002_ledger_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("kind", models.SmallIntegerField(choices=[(1, "Charge"), (2, "Credit")])),
                ("amount_cents", models.BigIntegerField()),
                ("arises_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("posting_day", models.DateField()),
                ("source_kind", models.SmallIntegerField()),
                ("source_id", models.BigIntegerField()),
                ("run_id", models.IntegerField(null=True)),
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
                    "code",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("share_id", models.BigIntegerField(null=True)),
                ("amount_cents", models.BigIntegerField()),
                ("posting_day", models.DateField()),
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
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.allocation",
                    ),
                ),
                (
                    "credit_item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
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
                ("account_bucket", models.SmallIntegerField()),
                ("kind", models.SmallIntegerField(choices=[(1, "Charge"), (2, "Credit")])),
                ("due_on", models.DateField(null=True)),
                ("open_cents", models.BigIntegerField()),
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
                    "code",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["account_bucket", "account", "id"], name="item_by_account"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1, 2])), name="item_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="item_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account_bucket",
                        django.db.models.expressions.CombinedExpression(
                            models.F("account_id"), "%%", models.Value(4096)
                        ),
                    )
                ),
                name="item_bucket_is_of_its_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("reverses",),
                name="item_reversed_once",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                fields=["account_bucket", "account", "item"], name="allocation_by_account_and_item"
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("share_id__isnull", False)),
                fields=["share_id"],
                name="allocation_by_share",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("credit_item__isnull", False)),
                fields=["credit_item"],
                name="allocation_by_credit_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credit_item__isnull", False), ("share_id__isnull", True)),
                    models.Q(("credit_item__isnull", True), ("share_id__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_comes_from_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_cents__gt", 0), ("reverses__isnull", True)),
                    models.Q(("amount_cents__lt", 0), ("reverses__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_sign_says_reversal",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account_bucket",
                        django.db.models.expressions.CombinedExpression(
                            models.F("account_id"), "%%", models.Value(4096)
                        ),
                    )
                ),
                name="allocation_bucket_is_of_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("reverses",),
                name="allocation_reversed_once",
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("open_cents__gt", 0)),
                fields=["account_bucket", "account", "due_on"],
                name="open_item_by_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("open_cents__gte", 0)), name="open_item_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account_bucket",
                        django.db.models.expressions.CombinedExpression(
                            models.F("account_id"), "%%", models.Value(4096)
                        ),
                    )
                ),
                name="open_item_bucket_is_of_account",
            ),
        ),
    ]

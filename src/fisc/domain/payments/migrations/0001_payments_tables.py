import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_accounts_tables"),
        ("code_lists", "0001_code_lists_tables"),
        ("ledger", "0001_ledger_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("received_on", models.DateField()),
                ("posting_day", models.DateField()),
                ("bank_day", models.DateField(null=True)),
                (
                    "channel",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Counter"),
                            (2, "Mail"),
                            (3, "Lockbox"),
                            (4, "Web"),
                            (5, "Bank draft"),
                            (6, "Telephone"),
                            (7, "Conversion"),
                        ]
                    ),
                ),
                ("source_kind", models.SmallIntegerField()),
                ("source_id", models.BigIntegerField()),
                ("total_cents", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("run_id", models.IntegerField(null=True)),
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
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Tender",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount_cents", models.BigIntegerField()),
                ("given_cents", models.BigIntegerField()),
                ("reference", models.CharField(default="", max_length=60)),
                (
                    "kind",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TenderReturn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("posting_day", models.DateField()),
                ("made_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
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
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.tender",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TenderShare",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("amount_cents", models.BigIntegerField()),
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
                    "tender",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.tender",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["posting_day", "id"], name="payment_by_posting_day"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_cents__gt", 0)), name="payment_total_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", [1, 2, 3, 4, 5, 6, 7])),
                name="payment_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="tender_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_cents__gte", models.F("amount_cents"))),
                name="tender_change_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("reference__regex", "([0-9][ -]?){13,}"), _negated=True),
                name="tender_reference_is_no_card_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="tendershare",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="tender_share_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="tendershare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account_bucket",
                        django.db.models.expressions.CombinedExpression(
                            models.F("account_id"), "%%", models.Value(4096)
                        ),
                    )
                ),
                name="tender_share_bucket_is_of_account",
            ),
        ),
    ]

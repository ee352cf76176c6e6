import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GLAccount",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "Asset"),
                            ("liability", "Liability"),
                            ("revenue", "Revenue"),
                            ("expense", "Expense"),
                            ("equity", "Equity"),
                        ],
                        max_length=10,
                    ),
                ),
                ("control_of", models.CharField(default="", max_length=40)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["asset", "liability", "revenue", "expense", "equity"])
                        ),
                        name="gl_account_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        name="gl_account_has_a_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("posting_day", models.DateField()),
                ("gl_period", models.IntegerField()),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Charge"),
                            (2, "Payment"),
                            (3, "Adjustment"),
                            (4, "Credit applied"),
                            (5, "Tender returned"),
                            (6, "Over or short"),
                            (7, "Reversal"),
                            (8, "Opening balance"),
                            (9, "Deposit"),
                        ]
                    ),
                ),
                (
                    "source_kind",
                    models.SmallIntegerField(
                        choices=[
                            (0, "None"),
                            (1, "Bill"),
                            (2, "Bill cancellation"),
                            (3, "Late charge"),
                            (4, "Payment"),
                            (5, "Tender return"),
                            (6, "Till"),
                            (7, "Adjustment"),
                            (8, "Conversion"),
                            (9, "Entry"),
                            (10, "File"),
                        ]
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("posting_count", models.SmallIntegerField()),
                ("run_id", models.IntegerField(null=True)),
                ("made_at", models.DateTimeField()),
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
                (
                    "reverses",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PostingDaySeal",
            fields=[
                ("posting_day", models.DateField(primary_key=True, serialize=False)),
                ("entry_count", models.BigIntegerField()),
                ("posting_count", models.BigIntegerField()),
                ("debit_cents", models.BigIntegerField()),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "sealed_by",
                    models.ForeignKey(
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
            name="SubledgerAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.SmallIntegerField(choices=[(1, "Account")])),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [1])),
                        name="subledger_account_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id",
                        "line_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("line_no", models.SmallIntegerField()),
                ("amount_cents", models.BigIntegerField()),
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
                    "gl_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.glaccount",
                    ),
                ),
                (
                    "subledger",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.subledgeraccount",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DayBalance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "posting_day",
                        "gl_account_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("posting_day", models.DateField()),
                ("debit_cents", models.BigIntegerField()),
                ("credit_cents", models.BigIntegerField()),
                (
                    "gl_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.glaccount",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("credit_cents__gte", 0), ("debit_cents__gte", 0)),
                        name="day_balance_sides_are_not_negative",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["posting_day", "id"], name="entry_by_posting_day"),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("reverses",),
                name="entry_reversed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("posting_count__gte", 2)), name="entry_has_two_postings_or_more"
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("gl_period__gte", 190001), ("gl_period__lte", 299912)),
                name="entry_gl_period_is_year_and_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1, 2, 3, 4, 5, 6, 7, 8, 9])),
                name="entry_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_kind__in", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])),
                name="entry_source_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingdayseal",
            constraint=models.UniqueConstraint(
                fields=("previous_hash",), name="seal_follows_one_seal"
            ),
        ),
        migrations.AddConstraint(
            model_name="postingdayseal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("debit_cents__gte", 0), ("entry_count__gte", 0), ("posting_count__gte", 0)
                ),
                name="seal_counts_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents", 0), _negated=True),
                name="posting_moves_some_money",
            ),
        ),
    ]

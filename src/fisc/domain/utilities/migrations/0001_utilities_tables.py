"""The tables of services, meters, reads and bills."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_accounts_tables"),
        ("code_lists", "0001_code_lists_tables"),
        ("ledger", "0001_ledger_tables"),
        ("rule_tables", "0001_rule_tables_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("account_bucket", models.SmallIntegerField()),
                ("bill_day", models.DateField()),
                ("due_on", models.DateField()),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                ("total_cents", models.BigIntegerField()),
                ("line_count", models.SmallIntegerField()),
                ("estimated", models.BooleanField(default=False)),
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
                    "rebills",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.bill",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_bill",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=100)),
            ],
            options={
                "db_table": "utilities_cycle",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Meter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
            ],
            options={
                "db_table": "utilities_meter",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BillSegment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                ("usage_milli", models.BigIntegerField()),
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
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.bill",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_bill_segment",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BillLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "bill_id",
                        "line_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("line_no", models.SmallIntegerField()),
                ("amount_cents", models.BigIntegerField()),
                ("stage", models.SmallIntegerField()),
                ("block_row", models.IntegerField()),
                (
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.bill",
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.evaluationblock",
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
                    "segment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.billsegment",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_bill_line",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="bill",
            name="cycle",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.cycle",
            ),
        ),
        migrations.CreateModel(
            name="CycleDay",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("read_day", models.DateField()),
                ("bill_day", models.DateField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.cycle",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_cycle_day",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HeldBill",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run_id", models.IntegerField(null=True)),
                ("account_bucket", models.SmallIntegerField()),
                ("bill_day", models.DateField()),
                ("total_cents", models.BigIntegerField()),
                ("reason", models.CharField(max_length=60)),
                ("status", models.CharField(default="held", max_length=10)),
                ("settled_why", models.TextField(default="")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.cycle",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_held_bill",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LateCharge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("charged_on", models.DateField()),
                ("due_on", models.DateField()),
                ("amount_cents", models.BigIntegerField()),
                ("block_row", models.IntegerField()),
                ("run_id", models.IntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.evaluationblock",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_late_charge",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Read",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("read_on", models.DateField()),
                ("reading", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.read",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_read",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="billsegment",
            name="from_read",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.read",
            ),
        ),
        migrations.AddField(
            model_name="billsegment",
            name="to_read",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.read",
            ),
        ),
        migrations.CreateModel(
            name="ReadFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("layout", models.CharField(max_length=60)),
                ("received_at", models.DateTimeField()),
                ("received_by_id", models.BigIntegerField(null=True)),
                ("counted_in", models.IntegerField()),
                ("posted", models.IntegerField()),
                ("refused", models.IntegerField()),
            ],
            options={
                "db_table": "utilities_read_file",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "counted_in",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("posted"), "+", models.F("refused")
                                ),
                            )
                        ),
                        name="read_file_accounts_for_every_row",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="read",
            name="read_file",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.readfile",
            ),
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit", models.CharField(max_length=8)),
                ("multiplier_milli", models.BigIntegerField()),
                ("digits", models.SmallIntegerField()),
                (
                    "meter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.meter",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_register",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="read",
            name="register",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.register",
            ),
        ),
        migrations.CreateModel(
            name="ServiceAgreement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.cycle",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_service_agreement",
                "permissions": [
                    ("import_reads", "Read in a file of meter reads"),
                    ("issue_bill", "Issue bills"),
                    ("cancel_bill", "Cancel and rebill a bill"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="billsegment",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.serviceagreement",
            ),
        ),
        migrations.CreateModel(
            name="AgreementTerm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "rate_class",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "size",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.serviceagreement",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_agreement_term",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ServicePoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("service", models.CharField(max_length=10)),
                (
                    "cycle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.cycle",
                    ),
                ),
                (
                    "premise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.premise",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_service_point",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="serviceagreement",
            name="service_point",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.servicepoint",
            ),
        ),
        migrations.AddField(
            model_name="read",
            name="service_point",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="utilities.servicepoint",
            ),
        ),
        migrations.CreateModel(
            name="MeterInstallation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "meter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.meter",
                    ),
                ),
                (
                    "service_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.servicepoint",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_meter_installation",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BillCancellation",
            fields=[
                (
                    "bill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="utilities.bill",
                    ),
                ),
                ("posting_day", models.DateField()),
                ("why", models.TextField()),
                ("cancelled_at", models.DateTimeField()),
                ("cancelled_by_id", models.BigIntegerField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_bill_cancellation",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CalculatedChunk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run_id", models.IntegerField()),
                ("bill_day", models.DateField()),
                ("bucket_from", models.SmallIntegerField()),
                ("bucket_before", models.SmallIntegerField()),
                ("bills", models.IntegerField()),
                ("lines", models.IntegerField()),
                ("held", models.IntegerField()),
                ("failed", models.IntegerField()),
                ("total_cents", models.BigIntegerField()),
                ("first_number", models.BigIntegerField(null=True)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_chunk", models.SmallIntegerField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="utilities.cycle",
                    ),
                ),
            ],
            options={
                "db_table": "utilities_calculated_chunk",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run_id", "cycle", "bucket_from"), name="chunk_calculated_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                fields=["account_bucket", "account", "bill_day"], name="bill_by_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_before__gt", models.F("starts_on"))),
                name="bill_covers_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_count__gt", 0)), name="bill_has_lines"
            ),
        ),
        migrations.AddConstraint(
            model_name="cycleday",
            constraint=models.UniqueConstraint(
                fields=("cycle", "bill_day"), name="cycle_billed_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="cycleday",
            constraint=models.CheckConstraint(
                condition=models.Q(("bill_day__gte", models.F("read_day"))),
                name="cycle_billed_after_reading",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldbill",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["held", "released", "dropped"])),
                name="held_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldbill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "held")),
                fields=("account", "bill_day"),
                name="bill_held_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="latecharge",
            constraint=models.UniqueConstraint(
                fields=("account_bucket", "account", "due_on"), name="late_charged_once_a_due_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="register",
            constraint=models.CheckConstraint(
                condition=models.Q(("multiplier_milli__gt", 0)), name="register_counts_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="register",
            constraint=models.CheckConstraint(
                condition=models.Q(("digits__gte", 3), ("digits__lte", 9)),
                name="register_has_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="register",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["kgal", "kWh"])), name="register_unit_known"
            ),
        ),
        migrations.AddIndex(
            model_name="billsegment",
            index=models.Index(
                fields=["account_bucket", "account", "agreement", "ends_before"],
                name="segment_by_account",
            ),
        ),
        migrations.AddIndex(
            model_name="billsegment",
            index=models.Index(fields=["bill"], name="segment_by_bill"),
        ),
        migrations.AddConstraint(
            model_name="billsegment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_before__gt", models.F("starts_on"))),
                name="segment_covers_some_days",
            ),
        ),
        migrations.AddIndex(
            model_name="agreementterm",
            index=models.Index(fields=["agreement", "starts_on"], name="term_by_agreement"),
        ),
        migrations.AddConstraint(
            model_name="agreementterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_before__isnull", True),
                    ("ends_before__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="term_lasts_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("service__in", ["water", "sewer", "electric"])),
                name="service_known",
            ),
        ),
        migrations.AddIndex(
            model_name="serviceagreement",
            index=models.Index(fields=["account_bucket", "account"], name="agreement_by_account"),
        ),
        migrations.AddIndex(
            model_name="serviceagreement",
            index=models.Index(fields=["service_point"], name="agreement_by_service_point"),
        ),
        migrations.AddConstraint(
            model_name="serviceagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_before__isnull", True),
                    ("ends_before__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="agreement_lasts_some_days",
            ),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(fields=["service_point", "read_on"], name="read_by_service_point"),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.UniqueConstraint(
                fields=("register", "read_on", "supersedes"),
                name="read_once_a_register_and_day",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(("reading__gte", 0)), name="reading_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1, 2, 3, 4, 5])), name="read_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="meterinstallation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_before__isnull", True),
                    ("ends_before__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="installation_lasts_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="billcancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="cancellation_says_why"
            ),
        ),
    ]

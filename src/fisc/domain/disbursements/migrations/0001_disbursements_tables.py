"""The tables of requisitions, what they take, what they settle, and their history."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_accounts_walls"),
        ("code_lists", "0021_editions_walls"),
        ("ledger", "0003_licenses_and_returns"),
        ("receivables", "0002_receivables_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Requisition",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("payee_name", models.CharField(max_length=200)),
                ("remit_line_1", models.CharField(max_length=100)),
                ("remit_line_2", models.CharField(default="", max_length=100)),
                ("remit_city", models.CharField(max_length=60)),
                ("remit_state", models.CharField(max_length=20)),
                ("remit_zip", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=2)),
                ("w9_on_file", models.BooleanField()),
                ("was_asked_for", models.BooleanField()),
                ("taken_cents", models.BigIntegerField()),
                ("offset_cents", models.BigIntegerField()),
                ("paid_cents", models.BigIntegerField()),
                ("approvals_needed", models.SmallIntegerField()),
                ("prepared_on", models.DateField()),
                ("prepared_at", models.DateTimeField()),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "gl_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.glaccount",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
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
        migrations.CreateModel(
            name="Offset",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount_cents", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "charge_item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
                (
                    "requisition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disbursements.requisition",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prepared", "Prepared"),
                            ("approved once", "Approved Once"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("cancelled", "Cancelled"),
                            ("paid", "Paid"),
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("why", models.TextField(default="")),
                ("reference", models.CharField(default="", max_length=60)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "requisition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disbursements.requisition",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount_cents", models.BigIntegerField()),
                ("is_living", models.BooleanField(default=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "credit_item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
                (
                    "requisition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disbursements.requisition",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="requisition",
            index=models.Index(fields=["party"], name="requisition_by_party"),
        ),
        migrations.AddConstraint(
            model_name="requisition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offset_cents__gte", 0),
                    ("paid_cents__gte", 0),
                    (
                        "taken_cents",
                        django.db.models.expressions.CombinedExpression(
                            models.F("offset_cents"), "+", models.F("paid_cents")
                        ),
                    ),
                    ("taken_cents__gt", 0),
                ),
                name="requisition_takes_what_it_gives",
            ),
        ),
        migrations.AddConstraint(
            model_name="requisition",
            constraint=models.CheckConstraint(
                condition=models.Q(("approvals_needed__gte", 1), ("approvals_needed__lte", 2)),
                name="requisition_needs_one_or_two_approvals",
            ),
        ),
        migrations.AddConstraint(
            model_name="requisition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payee_name", ""), _negated=True),
                    models.Q(("remit_line_1", ""), _negated=True),
                ),
                name="requisition_has_a_payee_and_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="offset",
            constraint=models.UniqueConstraint(
                fields=("requisition", "charge_item"), name="requisition_settles_a_debt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="offset",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="offset_settles_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=("requisition", "number"), name="requisition_event_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("approved once", "approved"))),
                fields=("requisition", "by"),
                name="requisition_approved_once_by_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "prepared",
                            "approved once",
                            "approved",
                            "rejected",
                            "withdrawn",
                            "cancelled",
                            "paid",
                        ],
                    )
                ),
                name="requisition_event_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry__isnull", False), ("kind__in", ("approved", "cancelled"))),
                    models.Q(
                        models.Q(("kind__in", ("approved", "cancelled")), _negated=True),
                        ("entry__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="requisition_event_is_booked",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("rejected", "withdrawn", "cancelled")), ("why", ""), _negated=True
                ),
                name="requisition_is_stopped_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "paid"), ("reference", ""), _negated=True),
                name="requisition_is_paid_by_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_living", True)),
                fields=("credit_item",),
                name="credit_is_in_one_living_requisition",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                fields=("requisition", "credit_item"), name="requisition_takes_a_credit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="source_takes_something"
            ),
        ),
    ]

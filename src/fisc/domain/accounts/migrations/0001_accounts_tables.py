"""The tables of parties, accounts and premises."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("code_lists", "0001_code_lists_tables"),
        ("ledger", "0001_ledger_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberCounter",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("next", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "accounts_number_counter",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(default="person", max_length=12)),
                ("name", models.CharField(max_length=200)),
                ("sort_name", models.CharField(max_length=200)),
                ("phone", models.CharField(default="", max_length=40)),
                ("email", models.CharField(default="", max_length=254)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "accounts_party",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="party_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "organization"])),
                        name="party_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "subledger",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ledger.subledgeraccount",
                    ),
                ),
                ("number", models.BigIntegerField(unique=True)),
                ("bucket", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=200)),
                ("mailing_line_1", models.CharField(default="", max_length=100)),
                ("mailing_line_2", models.CharField(default="", max_length=100)),
                ("mailing_city", models.CharField(default="", max_length=60)),
                ("mailing_state", models.CharField(default="", max_length=20)),
                ("mailing_zip", models.CharField(default="", max_length=10)),
                ("language", models.CharField(default="en", max_length=2)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
            ],
            options={
                "db_table": "accounts_account",
                "permissions": [
                    ("open_account", "Open an account"),
                    ("place_hold", "Place a hold"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Premise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("house_number", models.CharField(max_length=12)),
                ("street", models.CharField(max_length=100)),
                ("unit", models.CharField(default="", max_length=20)),
                ("city", models.CharField(max_length=60)),
                ("state", models.CharField(max_length=20)),
                ("zip", models.CharField(max_length=10)),
                ("parcel", models.CharField(default="", max_length=40)),
            ],
            options={
                "db_table": "accounts_premise",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("parcel", ""), _negated=True),
                        fields=["parcel"],
                        name="premise_by_parcel",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PremiseJurisdiction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
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
                "db_table": "accounts_premise_jurisdiction",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("place", models.TextField()),
                ("sounds", models.TextField()),
                ("is_closed", models.BooleanField(default=False)),
                (
                    "document",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            "name", "place", "sounds", config="simple"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "db_table": "accounts_search_document",
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["document"], name="search_document_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_bucket", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("why", models.TextField(default="")),
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
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "accounts_hold",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["account_bucket", "account"], name="hold_by_account")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="hold_lasts_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["bill", "late charge", "notice", "cut-off", "autopay", "refund"],
                            )
                        ),
                        name="hold_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountRole",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=24)),
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
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
            ],
            options={
                "db_table": "accounts_role",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="role_lasts_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "holder",
                                    "jointly liable",
                                    "owner",
                                    "bill-to",
                                    "authorized contact",
                                    "third-party notify",
                                    "guarantor",
                                    "agent",
                                    "personal representative",
                                    "trustee",
                                ],
                            )
                        ),
                        name="role_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "bucket",
                        django.db.models.expressions.CombinedExpression(
                            models.F("subledger"), "%%", models.Value(4096)
                        ),
                    )
                ),
                name="account_bucket_is_of_its_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1000000000), ("number__lt", 10000000000)),
                name="account_number_has_ten_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["utility", "license", "tax", "invoice"])),
                name="account_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True),
                    ("closed_on__gte", models.F("opened_on")),
                    _connector="OR",
                ),
                name="account_closed_after_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "es"])), name="account_language_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="premisejurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_before__isnull", True),
                    ("ends_before__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="jurisdiction_lasts_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="premisejurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__in", ["inside city"])), name="jurisdiction_known"
            ),
        ),
    ]

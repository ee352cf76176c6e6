"""The tables of applications and licenses, and what happened to these."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accounts_walls"),
        ("code_lists", "0021_editions_walls"),
        ("licensing", "0002_licensing_walls"),
        ("receivables", "0002_receivables_walls"),
        ("rule_tables", "0041_sources_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="License",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("public_code", models.CharField(max_length=32, unique=True)),
                ("issued_on", models.DateField()),
                ("status", models.CharField(default="active", max_length=12)),
                ("term_starts_on", models.DateField()),
                ("term_ends_before", models.DateField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
                (
                    "license_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "premise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.premise",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_license",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("kind", models.CharField(default="new", max_length=12)),
                ("status", models.CharField(default="started", max_length=12)),
                ("received_on", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("begins_on", models.DateField()),
                ("event_ends_before", models.DateField(null=True)),
                ("began_unlicensed", models.BooleanField(default=False)),
                ("units", models.IntegerField(null=True)),
                ("gross_receipts_cents", models.BigIntegerField(null=True)),
                ("term_starts_on", models.DateField(null=True)),
                ("term_ends_before", models.DateField(null=True)),
                ("appeal_until", models.DateField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
                (
                    "license_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "premise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.premise",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "license",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.license",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_application",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LicenseEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=14)),
                ("happened_on", models.DateField()),
                ("starts_on", models.DateField(null=True)),
                ("ends_before", models.DateField(null=True)),
                ("reason", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                ("run_id", models.IntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.application",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
                (
                    "license",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.license",
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
                    "premise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.premise",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_license_event",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="NumberCounter",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("of", models.CharField(max_length=12)),
                ("next", models.BigIntegerField(default=1)),
                (
                    "license_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_number_counter",
                "default_permissions": (),
            },
        ),
    ]

"""The tables of businesses, their owners, places and activities."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_accounts_walls"),
        ("code_lists", "0021_editions_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Business",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.party",
                    ),
                ),
                ("trade_name", models.CharField(default="", max_length=200)),
                ("began_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "licensing_business",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
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
            ],
            options={
                "db_table": "licensing_activity",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="activity_lasts_some_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessName",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=1000)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_business_name",
                "default_permissions": (),
                "indexes": [models.Index(fields=["key"], name="business_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=400)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
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
                "db_table": "licensing_location",
                "default_permissions": (),
                "indexes": [models.Index(fields=["key"], name="location_by_address")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="location_lasts_some_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ownership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("hundredths_percent", models.IntegerField()),
                ("controls", models.BooleanField()),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_ownership",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="ownership_lasts_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hundredths_percent__gte", 0), ("hundredths_percent__lte", 10000)
                        ),
                        name="ownership_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("business")), _negated=True),
                        name="business_does_not_own_itself",
                    ),
                ],
            },
        ),
    ]

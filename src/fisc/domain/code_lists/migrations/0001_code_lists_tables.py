"""The tables of code lists and calendars."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CodeList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("sha256", models.CharField(default="", max_length=64)),
            ],
            options={
                "db_table": "code_lists_list",
            },
        ),
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("closed_weekdays", models.JSONField(default=list)),
                ("covers_from", models.DateField()),
                ("covers_before", models.DateField()),
                ("citation", models.TextField()),
                ("sha256", models.CharField(default="", max_length=64)),
            ],
            options={
                "db_table": "code_lists_calendar",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("covers_before__gt", models.F("covers_from"))),
                        name="calendar_covers_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("citation", ""), _negated=True),
                        name="calendar_is_cited",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentGeneration",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "code_lists_generation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="generation_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("label_en", models.CharField(max_length=200)),
                ("label_es", models.CharField(max_length=200)),
                ("citation", models.TextField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.calendar",
                    ),
                ),
            ],
            options={
                "db_table": "code_lists_closed_day",
                "constraints": [
                    models.UniqueConstraint(fields=("calendar", "day"), name="closed_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("citation", ""), _negated=True),
                        name="closed_day_is_cited",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("label_en", models.CharField(max_length=200)),
                ("label_es", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("citation", models.TextField()),
                ("attributes", models.JSONField(default=dict)),
                ("position", models.IntegerField(default=0)),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.codelist",
                    ),
                ),
            ],
            options={
                "db_table": "code_lists_code",
                "constraints": [
                    models.UniqueConstraint(fields=("list", "code"), name="code_once_a_list"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="code_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("citation", ""), _negated=True), name="code_is_cited"
                    ),
                ],
            },
        ),
    ]

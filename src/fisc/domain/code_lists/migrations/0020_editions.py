"""The editions of code lists, and which days each governs as known when."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("code_lists", "0003_generation_never_repeats")]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("source", models.CharField(max_length=8)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("author", models.CharField(default="", max_length=200)),
                ("approver", models.CharField(default="", max_length=200)),
                ("reason", models.TextField(default="")),
                ("citation", models.TextField(default="")),
                ("adopted_at", models.DateTimeField(null=True)),
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
                "db_table": "code_lists_edition",
                "constraints": [
                    models.UniqueConstraint(fields=("list", "number"), name="edition_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["file", "change"])),
                        name="edition_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "file"),
                            models.Q(
                                ("adopted_at__isnull", False),
                                models.Q(("author", ""), _negated=True),
                                models.Q(("approver", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("citation", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="edition_says_who_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effective__isempty", True), _negated=True),
                        name="edition_for_some_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("known", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("decided", models.CharField(max_length=12)),
                ("decided_by", models.CharField(default="", max_length=200)),
                ("reason", models.TextField(default="")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.edition",
                    ),
                ),
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
                "db_table": "code_lists_standing",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        name="list_standing_one_edition_a_day_and_instant",
                        expressions=[
                            (
                                models.Func(
                                    models.F("list"),
                                    models.F("list"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            ("effective", "&&"),
                            ("known", "&&"),
                        ],
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided__in", ["imported", "approved", "remainder", "rolled back"])
                        ),
                        name="list_standing_decided_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effective__isempty", True), _negated=True),
                        name="list_standing_for_some_days",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="codelist",
            name="shown",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="code_lists.edition",
            ),
        ),
        migrations.AddField(
            model_name="codelist", name="shown_on", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="code", name="is_withdrawn", field=models.BooleanField(default=False)
        ),
    ]

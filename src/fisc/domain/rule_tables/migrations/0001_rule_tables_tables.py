"""The tables of books, versions, standings and kept evaluations."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("decision_point", models.CharField(max_length=100, unique=True)),
            ],
            options={
                "db_table": "rule_tables_book",
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("status", models.CharField(default="draft", max_length=10)),
                ("file_name", models.CharField(max_length=200)),
                ("dmn", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("author", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("citation", models.TextField()),
                ("approver", models.CharField(default="", max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.book",
                    ),
                ),
            ],
            options={
                "db_table": "rule_tables_version",
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("known", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("decided", models.CharField(max_length=12)),
                ("decided_by", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.book",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.version",
                    ),
                ),
            ],
            options={
                "db_table": "rule_tables_standing",
            },
        ),
        migrations.CreateModel(
            name="EvaluationBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decision_point", models.CharField(max_length=100)),
                ("run_id", models.IntegerField(null=True)),
                ("chunk", models.SmallIntegerField(null=True)),
                ("rows", models.IntegerField()),
                ("layout", models.JSONField()),
                ("segment_rows", models.IntegerField()),
                ("segment_ends", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.version",
                    ),
                ),
            ],
            options={
                "db_table": "rule_tables_evaluation_block",
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("book", "number"), name="version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "in test", "approved", "superseded"])),
                name="version_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", True), ("status__in", ["draft", "in test"])),
                    models.Q(
                        ("approved_at__isnull", False), ("status__in", ["approved", "superseded"])
                    ),
                    _connector="OR",
                ),
                name="version_approved_has_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_at__isnull", True),
                    models.Q(
                        models.Q(("approver", ""), _negated=True),
                        models.Q(("approver", models.F("author")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="version_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__isempty", True), _negated=True),
                name="version_for_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("book"),
                            models.F("book"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    ("effective", "&&"),
                    ("known", "&&"),
                ],
                name="standing_one_version_a_day_and_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided__in", ["approved", "remainder", "rolled back"])),
                name="standing_decided_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__isempty", True), _negated=True),
                name="standing_for_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluationblock",
            constraint=models.CheckConstraint(
                condition=models.Q(("rows__gt", 0)), name="block_has_rows"
            ),
        ),
    ]

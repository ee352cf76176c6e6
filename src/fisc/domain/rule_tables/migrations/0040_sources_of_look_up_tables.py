"""The file that a look-up table was taken from is kept with its version."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rule_tables", "0030_approvals_keep_the_study"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decision", models.CharField(max_length=300)),
                ("name", models.CharField(max_length=200)),
                ("columns", models.JSONField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "db_table": "rule_tables_source",
            },
        ),
        migrations.CreateModel(
            name="SourceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "rule_tables_source_file",
            },
        ),
        migrations.RemoveConstraint(
            model_name="revision",
            name="revision_says_what_changed",
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("changed__in", ["started", "tables", "cases", "description", "source"])
                ),
                name="revision_says_what_changed",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="kept_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rule_tables.version",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rule_tables.sourcefile",
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["version", "decision"], name="source_of_version"),
        ),
    ]

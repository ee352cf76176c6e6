"""What a version imports, which versions were issued anew with it, and case runs that tell."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0010_rate_studies")]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.version",
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
            options={"db_table": "rule_tables_import"},
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(fields=("version", "imported"), name="import_once"),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("version", models.F("imported")), _negated=True),
                name="import_of_another",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="reissue_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rule_tables.version",
            ),
        ),
        migrations.RemoveConstraint(model_name="caserun", name="case_run_once_a_content"),
        migrations.AddField(
            model_name="caserun",
            name="imports_sha256",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="caserun",
            constraint=models.UniqueConstraint(
                fields=("version", "sha256", "case_sheet_sha256", "imports_sha256"),
                name="case_run_once_a_content",
            ),
        ),
    ]

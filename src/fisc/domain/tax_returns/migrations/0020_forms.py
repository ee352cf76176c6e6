"""The form a return was filed on, figures as filed, and receipts that include tax."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("code_lists", "0021_editions_walls"),
        ("tax_returns", "0041_return_files_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="returnline",
            name="includes_tax",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="returnline",
            name="is_disallowed",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="returnline",
            name="item_price_cents",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="returnline",
            name="land_cents",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="returnline",
            name="tax_included_cents",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="returnline",
            name="units",
            field=models.DecimalField(db_default=0, decimal_places=3, max_digits=15),
        ),
        migrations.AddField(
            model_name="taxreturn",
            name="form",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="code_lists.code",
            ),
        ),
        migrations.AddField(
            model_name="taxreturn",
            name="form_sha256",
            field=models.CharField(db_default="", max_length=64),
        ),
        migrations.CreateModel(
            name="FiledFigure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line_number", models.SmallIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("filed_cents", models.BigIntegerField()),
                ("computed_cents", models.BigIntegerField()),
                ("treatment", models.CharField(max_length=10)),
                (
                    "tax_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.taxreturn",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_filed_figure",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tax_return", "line_number", "key"), name="filed_figure_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("treatment__in", ["accept", "correct", "disallow"])),
                        name="filed_figure_was_not_refused",
                    ),
                ],
            },
        ),
    ]

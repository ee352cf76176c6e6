"""Control totals of a batch of tax due and of the money that came along; any of them may be left."""

from django.db import migrations, models

SUMS = ("gross", "tax", "net", "remitted")


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0063_batches_walls")]

    operations = [
        *(
            migrations.AlterField(
                model_name="batch",
                name=f"control_{name}_cents",
                field=models.BigIntegerField(null=True),
            )
            for name in ("gross", "net")
        ),
        *(
            migrations.AddField(
                model_name="batch",
                name=f"control_{name}_cents",
                field=models.BigIntegerField(null=True),
            )
            for name in ("tax", "remitted")
        ),
        *(
            migrations.AddField(
                model_name="batchreturn",
                name=f"{name}_cents",
                field=models.BigIntegerField(default=0),
            )
            for name in ("tax", "remitted")
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    *((f"control_{name}_cents__isnull", False) for name in SUMS), _connector="OR"
                ),
                name="batch_counts_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("remitted_cents__gte", 0)), name="batch_money_comes_in"
            ),
        ),
    ]

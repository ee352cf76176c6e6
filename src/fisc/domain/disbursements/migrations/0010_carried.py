"""What is decided of credits that stay, and debts that are settled by choice."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disbursements", "0002_disbursements_walls"),
        ("receivables", "0002_receivables_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="offset",
            name="is_chosen",
            field=models.BooleanField(db_default=False),
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("carried forward", "Carried"), ("offered again", "Offered")],
                        max_length=16,
                    ),
                ),
                ("open_cents", models.BigIntegerField()),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("why", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "credit_item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("credit_item", "number"), name="standing_of_a_credit_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["carried forward", "offered again"]),
                            ("number__gt", 0),
                            ("open_cents__gt", 0),
                            models.Q(("why", ""), _negated=True),
                        ),
                        name="standing_says_what_and_why",
                    ),
                ],
            },
        ),
    ]

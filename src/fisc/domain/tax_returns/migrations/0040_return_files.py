"""Files of returns as they came in, cut into parts that are taken in at once."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0002_refresh_statistics"),
        ("tax_returns", "0011_postings_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("layout", models.CharField(max_length=100)),
                ("posting_day", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("return_count", models.IntegerField()),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_file",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReturnFilePart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("bucket_from", models.IntegerField()),
                ("bucket_before", models.IntegerField()),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("return_count", models.IntegerField()),
                ("chunk", models.IntegerField(null=True)),
                ("taken", models.IntegerField(null=True)),
                ("held", models.IntegerField(null=True)),
                ("tax_due_cents", models.BigIntegerField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_returns.returnfile",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runs.run",
                    ),
                ),
            ],
            options={
                "db_table": "tax_returns_file_part",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "bucket_from"), name="file_part_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("chunk__isnull", True),
                                ("held__isnull", True),
                                ("taken__isnull", True),
                            ),
                            models.Q(
                                ("chunk__isnull", False),
                                (
                                    "taken",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("return_count"), "-", models.F("held")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="file_part_is_taken_as_a_whole",
                    ),
                ],
            },
        ),
    ]

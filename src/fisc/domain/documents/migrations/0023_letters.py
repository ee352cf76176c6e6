"""Letters that wait to be printed, and batches that were."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0022_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "bill"),
                            (12, "letter about a corrected return"),
                            (20, "pay-off letter"),
                            (30, "notice of a renewal"),
                            (31, "notice of a lapsed license"),
                            (32, "notice of a missing return"),
                            (33, "notice of an estimated assessment"),
                            (34, "letters printed together"),
                        ]
                    ),
                ),
                ("written_on", models.DateField()),
                ("letters", models.IntegerField()),
                ("printed_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "mailed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "documents_print_batch",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "bill"),
                            (12, "letter about a corrected return"),
                            (20, "pay-off letter"),
                            (30, "notice of a renewal"),
                            (31, "notice of a lapsed license"),
                            (32, "notice of a missing return"),
                            (33, "notice of an estimated assessment"),
                            (34, "letters printed together"),
                        ]
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("written_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                ("place", models.IntegerField(null=True)),
                ("overtaken_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.printbatch",
                    ),
                ),
            ],
            options={
                "db_table": "documents_letter",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="printbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("letters__gt", 0)), name="print_batch_has_letters"
            ),
        ),
        migrations.AddConstraint(
            model_name="printbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mailed_at__isnull", True), ("mailed_by__isnull", True)),
                    models.Q(
                        ("mailed_at__gte", models.F("printed_at")), ("mailed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="print_batch_is_mailed_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["account_id"], name="letter_of_account"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("batch__isnull", True), ("overtaken_at__isnull", True)),
                fields=["written_on", "kind", "account_id"],
                name="letter_to_print",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("kind", "subject_id"), name="letter_is_written_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("batch", "place"), name="letter_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("batch__isnull", True), ("place__isnull", True)),
                    models.Q(
                        ("batch__isnull", False), ("overtaken_at__isnull", True), ("place__gte", 0)
                    ),
                    _connector="OR",
                ),
                name="letter_is_printed_or_overtaken",
            ),
        ),
    ]

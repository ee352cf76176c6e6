import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("runs", "0001_runs_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("verb", models.TextField()),
                ("subject_kind", models.TextField()),
                ("subject_id", models.BigIntegerField(null=True)),
                ("why", models.TextField(default="")),
                ("detail", models.JSONField(default=dict)),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runs.run",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "action_log_action",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["subject_kind", "subject_id", "id"], name="action_by_subject"
                    ),
                    models.Index(fields=["user", "id"], name="action_by_user"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verb", ""), _negated=True), name="action_has_a_verb"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject_kind", ""), _negated=True),
                        name="action_has_a_subject_kind",
                    ),
                ],
            },
        ),
    ]

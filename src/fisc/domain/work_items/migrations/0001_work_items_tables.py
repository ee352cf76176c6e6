"""The table of work items."""

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
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("reason", models.TextField()),
                ("cause_key", models.TextField()),
                ("subject_kind", models.TextField()),
                ("subject_id", models.BigIntegerField()),
                ("detail", models.JSONField(default=dict)),
                ("due_on", models.DateField()),
                ("urgency", models.SmallIntegerField(default=5)),
                ("status", models.TextField(default="open")),
                ("snoozed_until", models.DateField(null=True)),
                ("last_word", models.TextField(default="")),
                ("posting_day", models.DateField(null=True)),
                ("raised_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "done"), _negated=True),
                        fields=["due_on", "urgency", "id"],
                        name="work_item_queue",
                    ),
                    models.Index(fields=["subject_kind", "subject_id"], name="work_item_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cause_key", "subject_kind", "subject_id"),
                        name="work_item_raised_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("open", "taken", "snoozed", "done"))),
                        name="work_item_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner__isnull", False), ("status", "taken")),
                            models.Q(("status", "taken"), _negated=True),
                            _connector="OR",
                        ),
                        name="work_item_taken_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("status", "done")),
                            models.Q(
                                models.Q(("status", "done"), _negated=True),
                                ("done_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="work_item_done_at_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("snoozed_until__isnull", False), ("status", "snoozed")),
                            models.Q(
                                models.Q(("status", "snoozed"), _negated=True),
                                ("snoozed_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="work_item_snoozed_until_a_day",
                    ),
                ],
            },
        ),
    ]

"""The tables of runs, steps and chunks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("posting_day", models.DateField()),
                ("status", models.TextField(default="running")),
                ("instant", models.DateTimeField()),
                ("city", models.TextField(default="")),
                ("finished_at", models.DateTimeField(null=True)),
                ("message", models.TextField(default="")),
                ("held_by", models.TextField(default="")),
                ("held_since", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ordinal", models.SmallIntegerField()),
                ("name", models.TextField()),
                ("status", models.TextField(default="waiting")),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("message", models.TextField(default="")),
                ("signed_words", models.TextField(default="")),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runs.run",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("bucket_from", models.SmallIntegerField()),
                ("bucket_before", models.SmallIntegerField()),
                ("subject", models.JSONField(default=dict)),
                ("status", models.TextField(default="waiting")),
                ("result", models.JSONField(default=dict)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runs.run",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="runs.step",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "day")),
                fields=("kind", "posting_day"),
                name="run_one_a_posting_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("id__gte", 1), ("id__lt", 1048576)),
                name="run_number_fits_identifiers",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("running", "stopped", "waiting", "done"))),
                name="run_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                fields=("run", "ordinal"), name="step_one_ordinal_a_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("run", "name"), name="step_one_name_a_run"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ("waiting", "running", "stopped", "done", "differs", "to sign"),
                    )
                ),
                name="step_status_known",
            ),
        ),
        migrations.AddIndex(
            model_name="chunk",
            index=models.Index(
                condition=models.Q(("status", "waiting")),
                fields=["step", "number"],
                name="chunk_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.UniqueConstraint(
                fields=("run", "number"), name="chunk_one_number_a_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 0), ("number__lt", 4096)),
                name="chunk_number_fits_identifiers",
            ),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bucket_before__gt", models.F("bucket_from")),
                    ("bucket_before__lte", 4096),
                    ("bucket_from__gte", 0),
                ),
                name="chunk_holds_a_range_of_buckets",
            ),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("waiting", "done"))),
                name="chunk_status_known",
            ),
        ),
    ]

"""The tables of what applications bring, and of what is decided and charged about them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0010_licenses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("attempt", models.SmallIntegerField(default=1)),
                ("step", models.SmallIntegerField()),
                ("due_days", models.SmallIntegerField()),
                ("due_on", models.DateField(null=True)),
                ("outcome", models.CharField(default="", max_length=8)),
                ("reason", models.TextField(default="")),
                ("decided_on", models.DateField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.application",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_sign_off",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("answer", models.TextField()),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.application",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_answer",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "question"), name="question_answered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), _negated=True),
                        name="answer_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("status", models.CharField(max_length=12)),
                ("happened_on", models.DateField()),
                ("why", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.application",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "licensing_application_event",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "started",
                                    "complete",
                                    "issued",
                                    "denied",
                                    "appealed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="application_event_status_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=200)),
                ("received_on", models.DateField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.application",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_attachment",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "attachment", "reference"),
                        name="attachment_came_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_on", models.DateField()),
                ("holds_before", models.DateField()),
                ("owed_cents", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "licensing_clearance",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("holds_before__gt", models.F("made_on"))),
                        name="clearance_holds_some_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=200)),
                ("insurer", models.CharField(default="", max_length=200)),
                ("amount_cents", models.BigIntegerField(null=True)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.business",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_coverage",
                "default_permissions": (),
                "indexes": [models.Index(fields=["business", "kind"], name="coverage_of_business")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="coverage_lasts_some_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount_cents", models.BigIntegerField()),
                ("output", models.CharField(max_length=40)),
                ("block_row", models.IntegerField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.application",
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.evaluationblock",
                    ),
                ),
                (
                    "credits",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.feeitem",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "licensing_fee_item",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("credits__isnull", False)),
                        fields=("credits",),
                        name="fee_given_back_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("credits__isnull", True)),
                        fields=("application", "line"),
                        name="line_charged_once",
                    ),
                ],
            },
        ),
    ]

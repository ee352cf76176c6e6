"""Audit cases, their schedules, what they came to, and protests."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("party_records", "0002_records_walls"),
        ("tax_returns", "0091_audited_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProtestLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("cents", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RecordRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=300)),
                ("asked_on", models.DateField()),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
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
            name="AssessedPeriod",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("filed_cents", models.BigIntegerField()),
                ("found_cents", models.BigIntegerField()),
                ("penalty_cents", models.BigIntegerField()),
                ("interest_cents", models.BigIntegerField()),
                ("civil_cents", models.BigIntegerField()),
                ("limited_on", models.DateField(null=True)),
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
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AssessedRegion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("filed_cents", models.BigIntegerField()),
                ("found_cents", models.BigIntegerField()),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_audits.assessedperiod",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "stage",
                    models.CharField(
                        choices=[("preliminary", "Preliminary"), ("proposed", "Proposed")],
                        max_length=16,
                    ),
                ),
                ("computed_to", models.DateField()),
                ("known_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="assessedperiod",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_audits.assessment",
            ),
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "selected_by",
                    models.CharField(
                        choices=[
                            ("by hand", "Hand"),
                            ("discovery list", "List"),
                            ("score", "Score"),
                        ],
                        max_length=16,
                    ),
                ),
                ("source", models.JSONField(default=dict)),
                ("score", models.IntegerField(null=True)),
                ("selected_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tax_audits.case"
            ),
        ),
        migrations.CreateModel(
            name="CasePeriod",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("is_living", models.BooleanField(default=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_audits.case",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DecisionLine",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tax_audits.protestline",
                    ),
                ),
                ("upheld_cents", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="protestline",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_audits.assessedperiod",
            ),
        ),
        migrations.AddField(
            model_name="protestline",
            name="region",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_audits.assessedregion",
            ),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("selected", "Selected"),
                            ("assigned", "Assigned"),
                            ("engaged", "Engaged"),
                            ("preliminary", "Preliminary"),
                            ("proposed", "Proposed"),
                            ("returned", "Returned"),
                            ("approved", "Approved"),
                            ("protested", "Protested"),
                            ("decided", "Decided"),
                            ("final", "Final"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("why", models.TextField(default="")),
                (
                    "auditor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_audits.case",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LimitationWaiver",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("signed_by", models.CharField(max_length=200)),
                ("signed_on", models.DateField()),
                ("extends_to", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_audits.case",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party_records.paper",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RecordAnswer",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tax_audits.recordrequest",
                    ),
                ),
                ("received_on", models.DateField()),
                ("is_refused", models.BooleanField(default=False)),
                ("note", models.TextField(default="")),
                ("at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="recordrequest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tax_audits.case"
            ),
        ),
        migrations.CreateModel(
            name="ScheduleLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("reported_cents", models.BigIntegerField()),
                ("found_cents", models.BigIntegerField()),
                ("note", models.TextField(default="")),
                ("evidence", models.CharField(default="", max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "business_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_audits.case",
                    ),
                ),
                (
                    "deduction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party_records.paper",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WaivedPeriod",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("limited_on", models.DateField()),
                (
                    "waiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax_audits.limitationwaiver",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="assessedregion",
            constraint=models.UniqueConstraint(
                fields=("period", "region"), name="assessed_region_is_one", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedperiod",
            constraint=models.UniqueConstraint(
                fields=("assessment", "starts_on"), name="assessed_period_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("civil_cents__gte", 0)), name="assessed_civil_is_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["account"], name="audit_case_by_account"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("selected_by__in", ["by hand", "discovery list", "score"])),
                name="audit_case_selection_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("score__isnull", False), ("selected_by", "score")),
                    models.Q(
                        models.Q(("selected_by", "score"), _negated=True), ("score__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="audit_case_by_score_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["preliminary", "proposed"])),
                name="audit_stage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseperiod",
            constraint=models.UniqueConstraint(
                fields=("case", "starts_on"), name="audit_case_period_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseperiod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_living", True)),
                fields=("account", "starts_on"),
                name="audit_period_is_in_one_living_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionline",
            constraint=models.CheckConstraint(
                condition=models.Q(("upheld_cents__gte", 0)),
                name="decision_upholds_nothing_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="protestline",
            constraint=models.UniqueConstraint(
                fields=("period", "region"), name="protested_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="protestline",
            constraint=models.CheckConstraint(
                condition=models.Q(("cents__gt", 0)), name="protest_is_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="audit_event_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "selected",
                            "assigned",
                            "engaged",
                            "preliminary",
                            "proposed",
                            "returned",
                            "approved",
                            "protested",
                            "decided",
                            "final",
                            "closed",
                            "withdrawn",
                        ],
                    )
                ),
                name="audit_event_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("auditor__isnull", False), ("kind__in", ("selected", "assigned"))),
                    models.Q(
                        models.Q(("kind__in", ("selected", "assigned")), _negated=True),
                        ("auditor__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="audit_event_names_an_auditor",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("returned", "withdrawn", "closed", "protested", "decided")),
                    ("why", ""),
                    _negated=True,
                ),
                name="audit_event_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="limitationwaiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extends_to__gt", models.F("signed_on")),
                    models.Q(("signed_by", ""), _negated=True),
                ),
                name="limitation_waiver_is_signed_before_it_ends",
            ),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="recordrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on__gte", models.F("asked_on")), models.Q(("words", ""), _negated=True)
                ),
                name="records_are_asked_before_they_are_due",
            ),
        ),
        migrations.AddIndex(
            model_name="scheduleline",
            index=models.Index(fields=["case", "starts_on"], name="schedule_by_case"),
        ),
        migrations.AddConstraint(
            model_name="scheduleline",
            constraint=models.CheckConstraint(
                condition=models.Q(("found_cents__gte", 0)), name="schedule_finds_nothing_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="waivedperiod",
            constraint=models.UniqueConstraint(
                fields=("waiver", "starts_on"), name="limitation_waived_once_a_period"
            ),
        ),
    ]

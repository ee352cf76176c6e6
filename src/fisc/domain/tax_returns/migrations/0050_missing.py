"""Missing returns, what is assessed of them, and waivers that people ask for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("receivables", "0002_receivables_walls"),
        ("tax_returns", "0021_forms_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessedItem",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="receivables.item",
                    ),
                ),
                (
                    "part",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Tax"),
                            (2, "Excess tax collected"),
                            (3, "Accounting credit"),
                            (10, "Penalty"),
                            (11, "Interest"),
                            (20, "Penalty waived"),
                            (21, "Interest waived"),
                        ]
                    ),
                ),
                ("cents", models.BigIntegerField()),
            ],
            options={
                "db_table": "tax_returns_assessed_item",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("proposed_on", models.DateField()),
                ("proposed_why", models.TextField()),
                ("facts", models.JSONField()),
                ("tax_cents", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Proposed"),
                            (2, "Approved"),
                            (3, "Rejected"),
                            (4, "Replaced by its return"),
                        ],
                        default=1,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.TextField(default="")),
                ("posted_on", models.DateField(null=True)),
                ("penalty_cents", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "tax_returns_assessment",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="NonFiling",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                ("due_on", models.DateField()),
                ("timely_until", models.DateField()),
                ("found_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "tax_returns_nonfiling",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WaiverRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Pay-off letter"),
                            (2, "One-time"),
                            (3, "Dated"),
                            (4, "Standing"),
                        ]
                    ),
                ),
                (
                    "part",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Tax"),
                            (2, "Excess tax collected"),
                            (3, "Accounting credit"),
                            (10, "Penalty"),
                            (11, "Interest"),
                            (20, "Penalty waived"),
                            (21, "Interest waived"),
                        ]
                    ),
                ),
                ("starts_on", models.DateField(null=True)),
                ("cents", models.BigIntegerField(null=True)),
                ("due_from", models.DateField(null=True)),
                ("due_before", models.DateField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("asked_why", models.TextField()),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(1, "Asked for"), (2, "Granted"), (3, "Denied")], default=1
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.TextField(default="")),
            ],
            options={
                "db_table": "tax_returns_waiver_request",
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="waiver",
            name="waiver_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="waiver",
            name="waiver_by_letter_names_it",
        ),
        migrations.AlterField(
            model_name="waiver",
            name="kind",
            field=models.SmallIntegerField(
                choices=[(1, "Pay-off letter"), (2, "One-time"), (3, "Dated"), (4, "Standing")]
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="proposed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="replaced_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_returns.taxreturn",
            ),
        ),
        migrations.AddField(
            model_name="assesseditem",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_returns.assessment",
            ),
        ),
        migrations.AddField(
            model_name="nonfiling",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="nonfiling",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_returns.nonfiling",
            ),
        ),
        migrations.AddField(
            model_name="waiverrequest",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="waiverrequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="waiverrequest",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="waiverrequest",
            name="reason",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="code_lists.code"
            ),
        ),
        migrations.AddField(
            model_name="waiver",
            name="request",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_returns.waiverrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [1, 2, 3, 4])), name="waiver_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", 1), ("payoff__isnull", False), ("request__isnull", True)),
                    models.Q(
                        models.Q(("kind", 1), _negated=True),
                        ("payoff__isnull", True),
                        ("request__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="waiver_by_letter_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="assesseditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", [1, 10])), name="assessed_part_is_tax_or_penalty"
            ),
        ),
        migrations.AddConstraint(
            model_name="assesseditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("cents", 0), _negated=True), name="assessed_moves_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonfiling",
            constraint=models.UniqueConstraint(
                fields=("account", "starts_on"), name="nonfiling_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(("found_on__gt", models.F("timely_until"))),
                name="nonfiling_is_found_afterwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", [1, 2])),
                fields=("nonfiling",),
                name="assessment_that_stands_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [1, 2, 3, 4])), name="assessment_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("penalty_cents__gte", 0), ("tax_cents__gt", 0)),
                name="assessment_is_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", [1, 4]),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="assessment_is_decided_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by__isnull", True),
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="assessment_is_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", 2), _negated=True),
                    ("posted_on__isnull", False),
                    _connector="OR",
                ),
                name="assessment_approved_is_posted",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_by__isnull", False), ("state", 4)),
                    models.Q(models.Q(("state", 4), _negated=True), ("replaced_by__isnull", True)),
                    _connector="OR",
                ),
                name="assessment_replaced_names_its_return",
            ),
        ),
        migrations.AddIndex(
            model_name="waiverrequest",
            index=models.Index(
                condition=models.Q(("state", 2)),
                fields=["account"],
                name="waiver_granted_by_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", 2), ("state", 1)),
                fields=("account", "starts_on", "part"),
                name="waiver_waiting_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", [10, 11])), name="waiver_is_of_lateness"
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cents__gt", 0),
                        ("due_before__isnull", True),
                        ("due_from__isnull", True),
                        ("kind", 2),
                        ("starts_on__isnull", False),
                    ),
                    models.Q(
                        ("cents__isnull", True),
                        ("due_before__gt", models.F("due_from")),
                        ("due_from__isnull", False),
                        ("kind", 3),
                        ("starts_on__isnull", True),
                    ),
                    models.Q(
                        ("cents__isnull", True),
                        ("due_before__isnull", True),
                        ("due_from__isnull", False),
                        ("kind", 4),
                        ("starts_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="waiver_has_what_its_kind_has",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("state", 1)
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__gt", 1),
                    ),
                    _connector="OR",
                ),
                name="waiver_is_decided_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="waiver_is_decided_by_another",
            ),
        ),
    ]

"""What audits found of periods, beside their returns; items that stand for it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PARTS = [1, 2, 3, 4, 10, 11, 12, 20, 21]
PART_CHOICES = [
    (1, "Tax"),
    (2, "Excess tax collected"),
    (3, "Accounting credit"),
    (4, "Found by an audit"),
    (10, "Penalty"),
    (11, "Interest"),
    (12, "Civil penalty"),
    (20, "Penalty waived"),
    (21, "Interest waived"),
]


def key(to: str, **more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("tax_returns", "0086_bonds_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Audited",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("case_number", models.BigIntegerField()),
                ("deficiency_cents", models.BigIntegerField()),
                ("civil_penalty_cents", models.BigIntegerField()),
                ("posted_on", models.DateField()),
                ("known_at", models.DateTimeField()),
                ("account", key("accounts.account", db_index=False)),
                ("by", key(settings.AUTH_USER_MODEL)),
                ("cause", key("code_lists.code")),
                ("tax_return", key("tax_returns.taxreturn", db_index=False)),
            ],
            options={
                "db_table": "tax_returns_audited",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["account", "starts_on"], name="audited_by_period")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("civil_penalty_cents__gte", 0), ("deficiency_cents__gte", 0)
                        ),
                        name="audited_amounts_are_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("filed_cents", models.BigIntegerField()),
                ("found_cents", models.BigIntegerField()),
                ("audited", key("tax_returns.audited")),
                ("region", key("code_lists.code", null=True)),
            ],
            options={
                "db_table": "tax_returns_finding",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("audited", "region"),
                        name="finding_of_a_region_is_one",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.AddField(
            "posted",
            "audited",
            key("tax_returns.audited", null=True, db_constraint=False, db_index=False),
        ),
        migrations.AlterField("posted", "part", models.SmallIntegerField(choices=PART_CHOICES)),
        migrations.AlterField("payoffline", "part", models.SmallIntegerField(choices=PART_CHOICES)),
        migrations.AlterField(
            "waiverrequest", "part", models.SmallIntegerField(choices=PART_CHOICES)
        ),
        migrations.AlterField(
            "assesseditem", "part", models.SmallIntegerField(choices=PART_CHOICES)
        ),
        migrations.AddIndex(
            "posted",
            models.Index(
                condition=models.Q(("part", 4)),
                fields=["account", "starts_on"],
                name="posted_audited_by_period",
            ),
        ),
        migrations.RemoveConstraint("posted", "posted_part_is_known"),
        migrations.AddConstraint(
            "posted",
            models.CheckConstraint(
                condition=models.Q(("part__in", PARTS)), name="posted_part_is_known"
            ),
        ),
        migrations.RemoveConstraint("posted", "posted_lateness_has_its_reckoning"),
        migrations.AddConstraint(
            "posted",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("part__lt", 10), ("part", 12), _connector="OR"),
                        ("reckoning__isnull", True),
                        ("waiver__isnull", True),
                    ),
                    models.Q(
                        ("part__in", [10, 11]),
                        ("reckoning__isnull", False),
                        ("waiver__isnull", True),
                    ),
                    models.Q(
                        ("part__gte", 20),
                        ("reckoning__isnull", True),
                        ("waiver__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="posted_lateness_has_its_reckoning",
            ),
        ),
        migrations.AddConstraint(
            "posted",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audited__isnull", False), ("part__in", [4, 12])),
                    models.Q(
                        models.Q(("part__in", [4, 12]), _negated=True),
                        ("audited__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="posted_finding_has_its_audit",
            ),
        ),
    ]

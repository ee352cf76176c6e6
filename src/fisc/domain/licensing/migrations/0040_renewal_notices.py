"""What holders of licenses were told of their renewals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("licensing", "0021_many_at_once"),
        ("rule_tables", "0041_sources_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RenewalNotice",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("term_ends_before", models.DateField()),
                ("made_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("fee_cents", models.BigIntegerField(null=True)),
                ("fee_row", models.IntegerField(null=True)),
                ("penalty_cents", models.BigIntegerField(default=0)),
                ("penalty_row", models.IntegerField(null=True)),
                ("run_id", models.IntegerField()),
            ],
            options={
                "db_table": "licensing_renewal_notice",
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="licenseevent",
            index=models.Index(
                condition=models.Q(("run_id__isnull", False)),
                fields=["run_id"],
                name="license_event_of_run",
            ),
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.application",
            ),
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="fee_block",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rule_tables.evaluationblock",
            ),
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="license",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.license",
            ),
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="penalty_block",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rule_tables.evaluationblock",
            ),
        ),
        migrations.AddField(
            model_name="renewalnotice",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="code_lists.code"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewalnotice",
            constraint=models.UniqueConstraint(
                fields=("license", "term_ends_before", "step"), name="renewal_step_told_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewalnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("fee_block__isnull", True),
                        ("fee_cents__isnull", True),
                        ("fee_row__isnull", True),
                    ),
                    models.Q(
                        ("fee_block__isnull", False),
                        ("fee_cents__gte", 0),
                        ("fee_row__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="renewal_fee_told_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="renewalnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("penalty_block__isnull", True),
                        ("penalty_cents", 0),
                        ("penalty_row__isnull", True),
                    ),
                    models.Q(
                        ("penalty_block__isnull", False),
                        ("penalty_cents__gte", 0),
                        ("penalty_row__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="renewal_penalty_told_as_a_whole",
            ),
        ),
    ]

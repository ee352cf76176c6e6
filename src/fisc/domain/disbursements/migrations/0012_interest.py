"""What credits bear that are given back: computed once, kept with what asked for it."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("disbursements", "0011_carried_walls"),
        ("ledger", "0003_licenses_and_returns"),
        ("receivables", "0002_receivables_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("is_offset", models.BooleanField()),
                ("of_cents", models.BigIntegerField()),
                ("runs_after", models.DateField()),
                ("through", models.DateField()),
                ("amount_cents", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="requisition",
            name="requisition_takes_what_it_gives",
        ),
        migrations.AddField(
            model_name="requisition",
            name="claimed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="requisition",
            name="interest_cents",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddConstraint(
            model_name="requisition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interest_cents__gte", 0),
                    ("offset_cents__gte", 0),
                    ("paid_cents__gte", 0),
                    (
                        "taken_cents",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("offset_cents"), "+", models.F("paid_cents")
                            ),
                            "-",
                            models.F("interest_cents"),
                        ),
                    ),
                    ("taken_cents__gt", 0),
                ),
                name="requisition_takes_what_it_gives",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="code",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="code_lists.code"
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="credit_item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="receivables.item"
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="gl_account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.glaccount"
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="requisition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="disbursements.requisition",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="standing",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="disbursements.standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_cents__gt", 0),
                    ("of_cents__gt", 0),
                    ("through__gt", models.F("runs_after")),
                ),
                name="interest_is_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("requisition__isnull", True), ("standing__isnull", False)),
                    models.Q(("requisition__isnull", False), ("standing__isnull", True)),
                    _connector="OR",
                ),
                name="interest_is_of_a_refund_or_a_carrying",
            ),
        ),
    ]

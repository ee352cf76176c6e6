"""Voluntary disclosures and what was agreed of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("tax_audits", "0002_tax_audits_walls"),
        ("tax_returns", "0091_audited_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreedPeriod",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("due_on", models.DateField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("representative", models.CharField(max_length=200)),
                ("contact", models.CharField(max_length=200)),
                ("words", models.TextField()),
                ("received_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DisclosureEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("named", "Named"),
                            ("agreed", "Agreed"),
                            ("fulfilled", "Fulfilled"),
                            ("void", "Void"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("why", models.TextField(default="")),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "disclosure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tax_audits.disclosure",
                    ),
                ),
                ("signed_by", models.CharField(max_length=200)),
                ("signed_on", models.DateField()),
                ("due_from", models.DateField()),
                ("due_before", models.DateField()),
                ("file_by", models.DateField()),
                ("is_penalty_waived", models.BooleanField()),
                ("known_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("representative", ""), _negated=True),
                    models.Q(("words", ""), _negated=True),
                ),
                name="disclosure_says_who_and_what",
            ),
        ),
        migrations.AddField(
            model_name="disclosureevent",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="disclosureevent",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="disclosureevent",
            name="disclosure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_audits.disclosure",
            ),
        ),
        migrations.CreateModel(
            name="AgreedWaiver",
            fields=[
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tax_audits.agreement",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_before__gt", models.F("due_from")),
                    ("file_by__gte", models.F("signed_on")),
                    models.Q(("signed_by", ""), _negated=True),
                ),
                name="agreement_has_days_and_a_signature",
            ),
        ),
        migrations.AddField(
            model_name="agreedperiod",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_audits.agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosureevent",
            constraint=models.UniqueConstraint(
                fields=("disclosure", "number"), name="disclosure_event_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosureevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["received", "named", "agreed", "fulfilled", "void", "withdrawn"])
                ),
                name="disclosure_event_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosureevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("kind", "named")),
                    models.Q(models.Q(("kind", "named"), _negated=True), ("account__isnull", True)),
                    _connector="OR",
                ),
                name="disclosure_is_named_by_an_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosureevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("void", "withdrawn")), ("why", ""), _negated=True),
                name="disclosure_ends_with_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="agreedwaiver",
            name="request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tax_returns.waiverrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreedperiod",
            constraint=models.UniqueConstraint(
                fields=("agreement", "starts_on"), name="agreed_period_is_one"
            ),
        ),
    ]

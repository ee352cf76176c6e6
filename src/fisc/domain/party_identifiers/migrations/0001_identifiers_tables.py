"""The table of parties' numbers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_accounts_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("issuer", models.CharField(default="", max_length=100)),
                ("blind_index", models.BinaryField()),
                ("index_check", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("key_version", models.SmallIntegerField()),
                ("last", models.CharField(max_length=4)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "party_identifiers_identifier",
                "default_permissions": (),
                "indexes": [models.Index(fields=["blind_index"], name="identifier_by_value")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("party", "blind_index"),
                        name="identifier_once_a_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["EIN", "SSN", "ITIN", "other"])),
                        name="identifier_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer__gt", ""), ("kind", "other")),
                            models.Q(models.Q(("kind", "other"), _negated=True), ("issuer", "")),
                            _connector="OR",
                        ),
                        name="identifier_of_others_has_an_issuer",
                    ),
                ],
            },
        ),
    ]

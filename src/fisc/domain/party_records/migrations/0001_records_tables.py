"""The tables of officers and papers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.party",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
            ],
            options={
                "db_table": "party_records_officer",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_before__isnull", True),
                            ("ends_before__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="officer_lasts_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("party")), _negated=True),
                        name="officer_is_another_party",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("file_kind", models.CharField(max_length=20)),
                ("size_bytes", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("reference", models.CharField(default="", max_length=100)),
                ("expires_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="code_lists.code",
                    ),
                ),
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
                "db_table": "party_records_paper",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("expires_on__isnull", False)
                        ),
                        fields=["expires_on"],
                        name="paper_by_expiry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("party", "kind", "sha256"),
                        name="paper_once_a_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gt", 0)), name="paper_has_content"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file_kind__in", ["application/pdf", "image/png", "image/jpeg"])
                        ),
                        name="paper_file_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="paper_is_named_by_its_hash",
                    ),
                ],
            },
        ),
    ]

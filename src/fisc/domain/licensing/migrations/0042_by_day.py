"""Find what was told, and what happened to licenses, by day."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_premises_by_address"),
        ("code_lists", "0021_editions_walls"),
        ("licensing", "0041_renewal_walls"),
        ("rule_tables", "0041_sources_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="licenseevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["happened_on"], name="license_event_by_day"
            ),
        ),
        migrations.AddIndex(
            model_name="renewalnotice",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["made_on"], name="renewal_notice_by_day"
            ),
        ),
    ]

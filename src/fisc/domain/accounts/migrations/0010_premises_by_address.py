"""Find a place by its ZIP code and house number."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accounts_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="premise",
            index=models.Index(
                models.F("zip"),
                django.db.models.functions.text.Upper("house_number"),
                name="premise_by_zip_and_house",
            ),
        ),
    ]

"""Letters that promise what pays tax off are a kind of document."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_documents_walls"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.SmallIntegerField(choices=[(1, "bill"), (20, "pay-off letter")]),
        ),
        migrations.AlterField(
            model_name="document",
            name="subject_kind",
            field=models.SmallIntegerField(choices=[(1, "bill"), (20, "promise of a pay-off")]),
        ),
    ]

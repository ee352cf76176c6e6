from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("content_sha256", models.BinaryField()),
                ("result", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "idempotency_key",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        name="idempotency_key_is_not_empty",
                    )
                ],
            },
        ),
    ]

"""Count, of a part of a file, the returns that were here already and said the same."""

import django.db.models.expressions
from django.db import migrations, models

TAKEN = models.expressions.CombinedExpression(models.F("return_count"), "-", models.F("held"))
WAITS = models.Q(
    ("again__isnull", True),
    ("chunk__isnull", True),
    ("held__isnull", True),
    ("taken__isnull", True),
)


IS_WHOLE = models.CheckConstraint(
    condition=models.Q(
        WAITS,
        models.Q(
            ("chunk__isnull", False),
            (
                "taken",
                django.db.models.expressions.CombinedExpression(TAKEN, "-", models.F("again")),
            ),
        ),
        _connector="OR",
    ),
    name="file_part_is_taken_as_a_whole",
)


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0051_missing_walls")]

    operations = [
        migrations.AddField(
            model_name="returnfilepart", name="again", field=models.IntegerField(null=True)
        ),
        # Parts that were taken before had none; their row is written once, so the wall opens here.
        migrations.RunSQL(
            "alter table tax_returns_file_part disable trigger file_part_taken;"
            "update tax_returns_file_part set again = 0 where chunk is not null;"
            "alter table tax_returns_file_part enable always trigger file_part_taken;",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(
            model_name="returnfilepart", name="file_part_is_taken_as_a_whole"
        ),
        migrations.AddConstraint(
            model_name="returnfilepart",
            constraint=IS_WHOLE,
        ),
        migrations.RunSQL(
            "grant update (again) on tax_returns_file_part to fisc_app;",
            "revoke update (again) on tax_returns_file_part from fisc_app;",
        ),
    ]

"""Who brought a file in does not take it out again: the database says so too."""

from django.db import migrations, models

# Files that were taken out before keep who did it.
ADD = """
alter table conversion_batch add constraint converted_file_undone_by_another check (
    undone_at is null or made_by_id is null
    or (undone_by_id is not null and undone_by_id <> made_by_id)
) not valid;
"""


class Migration(migrations.Migration):
    dependencies = [("conversion", "0002_undoing")]

    operations = [
        migrations.RunSQL(
            ADD,
            "alter table conversion_batch drop constraint converted_file_undone_by_another;",
            state_operations=[
                migrations.AddConstraint(
                    model_name="batch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(undone_at__isnull=True)
                        | models.Q(made_by__isnull=True)
                        | (
                            models.Q(undone_by__isnull=False)
                            & ~models.Q(undone_by=models.F("made_by"))
                        ),
                        name="converted_file_undone_by_another",
                    ),
                )
            ],
        ),
    ]

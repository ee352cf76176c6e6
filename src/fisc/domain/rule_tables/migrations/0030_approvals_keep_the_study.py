"""An approval keeps which study of the version it rests on, and the database holds that it is one."""

import django.db.models.deletion
from django.db import migrations, models

WALLS = """
create function rule_tables_approval_rests_on_its_study() returns trigger language plpgsql as $$
begin
    if not exists (
            select from rule_tables_study study
            join rule_tables_version version on version.id = study.version_id
            where study.id = new.study_id and study.version_id = new.version_id
              and study.sha256 = version.sha256 and study.status = 'done') then
        raise exception 'Study % is no finished study of what version % is now.',
            new.study_id, new.version_id;
    end if;
    return new;
end $$;

create trigger approval_rests_on_its_study before insert on rule_tables_approval
    for each row when (new.study_id is not null)
    execute function rule_tables_approval_rests_on_its_study();
"""

NO_WALLS = """
drop trigger approval_rests_on_its_study on rule_tables_approval;
drop function rule_tables_approval_rests_on_its_study();
"""


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0022_studies_name_what_was_imported")]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="study",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rule_tables.study",
            ),
        ),
        migrations.RunSQL(WALLS, NO_WALLS),
    ]

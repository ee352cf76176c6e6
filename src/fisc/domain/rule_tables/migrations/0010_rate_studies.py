"""Studies of versions over the bills of the past; one that is over stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALLS = """
create function rule_tables_study_stays() returns trigger language plpgsql as $$
begin
    if old.status not in ('asked', 'running') then
        raise exception 'Study % is over and stays as it is: start another.', old.id;
    end if;
    if (new.version_id, new.sha256, new.data_day, new.asked_at, new.asked_by_id)
            is distinct from
       (old.version_id, old.sha256, old.data_day, old.asked_at, old.asked_by_id) then
        raise exception 'Study % keeps what it was asked.', old.id;
    end if;
    return new;
end $$;

create trigger study_stays before update on rule_tables_study
    for each row execute function rule_tables_study_stays();
create trigger study_is_kept before delete or truncate on rule_tables_study
    for each statement execute function rule_tables_deny();

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke delete, truncate on rule_tables_study from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
drop trigger study_is_kept on rule_tables_study;
drop trigger study_stays on rule_tables_study;
drop function rule_tables_study_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rule_tables", "0004_drafts_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("status", models.CharField(default="asked", max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("data_day", models.DateField()),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("is_cancel_asked", models.BooleanField(default=False)),
                ("problem", models.TextField(default="")),
                ("snapshot", models.JSONField(default=list)),
                ("result", models.JSONField(null=True)),
                ("result_sha256", models.CharField(default="", max_length=64)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rule_tables.version",
                    ),
                ),
            ],
            options={
                "db_table": "rule_tables_study",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            status__in=["asked", "running", "done", "cancelled", "failed"]
                        ),
                        name="study_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(status="done", result__isnull=False)
                        | (~models.Q(status="done") & models.Q(result__isnull=True)),
                        name="study_done_has_a_result",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALLS, NO_WALLS),
    ]

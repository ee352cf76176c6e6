"""A source is kept with a draft only, and what was kept is only added to."""

from django.db import migrations

WALLS = """
create function rule_tables_source_of_a_draft() returns trigger language plpgsql as $$
begin
    if not exists (
        select from rule_tables_version where id = new.version_id and status = 'draft'
    ) then
        raise exception 'Only a draft is given another source; version % is none.', new.version_id;
    end if;
    return new;
end $$;

alter table rule_tables_source_file
    add constraint source_file_hash_is_of_it check (sha256 = encode(sha256(content), 'hex'));

create trigger source_of_a_draft before insert on rule_tables_source
    for each row execute function rule_tables_source_of_a_draft();
create trigger source_stays before update or delete or truncate on rule_tables_source
    for each statement execute function rule_tables_deny();
create trigger source_file_stays before update or delete or truncate on rule_tables_source_file
    for each statement execute function rule_tables_deny();

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke update, delete, truncate on rule_tables_source, rule_tables_source_file
            from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
drop trigger source_file_stays on rule_tables_source_file;
drop trigger source_stays on rule_tables_source;
drop trigger source_of_a_draft on rule_tables_source;
alter table rule_tables_source_file drop constraint source_file_hash_is_of_it;
drop function rule_tables_source_of_a_draft();
do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        grant update, delete on rule_tables_source, rule_tables_source_file to fisc_app;
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0040_sources_of_look_up_tables")]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

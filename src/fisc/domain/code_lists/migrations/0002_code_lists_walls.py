"""A used code is ended, never removed or renamed; one row counts the changes."""

from django.db import migrations

WALLS = """
insert into code_lists_generation (id, number) values (1, 0);

create function code_lists_deny() returns trigger language plpgsql as $$
begin
    raise exception 'Code lists keep every row: end the code instead of removing it.';
end $$;

create function code_lists_code_keeps_its_name() returns trigger language plpgsql as $$
begin
    if (new.id, new.list_id, new.code, new.starts_on)
            is distinct from (old.id, old.list_id, old.code, old.starts_on) then
        raise exception 'Code % keeps its name, list and first day: add another code.', old.code;
    end if;
    return new;
end $$;

create trigger code_is_never_removed before delete or truncate on code_lists_code
    for each statement execute function code_lists_deny();
create trigger code_keeps_its_name before update on code_lists_code
    for each row execute function code_lists_code_keeps_its_name();
create trigger list_is_never_removed before delete or truncate on code_lists_list
    for each statement execute function code_lists_deny();
create trigger generation_is_never_removed before delete or truncate on code_lists_generation
    for each statement execute function code_lists_deny();

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke delete, truncate on code_lists_code, code_lists_list, code_lists_generation
            from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
drop trigger code_is_never_removed on code_lists_code;
drop trigger code_keeps_its_name on code_lists_code;
drop trigger list_is_never_removed on code_lists_list;
drop trigger generation_is_never_removed on code_lists_generation;
drop function code_lists_code_keeps_its_name();
drop function code_lists_deny();
delete from code_lists_generation;
"""


class Migration(migrations.Migration):
    dependencies = [("code_lists", "0001_code_lists_tables")]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

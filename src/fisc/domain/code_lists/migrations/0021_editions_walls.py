"""An edition stays as it was adopted; a standing is only ever closed."""

from django.db import migrations

WALLS = """
alter table code_lists_edition
    add constraint edition_hash_is_of_its_file check (sha256 = encode(sha256(content), 'hex'));

create function code_lists_edition_stays() returns trigger language plpgsql as $$
begin
    raise exception 'What was adopted of a code list stays as it was: write another edition.';
end $$;

create function code_lists_standing_is_only_closed() returns trigger language plpgsql as $$
begin
    if not upper_inf(old.known) or upper_inf(new.known)
            or lower(new.known) is distinct from lower(old.known)
            or (new.id, new.list_id, new.edition_id, new.effective, new.decided, new.decided_by,
                new.reason)
            is distinct from
               (old.id, old.list_id, old.edition_id, old.effective, old.decided, old.decided_by,
                old.reason) then
        raise exception 'What was known stays known: a standing may only be closed, once.';
    end if;
    return new;
end $$;

create function code_lists_standing_is_of_its_list() returns trigger language plpgsql as $$
begin
    if not exists (
        select from code_lists_edition where id = new.edition_id and list_id = new.list_id
    ) then
        raise exception 'Edition % is none of list %.', new.edition_id, new.list_id;
    end if;
    return new;
end $$;

create trigger edition_stays before update or delete or truncate on code_lists_edition
    for each statement execute function code_lists_edition_stays();
create trigger list_standing_is_of_its_list before insert on code_lists_standing
    for each row execute function code_lists_standing_is_of_its_list();
create trigger list_standing_is_only_closed before update on code_lists_standing
    for each row execute function code_lists_standing_is_only_closed();
create trigger list_standing_is_never_removed before delete or truncate on code_lists_standing
    for each statement execute function code_lists_edition_stays();

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke update, delete, truncate on code_lists_edition from fisc_app;
        revoke delete, truncate on code_lists_standing from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
drop trigger list_standing_is_never_removed on code_lists_standing;
drop trigger list_standing_is_only_closed on code_lists_standing;
drop trigger list_standing_is_of_its_list on code_lists_standing;
drop trigger edition_stays on code_lists_edition;
drop function code_lists_standing_is_of_its_list();
drop function code_lists_standing_is_only_closed();
drop function code_lists_edition_stays();
alter table code_lists_edition drop constraint edition_hash_is_of_its_file;
do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        grant update, delete on code_lists_edition to fisc_app;
        grant delete on code_lists_standing to fisc_app;
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("code_lists", "0020_editions")]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

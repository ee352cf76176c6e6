"""An import is kept as it was approved; what is issued anew is another version's own content."""

from django.db import migrations

WALLS = """
create function rule_tables_import_is_settled() returns trigger language plpgsql as $$
begin
    if not exists (
        select from rule_tables_version where id = new.version_id and status = 'in test'
    ) then
        raise exception 'What version % imports is settled as it is approved, not later.',
            new.version_id;
    end if;
    if not exists (
        select from rule_tables_version as imported
        join rule_tables_version as importer on importer.id = new.version_id
        where imported.id = new.imported_id and imported.approved_at is not null
          and imported.book_id <> importer.book_id
    ) then
        raise exception 'Version % can import only an approved version of another book.',
            new.version_id;
    end if;
    return new;
end $$;

create function rule_tables_reissue_is_the_same() returns trigger language plpgsql as $$
begin
    if not exists (
        select from rule_tables_version as first
        where first.id = new.reissue_of_id and first.book_id = new.book_id
          and first.reissue_of_id is null
          and first.status in ('in test', 'approved', 'superseded')
          and (first.dmn, first.case_sheet) = (new.dmn, new.case_sheet)
    ) then
        raise exception 'A version issued anew has the content of the one it names.';
    end if;
    return new;
end $$;

create function rule_tables_reissue_stays() returns trigger language plpgsql as $$
begin
    if new.reissue_of_id is distinct from old.reissue_of_id
            or (new.reissue_of_id is not null
                and (new.dmn, new.case_sheet) is distinct from (old.dmn, old.case_sheet)) then
        raise exception 'A version issued anew has the content of the one it names.';
    end if;
    return new;
end $$;

create trigger import_is_settled before insert on rule_tables_import
    for each row execute function rule_tables_import_is_settled();
create trigger import_stays before update or delete or truncate on rule_tables_import
    for each statement execute function rule_tables_deny();
create trigger version_reissue_is_the_same before insert on rule_tables_version
    for each row when (new.reissue_of_id is not null)
    execute function rule_tables_reissue_is_the_same();
create trigger version_reissue_stays before update on rule_tables_version
    for each row execute function rule_tables_reissue_stays();

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke update, delete, truncate on rule_tables_import from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
drop trigger version_reissue_stays on rule_tables_version;
drop trigger version_reissue_is_the_same on rule_tables_version;
drop trigger import_stays on rule_tables_import;
drop trigger import_is_settled on rule_tables_import;
drop function rule_tables_reissue_stays();
drop function rule_tables_reissue_is_the_same();
drop function rule_tables_import_is_settled();
do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        grant update, delete on rule_tables_import to fisc_app;
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0020_shared_tables_imports")]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

"""What was approved stays as it was; a standing is only ever closed; evaluations are kept."""

from django.db import migrations

WALLS = """
create function rule_tables_deny() returns trigger language plpgsql as $$
begin
    raise exception 'Rows of % are kept as they were written.', tg_table_name;
end $$;

create function rule_tables_version_stays() returns trigger language plpgsql as $$
begin
    if old.approved_at is null then
        return new;
    end if;
    -- Of an approved version the status alone may move, once, to superseded and back.
    if new.status not in ('approved', 'superseded')
            or (new.id, new.book_id, new.number, new.file_name, new.dmn, new.sha256,
                new.effective, new.author, new.reason, new.citation, new.approver,
                new.approved_at, new.recorded_at)
            is distinct from
               (old.id, old.book_id, old.number, old.file_name, old.dmn, old.sha256,
                old.effective, old.author, old.reason, old.citation, old.approver,
                old.approved_at, old.recorded_at) then
        raise exception 'Version % is approved and stays as it is: write another version.',
            old.number;
    end if;
    return new;
end $$;

create function rule_tables_standing_is_only_closed() returns trigger language plpgsql as $$
begin
    if not upper_inf(old.known) or upper_inf(new.known)
            or lower(new.known) is distinct from lower(old.known)
            or (new.id, new.book_id, new.version_id, new.effective, new.decided, new.decided_by,
                new.reason)
            is distinct from
               (old.id, old.book_id, old.version_id, old.effective, old.decided, old.decided_by,
                old.reason) then
        raise exception 'What was known stays known: a standing may only be closed, once.';
    end if;
    return new;
end $$;

create function rule_tables_standing_is_of_an_approved_version() returns trigger
language plpgsql as $$
begin
    if not exists (
        select from rule_tables_version
        where id = new.version_id and book_id = new.book_id and approved_at is not null
    ) then
        raise exception 'Version % is not an approved version of book %.',
            new.version_id, new.book_id;
    end if;
    return new;
end $$;

create trigger version_stays before update on rule_tables_version
    for each row execute function rule_tables_version_stays();
create trigger version_is_never_removed before delete or truncate on rule_tables_version
    for each statement execute function rule_tables_deny();
create trigger book_stays before update or delete or truncate on rule_tables_book
    for each statement execute function rule_tables_deny();
create trigger standing_is_of_an_approved_version before insert on rule_tables_standing
    for each row execute function rule_tables_standing_is_of_an_approved_version();
create trigger standing_is_only_closed before update on rule_tables_standing
    for each row execute function rule_tables_standing_is_only_closed();
create trigger standing_is_never_removed before delete or truncate on rule_tables_standing
    for each statement execute function rule_tables_deny();
create trigger evaluation_stays
    before update or delete or truncate on rule_tables_evaluation_block
    for each statement execute function rule_tables_deny();

-- Already compressed; stored plainly a part of it can be read alone.
alter table rule_tables_evaluation_block alter column content set storage external;

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke delete, truncate on rule_tables_version, rule_tables_standing from fisc_app;
        revoke update, delete, truncate on rule_tables_book, rule_tables_evaluation_block
            from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
alter table rule_tables_evaluation_block alter column content set storage extended;
drop trigger version_stays on rule_tables_version;
drop trigger version_is_never_removed on rule_tables_version;
drop trigger book_stays on rule_tables_book;
drop trigger standing_is_of_an_approved_version on rule_tables_standing;
drop trigger standing_is_only_closed on rule_tables_standing;
drop trigger standing_is_never_removed on rule_tables_standing;
drop trigger evaluation_stays on rule_tables_evaluation_block;
drop function rule_tables_standing_is_of_an_approved_version();
drop function rule_tables_standing_is_only_closed();
drop function rule_tables_version_stays();
drop function rule_tables_deny();
"""


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0001_rule_tables_tables")]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

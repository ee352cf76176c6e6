"""Only a draft changes; what a person saved, tried or agreed to is only added to."""

from django.db import migrations

WALLS = """
create function list_changes_deny() returns trigger language plpgsql as $$
begin
    raise exception 'Rows of % are kept as they were written.', tg_table_name;
end $$;

create function list_changes_change_stays() returns trigger language plpgsql as $$
begin
    if (new.id, new.list_id, new.number, new.author, new.started_from_id, new.recorded_at)
            is distinct from
       (old.id, old.list_id, old.number, old.author, old.started_from_id, old.recorded_at) then
        raise exception 'Change % keeps its number, author and origin.', old.number;
    end if;
    if old.status <> 'draft'
            and (new.content, new.sha256, new.effective, new.reason, new.citation)
                is distinct from
                (old.content, old.sha256, old.effective, old.reason, old.citation) then
        raise exception 'Change % is % and stays as it is: write another.',
            old.number, old.status;
    end if;
    if not (old.status = 'in test' and new.status = 'approved')
            and (new.edition_id, new.reviewer, new.review_by)
                is distinct from (old.edition_id, old.reviewer, old.review_by) then
        raise exception 'Change % is approved once, when it leaves the test.', old.number;
    end if;
    if (old.status, new.status) not in (
            ('draft', 'draft'), ('draft', 'in test'), ('draft', 'discarded'),
            ('in test', 'in test'), ('in test', 'draft'), ('in test', 'approved'),
            ('approved', 'approved'), ('discarded', 'discarded')) then
        raise exception 'Change % is % and cannot become %.',
            old.number, old.status, new.status;
    end if;
    return new;
end $$;

create function list_changes_change_starts_as_draft() returns trigger language plpgsql as $$
begin
    if new.status <> 'draft' then
        raise exception 'A change of a list starts as a draft.';
    end if;
    return new;
end $$;

create function list_changes_change_is_agreed_to() returns trigger language plpgsql as $$
declare
    present integer;
    others integer;
    approved_at timestamptz;
begin
    select max(number) into present from list_changes_revision where change_id = new.id;
    select count(*) into others
    from list_changes_approval as agreed
    where agreed.change_id = new.id and agreed.revision = present
      and not exists (
          select from list_changes_revision as saved
          where saved.change_id = new.id and saved.saved_by_id = agreed.person_id
      );
    if others < 1 and new.reviewer = '' then
        raise exception 'Nobody but its writers agreed to change %.', new.number;
    end if;
    select edition.adopted_at into approved_at
    from code_lists_edition as edition
    where edition.id = new.edition_id and edition.list_id = new.list_id
      and edition.sha256 = new.sha256 and edition.effective = new.effective;
    if approved_at is null then
        raise exception 'Change % became another edition than it was agreed to.', new.number;
    end if;
    -- The office's day may be one before the day of UTC: only what is past in both needs two.
    if others < 2 and lower(new.effective) < (approved_at at time zone 'UTC')::date then
        raise exception 'Change % governs days that are past: two others must agree to it.',
            new.number;
    end if;
    return new;
end $$;

create function list_changes_agreed_to_while_in_test() returns trigger language plpgsql as $$
begin
    if not exists (
        select from list_changes_change
        where id = new.change_id
          and status = case new.part when 'review' then status else 'in test' end
          and (new.part <> 'review' or reviewer <> '')
    ) then
        raise exception 'Only a change in test is agreed to, and only one with a reviewer '
            'reviewed.';
    end if;
    return new;
end $$;

create trigger change_starts_as_draft before insert on list_changes_change
    for each row execute function list_changes_change_starts_as_draft();
create trigger change_stays before update on list_changes_change
    for each row execute function list_changes_change_stays();
create trigger change_is_agreed_to before update on list_changes_change
    for each row when (old.status = 'in test' and new.status = 'approved')
    execute function list_changes_change_is_agreed_to();
create trigger change_is_never_removed before delete or truncate on list_changes_change
    for each statement execute function list_changes_deny();
create trigger list_approval_while_in_test before insert on list_changes_approval
    for each row execute function list_changes_agreed_to_while_in_test();
create trigger list_revision_stays before update or delete or truncate on list_changes_revision
    for each statement execute function list_changes_deny();
create trigger trial_stays before update or delete or truncate on list_changes_trial
    for each statement execute function list_changes_deny();
create trigger list_approval_stays before update or delete or truncate on list_changes_approval
    for each statement execute function list_changes_deny();

alter table list_changes_change
    add constraint change_hash_is_of_its_file check (sha256 = encode(sha256(content), 'hex'));
alter table list_changes_revision
    add constraint list_revision_hash_is_of_its_file
        check (sha256 = encode(sha256(content), 'hex'));

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke delete, truncate on list_changes_change from fisc_app;
        revoke update, delete, truncate on list_changes_revision, list_changes_trial,
            list_changes_approval from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
alter table list_changes_revision drop constraint list_revision_hash_is_of_its_file;
alter table list_changes_change drop constraint change_hash_is_of_its_file;
drop trigger list_approval_stays on list_changes_approval;
drop trigger trial_stays on list_changes_trial;
drop trigger list_revision_stays on list_changes_revision;
drop trigger list_approval_while_in_test on list_changes_approval;
drop trigger change_is_never_removed on list_changes_change;
drop trigger change_is_agreed_to on list_changes_change;
drop trigger change_stays on list_changes_change;
drop trigger change_starts_as_draft on list_changes_change;
drop function list_changes_agreed_to_while_in_test();
drop function list_changes_change_is_agreed_to();
drop function list_changes_change_starts_as_draft();
drop function list_changes_change_stays();
drop function list_changes_deny();
do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        grant delete on list_changes_change to fisc_app;
        grant update, delete on list_changes_revision, list_changes_trial, list_changes_approval
            to fisc_app;
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("list_changes", "0001_changes_tables"),
        ("code_lists", "0021_editions_walls"),
    ]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

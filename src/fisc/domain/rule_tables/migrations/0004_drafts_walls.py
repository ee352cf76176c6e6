"""Only a draft changes; what a person saved, ran, agreed to or accepted is only added to."""

from django.db import migrations

WALLS = """
create or replace function rule_tables_version_stays() returns trigger language plpgsql as $$
begin
    if (new.id, new.book_id, new.number, new.author, new.started_from_id, new.recorded_at)
            is distinct from
       (old.id, old.book_id, old.number, old.author, old.started_from_id, old.recorded_at) then
        raise exception 'Version % keeps its number, author and origin.', old.number;
    end if;
    if old.status <> 'draft'
            and (new.file_name, new.dmn, new.sha256, new.case_sheet, new.case_sheet_sha256,
                 new.effective, new.reason, new.citation)
                is distinct from
                (old.file_name, old.dmn, old.sha256, old.case_sheet, old.case_sheet_sha256,
                 old.effective, old.reason, old.citation) then
        raise exception 'Version % is % and stays as it is: write another version.',
            old.number, old.status;
    end if;
    if not (old.status = 'in test' and new.status = 'approved')
            and (new.approver, new.approved_at, new.reviewer, new.review_by)
                is distinct from (old.approver, old.approved_at, old.reviewer, old.review_by) then
        raise exception 'Version % is approved once, when it leaves the test.', old.number;
    end if;
    if (old.status, new.status) not in (
            ('draft', 'draft'), ('draft', 'in test'), ('draft', 'discarded'),
            ('in test', 'in test'), ('in test', 'draft'), ('in test', 'approved'),
            ('approved', 'approved'), ('approved', 'superseded'),
            ('superseded', 'superseded'), ('superseded', 'approved'),
            ('discarded', 'discarded')) then
        raise exception 'Version % is % and cannot become %.',
            old.number, old.status, new.status;
    end if;
    return new;
end $$;

create function rule_tables_version_starts_as_draft() returns trigger language plpgsql as $$
begin
    if new.status <> 'draft' or new.approved_at is not null then
        raise exception 'A version starts as a draft.';
    end if;
    return new;
end $$;

-- What was written here, by people who sign in, is approved by other people who sign in. Files
-- that came in signed have no revisions; their signatures were read from approvals.csv.
create function rule_tables_version_is_agreed_to() returns trigger language plpgsql as $$
declare
    present integer;
    others integer;
begin
    select max(number) into present from rule_tables_revision where version_id = new.id;
    if present is null then
        return new;
    end if;
    select count(*) into others
    from rule_tables_approval as agreed
    where agreed.version_id = new.id and agreed.revision = present
      and not exists (
          select from rule_tables_revision as saved
          where saved.version_id = new.id and saved.saved_by_id = agreed.person_id
      );
    if others < 1 and new.reviewer = '' then
        raise exception 'Nobody but its writers agreed to version %.', new.number;
    end if;
    -- The office's day may be one before the day of UTC: only what is past in both needs two.
    if others < 2 and lower(new.effective) < (new.approved_at at time zone 'UTC')::date then
        raise exception 'Version % governs days that are past: two others must agree to it.',
            new.number;
    end if;
    return new;
end $$;

create function rule_tables_agreed_to_while_in_test() returns trigger language plpgsql as $$
begin
    if not exists (
        select from rule_tables_version
        where id = new.version_id
          and status = case new.part when 'review' then status else 'in test' end
          and (new.part <> 'review' or reviewer <> '')
    ) then
        raise exception 'Only a version in test is agreed to, and only one with a reviewer '
            'reviewed.';
    end if;
    return new;
end $$;

create trigger version_starts_as_draft before insert on rule_tables_version
    for each row execute function rule_tables_version_starts_as_draft();
create trigger version_is_agreed_to before update on rule_tables_version
    for each row when (old.status = 'in test' and new.status = 'approved')
    execute function rule_tables_version_is_agreed_to();
create trigger approval_while_in_test before insert on rule_tables_approval
    for each row execute function rule_tables_agreed_to_while_in_test();

alter table rule_tables_version
    add constraint version_hash_is_of_its_file check (sha256 = encode(sha256(dmn), 'hex')),
    add constraint version_hash_is_of_its_cases
        check (case_sheet_sha256 = encode(sha256(case_sheet), 'hex'));
alter table rule_tables_revision
    add constraint revision_hash_is_of_its_file check (sha256 = encode(sha256(dmn), 'hex')),
    add constraint revision_hash_is_of_its_cases
        check (case_sheet_sha256 = encode(sha256(case_sheet), 'hex'));

create trigger revision_stays before update or delete or truncate on rule_tables_revision
    for each statement execute function rule_tables_deny();
create trigger case_run_stays before update or delete or truncate on rule_tables_case_run
    for each statement execute function rule_tables_deny();
create trigger report_stays before update or delete or truncate on rule_tables_publish_report
    for each statement execute function rule_tables_deny();
create trigger approval_stays before update or delete or truncate on rule_tables_approval
    for each statement execute function rule_tables_deny();
create trigger accepted_stays before update or delete or truncate on rule_tables_accepted_change
    for each statement execute function rule_tables_deny();

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        revoke update, delete, truncate on rule_tables_revision, rule_tables_case_run,
            rule_tables_publish_report, rule_tables_approval, rule_tables_accepted_change
            from fisc_app;
    end if;
end $$;
"""

NO_WALLS = """
drop trigger accepted_stays on rule_tables_accepted_change;
drop trigger approval_stays on rule_tables_approval;
drop trigger report_stays on rule_tables_publish_report;
drop trigger case_run_stays on rule_tables_case_run;
drop trigger revision_stays on rule_tables_revision;
alter table rule_tables_revision
    drop constraint revision_hash_is_of_its_file,
    drop constraint revision_hash_is_of_its_cases;
alter table rule_tables_version
    drop constraint version_hash_is_of_its_file,
    drop constraint version_hash_is_of_its_cases;
drop trigger approval_while_in_test on rule_tables_approval;
drop trigger version_is_agreed_to on rule_tables_version;
drop trigger version_starts_as_draft on rule_tables_version;
drop function rule_tables_agreed_to_while_in_test();
drop function rule_tables_version_is_agreed_to();
drop function rule_tables_version_starts_as_draft();

create or replace function rule_tables_version_stays() returns trigger language plpgsql as $$
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

do $$ begin
    if exists (select from pg_roles where rolname = 'fisc_app') then
        grant update, delete on rule_tables_revision, rule_tables_case_run,
            rule_tables_publish_report, rule_tables_approval, rule_tables_accepted_change
            to fisc_app;
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rule_tables", "0003_drafts_and_approvals")]

    operations = [migrations.RunSQL(WALLS, NO_WALLS)]

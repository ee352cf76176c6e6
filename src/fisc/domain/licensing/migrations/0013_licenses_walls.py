"""Have PostgreSQL keep the history of licenses: only added to, in order, and alone what they are."""

from django.db import migrations

REFUSE_CHANGE = """
create function licensing_refuse_change() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'What happens later is a row of its own.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function licensing_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

NEVER_REMOVED = """
create trigger {table}_never_removed before delete or truncate on {table}
    for each statement execute function licensing_refuse_change();
alter table {table} enable always trigger {table}_never_removed;
revoke delete, truncate on {table} from public, fisc_app;
"""

# A license begins as its first event says, and what it is afterwards only an event changes. One
# statement adds at most one event of a license, so that each is judged by those before it. A renewal
# that comes while a run lapses licenses gives another term: the run's word is then refused, not kept.
EVENTS_MAKE_LICENSES = """
create function licensing_license_event_added() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    perform from licensing_license as license
    where license.id in (select license_id from added) order by license.id for update;
    select added.license_id, added.kind, added.happened_on, license.status, last.id as last_id,
        last.happened_on as last_on into wrong
    from (select *, count(*) over (partition by license_id) as at_once from added) as added
    join licensing_license as license on license.id = added.license_id
    left join lateral (
        select before.id, before.happened_on from licensing_license_event as before
        where before.license_id = added.license_id and before.id < added.id
        order by before.id desc limit 1
    ) as last on true
    where (added.kind = 'issued') is distinct from (last.id is null)
        or added.happened_on < last.happened_on
        or added.at_once > 1
        or not case added.kind
            when 'issued' then license.term_starts_on = added.starts_on
                and license.term_ends_before = added.ends_before
            when 'renewed' then license.status in ('active', 'expired')
                and added.starts_on >= license.term_ends_before
            when 'suspended' then license.status = 'active'
            when 'reinstated' then license.status in ('suspended', 'revoked')
            when 'revoked' then license.status in ('active', 'suspended')
            when 'expired' then license.status in ('active', 'suspended')
                and license.term_ends_before <= added.happened_on
            when 'closed' then license.status in ('active', 'suspended', 'expired')
            else license.status = 'active'
        end
    limit 1;
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'license_event_follows',
            message = format('License %s is %s since %s: it is not %s on %s.', wrong.license_id,
                wrong.status, wrong.last_on, wrong.kind, wrong.happened_on);
    end if;
    update licensing_license as license set
        status = case added.kind
            when 'renewed' then 'active' when 'reinstated' then 'active'
            when 'suspended' then 'suspended' when 'revoked' then 'revoked'
            when 'expired' then 'expired' when 'closed' then 'closed'
            else license.status end,
        term_starts_on = coalesce(added.starts_on, license.term_starts_on),
        term_ends_before = coalesce(added.ends_before, license.term_ends_before),
        business_id = coalesce(added.business_id, license.business_id),
        account_id = coalesce(added.account_id, license.account_id),
        premise_id = coalesce(added.premise_id, license.premise_id)
    from added where added.license_id = license.id and added.kind <> 'issued';
    return null;
end $$;
create trigger event_added after insert on licensing_license_event
    referencing new table as added
    for each statement execute function licensing_license_event_added();
alter table licensing_license_event enable always trigger event_added;
revoke update on licensing_license from public, fisc_app;
"""

EVENTS_FREE = """
drop trigger event_added on licensing_license_event;
drop function licensing_license_event_added();
grant update on licensing_license to fisc_app;
"""

# What is final stays: an issued or withdrawn application is never another again.
APPLICATIONS_END = """
create function licensing_application_changed() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.status in ('issued', 'withdrawn') or row(old.license_type_id, old.number, old.kind,
        old.business_id, old.license_id, old.received_at) is distinct from row(new.license_type_id,
        new.number, new.kind, new.business_id, new.license_id, new.received_at)
    then
        raise exception using
            errcode = 'check_violation', constraint = 'application_stays_what_it_is',
            message = format('Application %s is %s: it is not changed so.', old.id, old.status);
    end if;
    return null;
end $$;
create trigger application_changed after update on licensing_application
    for each row execute function licensing_application_changed();
alter table licensing_application enable always trigger application_changed;
create function licensing_sign_off_changed() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.outcome <> '' then
        raise exception using
            errcode = 'check_violation', constraint = 'sign_off_decided_once',
            message = format('Sign-off %s was decided on %s.', old.id, old.decided_on);
    end if;
    return null;
end $$;
create trigger sign_off_changed after update on licensing_sign_off
    for each row execute function licensing_sign_off_changed();
alter table licensing_sign_off enable always trigger sign_off_changed;
"""

APPLICATIONS_FREE = """
drop trigger application_changed on licensing_application;
drop function licensing_application_changed();
drop trigger sign_off_changed on licensing_sign_off;
drop function licensing_sign_off_changed();
"""

ADDED_TO = (
    "licensing_application_event",
    "licensing_fee_item",
    "licensing_license_event",
    "licensing_clearance",
)
KEPT = ("licensing_application", "licensing_sign_off", "licensing_license")


class Migration(migrations.Migration):
    dependencies = [("licensing", "0012_what_must_hold")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function licensing_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in ADDED_TO
        ),
        *(
            migrations.RunSQL(
                NEVER_REMOVED.format(table=table),
                f"drop trigger {table}_never_removed on {table};"
                f"grant delete on {table} to fisc_app;",
            )
            for table in KEPT
        ),
        migrations.RunSQL(EVENTS_MAKE_LICENSES, EVENTS_FREE),
        migrations.RunSQL(APPLICATIONS_END, APPLICATIONS_FREE),
    ]

"""Have notices only be added to, and a license expire only once its term is over.

A renewal that comes while a run lapses licenses gives the license another term: the run's word is
then refused, not kept.
"""

from django.db import migrations

EVENTS_MAKE_LICENSES = """
create or replace function licensing_license_event_added() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    perform from licensing_license as license
    where license.id in (select license_id from added) order by license.id for update;
    select added.license_id, added.kind, added.happened_on, license.status, last.id as last_id,
        last.happened_on as last_on into wrong
    from added
    join licensing_license as license on license.id = added.license_id
    left join lateral (
        select before.id, before.happened_on from licensing_license_event as before
        where before.license_id = added.license_id and before.id < added.id
        order by before.id desc limit 1
    ) as last on true
    where (added.kind = 'issued') is distinct from (last.id is null)
        or added.happened_on < last.happened_on
        or exists (select from added as twice
            where twice.license_id = added.license_id and twice.id <> added.id)
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
"""

EVENTS_MADE_LICENSES = """
create or replace function licensing_license_event_added() returns trigger language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    perform from licensing_license as license
    where license.id in (select license_id from added) order by license.id for update;
    select added.license_id, added.kind, added.happened_on, license.status, last.id as last_id,
        last.happened_on as last_on into wrong
    from added
    join licensing_license as license on license.id = added.license_id
    left join lateral (
        select before.id, before.happened_on from licensing_license_event as before
        where before.license_id = added.license_id and before.id < added.id
        order by before.id desc limit 1
    ) as last on true
    where (added.kind = 'issued') is distinct from (last.id is null)
        or added.happened_on < last.happened_on
        or exists (select from added as twice
            where twice.license_id = added.license_id and twice.id <> added.id)
        or not case added.kind
            when 'issued' then license.term_starts_on = added.starts_on
                and license.term_ends_before = added.ends_before
            when 'renewed' then license.status in ('active', 'expired')
                and added.starts_on >= license.term_ends_before
            when 'suspended' then license.status = 'active'
            when 'reinstated' then license.status in ('suspended', 'revoked')
            when 'revoked' then license.status in ('active', 'suspended')
            when 'expired' then license.status in ('active', 'suspended')
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
"""

NOTICES_ONLY_ADDED_TO = """
create trigger licensing_renewal_notice_only_added_to
    before update or delete or truncate on licensing_renewal_notice
    for each statement execute function licensing_refuse_change();
alter table licensing_renewal_notice
    enable always trigger licensing_renewal_notice_only_added_to;
revoke all on licensing_renewal_notice from public, fisc_app;
grant select, insert on licensing_renewal_notice to fisc_app;
"""

NOTICES_FREE = """
drop trigger licensing_renewal_notice_only_added_to on licensing_renewal_notice;
grant select, insert, update, delete on licensing_renewal_notice to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0040_renewal_notices")]

    operations = [
        migrations.RunSQL(NOTICES_ONLY_ADDED_TO, NOTICES_FREE),
        migrations.RunSQL(EVENTS_MAKE_LICENSES, EVENTS_MADE_LICENSES),
    ]

"""Have PostgreSQL keep ownership within the whole, and periods of the same thing apart."""

from django.db import migrations

# Writers of one business wait for each other, so that none looks while another's rows are not seen
# yet. The most that is ever held together is held on a day on which some ownership starts.
OWNERSHIP_WITHIN_WHOLE = """
create function licensing_ownership_within_whole() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    perform pg_advisory_xact_lock(hashtext('licensing_ownership'), hashint8(business_id))
    from (select distinct business_id from added order by 1) as keys;
    select starting.business_id, starting.starts_on, sum(held.hundredths_percent) as total
    into wrong
    from (
        select distinct business_id, starts_on from licensing_ownership
        where business_id in (select business_id from added)
    ) as starting
    join licensing_ownership as held on held.business_id = starting.business_id
        and held.starts_on <= starting.starts_on
        and (held.ends_before is null or held.ends_before > starting.starts_on)
    group by starting.business_id, starting.starts_on
    having sum(held.hundredths_percent) > 10000
    order by starting.starts_on limit 1;
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'ownership_within_whole',
            message = format('Business %s is owned to %s hundredths of a percent on %s.',
                wrong.business_id, wrong.total, wrong.starts_on),
            hint = 'End or lower what another owner holds first.';
    end if;
    return null;
end $$;
create trigger ownership_within_whole_added after insert on licensing_ownership
    referencing new table as added
    for each statement execute function licensing_ownership_within_whole();
create trigger ownership_within_whole_changed after update on licensing_ownership
    referencing new table as added
    for each statement execute function licensing_ownership_within_whole();
alter table licensing_ownership enable always trigger ownership_within_whole_added;
alter table licensing_ownership enable always trigger ownership_within_whole_changed;
"""

OWNERSHIP_FREE = """
drop trigger ownership_within_whole_added on licensing_ownership;
drop trigger ownership_within_whole_changed on licensing_ownership;
drop function licensing_ownership_within_whole();
"""

PERIODS_APART = """
create function {table}_periods_apart() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    perform pg_advisory_xact_lock(hashtext('{table}'), hashint8(business_id))
    from (select distinct business_id from added order by 1) as keys;
    select added.id, other.id as other_id into wrong
    from added join {table} as other on other.business_id = added.business_id
        and other.{column} = added.{column} and other.id <> added.id
    where daterange(other.starts_on, other.ends_before)
        && daterange(added.starts_on, added.ends_before);
    if found then
        raise exception using
            errcode = 'exclusion_violation', constraint = '{constraint}',
            message = format('Row %s of {table} overlaps row %s.', wrong.id, wrong.other_id),
            hint = 'End the one before the other starts.';
    end if;
    return null;
end $$;
create trigger periods_apart_added after insert on {table}
    referencing new table as added
    for each statement execute function {table}_periods_apart();
create trigger periods_apart_changed after update on {table}
    referencing new table as added
    for each statement execute function {table}_periods_apart();
alter table {table} enable always trigger periods_apart_added;
alter table {table} enable always trigger periods_apart_changed;
"""

PERIODS_FREE = """
drop trigger periods_apart_added on {table};
drop trigger periods_apart_changed on {table};
drop function {table}_periods_apart();
"""


def _periods_apart(table: str, constraint: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        PERIODS_APART.format(table=table, constraint=constraint, column=column),
        PERIODS_FREE.format(table=table),
    )


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_licensing_tables")]

    operations = [
        migrations.RunSQL(OWNERSHIP_WITHIN_WHOLE, OWNERSHIP_FREE),
        _periods_apart("licensing_ownership", "owner_held_once_at_a_time", "owner_id"),
        _periods_apart("licensing_location", "location_once_at_a_time", "premise_id"),
        _periods_apart("licensing_activity", "activity_once_at_a_time", "code_id"),
    ]

"""Let many businesses be recorded in one statement: one lock on the table in place of one each.

PostgreSQL keeps some thousand locks at most; a file of 50,000 licenses asks for more of them.
"""

from django.db import migrations

# As in the walls of accounts: few rows by a lock each, many by one on the table, so that none looks
# while another's rows are not seen yet.
WAIT = """
    if (select count(*) from added) > 1000 then
        lock table {table} in share row exclusive mode;
    else
        perform pg_advisory_xact_lock(hashtext('{table}'), hashint8(business_id))
        from (select distinct business_id from added order by 1) as keys;
    end if;
"""

OWNERSHIP_WITHIN_WHOLE = f"""
create or replace function licensing_ownership_within_whole() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    {WAIT.format(table="licensing_ownership")}
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
"""

PERIODS_APART = """
create or replace function {table}_periods_apart() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    {wait}
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
"""


def _periods_apart(table: str, constraint: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        PERIODS_APART.format(
            table=table, constraint=constraint, column=column, wait=WAIT.format(table=table)
        ),
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("licensing", "0020_business_words")]

    operations = [
        migrations.RunSQL(OWNERSHIP_WITHIN_WHOLE, migrations.RunSQL.noop),
        _periods_apart("licensing_ownership", "owner_held_once_at_a_time", "owner_id"),
        _periods_apart("licensing_location", "location_once_at_a_time", "premise_id"),
        _periods_apart("licensing_activity", "activity_once_at_a_time", "code_id"),
    ]

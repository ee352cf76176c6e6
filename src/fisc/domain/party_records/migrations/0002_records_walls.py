"""Have PostgreSQL keep the periods of one officer's title apart."""

from django.db import migrations

PERIODS_APART = """
create function party_records_officer_periods_apart() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    perform pg_advisory_xact_lock(hashtext('party_records_officer'), hashint8(party_id))
    from (select distinct party_id from added order by 1) as keys;
    select added.id, other.id as other_id into wrong
    from added join party_records_officer as other on other.party_id = added.party_id
        and other.person_id = added.person_id and other.title_id = added.title_id
        and other.id <> added.id
    where daterange(other.starts_on, other.ends_before)
        && daterange(added.starts_on, added.ends_before);
    if found then
        raise exception using
            errcode = 'exclusion_violation', constraint = 'officer_once_at_a_time',
            message = format('Row %s of party_records_officer overlaps row %s.', wrong.id,
                wrong.other_id),
            hint = 'End the one before the other starts.';
    end if;
    return null;
end $$;
create trigger periods_apart_added after insert on party_records_officer
    referencing new table as added
    for each statement execute function party_records_officer_periods_apart();
create trigger periods_apart_changed after update on party_records_officer
    referencing new table as added
    for each statement execute function party_records_officer_periods_apart();
alter table party_records_officer enable always trigger periods_apart_added;
alter table party_records_officer enable always trigger periods_apart_changed;
"""

PERIODS_FREE = """
drop trigger periods_apart_added on party_records_officer;
drop trigger periods_apart_changed on party_records_officer;
drop function party_records_officer_periods_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("party_records", "0001_records_tables")]

    operations = [migrations.RunSQL(PERIODS_APART, PERIODS_FREE)]

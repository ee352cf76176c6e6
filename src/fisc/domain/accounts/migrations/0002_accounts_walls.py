"""Have PostgreSQL keep the periods of roles and jurisdictions apart."""

from django.db import migrations

# A btree look-up over the rows that a statement added; a range exclusion over GiST took ten times
# as long (decision 0041). Writers of the same thing wait for each other: few rows by a lock each,
# many by one on the table, so that none looks while another's rows are not seen yet.
PERIODS_APART = """
create function {table}_periods_apart() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    if (select count(*) from added) > 1000 then
        lock table {table} in share row exclusive mode;
    else
        perform pg_advisory_xact_lock(hashtext('{table}'), hashint8(key))
        from (select distinct {key} as key from added order by 1) as keys;
    end if;
    select added.id, other.id as other_id into wrong
    from added join {table} as other on {same} and other.id <> added.id
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


def _periods_apart(table: str, constraint: str, *columns: str) -> migrations.RunSQL:
    same = " and ".join(f"other.{column} = added.{column}" for column in columns)
    return migrations.RunSQL(
        PERIODS_APART.format(table=table, constraint=constraint, key=columns[0], same=same),
        PERIODS_FREE.format(table=table),
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_accounts_tables")]

    operations = [
        _periods_apart(
            "accounts_role", "role_held_once_at_a_time", "account_id", "party_id", "role"
        ),
        _periods_apart(
            "accounts_premise_jurisdiction", "jurisdiction_once_at_a_time", "premise_id", "code"
        ),
    ]

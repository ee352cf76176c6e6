"""Have PostgreSQL keep bills and reads: they stay, and a bill is the sum of its lines.

Periods of the same thing do not overlap.

Bills, segments and lines are written by the hundred thousand, so statement triggers over the
transition tables stand in for keys checked row by row (decision 0040). ALWAYS triggers with a
search path of their own, as in the ledger's walls.
"""

from django.db import migrations

REFUSE_CHANGE = """
create function utilities_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Cancel the bill or supersede the read with a new row that names the old one.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function utilities_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

NOT_ONLY_ADDED_TO = """
drop trigger {table}_only_added_to on {table};
grant select, insert, update, delete on {table} to fisc_app;
"""

TABLES = (
    "utilities_bill",
    "utilities_bill_segment",
    "utilities_bill_line",
    "utilities_bill_cancellation",
    "utilities_read",
    "utilities_read_file",
    "utilities_late_charge",
)

BILL_ADDED = """
create function utilities_bill_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select added.id, added.account_id into wrong from added
    where not exists (
        select from accounts_account as account
        where account.subledger_id = added.account_id and account.bucket = added.account_bucket
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'bill_is_of_an_account',
            message = format('Bill %s: there is no account %s in its bucket.', wrong.id,
                wrong.account_id);
    end if;
    select added.id, added.entry_id into wrong from added
    where not exists (
        select from ledger_journalentry as entry
        where entry.id = added.entry_id and entry.source_id = added.id and entry.source_kind = 1
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'bill_has_its_entry',
            message = format('Bill %s: entry %s is not its own.', wrong.id, wrong.entry_id);
    end if;
    select added.id, added.rebills_id into wrong from added
    where added.rebills_id is not null and not exists (
        select from utilities_bill as before
        where before.id = added.rebills_id and before.account_id = added.account_id
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'bill_rebills_a_bill',
            message = format('Bill %s rebills no bill of its account.', wrong.id);
    end if;
    select cycle_id into wrong from (select distinct cycle_id from added) as named
    where not exists (select from utilities_cycle where id = named.cycle_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'bill_is_of_a_cycle',
            message = format('There is no cycle %s.', wrong.cycle_id);
    end if;
    return null;
end $$;
create trigger bill_added after insert on utilities_bill
    referencing new table as added for each statement execute function utilities_bill_added();
alter table utilities_bill enable always trigger bill_added;
"""

SEGMENT_ADDED = """
create function utilities_segment_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select added.id into wrong
    from added
    left join utilities_bill as bill on bill.id = added.bill_id
    left join utilities_service_agreement as agreement on agreement.id = added.agreement_id
    where bill.account_id is distinct from added.account_id
        or agreement.account_id is distinct from added.account_id
        or bill.account_bucket <> added.account_bucket;
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'segment_is_of_a_bill_of_its_account',
            message = format('Segment %s: its bill or agreement is not its account''s.', wrong.id);
    end if;
    return null;
end $$;
create trigger segment_added after insert on utilities_bill_segment
    referencing new table as added for each statement execute function utilities_segment_added();
alter table utilities_bill_segment enable always trigger segment_added;
"""

# One statement inserts all lines of a bill: count and sum leave no room for a second.
LINES_ADDED = """
create function utilities_lines_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select summed.bill_id, summed.cents, bill.total_cents into wrong
    from (
        select bill_id, sum(amount_cents) as cents, count(*) as lines, min(line_no) as first_line,
            max(line_no) as last_line
        from added group by bill_id
    ) as summed
    left join utilities_bill as bill on bill.id = summed.bill_id
    where bill.total_cents is distinct from summed.cents
        or bill.line_count is distinct from summed.lines
        or summed.first_line <> 1 or summed.last_line <> summed.lines;
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'bill_equals_its_lines',
            message = format('Bill %s says %s cents; its lines say %s.', wrong.bill_id,
                wrong.total_cents, wrong.cents),
            hint = 'One statement inserts all lines of a bill, numbered from 1.';
    end if;
    select block_id into wrong from (select distinct block_id from added) as named
    where not exists (select from rule_tables_evaluation_block where id = named.block_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'line_names_what_gave_it',
            message = format('There is no kept evaluation %s.', wrong.block_id);
    end if;
    select code_id into wrong from (select distinct code_id from added) as named
    where not exists (select from code_lists_code where id = named.code_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'line_has_a_code',
            message = format('There is no code %s.', wrong.code_id);
    end if;
    return null;
end $$;
create trigger lines_added after insert on utilities_bill_line
    referencing new table as added for each statement execute function utilities_lines_added();
alter table utilities_bill_line enable always trigger lines_added;
"""

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

STORED_AS_IT_IS = """
alter table utilities_calculated_chunk alter column content set storage external;
"""


def _dropped(trigger: str, table: str, function: str) -> str:
    return f"drop trigger {trigger} on {table}; drop function {function}();"


def _periods_apart(table: str, constraint: str, *columns: str) -> migrations.RunSQL:
    same = " and ".join(f"other.{column} = added.{column}" for column in columns)
    return migrations.RunSQL(
        PERIODS_APART.format(table=table, constraint=constraint, key=columns[0], same=same),
        PERIODS_FREE.format(table=table),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("utilities", "0001_utilities_tables"),
        ("accounts", "0001_accounts_tables"),
        ("ledger", "0001_ledger_tables"),
        ("rule_tables", "0001_rule_tables_tables"),
        ("code_lists", "0001_code_lists_tables"),
    ]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function utilities_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table), NOT_ONLY_ADDED_TO.format(table=table)
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            BILL_ADDED, _dropped("bill_added", "utilities_bill", "utilities_bill_added")
        ),
        migrations.RunSQL(
            SEGMENT_ADDED,
            _dropped("segment_added", "utilities_bill_segment", "utilities_segment_added"),
        ),
        migrations.RunSQL(
            LINES_ADDED, _dropped("lines_added", "utilities_bill_line", "utilities_lines_added")
        ),
        _periods_apart("utilities_meter_installation", "meter_in_one_place_at_a_time", "meter_id"),
        _periods_apart(
            "utilities_service_agreement", "service_point_has_one_agreement", "service_point_id"
        ),
        _periods_apart("utilities_agreement_term", "agreement_has_one_term_a_day", "agreement_id"),
        migrations.RunSQL(
            STORED_AS_IT_IS,
            "alter table utilities_calculated_chunk alter column content set storage extended;",
        ),
    ]

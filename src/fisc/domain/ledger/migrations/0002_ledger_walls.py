"""Have PostgreSQL keep the books: added to, never changed; balanced; closed days stay closed.

Plain SQL and ALWAYS triggers: no setting of a session switches them off. Each function fixes its
own search path, so that a temporary table of the same name cannot stand in for a real one.
"""

from django.db import migrations

# The two-key advisory lock of a posting day: this number and the days since 2000-01-01. Postings
# hold it shared until they commit; sealing holds it alone.
CLASS_OF_DAY_LOCKS = 20_000_101

REFUSE_CHANGE = """
create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Reverse what is wrong with a new entry that names the old one.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function ledger_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

ENTRY_ADDED = f"""
create function ledger_entry_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    last_sealed date;
    wrong record;
begin
    -- A snapshot taken before the lock would not see the seal that the lock waited for.
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using
            errcode = 'feature_not_supported',
            message = 'Entries are posted in READ COMMITTED transactions only.';
    end if;
    perform pg_advisory_xact_lock_shared({CLASS_OF_DAY_LOCKS}, day - date '2000-01-01')
    from (select distinct posting_day as day from added order by 1) as days;
    select max(posting_day) into last_sealed from ledger_postingdayseal;
    if last_sealed is null then
        -- Before the first seal, any day could be the one that it closes.
        perform pg_advisory_xact_lock_shared({CLASS_OF_DAY_LOCKS}, -2147483648);
        select max(posting_day) into last_sealed from ledger_postingdayseal;
    end if;
    select id, posting_day into wrong from added where posting_day <= last_sealed;
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'entry_day_is_not_sealed',
            message = format('%s is sealed; nothing is posted to it.', wrong.posting_day),
            hint = 'Post to an open day, and name the sealed day in the reason.';
    end if;
    select added.id into wrong from added
    where added.reverses_id is not null and not exists (
        select from ledger_journalentry as earlier
        where earlier.id = added.reverses_id and earlier.posting_count = added.posting_count
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'entry_reverses_an_entry',
            message = format('Entry %s reverses an entry that is not there.', wrong.id);
    end if;
    select added.id, added.made_by_id into wrong from added
    where added.made_by_id is not null
        and not exists (select from users_user where id = added.made_by_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'entry_made_by_a_user',
            message = format('Entry %s: there is no user %s.', wrong.id, wrong.made_by_id);
    end if;
    return null;
end $$;
create trigger entry_added after insert on ledger_journalentry
    referencing new table as added for each statement execute function ledger_entry_added();
alter table ledger_journalentry enable always trigger entry_added;
"""

# One statement inserts all postings of an entry: the counts leave no room for a second.
POSTING_BALANCES = """
create function ledger_posting_balances() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select entry_id, difference_cents, lines, entry.posting_count into wrong
    from (
        select entry_id, sum(amount_cents) as difference_cents, count(*) as lines,
            min(line_no) as first_line, max(line_no) as last_line
        from added group by entry_id
    ) as posted
    left join ledger_journalentry as entry on entry.id = posted.entry_id
    where difference_cents <> 0 or lines is distinct from entry.posting_count
        or first_line <> 1 or last_line <> lines;
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'posting_entry_balances',
            message = format(
                'Entry %s: %s of %s postings, out of balance by %s cents.', wrong.entry_id,
                wrong.lines, coalesce(wrong.posting_count::text, 'no'), wrong.difference_cents),
            hint = 'One statement inserts all postings of an entry, numbered from 1, summing to 0.';
    end if;
    select gl_account_id into wrong
    from (select distinct gl_account_id from added) as named
    where not exists (select from ledger_glaccount where id = named.gl_account_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'posting_names_a_gl_account',
            message = format('There is no GL account %s.', wrong.gl_account_id);
    end if;
    select subledger_id into wrong
    from (select distinct subledger_id from added where subledger_id is not null) as named
    where not exists (select from ledger_subledgeraccount where id = named.subledger_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'posting_names_a_subledger_account',
            message = format('There is no subledger account %s.', wrong.subledger_id);
    end if;
    return null;
end $$;
create trigger posting_balances after insert on ledger_posting
    referencing new table as added for each statement execute function ledger_posting_balances();
alter table ledger_posting enable always trigger posting_balances;
"""

# Seals follow each other day by day, so that no unsealed day is left behind the last seal.
SEAL_ADDED = f"""
create function ledger_seal_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    last_sealed record;
    earliest date;
begin
    perform pg_advisory_xact_lock({CLASS_OF_DAY_LOCKS}, new.posting_day - date '2000-01-01');
    select posting_day, hash into last_sealed from ledger_postingdayseal
    order by posting_day desc limit 1;
    if found then
        if new.posting_day <> last_sealed.posting_day + 1 then
            raise exception using
                errcode = 'check_violation', constraint = 'seal_follows_the_day_before',
                message = format('Seal %s before %s.', last_sealed.posting_day + 1,
                    new.posting_day);
        end if;
        if new.previous_hash <> last_sealed.hash then
            raise exception using
                errcode = 'check_violation', constraint = 'seal_is_chained',
                message = format('The seal of %s does not carry the hash of the day before.',
                    new.posting_day);
        end if;
        return new;
    end if;
    perform pg_advisory_xact_lock({CLASS_OF_DAY_LOCKS}, -2147483648);
    select min(posting_day) into earliest from ledger_journalentry;
    if earliest < new.posting_day then
        raise exception using
            errcode = 'check_violation', constraint = 'seal_follows_the_day_before',
            message = format('Seal %s before %s.', earliest, new.posting_day);
    end if;
    return new;
end $$;
create trigger seal_added before insert on ledger_postingdayseal
    for each row execute function ledger_seal_added();
alter table ledger_postingdayseal enable always trigger seal_added;
"""

# What a sealed day's balances say is what its postings say.
BALANCES_ADDED = """
create function ledger_balances_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    one_day date;
    wrong_gl bigint;
begin
    for one_day in select distinct posting_day from added loop
        -- Planned for this very day: a plan for any day reads all postings (measured: 57 ms a day).
        execute $day$
            with posted as (
                select posting.gl_account_id,
                    sum(posting.amount_cents) filter (where posting.amount_cents > 0)
                        as debit_cents,
                    -sum(posting.amount_cents) filter (where posting.amount_cents < 0)
                        as credit_cents
                from ledger_journalentry as entry
                join ledger_posting as posting on posting.entry_id = entry.id
                where entry.posting_day = $1
                group by posting.gl_account_id
            ),
            kept as (select * from ledger_daybalance where posting_day = $1)
            select gl_account_id from posted full join kept using (gl_account_id)
            where kept.debit_cents is distinct from coalesce(posted.debit_cents, 0)
                or kept.credit_cents is distinct from coalesce(posted.credit_cents, 0)
            limit 1
        $day$ into wrong_gl using one_day;
        if wrong_gl is not null then
            raise exception using
                errcode = 'check_violation', constraint = 'day_balance_is_what_was_posted',
                message = format('The balance of GL account %s on %s is not what was posted.',
                    wrong_gl, one_day);
        end if;
    end loop;
    if exists (
        select from added where not exists (
            select from ledger_postingdayseal as seal where seal.posting_day = added.posting_day)
    ) then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'day_balance_is_of_a_sealed_day',
            message = 'Day balances are written when the day is sealed.';
    end if;
    return null;
end $$;
create trigger balances_added after insert on ledger_daybalance
    referencing new table as added for each statement execute function ledger_balances_added();
alter table ledger_daybalance enable always trigger balances_added;
"""

# A code list may reword an account; what it is and what it must equal stay.
NAMES_MAY_CHANGE = """
create trigger ledger_glaccount_stays before delete or truncate on ledger_glaccount
    for each statement execute function ledger_refuse_change();
alter table ledger_glaccount enable always trigger ledger_glaccount_stays;
revoke all on ledger_glaccount from public, fisc_app;
grant select, insert, update (name) on ledger_glaccount to fisc_app;
"""

TABLES = (
    "ledger_journalentry",
    "ledger_posting",
    "ledger_postingdayseal",
    "ledger_daybalance",
    "ledger_subledgeraccount",
)


def _dropped(trigger: str, table: str) -> str:
    return f"drop trigger {trigger} on {table};"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger_tables"), ("users", "0001_user_tables")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function ledger_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                _dropped(f"{table}_only_added_to", table)
                + f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            NAMES_MAY_CHANGE,
            _dropped("ledger_glaccount_stays", "ledger_glaccount")
            + "grant select, insert, update, delete on ledger_glaccount to fisc_app;",
        ),
        migrations.RunSQL(
            ENTRY_ADDED,
            _dropped("entry_added", "ledger_journalentry") + "drop function ledger_entry_added();",
        ),
        migrations.RunSQL(
            POSTING_BALANCES,
            _dropped("posting_balances", "ledger_posting")
            + "drop function ledger_posting_balances();",
        ),
        migrations.RunSQL(
            SEAL_ADDED,
            _dropped("seal_added", "ledger_postingdayseal") + "drop function ledger_seal_added();",
        ),
        migrations.RunSQL(
            BALANCES_ADDED,
            _dropped("balances_added", "ledger_daybalance")
            + "drop function ledger_balances_added();",
        ),
    ]

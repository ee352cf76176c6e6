"""Have PostgreSQL keep payments: tenders make up the payment, shares the tender, and no more.

Statement triggers over transition tables, ALWAYS on, as in the walls of the ledger below.
"""

from django.db import migrations

REFUSE_CHANGE = """
create function payments_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Return the tender; its shares are undone by new rows.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function payments_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

PAYMENT_ADDED = """
create function payments_payment_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select added.id into wrong from added
    where not exists (
            select from ledger_journalentry as entry
            where entry.id = added.entry_id and entry.posting_day = added.posting_day)
        or (added.made_by_id is not null
            and not exists (select from users_user where id = added.made_by_id));
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'payment_is_of_an_entry_of_its_day',
            message = format('Payment %s names no entry of its day, or no user.', wrong.id);
    end if;
    return null;
end $$;
create trigger payment_added after insert on payments_payment
    referencing new table as added for each statement execute function payments_payment_added();
alter table payments_payment enable always trigger payment_added;
"""

# All tenders of a payment come in one statement, all shares of a tender too: the sums leave no
# room for one more later.
TENDER_ADDED = """
create function payments_tender_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select named.payment_id into wrong
    from (select distinct payment_id from added) as named
    left join payments_payment as payment on payment.id = named.payment_id
    where payment.total_cents is distinct from (
        select sum(amount_cents) from payments_tender where payment_id = named.payment_id);
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'tender_sums_to_the_payment',
            message = format('The tenders of payment %s do not sum to its total.',
                wrong.payment_id);
    end if;
    select kind_id into wrong from (select distinct kind_id from added) as named
    where not exists (select from code_lists_code where id = named.kind_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'tender_has_a_kind',
            message = format('There is no code %s.', wrong.kind_id);
    end if;
    return null;
end $$;
create trigger tender_added after insert on payments_tender
    referencing new table as added for each statement execute function payments_tender_added();
alter table payments_tender enable always trigger tender_added;
"""

SHARE_ADDED = """
create function payments_share_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select named.tender_id into wrong
    from (select distinct tender_id from added) as named
    left join payments_tender as tender on tender.id = named.tender_id
    where tender.amount_cents is distinct from (
        select sum(amount_cents) from payments_tendershare where tender_id = named.tender_id);
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'tender_share_sums_to_the_tender',
            message = format('The shares of tender %s do not sum to it.', wrong.tender_id);
    end if;
    select account_id into wrong from (select distinct account_id from added) as named
    where not exists (select from accounts_account where subledger_id = named.account_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'tender_share_is_of_an_account',
            message = format('There is no account %s.', wrong.account_id);
    end if;
    return null;
end $$;
create trigger share_added after insert on payments_tendershare
    referencing new table as added for each statement execute function payments_share_added();
alter table payments_tendershare enable always trigger share_added;
"""

SHARE_ALLOCATED = """
create function payments_share_allocated() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select named.share_id into wrong
    from (select distinct share_id, account_id from added where share_id is not null) as named
    left join payments_tendershare as share
        on share.id = named.share_id and share.account_id = named.account_id
    where share.id is null or (
        select sum(amount_cents) not between 0 and share.amount_cents
        from receivables_allocation where share_id = named.share_id);
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'allocation_fits_its_share',
            message = format('More is allocated of share %s than was given, or by another account.',
                wrong.share_id);
    end if;
    return null;
end $$;
create trigger share_allocated after insert on receivables_allocation
    referencing new table as added for each statement execute function payments_share_allocated();
alter table receivables_allocation enable always trigger share_allocated;
"""

TABLES = (
    "payments_payment",
    "payments_tender",
    "payments_tendershare",
    "payments_tenderreturn",
)


def _dropped(trigger: str, table: str, function: str) -> str:
    return f"drop trigger {trigger} on {table}; drop function {function}();"


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_payments_tables"),
        ("receivables", "0002_receivables_walls"),
    ]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function payments_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            PAYMENT_ADDED, _dropped("payment_added", "payments_payment", "payments_payment_added")
        ),
        migrations.RunSQL(
            TENDER_ADDED, _dropped("tender_added", "payments_tender", "payments_tender_added")
        ),
        migrations.RunSQL(
            SHARE_ADDED, _dropped("share_added", "payments_tendershare", "payments_share_added")
        ),
        migrations.RunSQL(
            SHARE_ALLOCATED,
            _dropped("share_allocated", "receivables_allocation", "payments_share_allocated"),
        ),
    ]

"""Have PostgreSQL keep the subledger: items stay, and what is open is what was not settled.

Statement triggers over transition tables stand in for foreign keys checked row by row, and prove
at every write that an open item equals its item less the allocations. ALWAYS triggers with a
search path of their own, as in the ledger's walls.
"""

from django.db import migrations

REFUSE_CHANGE = """
create function receivables_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Reverse what is wrong with a new row that names the old one.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function receivables_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

ONLY_OPEN_CENTS_CHANGES = """
create trigger receivables_openitem_stays before delete or truncate on receivables_openitem
    for each statement execute function receivables_refuse_change();
alter table receivables_openitem enable always trigger receivables_openitem_stays;
revoke all on receivables_openitem from public, fisc_app;
grant select, insert, update (open_cents) on receivables_openitem to fisc_app;
"""

ITEM_ADDED = """
create function receivables_item_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select account_id into wrong from (select distinct account_id from added) as named
    where not exists (select from accounts_account where subledger_id = named.account_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'item_is_of_an_account',
            message = format('There is no account %s.', wrong.account_id);
    end if;
    select code_id into wrong from (select distinct code_id from added) as named
    where not exists (select from code_lists_code where id = named.code_id);
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'item_has_a_code',
            message = format('There is no code %s.', wrong.code_id);
    end if;
    select entry_id into wrong from (select distinct entry_id, posting_day from added) as named
    where not exists (
        select from ledger_journalentry as entry
        where entry.id = named.entry_id and entry.posting_day = named.posting_day
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'item_is_of_an_entry_of_its_day',
            message = format('There is no entry %s on the posting day of its items.',
                wrong.entry_id);
    end if;
    select id into wrong from added
    where reverses_id is not null and not exists (
        select from receivables_item as earlier
        where earlier.id = added.reverses_id and earlier.account_id = added.account_id
            and earlier.kind <> added.kind and earlier.amount_cents = added.amount_cents
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'item_reverses_an_item',
            message = format('Item %s reverses no item of its account and amount.', wrong.id);
    end if;
    return null;
end $$;
create trigger item_added after insert on receivables_item
    referencing new table as added for each statement execute function receivables_item_added();
alter table receivables_item enable always trigger item_added;
"""

# A credit that a payment made shrinks when the payment's share is taken back.
OPEN_CENTS_OF_ITEM = """
    item.amount_cents
    - coalesce((
        select sum(case when item.kind = 1 then settled.amount_cents
            when settled.reverses_id is not null then -settled.amount_cents else 0 end)
        from receivables_allocation as settled
        where settled.account_bucket = item.account_bucket
            and settled.account_id = item.account_id and settled.item_id = item.id
    ), 0)
    - case when item.kind = 1 then 0 else coalesce((
        select sum(spent.amount_cents) from receivables_allocation as spent
        where spent.credit_item_id = item.id
    ), 0) end
"""

OPEN_ITEM_WRITTEN = """
create function receivables_open_item_{verb}() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select written.item_id, written.open_cents into wrong
    from written left join receivables_item as item on item.id = written.item_id
    where item.id is null
        or written.account_id <> item.account_id or written.kind <> item.kind
        or written.code_id <> item.code_id or written.due_on is distinct from item.due_on
        or {differs};
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'open_item_equals_its_item',
            message = format('Open item %s says %s cents; its item and allocations do not.',
                wrong.item_id, wrong.open_cents),
            hint = 'Settle items through allocations.';
    end if;
    return null;
end $$;
create trigger open_item_{verb} after {event} on receivables_openitem
    referencing new table as written
    for each statement execute function receivables_open_item_{verb}();
alter table receivables_openitem enable always trigger open_item_{verb};
"""

NO_OPEN_ITEM_WRITTEN = """
drop trigger open_item_{verb} on receivables_openitem;
drop function receivables_open_item_{verb}();
"""

# A new item is open as a whole, as a rule, and the sums need not be made: allocations that
# precede it are refused, and those of its own statement prove themselves.
DIFFERS_WHEN_ADDED = f"""case when written.open_cents = item.amount_cents then false
            else written.open_cents <> {OPEN_CENTS_OF_ITEM} end"""
DIFFERS_WHEN_CHANGED = f"written.open_cents <> {OPEN_CENTS_OF_ITEM}"

ALLOCATION_ADDED = f"""
create function receivables_allocation_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select named.item_id into wrong
    from (
        select item_id, account_id from added
        union select credit_item_id, account_id from added where credit_item_id is not null
    ) as named
    left join receivables_item as item
        on item.id = named.item_id and item.account_id = named.account_id
    left join receivables_openitem as open on open.item_id = named.item_id
    where item.id is null or open.open_cents is distinct from {OPEN_CENTS_OF_ITEM};
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'open_item_equals_its_item',
            message = format('Allocations to item %s do not equal its open item.',
                wrong.item_id),
            hint = 'Write allocations and open items in one statement.';
    end if;
    select added.id into wrong from added
    where (added.credit_item_id is not null and not exists (
            select from receivables_item as item
            join receivables_item as credit on credit.id = added.credit_item_id
            where item.id = added.item_id and item.kind = 1 and credit.kind = 2))
        or (added.reverses_id is not null and not exists (
            select from receivables_allocation as earlier
            where earlier.id = added.reverses_id and earlier.item_id = added.item_id
                and earlier.reverses_id is null and earlier.amount_cents = -added.amount_cents
                and earlier.share_id is not distinct from added.share_id
                and earlier.credit_item_id is not distinct from added.credit_item_id));
    if found then
        raise exception using
            errcode = 'check_violation', constraint = 'allocation_names_what_it_settles',
            message = format('Allocation %s fits no credit, or no allocation to take back.',
                wrong.id);
    end if;
    select entry_id into wrong from (select distinct entry_id, posting_day from added) as named
    where not exists (
        select from ledger_journalentry as entry
        where entry.id = named.entry_id and entry.posting_day = named.posting_day
    );
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'allocation_is_of_an_entry_of_its_day',
            message = format('There is no entry %s on the posting day of its allocations.',
                wrong.entry_id);
    end if;
    return null;
end $$;
create trigger allocation_added after insert on receivables_allocation
    referencing new table as added
    for each statement execute function receivables_allocation_added();
alter table receivables_allocation enable always trigger allocation_added;
"""

ALL_GRANTS = "grant select, insert, update, delete on {table} to fisc_app;"


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0001_receivables_tables"),
        ("ledger", "0002_ledger_walls"),
    ]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function receivables_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};" + ALL_GRANTS.format(table=table),
            )
            for table in ("receivables_item", "receivables_allocation")
        ),
        migrations.RunSQL(
            ONLY_OPEN_CENTS_CHANGES,
            "drop trigger receivables_openitem_stays on receivables_openitem;"
            + ALL_GRANTS.format(table="receivables_openitem"),
        ),
        migrations.RunSQL(
            ITEM_ADDED,
            "drop trigger item_added on receivables_item; drop function receivables_item_added();",
        ),
        *(
            migrations.RunSQL(
                OPEN_ITEM_WRITTEN.format(verb=verb, event=event, differs=differs),
                NO_OPEN_ITEM_WRITTEN.format(verb=verb),
            )
            for verb, event, differs in (
                ("added", "insert", DIFFERS_WHEN_ADDED),
                ("changed", "update", DIFFERS_WHEN_CHANGED),
            )
        ),
        migrations.RunSQL(
            ALLOCATION_ADDED,
            "drop trigger allocation_added on receivables_allocation;"
            "drop function receivables_allocation_added();",
        ),
    ]

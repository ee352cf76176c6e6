"""Have PostgreSQL keep what items stand for, and prove that each is an item of that amount."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

# A statement at a time, over all that it added: runs post by the hundred thousand.
POSTED_ADDED = """
create function tax_returns_posted_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong record;
begin
    select added.item_id into wrong from added
    where not exists (
        select from receivables_item as item
        where item.id = added.item_id and item.account_id = added.account_id
            and item.amount_cents = abs(added.cents)
            and item.kind = case when added.cents > 0 then 1 else 2 end
    ) or not exists (
        select from tax_returns_return as filed
        where filed.id = added.tax_return_id and filed.account_id = added.account_id
            and filed.starts_on = added.starts_on
    ) or (added.reckoning_id is not null and not exists (
        select from tax_returns_reckoning as reckoned
        where reckoned.id = added.reckoning_id and reckoned.account_id = added.account_id
            and reckoned.starts_on = added.starts_on
    )) or (added.waiver_id is not null and not exists (
        select from tax_returns_waiver as waiver
        where waiver.id = added.waiver_id and waiver.account_id = added.account_id
    ));
    if found then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'posted_is_an_item_of_its_return',
            message = format('Item %s is none of that account, amount and return.',
                wrong.item_id);
    end if;
    return null;
end $$;
create trigger posted_added after insert on tax_returns_posted
    referencing new table as added for each statement execute function tax_returns_posted_added();
alter table tax_returns_posted enable always trigger posted_added;
"""


TABLES = (
    "tax_returns_posted",
    "tax_returns_reckoning",
    "tax_returns_payoff",
    "tax_returns_payoff_line",
    "tax_returns_waiver",
)


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0010_postings")]

    operations = [
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            POSTED_ADDED,
            "drop trigger posted_added on tax_returns_posted;"
            "drop function tax_returns_posted_added();",
        ),
    ]

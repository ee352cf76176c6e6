"""Have PostgreSQL keep what was found missing, assessed and waived, and decide each once."""

from django.db import migrations

STAYS = """
create trigger {table}_stays before delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_stays;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

DECIDED = """
grant update (state, decided_by_id, decided_at, decided_why, posted_on, penalty_cents,
    replaced_by_id) on tax_returns_assessment to fisc_app;
grant update (state, decided_by_id, decided_at, decided_why)
    on tax_returns_waiver_request to fisc_app;
create function tax_returns_decided_once() returns trigger language plpgsql as $$
begin
    -- Asked for or proposed, 1, may become all else; an assessment approved, 2, only replaced, 4.
    if not (old.state = 1 or old.state = 2 and new.state = 4) or new.state <= old.state then
        raise exception using
            errcode = 'check_violation', constraint = 'decided_once',
            message = format('%s %s was decided before.', tg_table_name, old.id);
    end if;
    return new;
end $$;
create trigger assessment_decided before update on tax_returns_assessment
    for each row execute function tax_returns_decided_once();
alter table tax_returns_assessment enable always trigger assessment_decided;
create trigger waiver_request_decided before update on tax_returns_waiver_request
    for each row execute function tax_returns_decided_once();
alter table tax_returns_waiver_request enable always trigger waiver_request_decided;
"""

# A waiver is of a request that was granted, of its account and kind.
WAIVER_ADDED = """
create function tax_returns_waiver_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.request_id is not null and not exists (
        select from tax_returns_waiver_request as asked
        where asked.id = new.request_id and asked.account_id = new.account_id
            and asked.kind = new.kind and asked.state = 2
    ) then
        raise exception using
            errcode = 'check_violation', constraint = 'waiver_was_granted',
            message = format('Waiver %s is of no request that was granted.', new.id);
    end if;
    return null;
end $$;
create trigger waiver_added after insert on tax_returns_waiver
    for each row execute function tax_returns_waiver_added();
alter table tax_returns_waiver enable always trigger waiver_added;
"""

ASSESSED_ADDED = """
create function tax_returns_assessed_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select from receivables_item as item
        join tax_returns_assessment as assessed on assessed.id = new.assessment_id
        join tax_returns_nonfiling as missing on missing.id = assessed.nonfiling_id
        where item.id = new.item_id and item.account_id = missing.account_id
            and item.amount_cents = abs(new.cents)
            and item.kind = case when new.cents > 0 then 1 else 2 end
    ) then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'assessed_is_an_item_of_its_account',
            message = format('Item %s is none of that account and amount.', new.item_id);
    end if;
    return null;
end $$;
create trigger assessed_added after insert on tax_returns_assessed_item
    for each row execute function tax_returns_assessed_added();
alter table tax_returns_assessed_item enable always trigger assessed_added;
"""

ALL_GRANTS = "grant select, insert, update, delete on {table} to fisc_app;"
STAYING = ("tax_returns_assessment", "tax_returns_waiver_request")
ADDED_TO = ("tax_returns_nonfiling", "tax_returns_assessed_item")


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0050_missing")]

    operations = [
        *(
            migrations.RunSQL(
                STAYS.format(table=table),
                f"drop trigger {table}_stays on {table};" + ALL_GRANTS.format(table=table),
            )
            for table in STAYING
        ),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};" + ALL_GRANTS.format(table=table),
            )
            for table in ADDED_TO
        ),
        migrations.RunSQL(
            DECIDED,
            "drop trigger assessment_decided on tax_returns_assessment;"
            "drop trigger waiver_request_decided on tax_returns_waiver_request;"
            "drop function tax_returns_decided_once();",
        ),
        migrations.RunSQL(
            WAIVER_ADDED,
            "drop trigger waiver_added on tax_returns_waiver;"
            "drop function tax_returns_waiver_added();",
        ),
        migrations.RunSQL(
            ASSESSED_ADDED,
            "drop trigger assessed_added on tax_returns_assessed_item;"
            "drop function tax_returns_assessed_added();",
        ),
    ]

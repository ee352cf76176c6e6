"""Have PostgreSQL keep disclosures as they went, their steps in order."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_audits_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

EVENT_IN_ORDER = """
create function tax_audits_disclosureevent_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    before record;
    may_follow boolean;
begin
    perform pg_advisory_xact_lock(hashtext('tax_audits_disclosure'), hashint8(new.disclosure_id));
    select number, kind into before from tax_audits_disclosureevent
    where disclosure_id = new.disclosure_id and id <> new.id order by number desc limit 1;
    if new.number <> coalesce(before.number, 0) + 1 then
        raise exception using
            errcode = 'check_violation', constraint = 'disclosure_events_have_no_gap',
            message = format('Disclosure %s: step %s follows step %s.', new.disclosure_id,
                new.number, coalesce(before.number, 0));
    end if;
    may_follow := case new.kind
        when 'received' then before.kind is null
        when 'named' then before.kind = 'received'
        when 'agreed' then before.kind = 'named'
        when 'fulfilled' then before.kind = 'agreed'
        when 'void' then before.kind in ('named', 'agreed')
        else before.kind in ('received', 'named') end;
    if may_follow is not true then
        raise exception using
            errcode = 'check_violation', constraint = 'disclosure_steps_are_in_order',
            message = format('Disclosure %s is %s and cannot be %s.', new.disclosure_id,
                coalesce(before.kind, 'new'), new.kind);
    end if;
    return null;
end $$;
create trigger disclosureevent_added after insert on tax_audits_disclosureevent
    for each row execute function tax_audits_disclosureevent_added();
alter table tax_audits_disclosureevent enable always trigger disclosureevent_added;
"""

TABLES = tuple(
    f"tax_audits_{name}"
    for name in ("disclosure", "disclosureevent", "agreement", "agreedperiod", "agreedwaiver")
)


class Migration(migrations.Migration):
    dependencies = [("tax_audits", "0003_disclosures")]

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
            EVENT_IN_ORDER,
            "drop trigger disclosureevent_added on tax_audits_disclosureevent;"
            "drop function tax_audits_disclosureevent_added();",
        ),
    ]

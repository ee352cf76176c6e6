"""Have PostgreSQL keep what was agreed on about time, and end only waivers that were granted."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

WAIVER_ENDED = """
create function tax_returns_waiver_ended() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select from tax_returns_waiver_request as asked
        where asked.id = new.request_id and asked.state = 2 and asked.due_from is not null
            and (asked.due_before is null or asked.due_before > new.due_before)
    ) then
        raise exception using
            errcode = 'check_violation', constraint = 'waiver_end_is_of_one_that_stands',
            message = format('Waiver %s does not stand beyond %s.', new.request_id,
                new.due_before);
    end if;
    return null;
end $$;
create trigger waiver_ended after insert on tax_returns_waiver_end
    for each row execute function tax_returns_waiver_ended();
alter table tax_returns_waiver_end enable always trigger waiver_ended;
"""

ALL_GRANTS = "grant select, insert, update, delete on {table} to fisc_app;"
ADDED_TO = ("tax_returns_waiver_end", "tax_returns_limitation_waiver")


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0098_ending")]

    operations = [
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};" + ALL_GRANTS.format(table=table),
            )
            for table in ADDED_TO
        ),
        migrations.RunSQL(
            WAIVER_ENDED,
            "drop trigger waiver_ended on tax_returns_waiver_end;"
            "drop function tax_returns_waiver_ended();",
        ),
    ]

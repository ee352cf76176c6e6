"""Have PostgreSQL keep what audits found as it was found, of a return of its account and period."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

OF_ITS_RETURN = """
create function tax_returns_audited_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select from tax_returns_return as filed
        where filed.id = new.tax_return_id and filed.account_id = new.account_id
            and filed.starts_on = new.starts_on
    ) then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'audited_is_of_its_return',
            message = format('Return %s is none of that account and period.', new.tax_return_id);
    end if;
    return null;
end $$;
create trigger audited_added after insert on tax_returns_audited
    for each row execute function tax_returns_audited_added();
alter table tax_returns_audited enable always trigger audited_added;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0090_audited")]

    operations = [
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in ("tax_returns_audited", "tax_returns_finding")
        ),
        migrations.RunSQL(
            OF_ITS_RETURN,
            "drop trigger audited_added on tax_returns_audited;"
            "drop function tax_returns_audited_added();",
        ),
    ]

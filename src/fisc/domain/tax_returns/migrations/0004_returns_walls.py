"""Have PostgreSQL keep returns as filed: only added to, each version after the one it replaces."""

from django.db import migrations

REFUSE_CHANGE = """
create function tax_returns_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'File an amended return; it replaces the whole.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

REPLACES_ITS_OWN = """
create function tax_returns_return_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.replaces_id is not null and not exists (
        select from tax_returns_return as before
        where before.id = new.replaces_id and before.account_id = new.account_id
            and before.starts_on = new.starts_on and before.version = new.version - 1
    ) then
        raise exception using
            errcode = 'check_violation', constraint = 'return_replaces_its_own',
            message = format('Return %s does not replace the version before it.', new.id);
    end if;
    return null;
end $$;
create trigger return_added after insert on tax_returns_return
    for each row execute function tax_returns_return_added();
alter table tax_returns_return enable always trigger return_added;
"""

TABLES = ("tax_returns_return", "tax_returns_return_line", "tax_returns_return_deduction")


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0003_returns")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function tax_returns_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            REPLACES_ITS_OWN,
            "drop trigger return_added on tax_returns_return;"
            "drop function tax_returns_return_added();",
        ),
    ]

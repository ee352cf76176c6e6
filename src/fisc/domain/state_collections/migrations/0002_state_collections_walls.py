"""Have PostgreSQL keep the state's files and their cash as they came."""

from django.db import migrations

REFUSE_CHANGE = """
create function state_collections_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'What the state corrects comes in its next file.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function state_collections_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

# A row to be locked must be one that may be updated; the trigger refuses every update all the same.
LOCKABLE = "grant update (id) on state_collections_file to fisc_app;"

TABLES = ("state_collections_file", "state_collections_row", "state_collections_deposit")


class Migration(migrations.Migration):
    dependencies = [("state_collections", "0001_state_collections_tables")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function state_collections_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(LOCKABLE, "revoke update (id) on state_collections_file from fisc_app;"),
    ]

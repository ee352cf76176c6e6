"""Have PostgreSQL keep batches: nothing is removed, and what was filed or held stays as it is."""

from django.db import migrations

STAYS = """
create trigger {table}_stays before delete or truncate on {table}
    for each statement execute function tax_returns_refuse_change();
alter table {table} enable always trigger {table}_stays;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
grant update ({columns}) on {table} to fisc_app;
"""
COLUMNS = {
    "tax_returns_batch": "control_count, control_gross_cents, control_net_cents, filing_at,"
    " filing_by_id, done_at",
    "tax_returns_batch_return": "came, gross_cents, net_cents, second, second_by_id, second_at,"
    " settled_by_id, settled_at, taken_out_why, filed_id, held_item_id",
}

FILED_ONCE = """
create function tax_returns_batch_return_filed() returns trigger language plpgsql as $$
begin
    if old.filed_id is not null or old.held_item_id is not null then
        raise exception using
            errcode = 'check_violation', constraint = 'batch_return_is_filed_once',
            message = format('Return %s of a batch was filed or held before.', old.id);
    end if;
    return new;
end $$;
create trigger batch_return_filed before update on tax_returns_batch_return
    for each row execute function tax_returns_batch_return_filed();
alter table tax_returns_batch_return enable always trigger batch_return_filed;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0062_batches")]

    operations = [
        *(
            migrations.RunSQL(
                STAYS.format(table=table, columns=columns),
                f"drop trigger {table}_stays on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table, columns in COLUMNS.items()
        ),
        migrations.RunSQL(
            FILED_ONCE,
            "drop trigger batch_return_filed on tax_returns_batch_return;"
            "drop function tax_returns_batch_return_filed();",
        ),
    ]

"""Have PostgreSQL keep tills: receipts without a gap, counts that stay, a closed till closed."""

from django.db import migrations

REFUSE_CHANGE = """
create function cashiering_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Void the receipt or count the drawer again; both are new rows.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function cashiering_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

TILL_STAYS = """
create function cashiering_till_changed() returns trigger language plpgsql as $$
begin
    if old.status = 'closed' then
        raise exception using
            errcode = 'check_violation', constraint = 'till_closed_stays_closed',
            message = format('Till %s is closed.', old.id);
    end if;
    if new.next_receipt_number not in (old.next_receipt_number, old.next_receipt_number + 1) then
        raise exception using
            errcode = 'check_violation', constraint = 'till_receipts_have_no_gap',
            message = format('Receipt numbers of till %s are drawn one by one.', old.id);
    end if;
    return new;
end $$;
create trigger till_changed before update on cashiering_till
    for each row execute function cashiering_till_changed();
alter table cashiering_till enable always trigger till_changed;
create trigger cashiering_till_stays before delete or truncate on cashiering_till
    for each statement execute function cashiering_refuse_change();
alter table cashiering_till enable always trigger cashiering_till_stays;
revoke all on cashiering_till from public, fisc_app;
grant select, insert, update (
    status, next_receipt_number, closed_at, approved_by_id, over_short_cents, over_short_entry_id
) on cashiering_till to fisc_app;
"""

RECEIPT_HAS_NO_GAP = """
create function cashiering_receipt_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select from cashiering_till
        where id = new.till_id and status = 'open' and next_receipt_number = new.number + 1
    ) then
        raise exception using
            errcode = 'check_violation', constraint = 'receipt_is_the_next_of_an_open_till',
            message = format('Receipt %s is not the next of an open till %s.',
                new.number, new.till_id);
    end if;
    return null;
end $$;
create trigger receipt_added after insert on cashiering_receipt
    for each row execute function cashiering_receipt_added();
alter table cashiering_receipt enable always trigger receipt_added;
"""

TABLES = ("cashiering_receipt", "cashiering_receiptvoid", "cashiering_tillcount")


class Migration(migrations.Migration):
    dependencies = [
        ("cashiering", "0001_cashiering_tables"),
        ("payments", "0002_payments_walls"),
    ]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function cashiering_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            TILL_STAYS,
            "drop trigger till_changed on cashiering_till;"
            "drop trigger cashiering_till_stays on cashiering_till;"
            "drop function cashiering_till_changed();"
            "grant select, insert, update, delete on cashiering_till to fisc_app;",
        ),
        migrations.RunSQL(
            RECEIPT_HAS_NO_GAP,
            "drop trigger receipt_added on cashiering_receipt;"
            "drop function cashiering_receipt_added();",
        ),
    ]

"""Have PostgreSQL refuse any change of what was once written down."""

from django.db import migrations

ONLY_ADDED_TO = """
create function idempotency_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op);
end $$;
create trigger idempotency_only_added_to before update or delete or truncate on idempotency_key
    for each statement execute function idempotency_refuse_change();
alter table idempotency_key enable always trigger idempotency_only_added_to;
revoke all on idempotency_key from public, fisc_app;
grant select, insert on idempotency_key to fisc_app;
"""

CHANGEABLE = """
drop trigger idempotency_only_added_to on idempotency_key;
drop function idempotency_refuse_change();
grant select, insert, update, delete on idempotency_key to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_idempotency_tables")]

    operations = [migrations.RunSQL(ONLY_ADDED_TO, CHANGEABLE)]

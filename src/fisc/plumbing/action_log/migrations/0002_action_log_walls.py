"""Have PostgreSQL refuse any change of what was once written down."""

from django.db import migrations

ONLY_ADDED_TO = """
create function action_log_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op);
end $$;
create trigger action_log_only_added_to before update or delete or truncate on action_log_action
    for each statement execute function action_log_refuse_change();
alter table action_log_action enable always trigger action_log_only_added_to;
revoke all on action_log_action from public, fisc_app;
grant select, insert on action_log_action to fisc_app;
"""

CHANGEABLE = """
drop trigger action_log_only_added_to on action_log_action;
drop function action_log_refuse_change();
grant select, insert, update, delete on action_log_action to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("action_log", "0001_action_log_tables")]

    operations = [migrations.RunSQL(ONLY_ADDED_TO, CHANGEABLE)]

"""Have PostgreSQL keep what was decided of a credit as it was decided."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger disbursements_standing_only_added_to before update or delete or truncate
    on disbursements_standing for each statement execute function disbursements_refuse_change();
alter table disbursements_standing enable always trigger disbursements_standing_only_added_to;
revoke all on disbursements_standing from public, fisc_app;
grant select, insert on disbursements_standing to fisc_app;
"""
UNDONE = """
drop trigger disbursements_standing_only_added_to on disbursements_standing;
grant select, insert, update, delete on disbursements_standing to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0010_carried")]

    operations = [migrations.RunSQL(ONLY_ADDED_TO, UNDONE)]

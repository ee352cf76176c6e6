"""Have notices of renewals only be added to."""

from django.db import migrations

NOTICES_ONLY_ADDED_TO = """
create trigger licensing_renewal_notice_only_added_to
    before update or delete or truncate on licensing_renewal_notice
    for each statement execute function licensing_refuse_change();
alter table licensing_renewal_notice
    enable always trigger licensing_renewal_notice_only_added_to;
revoke all on licensing_renewal_notice from public, fisc_app;
grant select, insert on licensing_renewal_notice to fisc_app;
"""

NOTICES_FREE = """
drop trigger licensing_renewal_notice_only_added_to on licensing_renewal_notice;
grant select, insert, update, delete on licensing_renewal_notice to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0040_renewal_notices")]

    operations = [
        migrations.RunSQL(NOTICES_ONLY_ADDED_TO, NOTICES_FREE),
    ]

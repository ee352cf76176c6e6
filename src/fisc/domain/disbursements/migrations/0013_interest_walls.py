"""Have PostgreSQL keep what credits bear as it was computed, whole and of its requisition."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger disbursements_interest_only_added_to before update or delete or truncate
    on disbursements_interest for each statement execute function disbursements_refuse_change();
alter table disbursements_interest enable always trigger disbursements_interest_only_added_to;
revoke all on disbursements_interest from public, fisc_app;
grant select, insert on disbursements_interest to fisc_app;
"""
UNDONE = """
drop trigger disbursements_interest_only_added_to on disbursements_interest;
grant select, insert, update, delete on disbursements_interest to fisc_app;
"""

# Nothing is borne by a credit that its requisition does not take, and nothing is added to one that
# somebody may have approved: its parts come with it, before its first event.
OF_ITS_OWN = """
create function disbursements_interest_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.requisition_id is not null and (
        not exists (select from disbursements_source as source
            where source.requisition_id = new.requisition_id
                and source.credit_item_id = new.credit_item_id
                and source.account_id = new.account_id)
        or exists (select from disbursements_event as event
            where event.requisition_id = new.requisition_id))
    then
        raise exception using
            errcode = 'check_violation', constraint = 'interest_comes_with_its_requisition',
            message = format('Interest of credit %s does not come with requisition %s.',
                new.credit_item_id, new.requisition_id);
    end if;
    return null;
end $$;
create trigger interest_added after insert on disbursements_interest
    for each row execute function disbursements_interest_added();
alter table disbursements_interest enable always trigger interest_added;
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0012_interest")]

    operations = [
        migrations.RunSQL(ONLY_ADDED_TO, UNDONE),
        migrations.RunSQL(
            OF_ITS_OWN,
            "drop trigger interest_added on disbursements_interest;"
            "drop function disbursements_interest_added();",
        ),
    ]

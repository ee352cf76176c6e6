"""Have PostgreSQL keep every disclosure as it was written."""

from django.db import migrations

ONLY_ADDED_TO = """
create function tax_analysis_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'What left the office stays written down.';
end $$;
create trigger tax_analysis_disclosure_only_added_to
    before update or delete or truncate on tax_analysis_disclosure
    for each statement execute function tax_analysis_refuse_change();
alter table tax_analysis_disclosure
    enable always trigger tax_analysis_disclosure_only_added_to;
revoke all on tax_analysis_disclosure from public, fisc_app;
grant select, insert on tax_analysis_disclosure to fisc_app;
"""

CHANGEABLE = """
drop trigger tax_analysis_disclosure_only_added_to on tax_analysis_disclosure;
drop function tax_analysis_refuse_change();
grant select, insert, update, delete on tax_analysis_disclosure to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_analysis", "0001_tax_analysis_tables")]

    operations = [migrations.RunSQL(ONLY_ADDED_TO, CHANGEABLE)]

"""Have PostgreSQL keep figures as filed like the returns they are on: only added to."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger tax_returns_filed_figure_only_added_to
    before update or delete or truncate on tax_returns_filed_figure
    for each statement execute function tax_returns_refuse_change();
alter table tax_returns_filed_figure
    enable always trigger tax_returns_filed_figure_only_added_to;
revoke all on tax_returns_filed_figure from public, fisc_app;
grant select, insert on tax_returns_filed_figure to fisc_app;
"""

NOT_ONLY = """
drop trigger tax_returns_filed_figure_only_added_to on tax_returns_filed_figure;
grant select, insert, update, delete on tax_returns_filed_figure to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0020_forms")]

    operations = [migrations.RunSQL(ONLY_ADDED_TO, NOT_ONLY)]

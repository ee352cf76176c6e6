"""A document that was sent is never changed and never unsent: PostgreSQL refuses it."""

from django.db import migrations

FORWARD = """
create function documents_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'A document that was sent stays as it was; make and send another one.';
end $$;
create trigger documents_document_only_added_to
    before update or delete or truncate on documents_document
    for each statement execute function documents_refuse_change();
alter table documents_document enable always trigger documents_document_only_added_to;
revoke all on documents_document from public, fisc_app;
grant select, insert on documents_document to fisc_app;
"""

BACK = """
drop trigger documents_document_only_added_to on documents_document;
drop function documents_refuse_change();
grant update, delete on documents_document to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_documents_tables")]

    operations = [migrations.RunSQL(FORWARD, BACK)]

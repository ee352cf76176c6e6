"""Let a letter be printed or overtaken once, and a batch be mailed once; nothing else changes."""

from django.db import migrations

LETTER_GOES_ON = """
create function documents_letter_goes_on() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.batch_id is not null or old.overtaken_at is not null
        or (new.batch_id is null and new.overtaken_at is null)
    then
        raise exception using
            errcode = 'check_violation', constraint = 'letter_goes_on_once',
            message = format('Letter %s was printed or overtaken already.', old.id);
    end if;
    return null;
end $$;
create trigger letter_goes_on after update on documents_letter
    for each row execute function documents_letter_goes_on();
alter table documents_letter enable always trigger letter_goes_on;
create trigger documents_letter_stays
    before delete or truncate on documents_letter
    for each statement execute function documents_refuse_change();
alter table documents_letter enable always trigger documents_letter_stays;
revoke all on documents_letter from public, fisc_app;
grant select, insert, update (batch_id, place, overtaken_at) on documents_letter to fisc_app;
"""
LETTER_FREE = """
drop trigger letter_goes_on on documents_letter;
drop function documents_letter_goes_on();
drop trigger documents_letter_stays on documents_letter;
grant select, insert, update, delete on documents_letter to fisc_app;
"""

BATCH_MAILED = """
create function documents_print_batch_mailed() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.mailed_at is not null or new.mailed_at is null then
        raise exception using
            errcode = 'check_violation', constraint = 'print_batch_is_mailed_once',
            message = format('Batch %s was mailed already.', old.id);
    end if;
    return null;
end $$;
create trigger print_batch_mailed after update on documents_print_batch
    for each row execute function documents_print_batch_mailed();
alter table documents_print_batch enable always trigger print_batch_mailed;
create trigger documents_print_batch_stays
    before delete or truncate on documents_print_batch
    for each statement execute function documents_refuse_change();
alter table documents_print_batch enable always trigger documents_print_batch_stays;
revoke all on documents_print_batch from public, fisc_app;
grant select, insert, update (mailed_at, mailed_by_id) on documents_print_batch to fisc_app;
"""
BATCH_FREE = """
drop trigger print_batch_mailed on documents_print_batch;
drop function documents_print_batch_mailed();
drop trigger documents_print_batch_stays on documents_print_batch;
grant select, insert, update, delete on documents_print_batch to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0023_letters")]

    operations = [
        migrations.RunSQL(LETTER_GOES_ON, LETTER_FREE),
        migrations.RunSQL(BATCH_MAILED, BATCH_FREE),
    ]

"""Have PostgreSQL keep files of returns as they came; of a part only what became of it is noted."""

from django.db import migrations

TAKEN = "run_id, chunk, taken, held, tax_due_cents"

STAYS = f"""
create trigger tax_returns_file_only_added_to before update or delete or truncate
    on tax_returns_file for each statement execute function tax_returns_refuse_change();
alter table tax_returns_file enable always trigger tax_returns_file_only_added_to;
create trigger tax_returns_file_part_stays before delete or truncate
    on tax_returns_file_part for each statement execute function tax_returns_refuse_change();
alter table tax_returns_file_part enable always trigger tax_returns_file_part_stays;
revoke all on tax_returns_file, tax_returns_file_part from public, fisc_app;
grant select, insert on tax_returns_file, tax_returns_file_part to fisc_app;
grant update ({TAKEN}) on tax_returns_file_part to fisc_app;
"""

# Of one part, once: a second chunk that took it in would double its returns.
TAKEN_ONCE = """
create function tax_returns_file_part_taken() returns trigger language plpgsql as $$
begin
    if old.chunk is not null then
        raise exception using
            errcode = 'check_violation', constraint = 'file_part_is_taken_once',
            message = format('Part %s of a file of returns was taken in before.', old.id);
    end if;
    return new;
end $$;
create trigger file_part_taken before update on tax_returns_file_part
    for each row execute function tax_returns_file_part_taken();
alter table tax_returns_file_part enable always trigger file_part_taken;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0040_return_files")]

    operations = [
        migrations.RunSQL(
            STAYS,
            "drop trigger tax_returns_file_only_added_to on tax_returns_file;"
            "drop trigger tax_returns_file_part_stays on tax_returns_file_part;"
            "grant select, insert, update, delete on tax_returns_file, tax_returns_file_part"
            " to fisc_app;",
        ),
        migrations.RunSQL(
            TAKEN_ONCE,
            "drop trigger file_part_taken on tax_returns_file_part;"
            "drop function tax_returns_file_part_taken();",
        ),
    ]

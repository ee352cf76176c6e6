"""Have PostgreSQL keep periods apart, and let the role that serves only add and end them."""

from django.db import migrations

# Accounts that file are thousands, added one by one: a range exclusion does, where the roles of
# a million accounts needed a look-up of their own (decision 0041).
APART = """
alter table {table} add constraint {constraint} exclude using gist (
    {same}, daterange(starts_on, ends_before) with &&
);
"""

STAYS = """
create function {table}_stays() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is added to and ended: %s is refused.', tg_table_name, tg_op),
        hint = 'Give the row the day that it ends before.';
end $$;
create trigger {table}_stays before delete or truncate on {table}
    for each statement execute function {table}_stays();
alter table {table} enable always trigger {table}_stays;
revoke all on {table} from public, fisc_app;
grant select, insert, update (ends_before) on {table} to fisc_app;
"""

FREE = """
grant select, insert, update, delete on {table} to fisc_app;
drop trigger {table}_stays on {table};
drop function {table}_stays();
alter table {table} drop constraint {constraint};
"""

WALLS = {
    "tax_returns_registration": (
        "registered_once_at_a_time",
        ("account_id", "region_id", "business_class_id"),
    ),
    "tax_returns_filing_term": ("one_filing_term_at_a_time", ("account_id",)),
}


def _walls(table: str, constraint: str, columns: tuple[str, ...]) -> migrations.RunSQL:
    same = ", ".join(f"int8range({each}, {each}, '[]') with &&" for each in columns)
    return migrations.RunSQL(
        APART.format(table=table, constraint=constraint, same=same) + STAYS.format(table=table),
        FREE.format(table=table, constraint=constraint),
    )


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0001_tax_returns_tables")]

    operations = [
        _walls(table, constraint, columns) for table, (constraint, columns) in WALLS.items()
    ]

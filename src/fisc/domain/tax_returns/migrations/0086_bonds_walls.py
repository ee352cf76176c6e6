"""Have PostgreSQL keep bonds as they were recorded, and cancel each once."""

from django.db import migrations

BONDS = """
create trigger tax_returns_bond_stays before delete or truncate on tax_returns_bond
    for each statement execute function tax_returns_refuse_change();
alter table tax_returns_bond enable always trigger tax_returns_bond_stays;
revoke all on tax_returns_bond from public, fisc_app;
grant select, insert, update (cancelled_before, cancelled_why) on tax_returns_bond to fisc_app;
create function tax_returns_bond_cancelled() returns trigger language plpgsql as $$
begin
    if old.cancelled_before is not null then
        raise exception using
            errcode = 'check_violation', constraint = 'bond_is_cancelled_once',
            message = format('Bond %s was cancelled before.', old.id);
    end if;
    return new;
end $$;
create trigger bond_cancelled before update on tax_returns_bond
    for each row execute function tax_returns_bond_cancelled();
alter table tax_returns_bond enable always trigger bond_cancelled;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0085_bonds")]

    operations = [
        migrations.RunSQL(
            BONDS,
            "drop trigger bond_cancelled on tax_returns_bond;"
            "drop function tax_returns_bond_cancelled();"
            "drop trigger tax_returns_bond_stays on tax_returns_bond;"
            "grant select, insert, update, delete on tax_returns_bond to fisc_app;",
        ),
    ]

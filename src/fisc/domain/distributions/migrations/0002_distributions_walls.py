"""Have PostgreSQL keep distributions as made, and the shares of each amount equal to it."""

from django.db import migrations

REFUSE_CHANGE = """
create function distributions_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Run the distribution again; it adds the difference.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function distributions_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

# Proved when the transaction ends, as an amount comes before its shares.
SHARES_MAKE_IT_UP = """
create function distributions_amount_is_shared() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wrong bigint;
begin
    select amount.id into wrong from distributions_amount as amount
    where amount.id = (to_jsonb(new) ->> tg_argv[0])::bigint and amount.collected_cents <> (
        select coalesce(sum(share_cents), 0) from distributions_share
        where amount_id = amount.id);
    if wrong is not null then
        raise exception using
            errcode = 'check_violation', constraint = 'shares_make_up_the_amount',
            message = format('The shares of amount %s do not make it up.', wrong);
    end if;
    return null;
end $$;
create constraint trigger amount_is_shared after insert on distributions_amount
    deferrable initially deferred
    for each row execute function distributions_amount_is_shared('id');
create constraint trigger share_is_of_amount after insert on distributions_share
    deferrable initially deferred
    for each row execute function distributions_amount_is_shared('amount_id');
alter table distributions_amount enable always trigger amount_is_shared;
alter table distributions_share enable always trigger share_is_of_amount;
"""

TABLES = ("distributions_distribution", "distributions_amount", "distributions_share")


class Migration(migrations.Migration):
    dependencies = [("distributions", "0001_distributions_tables")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function distributions_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};"
                f"grant select, insert, update, delete on {table} to fisc_app;",
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            SHARES_MAKE_IT_UP,
            "drop trigger amount_is_shared on distributions_amount;"
            "drop trigger share_is_of_amount on distributions_share;"
            "drop function distributions_amount_is_shared();",
        ),
    ]

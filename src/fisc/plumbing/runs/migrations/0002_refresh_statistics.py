"""Let the serving role have the planner's statistics of grown tables gathered.

Only an owner may ANALYZE. A run that has written a month of bills cannot wait for the server's own
rounds: without statistics, what reads one day reads the whole table.
"""

from django.db import migrations

REFRESH_STATISTICS = """
create function runs_refresh_statistics() returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    grown regclass;
    refreshed integer := 0;
begin
    for grown in
        select relid from pg_stat_user_tables
        where schemaname = 'public' and n_mod_since_analyze > 10000 + n_live_tup / 2
        order by relid
    loop
        -- Whoever holds a table is gathering its statistics already.
        execute format('analyze (skip_locked) %s', grown);
        refreshed := refreshed + 1;
    end loop;
    return refreshed;
end $$;
revoke all on function runs_refresh_statistics() from public;
grant execute on function runs_refresh_statistics() to fisc_app;
"""


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_runs_tables")]

    operations = [
        migrations.RunSQL(REFRESH_STATISTICS, "drop function runs_refresh_statistics();"),
    ]

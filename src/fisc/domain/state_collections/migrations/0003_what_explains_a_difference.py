"""What explains the difference between a file and its cash, line by line; lines make it up."""

import django.db.models.deletion
from django.db import migrations, models

WALL = """
create trigger state_collections_explanation_only_added_to
    before update or delete or truncate on state_collections_explanation
    for each statement execute function state_collections_refuse_change();
alter table state_collections_explanation
    enable always trigger state_collections_explanation_only_added_to;
revoke all on state_collections_explanation from public, fisc_app;
grant select, insert on state_collections_explanation to fisc_app;
"""
NO_WALL = """
drop trigger state_collections_explanation_only_added_to on state_collections_explanation;
grant select, insert, update, delete on state_collections_explanation to fisc_app;
"""

# What was explained in one sentence until now is one line.
ONE_LINE = """
insert into state_collections_explanation (deposit_id, number, cents, why)
select id, 1, difference_cents, why from state_collections_deposit where difference_cents <> 0;
"""

MAKE_IT_UP = """
create function state_collections_lines_make_it_up() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    wanted bigint := case tg_table_name when 'state_collections_deposit' then new.id
        else (to_jsonb(new) ->> 'deposit_id')::bigint end;
    difference bigint;
    explained bigint;
begin
    select difference_cents into difference from state_collections_deposit where id = wanted;
    select coalesce(sum(cents), 0) into explained
    from state_collections_explanation where deposit_id = wanted;
    if explained <> difference then
        raise exception using
            errcode = 'check_violation',
            message = format('Lines of %s explain a difference of %s of deposit %s.',
                explained, difference, wanted),
            hint = 'The lines of a difference make it up, to the cent.';
    end if;
    return null;
end $$;
create constraint trigger deposit_difference_is_made_up after insert on state_collections_deposit
    deferrable initially deferred
    for each row execute function state_collections_lines_make_it_up();
alter table state_collections_deposit enable always trigger deposit_difference_is_made_up;
create constraint trigger explanation_makes_it_up after insert on state_collections_explanation
    deferrable initially deferred
    for each row execute function state_collections_lines_make_it_up();
alter table state_collections_explanation enable always trigger explanation_makes_it_up;
"""
NOT_MADE_UP = """
drop trigger explanation_makes_it_up on state_collections_explanation;
drop trigger deposit_difference_is_made_up on state_collections_deposit;
drop function state_collections_lines_make_it_up();
"""


class Migration(migrations.Migration):
    dependencies = [("state_collections", "0002_state_collections_walls")]

    operations = [
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("cents", models.BigIntegerField()),
                ("why", models.CharField(max_length=500)),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="state_collections.deposit",
                    ),
                ),
            ],
            options={
                "db_table": "state_collections_explanation",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deposit", "number"), name="explanation_line_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cents", 0), _negated=True),
                        name="explanation_has_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True),
                        name="explanation_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(MAKE_IT_UP, NOT_MADE_UP),
        # Last: a table with rows that wait for their checks cannot be changed.
        migrations.RunSQL(ONE_LINE, migrations.RunSQL.noop),
    ]

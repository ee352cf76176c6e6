"""Let what a file brought in be taken out as a whole, by one function, while nothing rests on it.

Licenses and their events are never removed otherwise: the triggers that see to it now ask whether
the rows are those of a file that is undone: it is in the transaction that takes them out.
"""

from django.db import migrations

IS_UNDONE = """
create function conversion_is_undone(wanted_kind smallint, wanted bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from conversion_made as made join conversion_batch as batch on batch.id = made.batch_id
        where made.kind = wanted_kind and made.row_id = wanted and batch.undone_at is not null
    )
$$;
"""

# {table} is guarded; {key} is the column that names what was made, of kind {kind}.
ONLY_WHEN_UNDONE = """
create function {table}_only_undone() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (select from gone where not conversion_is_undone({kind}::smallint, gone.{key})) then
        raise exception using
            errcode = 'insufficient_privilege',
            message = '{table} is never taken from, except what an undone file brought in.',
            hint = 'What happens later is a row of its own.';
    end if;
    return null;
end $$;
create trigger {table}_only_undone after delete on {table}
    referencing old table as gone
    for each statement execute function {table}_only_undone();
alter table {table} enable always trigger {table}_only_undone;
"""
GUARDED = (
    ("licensing_license", "id", 5),
    ("licensing_license_event", "license_id", 5),
    ("licensing_application", "id", 4),
    ("licensing_application_event", "application_id", 4),
)
# The walls of licensing in these two shapes; without the deletion that is judged above.
STAYS = """
drop trigger {table}_never_removed on {table};
create trigger {table}_never_removed before truncate on {table}
    for each statement execute function licensing_refuse_change();
alter table {table} enable always trigger {table}_never_removed;
"""
ADDED_TO = """
drop trigger {table}_only_added_to on {table};
create trigger {table}_only_added_to before update or truncate on {table}
    for each statement execute function licensing_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
"""
# As they were.
STAYED = STAYS.replace("before truncate", "before delete or truncate")
WAS_ADDED_TO = ADDED_TO.replace("update or truncate", "update or delete or truncate")

UNDO = """
create function conversion_undo(wanted bigint, person bigint, at timestamptz, reason text)
returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    first_one text;
    came_at timestamptz;
begin
    update conversion_batch set undone_at = at, undone_by_id = person, undone_why = reason
    where id = wanted and undone_at is null returning made_at into came_at;
    if not found then
        raise exception using errcode = 'no_data_found',
            message = format('File %s is not there, or was undone before.', wanted);
    end if;
    create temporary table undone on commit drop as
        select kind, row_id from conversion_made where batch_id = wanted;
    create index on undone (kind, row_id);
    analyze undone;
    select 'account ' || account.number into first_one
    from undone join accounts_account account on account.subledger_id = undone.row_id
    where undone.kind = 3 and (
        exists (select from receivables_item item
            where item.account_bucket = account.bucket and item.account_id = account.subledger_id)
        or exists (select from ledger_posting posting
            where posting.subledger_id = account.subledger_id))
    limit 1;
    if first_one is null then
        select 'license ' || license.number into first_one
        from undone join licensing_license license on license.id = undone.row_id
        where undone.kind = 5 and exists (select from licensing_license_event event
            where event.license_id = license.id and event.made_at <> came_at)
        limit 1;
    end if;
    if first_one is null then
        select 'license ' || later.number into first_one
        from (
            select license.license_type_id, min(license.number) as number
            from undone join licensing_license license on license.id = undone.row_id
            where undone.kind = 5 group by license.license_type_id
        ) as first
        join licensing_license later on later.license_type_id = first.license_type_id
            and later.number > first.number
        where not exists (select from undone where kind = 5 and row_id = later.id)
        limit 1;
    end if;
    if first_one is not null then
        raise exception using errcode = 'restrict_violation',
            message = format('Of %s something was recorded after the file came.', first_one);
    end if;
    delete from licensing_license_event where license_id in
        (select row_id from undone where kind = 5);
    delete from licensing_license where id in (select row_id from undone where kind = 5);
    update licensing_number_counter as counter set next = 1 + coalesce((
        select max(license.number) from licensing_license license
        where license.license_type_id = counter.license_type_id), 0)
    where counter.of = 'license';
    delete from licensing_application_event where application_id in
        (select row_id from undone where kind = 4);
    delete from licensing_application where id in (select row_id from undone where kind = 4);
    update licensing_number_counter as counter set next = 1 + coalesce((
        select max(application.number) from licensing_application application
        where application.license_type_id = counter.license_type_id), 0)
    where counter.of = 'application';
    delete from accounts_search_document where account_id in
        (select row_id from undone where kind = 3);
    delete from accounts_role where account_id in (select row_id from undone where kind = 3);
    delete from accounts_account where subledger_id in (select row_id from undone where kind = 3);
    delete from licensing_location where business_id in (select row_id from undone where kind = 1);
    delete from licensing_activity where business_id in (select row_id from undone where kind = 1);
    delete from licensing_business_name where business_id in
        (select row_id from undone where kind = 1);
    delete from party_identifiers_identifier where party_id in
        (select row_id from undone where kind = 1);
    delete from licensing_business_words where business_id in
        (select row_id from undone where kind = 1);
    delete from licensing_business where party_id in (select row_id from undone where kind = 1);
    delete from accounts_premise where id in (select row_id from undone where kind = 2);
    delete from accounts_party where id in (select row_id from undone where kind = 1);
    set constraints all immediate;
end $$;
revoke all on function conversion_undo(bigint, bigint, timestamptz, text) from public;
grant execute on function conversion_undo(bigint, bigint, timestamptz, text) to fisc_app;
"""


def _all(shape: str, tables: tuple[str, ...]) -> str:
    return "\n".join(shape.format(table=table) for table in tables)


class Migration(migrations.Migration):
    dependencies = [
        ("conversion", "0001_files_and_what_they_made"),
        ("licensing", "0021_many_at_once"),
        ("party_identifiers", "0001_identifiers_tables"),
        ("receivables", "0002_receivables_walls"),
    ]

    operations = [
        migrations.RunSQL(IS_UNDONE, "drop function conversion_is_undone(smallint, bigint);"),
        *(
            migrations.RunSQL(
                ONLY_WHEN_UNDONE.format(table=table, key=key, kind=kind),
                f"drop trigger {table}_only_undone on {table};drop function {table}_only_undone();",
            )
            for table, key, kind in GUARDED
        ),
        migrations.RunSQL(
            _all(STAYS, ("licensing_license", "licensing_application"))
            + _all(ADDED_TO, ("licensing_license_event", "licensing_application_event")),
            _all(STAYED, ("licensing_license", "licensing_application"))
            + _all(WAS_ADDED_TO, ("licensing_license_event", "licensing_application_event")),
        ),
        migrations.RunSQL(
            UNDO, "drop function conversion_undo(bigint, bigint, timestamptz, text);"
        ),
    ]

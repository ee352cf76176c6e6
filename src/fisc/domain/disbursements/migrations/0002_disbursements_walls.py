"""Have PostgreSQL keep requisitions as they were asked, and their steps in order by other people.

ALWAYS triggers with a search path of their own, as in the ledger's walls.
"""

from django.db import migrations

REFUSE_CHANGE = """
create function disbursements_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Withdraw or reject the requisition and prepare another.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function disbursements_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

ONLY_LIVING_CHANGES = """
create trigger disbursements_source_stays before delete or truncate on disbursements_source
    for each statement execute function disbursements_refuse_change();
alter table disbursements_source enable always trigger disbursements_source_stays;
revoke all on disbursements_source from public, fisc_app;
grant select, insert, update (is_living) on disbursements_source to fisc_app;
create function disbursements_source_ended() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.is_living and not old.is_living then
        raise exception using
            errcode = 'check_violation', constraint = 'source_ends_once',
            message = format('Source %s was decided and does not live again.', new.id);
    end if;
    return new;
end $$;
create trigger source_ended before update on disbursements_source
    for each row execute function disbursements_source_ended();
alter table disbursements_source enable always trigger source_ended;
"""

# Steps of one requisition wait for each other, so that none looks while another's is not seen yet.
EVENT_IN_ORDER = """
create function disbursements_event_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    asked record;
    before record;
    may_follow boolean;
begin
    perform pg_advisory_xact_lock(hashtext('disbursements_requisition'),
        hashint8(new.requisition_id));
    select id, prepared_by_id, approvals_needed into asked
    from disbursements_requisition where id = new.requisition_id;
    select number, kind into before from disbursements_event
    where requisition_id = new.requisition_id and id <> new.id order by number desc limit 1;
    if new.number <> coalesce(before.number, 0) + 1 then
        raise exception using
            errcode = 'check_violation', constraint = 'requisition_events_have_no_gap',
            message = format('Requisition %s: step %s follows step %s.', asked.id, new.number,
                coalesce(before.number, 0));
    end if;
    may_follow := case new.kind
        when 'prepared' then before.kind is null
        when 'approved once' then before.kind = 'prepared' and asked.approvals_needed = 2
        when 'approved' then (before.kind = 'prepared' and asked.approvals_needed = 1)
            or before.kind = 'approved once'
        when 'rejected' then before.kind in ('prepared', 'approved once')
        when 'withdrawn' then before.kind in ('prepared', 'approved once')
        else before.kind = 'approved' end;
    if may_follow is not true then
        raise exception using
            errcode = 'check_violation', constraint = 'requisition_steps_are_in_order',
            message = format('Requisition %s is %s and cannot be %s.', asked.id,
                coalesce(before.kind, 'new'), new.kind);
    end if;
    if new.kind in ('approved once', 'approved', 'rejected') and new.by_id = asked.prepared_by_id
    then
        raise exception using
            errcode = 'check_violation', constraint = 'requisition_is_decided_by_another',
            message = format('Requisition %s was prepared by who would decide it.', asked.id);
    end if;
    if new.kind in ('prepared', 'withdrawn') and new.by_id <> asked.prepared_by_id then
        raise exception using
            errcode = 'check_violation', constraint = 'requisition_is_its_preparers',
            message = format('Requisition %s was prepared by another person.', asked.id);
    end if;
    return null;
end $$;
create trigger event_added after insert on disbursements_event
    for each row execute function disbursements_event_added();
alter table disbursements_event enable always trigger event_added;
"""

ALL_GRANTS = "grant select, insert, update, delete on {table} to fisc_app;"
ADDED_TO = ("disbursements_requisition", "disbursements_offset", "disbursements_event")


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0001_disbursements_tables")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function disbursements_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};" + ALL_GRANTS.format(table=table),
            )
            for table in ADDED_TO
        ),
        migrations.RunSQL(
            ONLY_LIVING_CHANGES,
            "drop trigger source_ended on disbursements_source;"
            "drop function disbursements_source_ended();"
            "drop trigger disbursements_source_stays on disbursements_source;"
            + ALL_GRANTS.format(table="disbursements_source"),
        ),
        migrations.RunSQL(
            EVENT_IN_ORDER,
            "drop trigger event_added on disbursements_event;"
            "drop function disbursements_event_added();",
        ),
    ]

"""Have PostgreSQL keep audits as they went: steps in order, by other people, within their bounds.

ALWAYS triggers with a search path of their own, as in the ledger's walls.
"""

from django.db import migrations

REFUSE_CHANGE = """
create function tax_audits_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('%s is only added to: %s is refused.', tg_table_name, tg_op),
        hint = 'Enter what is right now; the newest counts.';
end $$;
"""

ONLY_ADDED_TO = """
create trigger {table}_only_added_to before update or delete or truncate on {table}
    for each statement execute function tax_audits_refuse_change();
alter table {table} enable always trigger {table}_only_added_to;
revoke all on {table} from public, fisc_app;
grant select, insert on {table} to fisc_app;
"""

PERIODS_END = """
create trigger tax_audits_caseperiod_stays before delete or truncate on tax_audits_caseperiod
    for each statement execute function tax_audits_refuse_change();
alter table tax_audits_caseperiod enable always trigger tax_audits_caseperiod_stays;
revoke all on tax_audits_caseperiod from public, fisc_app;
grant select, insert, update (is_living) on tax_audits_caseperiod to fisc_app;
create function tax_audits_caseperiod_ended() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.is_living and not old.is_living then
        raise exception using
            errcode = 'check_violation', constraint = 'audit_period_ends_once',
            message = format('The audit of period %s is over and does not live again.', new.id);
    end if;
    return new;
end $$;
create trigger caseperiod_ended before update on tax_audits_caseperiod
    for each row execute function tax_audits_caseperiod_ended();
alter table tax_audits_caseperiod enable always trigger caseperiod_ended;
"""

STATE = """
create function tax_audits_state(of_case bigint, before_number int) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select kind from tax_audits_event
    where case_id = of_case and number < before_number and kind <> 'assigned'
    order by number desc limit 1
$$;
"""

# Steps of one case wait for each other, so that none looks while another's is not seen yet.
EVENT_IN_ORDER = """
create function tax_audits_event_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    last_number int;
    state text;
    proposer bigint;
    may_follow boolean;
begin
    perform pg_advisory_xact_lock(hashtext('tax_audits_case'), hashint8(new.case_id));
    select coalesce(max(number), 0) into last_number from tax_audits_event
    where case_id = new.case_id and id <> new.id;
    if new.number <> last_number + 1 then
        raise exception using
            errcode = 'check_violation', constraint = 'audit_events_have_no_gap',
            message = format('Audit case %s: step %s follows step %s.', new.case_id, new.number,
                last_number);
    end if;
    state := tax_audits_state(new.case_id, new.number);
    may_follow := case new.kind
        when 'selected' then state is null
        when 'assigned' then state not in ('final', 'closed', 'withdrawn')
        when 'engaged' then state = 'selected'
        when 'preliminary' then state in ('engaged', 'preliminary', 'returned')
        when 'proposed' then state in ('engaged', 'preliminary', 'returned')
        when 'returned' then state = 'proposed'
        when 'approved' then state = 'proposed'
        when 'closed' then state = 'proposed'
        when 'protested' then state = 'approved'
        when 'decided' then state = 'protested'
        when 'final' then state in ('approved', 'decided')
        else state in ('selected', 'engaged', 'preliminary', 'returned') end;
    if may_follow is not true then
        raise exception using
            errcode = 'check_violation', constraint = 'audit_steps_are_in_order',
            message = format('Audit case %s is %s and cannot be %s.', new.case_id,
                coalesce(state, 'new'), new.kind);
    end if;
    if new.kind in ('returned', 'approved', 'closed', 'decided') then
        select by_id into proposer from tax_audits_event
        where case_id = new.case_id and kind = 'proposed' order by number desc limit 1;
        if proposer = new.by_id then
            raise exception using
                errcode = 'check_violation', constraint = 'audit_is_decided_by_another',
                message = format('Audit case %s was proposed by who would decide it.',
                    new.case_id);
        end if;
    end if;
    return null;
end $$;
create trigger event_added after insert on tax_audits_event
    for each row execute function tax_audits_event_added();
alter table tax_audits_event enable always trigger event_added;
"""

IN_WORK = """
create function tax_audits_in_work() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    state text := tax_audits_state(new.case_id, 32767);
begin
    if state is null or state not in ('engaged', 'preliminary', 'returned') then
        raise exception using
            errcode = 'check_violation', constraint = 'audit_is_in_work',
            message = format('Audit case %s is %s: nothing is added to its schedules.',
                new.case_id, coalesce(state, 'new'));
    end if;
    return null;
end $$;
create trigger schedule_in_work after insert on tax_audits_scheduleline
    for each row execute function tax_audits_in_work();
alter table tax_audits_scheduleline enable always trigger schedule_in_work;
create trigger assessment_in_work after insert on tax_audits_assessment
    for each row execute function tax_audits_in_work();
alter table tax_audits_assessment enable always trigger assessment_in_work;
"""

PROTEST_WITHIN = """
create function tax_audits_protest_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    most bigint;
    of_case bigint;
    of_stage text;
begin
    select case when new.region_id is null then period.civil_cents else (
            select region.found_cents - region.filed_cents from tax_audits_assessedregion as region
            where region.id = new.region_id and region.period_id = period.id) end,
        assessment.case_id, assessment.stage
    into most, of_case, of_stage
    from tax_audits_assessedperiod as period
    join tax_audits_assessment as assessment on assessment.id = period.assessment_id
    where period.id = new.period_id;
    if most is null or new.cents > most or of_stage <> 'proposed' then
        raise exception using
            errcode = 'check_violation', constraint = 'protest_is_within_what_was_assessed',
            message = format('%s cents are protested of %s.', new.cents, most);
    end if;
    if tax_audits_state(of_case, 32767) is distinct from 'approved' then
        raise exception using
            errcode = 'check_violation', constraint = 'protest_is_of_an_approved_assessment',
            message = format('Audit case %s cannot be protested now.', of_case);
    end if;
    return null;
end $$;
create trigger protest_added after insert on tax_audits_protestline
    for each row execute function tax_audits_protest_added();
alter table tax_audits_protestline enable always trigger protest_added;
create function tax_audits_decision_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.upheld_cents > (
        select cents from tax_audits_protestline as line where line.id = new.line_id)
    then
        raise exception using
            errcode = 'check_violation', constraint = 'decision_is_within_the_protest',
            message = format('More is upheld than was protested: %s cents.', new.upheld_cents);
    end if;
    return null;
end $$;
create trigger decision_added after insert on tax_audits_decisionline
    for each row execute function tax_audits_decision_added();
alter table tax_audits_decisionline enable always trigger decision_added;
"""

ALL_GRANTS = "grant select, insert, update, delete on {table} to fisc_app;"
ADDED_TO = tuple(
    f"tax_audits_{name}"
    for name in (
        "case",
        "event",
        "recordrequest",
        "recordanswer",
        "limitationwaiver",
        "waivedperiod",
        "scheduleline",
        "assessment",
        "assessedperiod",
        "assessedregion",
        "protestline",
        "decisionline",
    )
)


class Migration(migrations.Migration):
    dependencies = [("tax_audits", "0001_tax_audits_tables")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "drop function tax_audits_refuse_change();"),
        *(
            migrations.RunSQL(
                ONLY_ADDED_TO.format(table=table),
                f"drop trigger {table}_only_added_to on {table};" + ALL_GRANTS.format(table=table),
            )
            for table in ADDED_TO
        ),
        migrations.RunSQL(
            PERIODS_END,
            "drop trigger caseperiod_ended on tax_audits_caseperiod;"
            "drop function tax_audits_caseperiod_ended();"
            "drop trigger tax_audits_caseperiod_stays on tax_audits_caseperiod;"
            + ALL_GRANTS.format(table="tax_audits_caseperiod"),
        ),
        migrations.RunSQL(STATE, "drop function tax_audits_state(bigint, int);"),
        migrations.RunSQL(
            EVENT_IN_ORDER,
            "drop trigger event_added on tax_audits_event;drop function tax_audits_event_added();",
        ),
        migrations.RunSQL(
            IN_WORK,
            "drop trigger assessment_in_work on tax_audits_assessment;"
            "drop trigger schedule_in_work on tax_audits_scheduleline;"
            "drop function tax_audits_in_work();",
        ),
        migrations.RunSQL(
            PROTEST_WITHIN,
            "drop trigger decision_added on tax_audits_decisionline;"
            "drop function tax_audits_decision_added();"
            "drop trigger protest_added on tax_audits_protestline;"
            "drop function tax_audits_protest_added();",
        ),
    ]

"""Have PostgreSQL keep reviews of filing frequencies, and decide each proposal once."""

from django.db import migrations

ONLY_ADDED_TO = """
create trigger tax_returns_frequency_review_only_added_to
    before update or delete or truncate on tax_returns_frequency_review
    for each statement execute function tax_returns_refuse_change();
alter table tax_returns_frequency_review
    enable always trigger tax_returns_frequency_review_only_added_to;
revoke all on tax_returns_frequency_review from public, fisc_app;
grant select, insert on tax_returns_frequency_review to fisc_app;
"""

DECIDED = """
create trigger tax_returns_frequency_proposal_stays
    before delete or truncate on tax_returns_frequency_proposal
    for each statement execute function tax_returns_refuse_change();
alter table tax_returns_frequency_proposal
    enable always trigger tax_returns_frequency_proposal_stays;
revoke all on tax_returns_frequency_proposal from public, fisc_app;
grant select, insert, update (state, decided_by_id, decided_at, decided_why)
    on tax_returns_frequency_proposal to fisc_app;
create trigger frequency_proposal_decided before update on tax_returns_frequency_proposal
    for each row execute function tax_returns_decided_once();
alter table tax_returns_frequency_proposal enable always trigger frequency_proposal_decided;
"""

# The term is one of the account, and what is approved is in force from its day.
PROPOSED = """
create function tax_returns_frequency_proposed() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select from tax_returns_filing_term as term
        where term.id = new.term_id and term.account_id = new.account_id
            and term.starts_on < new.from_day
    ) or new.state = 2 and not exists (
        select from tax_returns_filing_term as term
        where term.account_id = new.account_id and term.starts_on = new.from_day
            and term.frequency_id = new.frequency_id
    ) then
        raise exception using
            errcode = 'check_violation', constraint = 'frequency_proposal_is_of_its_account',
            message = format('Proposal %s is of no filing term of its account.', new.id);
    end if;
    return null;
end $$;
create trigger frequency_proposed after insert or update on tax_returns_frequency_proposal
    for each row execute function tax_returns_frequency_proposed();
alter table tax_returns_frequency_proposal enable always trigger frequency_proposed;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0081_frequency_reviews")]

    operations = [
        migrations.RunSQL(
            ONLY_ADDED_TO,
            "drop trigger tax_returns_frequency_review_only_added_to"
            " on tax_returns_frequency_review;"
            "grant select, insert, update, delete on tax_returns_frequency_review to fisc_app;",
        ),
        migrations.RunSQL(
            DECIDED,
            "drop trigger frequency_proposal_decided on tax_returns_frequency_proposal;"
            "drop trigger tax_returns_frequency_proposal_stays on tax_returns_frequency_proposal;"
            "grant select, insert, update, delete on tax_returns_frequency_proposal to fisc_app;",
        ),
        migrations.RunSQL(
            PROPOSED,
            "drop trigger frequency_proposed on tax_returns_frequency_proposal;"
            "drop function tax_returns_frequency_proposed();",
        ),
    ]

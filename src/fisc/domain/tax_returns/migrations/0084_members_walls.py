"""Have PostgreSQL keep members apart, schedules as they were filed, and each of its own return."""

from django.db import migrations

# A text has no place in such an index, a hash of it has; half of it, so that one more fits.
MEMBERS = """
alter table tax_returns_member add constraint member_code_is_one_at_a_time exclude using gist (
    int8range(account_id, account_id, '[]') with &&,
    int8range(hashtextextended(code, 0) / 2, hashtextextended(code, 0) / 2, '[]') with &&,
    daterange(starts_on, ends_before) with &&
);
alter table tax_returns_member add constraint member_of_one_at_a_time exclude using gist (
    int8range(member_account_id, member_account_id, '[]') with &&,
    daterange(starts_on, ends_before) with &&
) where (member_account_id is not null);
create trigger tax_returns_member_stays before delete or truncate on tax_returns_member
    for each statement execute function tax_returns_refuse_change();
alter table tax_returns_member enable always trigger tax_returns_member_stays;
revoke all on tax_returns_member from public, fisc_app;
grant select, insert, update (ends_before) on tax_returns_member to fisc_app;
"""

# Who files for others is nobody's member, and the other way around.
NO_CHAIN = """
create function tax_returns_member_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (
        select from tax_returns_member as other
        where (other.member_account_id = new.account_id
                or other.account_id = new.member_account_id)
            and daterange(other.starts_on, other.ends_before)
                && daterange(new.starts_on, new.ends_before)
    ) then
        raise exception using
            errcode = 'check_violation', constraint = 'member_files_for_nobody',
            message = 'Who files for others is nobody''s member meanwhile.';
    end if;
    return null;
end $$;
create trigger member_added after insert or update on tax_returns_member
    for each row execute function tax_returns_member_added();
alter table tax_returns_member enable always trigger member_added;
"""

LOCATIONS = """
create trigger tax_returns_return_location_only_added_to
    before update or delete or truncate on tax_returns_return_location
    for each statement execute function tax_returns_refuse_change();
alter table tax_returns_return_location
    enable always trigger tax_returns_return_location_only_added_to;
revoke all on tax_returns_return_location from public, fisc_app;
grant select, insert on tax_returns_return_location to fisc_app;
create function tax_returns_return_location_added() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select from tax_returns_return_line as line
        join tax_returns_return as kept on kept.id = line.tax_return_id
        join tax_returns_member as member on member.account_id = kept.account_id
        where line.id = new.line_id and member.id = new.member_id
            and daterange(member.starts_on, member.ends_before)
                && daterange(kept.starts_on, kept.ends_before)
    ) then
        raise exception using
            errcode = 'foreign_key_violation', constraint = 'return_location_is_of_its_filer',
            message = format('Location %s is none of the return''s account.', new.member_id);
    end if;
    return null;
end $$;
create trigger return_location_added after insert on tax_returns_return_location
    for each row execute function tax_returns_return_location_added();
alter table tax_returns_return_location enable always trigger return_location_added;
"""


class Migration(migrations.Migration):
    dependencies = [("tax_returns", "0083_members")]

    operations = [
        migrations.RunSQL(
            MEMBERS,
            "drop trigger tax_returns_member_stays on tax_returns_member;"
            "alter table tax_returns_member drop constraint member_code_is_one_at_a_time;"
            "alter table tax_returns_member drop constraint member_of_one_at_a_time;"
            "grant select, insert, update, delete on tax_returns_member to fisc_app;",
        ),
        migrations.RunSQL(
            NO_CHAIN,
            "drop trigger member_added on tax_returns_member;"
            "drop function tax_returns_member_added();",
        ),
        migrations.RunSQL(
            LOCATIONS,
            "drop trigger return_location_added on tax_returns_return_location;"
            "drop function tax_returns_return_location_added();"
            "drop trigger tax_returns_return_location_only_added_to"
            " on tax_returns_return_location;"
            "grant select, insert, update, delete on tax_returns_return_location to fisc_app;",
        ),
    ]

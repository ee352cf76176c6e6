"""Whether a business and its owners owe the city anything that is past due."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

# The business, and whoever owns some of it on the day; every account that one of them holds. The
# accounts are few, so that each is looked up where its open items are.
_STANDING = """
with party as (
    select %(business)s::bigint as id
    union
    select owner_id from licensing_ownership
    where business_id = %(business)s and starts_on <= %(as_of)s
        and (ends_before is null or ends_before > %(as_of)s)
),
held as (
    select account.subledger_id as id, account.number, account.kind, account.name
    from party join accounts_account as account on account.party_id = party.id
    union
    select account.subledger_id, account.number, account.kind, account.name
    from party join accounts_role as role on role.party_id = party.id
        and role.role in ('holder', 'jointly liable') and role.starts_on <= %(as_of)s
        and (role.ends_before is null or role.ends_before > %(as_of)s)
    join accounts_account as account on account.subledger_id = role.account_id
)
select held.id, held.number, held.kind, held.name, owed.past_due, owed.charges, owed.credits
from held cross join lateral (
    select coalesce(sum(open_cents) filter (where kind = 1 and due_on < %(as_of)s), 0)::bigint
            as past_due,
        coalesce(sum(open_cents) filter (where kind = 1), 0)::bigint as charges,
        coalesce(sum(open_cents) filter (where kind = 2), 0)::bigint as credits
    from receivables_openitem as open
    where open.account_bucket = held.id %% 4096 and open.account_id = held.id
        and open.open_cents > 0
) as owed
order by held.number
"""


@dataclass(frozen=True, slots=True)
class OwedOn:
    """What one account owes, in whole cents; credits not taken off what is past due."""

    account_id: int
    number: int
    kind: str
    name: str
    past_due_cents: int
    open_charges_cents: int
    credits_cents: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a business and its owners owe on a day."""

    as_of: datetime.date
    accounts: tuple[OwedOn, ...]

    @property
    def past_due_cents(self) -> int:
        """What was due before the day and is unpaid, over all accounts."""
        return sum(each.past_due_cents for each in self.accounts)

    @property
    def owed_cents(self) -> int:
        """All that is unpaid, due or not, over all accounts; credits of others never pay it."""
        return sum(max(each.open_charges_cents - each.credits_cents, 0) for each in self.accounts)

    @property
    def is_good(self) -> bool:
        """Tell whether nothing is past due."""
        return self.past_due_cents == 0


def standing(*, business_id: int, as_of: datetime.date) -> Standing:
    """Return what a business and its owners of a day owe on all their accounts: one question."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"business": business_id, "as_of": as_of})
        return Standing(as_of, tuple(OwedOn(*row) for row in cursor.fetchall()))


def has_tax_account(*, business_id: int, as_of: datetime.date) -> bool:
    """Tell whether a business has a tax account that is open on a day."""
    return account_of(business_id=business_id, kind="tax", as_of=as_of) is not None


def account_of(*, business_id: int, kind: str, as_of: datetime.date) -> int | None:
    """Return the first open account of a kind that a business has, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select subledger_id from accounts_account where party_id = %s and kind = %s"
            " and opened_on <= %s and (closed_on is null or closed_on > %s)"
            " order by subledger_id limit 1",
            [business_id, kind, as_of, as_of],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])

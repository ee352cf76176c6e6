"""What of returns stands in the books: items by part, what of them is open, what was paid when."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import lateness, postings
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing import prepared

Key = postings.Key


class NoSuchPosting(Exception):
    """An item was asked about that no tax return made."""


@dataclass(frozen=True, slots=True)
class PostedItem:
    """An item of a period; cents and what of them is open are below zero where it is a credit."""

    item_id: int
    key: Key
    return_id: int
    reckoning_id: int | None
    waiver_id: int | None
    audited_id: int | None
    code_id: int
    due_on: datetime.date | None
    cents: int
    open_cents: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A period's items and what they come to."""

    items: tuple[PostedItem, ...]

    @property
    def amounts(self) -> Counter[Key]:
        """Charges less credits, by part and region, in cents."""
        found: Counter[Key] = Counter()
        for each in self.items:
            found[each.key] += each.cents
        return found

    def charged(self, *parts: int) -> int:
        """Charges less credits of some parts, in cents."""
        return sum(each.cents for each in self.items if each.key.part in parts)

    def waived(self, waiver_id: int) -> int:
        """What stands waived under a number, in cents, at most zero."""
        return sum(each.cents for each in self.items if each.waiver_id == waiver_id)

    def open(self, *parts: int) -> int:
        """What of the charges of some parts is open, less their open credits, in cents."""
        return sum(each.open_cents for each in self.items if each.key.part in parts)

    def settled(self, *parts: int) -> int:
        """What money and the account's other credits settled of some parts, in cents."""
        return self.charged(*parts) - self.open(*parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What lateness of a period's tax cost on a day, and what had been charged of it before.

    `owed` is what was known of the tax and its payments then; `known_at` the instant whose tables
    answered. Money is whole cents.
    """

    reckoning_id: int
    account_id: int
    starts_on: datetime.date
    on: datetime.date
    owed: lateness.Owed
    penalty_cents: int
    interest_cents: int
    penalty_before_cents: int
    interest_before_cents: int
    known_at: datetime.datetime


_STANDING = prepared.statement("""
    select posted.item_id, posted.part, coalesce(posted.region_id, 0),
        posted.tax_return_id, posted.reckoning_id, posted.waiver_id, posted.audited_id,
        open.code_id, open.due_on, posted.cents, sign(posted.cents)::int * open.open_cents
    from tax_returns_posted as posted join receivables_openitem as open
        on open.item_id = posted.item_id
    where posted.account_id = %(account_id)s::bigint and posted.starts_on = %(starts_on)s::date
    order by posted.item_id
""")


def standing(account_id: int, *, starts_on: datetime.date) -> Standing:
    """Return the items of the period that starts on a day, the oldest first."""
    rows = prepared.rows(_STANDING, {"account_id": account_id, "starts_on": starts_on})
    return Standing(
        tuple(
            PostedItem(item_id, Key(part, region_id), *rest)
            for item_id, part, region_id, *rest in rows
        )
    )


# What settled the items of a period, part by part, and the day the money was received. A credit
# counts from the day it arose, which for money that was left over is the day it came. A credit of
# the period's own part pays nothing: it says that less was owed.
SETTLED_OF_MANY = """
    select posted.account_id, posted.starts_on, posted.part,
        coalesce(payment.received_on, credit.arises_on), part.amount_cents
    from unnest(%(accounts)s::bigint[], %(periods)s::date[]) as wanted (account_id, starts_on)
    join tax_returns_posted as posted using (account_id, starts_on)
    join receivables_allocation as part
        on part.account_bucket = posted.account_id %% 4096
        and part.account_id = posted.account_id and part.item_id = posted.item_id
    left join payments_tendershare as share on share.id = part.share_id
    left join payments_tender as tender on tender.id = share.tender_id
    left join payments_payment as payment on payment.id = tender.payment_id
    left join receivables_item as credit on credit.id = part.credit_item_id
    where posted.cents > 0 and part.reverses_id is null
        and not exists (
            select from receivables_allocation as later where later.reverses_id = part.id)
        and not exists (
            select from tax_returns_posted as own
            where own.item_id = part.credit_item_id and own.starts_on = posted.starts_on
                and case when own.part < 10 then 0 else own.part %% 10 + 10 end
                    = case when posted.part < 10 then 0 else posted.part %% 10 + 10 end)
"""


# Planned once: to plan it takes several times what it takes to run for one period.
_SETTLED = prepared.statement(SETTLED_OF_MANY.replace("%%", "%"))


def settlements(
    account_id: int, *, starts_on: datetime.date, parts: Collection[int]
) -> tuple[tuple[datetime.date, int], ...]:
    """Return what settled some parts of a period: the day it was received, and cents."""
    rows = prepared.rows(_SETTLED, {"accounts": [account_id], "periods": [starts_on]})
    return tuple((day, cents) for _, _, part, day, cents in rows if part in parts)


def lateness_of(
    kept: returns.Kept, *, there: Standing | None = None, audited_cents: int | None = None
) -> lateness.Owed:
    """Return the tax of a return as something that may be late, with what was paid of it.

    What an audit found is tax of the period like what was filed: as it stands in the books, or as
    `audited_cents` say that it would. `there` are the period's items, where they are at hand.
    """
    if audited_cents is None:
        there = there or standing(kept.account_id, starts_on=kept.days.starts_on)
        audited_cents = there.charged(choices.Part.AUDITED)
    tax_cents = max(kept.tax_due_cents + audited_cents, 0)
    owed = replace(returns.lateness_of(kept), tax_cents=tax_cents)
    settled = settlements(kept.account_id, starts_on=kept.days.starts_on, parts=choices.TAX_PARTS)
    return replace(owed, paid=postings.paid(settled, tax_cents=owed.tax_cents))


def filed_amounts(kept: returns.Kept) -> Counter[Key]:
    """Return what a return of itself is to stand at, by part and region, in cents."""
    regions = code_lists.codes("tax region")
    return postings.of_return(
        (
            (regions[line.region].id, cents)
            for line, cents in zip(kept.filing.lines, kept.taxes_cents, strict=True)
        ),
        excess_cents=kept.filing.excess_tax_cents,
        accounting_credit_cents=kept.accounting_credit_cents,
        tax_due_cents=kept.tax_due_cents,
    )


def reckonings(account_id: int, *, starts_on: datetime.date) -> tuple[Reckoning, ...]:
    """Return every reckoning of a period that moved money, the newest day last."""
    rows = models.Reckoning.objects.filter(account_id=account_id, starts_on=starts_on)
    return tuple(_reckoning(row) for row in rows.order_by("reckoned_on", "id"))


def reckoning(reckoning_id: int) -> Reckoning:
    """Return one reckoning."""
    return _reckoning(models.Reckoning.objects.get(id=reckoning_id))


def posted_item(item_id: int) -> PostedItem:
    """Return what one item stands for. Raises NoSuchPosting."""
    row = models.Posted.objects.filter(item_id=item_id).first()
    if row is None:
        raise NoSuchPosting(f"Item {item_id} comes of no tax return.")
    items = standing(row.account_id, starts_on=row.starts_on).items
    return next(each for each in items if each.item_id == item_id)


def _reckoning(row: models.Reckoning) -> Reckoning:
    return Reckoning(
        reckoning_id=row.id,
        account_id=row.account_id,
        starts_on=row.starts_on,
        on=row.reckoned_on,
        owed=lateness.Owed(
            tax_cents=row.tax_cents,
            due_on=row.due_on,
            timely_until=row.timely_until,
            filed_on=row.filed_on,
            paid=tuple(map(lateness.Paid, row.paid_on, row.paid_cents)),
        ),
        penalty_cents=row.penalty_cents,
        interest_cents=row.interest_cents,
        penalty_before_cents=row.penalty_before_cents,
        interest_before_cents=row.interest_before_cents,
        known_at=row.known_at,
    )


# Seldom anything: asked all at once.
_BESIDES = prepared.statement("""
    select
        exists (
            select from tax_returns_nonfiling as missing
            where missing.account_id = wanted.account_id and missing.starts_on = wanted.starts_on),
        exists (
            select from tax_returns_reckoning as reckoned
            where reckoned.account_id = wanted.account_id
                and reckoned.starts_on = wanted.starts_on),
        exists (
            select from tax_returns_waiver_request as waiver
            where waiver.account_id = wanted.account_id and waiver.state = %(granted)s::smallint),
        exists (
            select from tax_returns_payoff as letter
            join tax_returns_payoff_line as line on line.payoff_id = letter.id
            where letter.account_id = wanted.account_id and line.starts_on = wanted.starts_on)
    from (select %(account_id)s::bigint as account_id, %(starts_on)s::date as starts_on) as wanted
""")


@dataclass(frozen=True, slots=True)
class Besides:
    """What there is of a period besides its returns and their items."""

    # It was found that no return came in time; an assessment is of such a row.
    is_missed: bool
    # Lateness was charged of it.
    is_reckoned: bool
    # The account has a waiver that was granted, of whatever period.
    is_waived: bool
    # A letter promised what pays it off.
    is_promised: bool


def besides(account_id: int, *, starts_on: datetime.date) -> Besides:
    """Return what there is of a period; that stays so while the account is locked."""
    (found,) = prepared.rows(
        _BESIDES,
        {
            "account_id": account_id,
            "starts_on": starts_on,
            "granted": int(choices.WaiverState.GRANTED),
        },
    )
    return Besides(*found)

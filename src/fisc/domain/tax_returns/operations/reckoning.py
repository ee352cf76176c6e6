"""Bringing penalty and interest up to a day: what lateness costs, less what was charged of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import lateness
from fisc.domain.tax_returns.calculations import postings as sums
from fisc.domain.tax_returns.operations import posting, promises, registering, waivers
from fisc.domain.tax_returns.queries import forecasts, returns
from fisc.domain.tax_returns.queries import postings as queries
from fisc.plumbing import transactions

By = registering.By


class NothingIsFiled(Exception):
    """No return of a period is here whose lateness could be reckoned."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What lateness costs on a day, in whole cents, and what of it was not charged before."""

    on: datetime.date
    penalty_cents: int
    interest_cents: int
    posted_cents: int


@transactions.starts_transaction
def bring_up_to_date(
    *, account_id: int, starts_on: datetime.date, on: datetime.date, posting_day: datetime.date,
    by: By,
) -> Reckoned:  # fmt: skip
    """Charge what lateness of a period's tax costs on a day and was not charged yet, or credit it.

    Open credits of the account settle first, by the city's allocation table. A day before the
    newest reckoning's is taken for that one: what was charged once is not given back by asking for
    an earlier day. Asked twice, the second posts nothing. Raises NothingIsFiled,
    ledger.DayIsSealed, versions.NoVersionForDate, asking.NoAnswer, payments.ChargeHasNoPriority.
    """
    registering.lock(account_id)
    found = returns.versions_of(account_id, starts_on=starts_on)
    if not found:
        raise NothingIsFiled(
            f"No return of the period from {starts_on} was filed. File it; what its lateness "
            "costs is charged with it."
        )
    return brought_up_to_date(found[-1], on=on, posting_day=posting_day, by=by)


@transactions.needs_transaction
def brought_up_to_date(
    kept: returns.Kept, *, on: datetime.date, posting_day: datetime.date, by: By,
    there_is: queries.Besides | None = None,
) -> Reckoned:  # fmt: skip
    """Do the same for the newest version of a return, as a part of a larger operation.

    The account is locked; `there_is` was asked since. Raises what `bring_up_to_date` raises.
    """
    known = there_is or queries.besides(kept.account_id, starts_on=kept.days.starts_on)
    origin = receivables_sums.Origin(
        posting_day=posting_day,
        source_kind=ledger.SourceKind.TAX_RETURN,
        source_id=kept.return_id,
        made_by_id=by.user_id,
        made_at=by.at,
    )
    posting.settle_with_credits(kept.account_id, origin=origin)
    day = on
    if known.is_reckoned:
        before_this = queries.reckonings(kept.account_id, starts_on=kept.days.starts_on)
        day = max([on, *(each.on for each in before_this)])
    there = queries.standing(kept.account_id, starts_on=kept.days.starts_on)
    owed = queries.lateness_of(kept, there=there)
    cost = _cost(owed, on=day, at=by.at)
    before = {key: there.charged(key.part) for key in cost}
    found = sums.differences(cost, before)
    if found:
        row = _written(kept, owed, day, cost, before, by=by)
        posting.post_differences(
            found,
            of=posting.Posting(
                kept=kept,
                due_on=day,
                arises_on=day,
                posting_day=posting_day,
                user_id=by.user_id,
                at=by.at,
                reckoning_id=row.id,
            ),
        )
        posting.settle_with_credits(kept.account_id, origin=origin)
    if known.is_waived and waivers.apply(kept, on=day, posting_day=posting_day, by=by):
        posting.settle_with_credits(kept.account_id, origin=origin)
    if known.is_promised and promises.honor(kept, on=day, posting_day=posting_day, by=by):
        posting.settle_with_credits(kept.account_id, origin=origin)
    return Reckoned(day, cost[_PENALTY], cost[_INTEREST], sum(found.values()))


_PENALTY = sums.Key(choices.Part.PENALTY)
_INTEREST = sums.Key(choices.Part.INTEREST)


def _cost(
    owed: lateness.Owed, *, on: datetime.date, at: datetime.datetime
) -> Mapping[sums.Key, int]:
    found = forecasts.cost_on(owed, on=on, known_at=at)
    if found is None:
        return {_PENALTY: 0, _INTEREST: 0}
    return {_PENALTY: found.penalty_cents, _INTEREST: found.interest_cents}


def _written(
    kept: returns.Kept, owed: lateness.Owed, day: datetime.date,
    cost: Mapping[sums.Key, int], before: Mapping[sums.Key, int], *, by: By,
) -> models.Reckoning:  # fmt: skip
    return models.Reckoning.objects.create(
        account_id=kept.account_id,
        starts_on=kept.days.starts_on,
        tax_return_id=kept.return_id,
        reckoned_on=day,
        tax_cents=owed.tax_cents,
        due_on=owed.due_on,
        timely_until=owed.timely_until,
        filed_on=owed.filed_on,
        paid_on=[each.day for each in owed.paid],
        paid_cents=[each.cents for each in owed.paid],
        penalty_cents=cost[_PENALTY],
        interest_cents=cost[_INTEREST],
        penalty_before_cents=before[_PENALTY],
        interest_before_cents=before[_INTEREST],
        known_at=by.at,
    )

"""Distributions as they were made, and what differs from what was collected."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.distributions import calculations, models
from fisc.domain.distributions import decision_points as points
from fisc.domain.distributions.queries import laws


class NoSuchDistribution(Exception):
    """Nothing was distributed of that month."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was distributed of a month at one time: the first, or a difference."""

    distribution_id: int
    month: datetime.date
    number: int
    posting_day: datetime.date
    entry_id: int | None
    collected_cents: int
    made_by_id: int | None
    made_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Month:
    """What was distributed of a month in all."""

    month: datetime.date
    made: tuple[Made, ...]
    amounts: tuple[calculations.Amount, ...]

    @property
    def collected_cents(self) -> int:
        """What was collected, as far as it was distributed."""
        return sum(each.collected_cents for each in self.amounts)

    @property
    def distributed_cents(self) -> int:
        """What funds and jurisdictions received."""
        return sum(sum(each.shares.values()) for each in self.amounts)


# Sums of the differences of a month, by what they are of and by fund; null is the amount itself.
_DONE = """
    select distribution.month, amount.version_id, amount.charge_id, amount.basis_id,
        null::bigint, sum(amount.collected_cents)::bigint
    from distributions_distribution as distribution
    join distributions_amount as amount on amount.distribution_id = distribution.id
    where %(month)s::date is null or distribution.month = %(month)s
    group by 1, 2, 3, 4
    union all
    select distribution.month, amount.version_id, amount.charge_id, amount.basis_id,
        share.fund_id, sum(share.share_cents)::bigint
    from distributions_distribution as distribution
    join distributions_amount as amount on amount.distribution_id = distribution.id
    join distributions_share as share on share.amount_id = amount.id
    where %(month)s::date is null or distribution.month = %(month)s
    group by 1, 2, 3, 4, 5
"""


def done(
    *, month: datetime.date | None = None
) -> dict[datetime.date, dict[calculations.Key, calculations.Amount]]:
    """Return what was distributed of each month so far, or of one."""
    charges = code_lists.codes_by_id(laws.CHARGES)
    bases = code_lists.codes_by_id(points.BASES)
    funds = code_lists.codes_by_id(points.FUNDS)
    with connection.cursor() as cursor:
        cursor.execute(_DONE, {"month": month})
        rows = cursor.fetchall()
    sums: dict[datetime.date, dict[calculations.Key, int]] = defaultdict(dict)
    shares: dict[tuple[datetime.date, calculations.Key], dict[str, int]] = defaultdict(dict)
    for of, version_id, charge_id, basis_id, fund_id, cents in rows:
        key = calculations.Key(version_id, charges[charge_id].code, bases[basis_id].code)
        if fund_id is None:
            sums[of][key] = cents
        elif cents:
            shares[of, key][funds[fund_id].code] = cents
    return {
        of: {
            key: calculations.Amount(key, cents, shares[of, key])
            for key, cents in amounts.items()
            if cents or shares[of, key]
        }
        for of, amounts in sums.items()
    }


def made(*, month: datetime.date | None = None) -> tuple[Made, ...]:
    """Return the distributions, newest month first, in the order made; of one month where given."""
    rows = models.Distribution.objects.order_by("-month", "number")
    if month is not None:
        rows = rows.filter(month=month)
    return tuple(
        Made(
            distribution_id=row.id,
            month=row.month,
            number=row.number,
            posting_day=row.posting_day,
            entry_id=row.entry_id,
            collected_cents=row.collected_cents,
            made_by_id=row.made_by_id,
            made_at=row.made_at,
        )
        for row in rows
    )


def of_month(month: datetime.date) -> Month:
    """Return what was distributed of a month. Raises NoSuchDistribution."""
    found = made(month=month)
    if not found:
        raise NoSuchDistribution(
            f"Nothing was distributed of {month:%Y-%m}. Run the distribution of the month, or "
            "choose another."
        )
    amounts = done(month=month).get(month, {})
    return Month(month, found, tuple(amounts[key] for key in sorted(amounts)))


def outstanding(
    *, before: datetime.date, known_at: datetime.datetime
) -> dict[datetime.date, tuple[calculations.Amount, ...]]:
    """Return by month what was collected before a day and is not distributed, or wrongly so.

    Nothing at all is the proof that what was distributed is what was collected. Raises what
    laws.targets raises.
    """
    found = laws.targets(before=before, known_at=known_at)
    finished = {month: amounts for month, amounts in done().items() if month < before}
    differing = {
        month: calculations.difference(found.get(month, {}), finished.get(month, {}))
        for month in sorted({*found, *finished})
    }
    return {month: amounts for month, amounts in differing.items() if amounts}


def broken() -> list[str]:
    """Return distributions whose entry or shares are not what they say. None is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select distribution.month, distribution.number, distribution.collected_cents,
                coalesce(amounts.cents, 0), coalesce(shares.cents, 0)
            from distributions_distribution as distribution
            left join lateral (
                select sum(collected_cents) as cents from distributions_amount
                where distribution_id = distribution.id) as amounts on true
            left join lateral (
                select sum(share_cents) as cents from distributions_share as share
                join distributions_amount as amount on amount.id = share.amount_id
                where amount.distribution_id = distribution.id) as shares on true
            where distribution.collected_cents <> coalesce(amounts.cents, 0)
                or distribution.collected_cents <> coalesce(shares.cents, 0)
            order by 1, 2
            """
        )
        return [
            f"Distribution {number} of {month:%Y-%m} says {said} cents collected; its amounts "
            f"make {amounts}, its shares {shares}."
            for month, number, said, amounts, shares in cursor.fetchall()
        ]


def by_fund(amounts: Sequence[calculations.Amount]) -> dict[str, int]:
    """Return what each fund receives over some amounts."""
    summed: dict[str, int] = defaultdict(int)
    for each in amounts:
        for fund, cents in each.shares.items():
            summed[fund] += cents
    return dict(summed)

"""A city in which some filed, paid and had their tax distributed, for the pages that show it."""

from __future__ import annotations

import datetime

from fisc.basics import periods
from fisc.domain.distributions import operations as distributions
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, registering
from tests.factories import money, tax_returns
from tests.factories.tax_returns import AT

WHO = registering.By(user_id=None, at=AT, why="keyed from paper")
FEBRUARY = datetime.date(2026, 2, 1)
MARCH = datetime.date(2026, 3, 1)
RECEIVED = datetime.date(2026, 3, 15)
# What eight shops and one amusement park took in a month; the park stands alone in its class.
SHOPS = (410_000, 395_000, 380_000, 402_500, 391_100, 388_800, 420_000, 405_050)
HOTELS = (900_000, 880_000, 910_000, 895_000, 905_000)
PARK = 2_750_000


def filled(*, paid_on: datetime.date = RECEIVED) -> None:
    """File February of shops, hotels and a park; pay their tax; distribute it."""
    filed_and_paid(paid_on=paid_on)
    month = paid_on.replace(day=1)
    after = (month + datetime.timedelta(days=32)).replace(day=1)
    distributions.distribute(
        month=month, posting_day=after, by=distributions.By(user_id=None, at=AT)
    )


def filed_and_paid(*, paid_on: datetime.date) -> None:
    """File February of shops, hotels and a park; pay their tax."""
    for of, receipts in (("17", SHOPS), ("25", HOTELS), ("12", (PARK,))):
        for cents in receipts:
            _filed_and_paid(of, cents, paid_on)


def _filed_and_paid(of: str, cents: int, paid_on: datetime.date) -> None:
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class=of,
        days=periods.Period(starts_on=datetime.date(2026, 1, 1)),
        by=WHO,
    )
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=datetime.date(2026, 1, 1), by=WHO
    )
    kept = filing.file_return(
        filing.Came(
            account_id=account_id,
            starts_on=FEBRUARY,
            received_on=RECEIVED,
            is_electronic=True,
            lines=(Line(region="MS", business_class=of, gross_cents=cents),),
        ),
        by=WHO,
        posting_day=paid_on,
    )
    money.pay({account_id: kept.tax_due_cents}, day=paid_on, key=f"figures/{account_id}")

"""A tax account with some returns in the city that the pages are tried on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations.returns import Deduction, Line
from fisc.domain.tax_returns.operations import filing, registering
from tests.factories import tax_returns

YEAR = timezone.localdate().year - 1
FIRST = datetime.date(YEAR, 1, 1)


@dataclass(frozen=True)
class TaxAccount:
    """Its internal number and the one that people say."""

    account_id: int
    number: int

    @property
    def address(self) -> str:
        """Where its tax tab is."""
        return f"/accounts/{self.number}/tax/"

    def entry(self, month: int) -> str:
        """Where the return of a month of last year is keyed."""
        return f"/accounts/{self.number}/returns/{datetime.date(YEAR, month, 1)}/"


def by(*, why: str = "") -> registering.By:
    """Return nobody, now."""
    return registering.By(user_id=None, at=timezone.now(), why=why)


def new() -> TaxAccount:
    """Open a tax account that is registered for nothing."""
    account_id = tax_returns.account()
    number, _name = accounts.names(account_ids=[account_id])[account_id]
    return TaxAccount(account_id, number)


def restaurant() -> TaxAccount:
    """Open a tax account that files for a restaurant and a shop every month since last year."""
    made = new()
    for of in ("11", "17"):
        registering.register(
            account_id=made.account_id,
            region="MS",
            business_class=of,
            days=periods.Period(starts_on=FIRST),
            by=by(),
        )
    registering.set_frequency(
        account_id=made.account_id, frequency="monthly", from_day=FIRST, by=by()
    )
    return made


def one_month() -> TaxAccount:
    """Open a tax account that owes one return, of the January of last year."""
    made = new()
    registering.register(
        account_id=made.account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=FIRST, ends_before=datetime.date(YEAR, 2, 1)),
        by=by(),
    )
    registering.set_frequency(
        account_id=made.account_id, frequency="monthly", from_day=FIRST, by=by()
    )
    return made


def came(made: TaxAccount, month: int, *, day: int, gross: int) -> filing.Came:
    """Return what a month of last year would say, received on a day of the month after."""
    return filing.Came(
        account_id=made.account_id,
        starts_on=datetime.date(YEAR, month, 1),
        received_on=datetime.date(YEAR + month // 12, month % 12 + 1, day),
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross,
                    deductions=(Deduction("503", gross // 20),)),),
    )  # fmt: skip


def lived_in() -> TaxAccount:
    """Open one with returns in time, a late one, an amended one, a zero one, and missing ones."""
    made = restaurant()
    for month in (1, 2, 3, 5):
        filing.file_return(
            came(made, month, day=15, gross=5_000_00 + month * 1_111_00),
            by=by(),
            posting_day=timezone.localdate(),
        )
    late = came(made, 4, day=1, gross=9_000_00)
    late_day = datetime.date(YEAR, 8, 3)
    filing.file_return(_received(late, late_day), by=by(), posting_day=timezone.localdate())
    zero = filing.Came(
        account_id=made.account_id,
        starts_on=datetime.date(YEAR, 6, 1),
        received_on=datetime.date(YEAR, 7, 10),
        is_electronic=True,
        lines=(),
    )
    first = filing.file_return(zero, by=by(), posting_day=timezone.localdate())
    more = came(made, 6, day=1, gross=2_000_00)
    filing.file_return(
        _received(more, datetime.date(YEAR, 9, 1), amends_id=first.return_id),
        by=by(why="a day's receipts were left out"),
        posting_day=timezone.localdate(),
    )
    return made


def _received(one: filing.Came, day: datetime.date, *, amends_id: int | None = None) -> filing.Came:
    return filing.Came(
        account_id=one.account_id,
        starts_on=one.starts_on,
        received_on=day,
        is_electronic=one.is_electronic,
        lines=one.lines,
        amends_id=amends_id,
    )

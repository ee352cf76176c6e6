"""Whatever happens in whatever order, what is charged is what is owed, and the books hold."""

from __future__ import annotations

import datetime

import hypothesis
import pytest
from hypothesis import strategies

from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, reckoning
from fisc.domain.tax_returns.queries import forecasts, postings, returns
from tests.factories import tax_returns
from tests.factories.tax_returns import BY

D = datetime.date
PERIODS = (D(2026, 6, 1), D(2026, 7, 1))
FIRST_DAY = D(2026, 8, 10)
LAST_DAY = D(2027, 3, 1)
Part = choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")

_period = strategies.sampled_from(PERIODS)
_dollars = strategies.integers(0, 9_000).map(lambda each: each * 100)
_file = strategies.tuples(strategies.just("file"), _period, _dollars, _dollars)
_pay = strategies.tuples(
    strategies.just("pay"), strategies.integers(1, 30_000), strategies.integers(0, 40)
)
_bring = strategies.tuples(strategies.just("bring"), _period)
_bounce = strategies.tuples(strategies.just("bounce"), strategies.integers(0, 5))
# Each with the days that pass before it.
_events = strategies.lists(
    strategies.tuples(strategies.integers(0, 40), _file | _pay | _bring | _bounce), max_size=10
)


class Office:
    """One account, and what was paid to it and not taken back."""

    def __init__(self) -> None:
        self.account_id = tax_returns.filer()
        self.day = FIRST_DAY
        self.kept: dict[int, int] = {}

    def newest(self, starts_on: datetime.date) -> returns.Kept | None:
        return next(reversed(returns.versions_of(self.account_id, starts_on=starts_on)), None)

    def file(self, starts_on: datetime.date, *gross: int) -> None:
        before = self.newest(starts_on)
        came = filing.Came(
            account_id=self.account_id,
            starts_on=starts_on,
            received_on=self.day,
            is_electronic=False,
            lines=tuple(
                Line(region="MS", business_class=of, gross_cents=cents)
                for of, cents in zip(("11", "17"), gross, strict=True)
            ),
            amends_id=None if before is None else before.return_id,
        )
        filing.file_return(came, by=BY, posting_day=self.day)

    def pay(self, cents: int, days_before: int) -> None:
        received = self.day - datetime.timedelta(days=days_before)
        paid = tax_returns.paid(self.account_id, cents, on=received, posted=self.day)
        self.kept[paid] = cents

    def bounce(self, number: int) -> None:
        if self.kept:
            payment_id = list(self.kept)[number % len(self.kept)]
            tax_returns.bounced(payment_id, on=self.day)
            del self.kept[payment_id]

    def bring(self, starts_on: datetime.date) -> int:
        if self.newest(starts_on) is None:
            return 0
        found = reckoning.bring_up_to_date(
            account_id=self.account_id,
            starts_on=starts_on,
            on=self.day,
            posting_day=self.day,
            by=BY,
        )
        return found.posted_cents


@hypothesis.settings(max_examples=40, deadline=None)
@hypothesis.given(events=_events)
def test_what_is_charged_is_what_is_owed(
    events: list[tuple[int, tuple[str, ...]]],
) -> None:
    office = Office()
    for days, (verb, *facts) in events:
        office.day = min(office.day + datetime.timedelta(days=days), LAST_DAY)
        getattr(office, verb)(*facts)

    for starts_on in PERIODS:
        office.bring(starts_on)

    assert [office.bring(each) for each in PERIODS] == [0, 0]
    charged = 0
    for starts_on in PERIODS:
        if (kept := office.newest(starts_on)) is None:
            continue
        there = postings.standing(office.account_id, starts_on=starts_on)
        found = forecasts.forecast(kept, on=office.day, known_at=BY.at)
        cost = found.cost
        assert there.charged(*choices.TAX_PARTS) == kept.tax_due_cents
        assert there.charged(Part.PENALTY) == (cost.penalty_cents if cost else 0)
        assert there.charged(Part.INTEREST) == (cost.interest_cents if cost else 0)
        # What is to be paid by the forecast is what the till shows of the period.
        assert found.total_cents == sum(each.open_cents for each in there.items)
        charged += sum(there.amounts.values())
    balance = receivables.account_balance(office.account_id, as_of=LAST_DAY).balance_cents
    assert balance == charged - sum(office.kept.values())
    assert ledger.broken_entries() == []
    assert receivables.broken_control_accounts() == []
    assert receivables.broken_open_items() == []
    assert payments.broken_payments() == []

"""Credits settle charges as the payments would have that made them: by the city's table."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping

import hypothesis
import pytest

from fisc.domain.disbursements.queries import credits as disbursements
from fisc.domain.payments import queries
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import credits_in_bulk
from fisc.plumbing import transactions
from tests.domain.payments import test_bulk, test_taking
from tests.factories import money

_runs = itertools.count(1)
ALL_BUCKETS = 4096


def apply_all(*, day: datetime.date = money.DAY) -> Mapping[str, int]:
    with transactions.started():
        return credits_in_bulk.apply_open_credits(
            bucket_from=0,
            bucket_before=ALL_BUCKETS,
            run_id=next(_runs),
            chunk=1,
            posting_day=day,
            at=money.AT,
            priority=queries.priority_on(day=day, known_at=money.AT),
            reserved=disbursements.reserved,
        )


@pytest.mark.usefixtures("books")
class TestApplyOpenCredits:
    def test_settles_the_highest_priority_of_the_citys_table_first(self) -> None:
        (account,) = money.accounts(1)
        money.pay({account: 300})
        due_first = money.charge(account, "water", 200, due_on=money.DAY)
        tax = money.charge(account, "public_service_tax", 250)

        applied = apply_all()

        assert applied == {"accounts": 1, "applied_cents": 300}
        assert test_taking.open_cents(account) == {due_first: 150}
        assert tax not in test_taking.open_cents(account)
        test_taking.everything_holds()

    def test_spends_the_oldest_credit_first(self) -> None:
        (account,) = money.accounts(1)
        money.pay({account: 100})
        money.pay({account: 500})
        money.charge(account, "water", 250)

        apply_all()

        (left,) = receivables.open_items(account)
        assert left.open_cents == 350
        test_taking.everything_holds()

    @hypothesis.settings(max_examples=25, deadline=None)
    @hypothesis.given(charges=test_bulk.charges, payments=test_bulk.payments)
    def test_leaves_what_paying_after_the_charges_leaves(
        self, charges: list[tuple[int, str, int, int]], payments: list[tuple[int, int]]
    ) -> None:
        after, ahead = money.accounts(3), money.accounts(3)
        for place, cents in payments:
            money.pay({ahead[place]: cents})
        for place, code, cents, days in charges:
            for accounts in (after, ahead):
                due_on = money.DAY + datetime.timedelta(days=days)
                money.charge(accounts[place], code, cents, due_on=due_on)

        for place, cents in payments:
            money.pay({after[place]: cents})
        apply_all()

        for one, other in zip(after, ahead, strict=True):
            assert test_bulk.owed(one) == test_bulk.owed(other)

    def test_stops_at_a_charge_that_the_table_does_not_know(self) -> None:
        (account,) = money.accounts(1)
        money.pay({account: 100})
        money.charge(account, "water", 100)

        def nothing(_: object) -> int:
            raise queries.ChargeHasNoPriority("The allocation table gives no priority.")

        with pytest.raises(queries.ChargeHasNoPriority), transactions.started():
            credits_in_bulk.apply_open_credits(
                bucket_from=0,
                bucket_before=ALL_BUCKETS,
                run_id=next(_runs),
                chunk=1,
                posting_day=money.DAY,
                at=money.AT,
                priority=nothing,
                reserved=disbursements.reserved,
            )

        assert receivables.account_balance(account, as_of=money.DAY).unapplied_cents == 100

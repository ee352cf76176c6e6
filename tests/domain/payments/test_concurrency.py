"""Two cashiers on one account, and one form sent twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from tests import databases
from tests.domain.payments import test_taking
from tests.factories import money


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Do things on connections of their own, all started together; returns results and errors."""
    start = threading.Barrier(len(actions))
    found: list[object] = [None] * len(actions)

    def act(place: int, action: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            found[place] = action()
        except Exception as problem:
            found[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=each) for each in enumerate(actions)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    return found


@pytest.mark.usefixtures("books")
class TestTwoCashiers:
    def test_never_settle_a_charge_twice(self) -> None:
        first, second = money.accounts(2)
        for account in (first, second):
            money.charge(account, "water", 1_000)
            money.charge(account, "sewer", 1_000)

        # Baskets in opposite order: whoever locked by basket would wait in a ring.
        found = at_once(
            *(
                lambda turn=turn: money.pay(
                    {first: 700, second: 700} if turn % 2 else {second: 700, first: 700}
                )
                for turn in range(6)
            )
        )

        assert not [each for each in found if isinstance(each, Exception)]
        for account in (first, second):
            balance = receivables.account_balance(account, as_of=money.DAY)
            assert balance.balance_cents == 2_000 - 6 * 700
            assert balance.open_charges_cents == 0
        test_taking.everything_holds()

    def test_one_form_at_once_is_one_payment(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)

        found = at_once(*[lambda: money.pay({account: 300}, key="both")] * 5)

        assert not [each for each in found if isinstance(each, Exception)]
        assert len({each.payment_id for each in found}) == 1  # type: ignore[attr-defined]
        assert receivables.account_balance(account, as_of=money.DAY).balance_cents == 700

    def test_return_a_tender_once(self, books: databases.CityDatabase) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)
        taken = money.pay({account: 1_000}, tenders=[money.tender("check", 1_000)])

        found = at_once(*[lambda: money.return_tender(taken.payment_id)] * 3)

        assert len([each for each in found if not isinstance(each, Exception)]) == 1
        assert receivables.account_balance(account, as_of=money.DAY).balance_cents == 1_000
        assert payments.payment(taken.payment_id).tenders[0].is_returned
        test_taking.everything_holds()

"""Charging, crediting, reversing; the history and its balances; what broken rows look like."""

from __future__ import annotations

import datetime

import psycopg
import pytest

from fisc.domain.receivables import queries
from fisc.domain.receivables.operations import charges, credits
from fisc.plumbing import transactions
from tests import databases
from tests.domain.payments import test_taking
from tests.factories import money

LATE = money.DAY - datetime.timedelta(days=45)


def reverse(*item_ids: int) -> charges.Written:
    with transactions.started():
        return charges.reverse_charges(item_ids=item_ids, origin=money.origin())


def adjust(account: int, cents: int) -> charges.Written:
    return charges.adjust(
        account_id=account,
        code_id=money.code_id("water"),
        amount_cents=cents,
        posting_day=money.DAY,
        reason="Leak adjustment",
        made_by_id=None,  # type: ignore[arg-type]
        made_at=money.AT,
    )


@pytest.mark.usefixtures("books")
class TestReverseCharges:
    def test_settles_what_was_open(self) -> None:
        (account,) = money.accounts(1)
        item = money.charge(account, "water", 900)

        reverse(item)

        assert queries.open_items(account) == []
        test_taking.everything_holds()

    def test_leaves_what_was_paid_as_a_credit(self) -> None:
        (account,) = money.accounts(1)
        item = money.charge(account, "water", 900)
        money.pay({account: 600})

        reverse(item)

        balance = queries.account_balance(account, as_of=money.DAY)
        assert (balance.open_charges_cents, balance.unapplied_cents) == (0, 600)
        test_taking.everything_holds()

    def test_happens_once(self) -> None:
        (account,) = money.accounts(1)
        item = money.charge(account, "water", 900)
        reverse(item)

        with pytest.raises(charges.ItemIsNotACharge):
            reverse(item)

    def test_takes_a_whole_bill_back_in_one_entry(self) -> None:
        (account,) = money.accounts(1)
        items = [money.charge(account, code, 500) for code in ("water", "sewer", "late_charge")]

        written = reverse(*items)

        assert len(written.item_ids) == 3
        assert queries.account_balance(account, as_of=money.DAY).balance_cents == 0
        test_taking.everything_holds()


@pytest.mark.usefixtures("books")
class TestAdjust:
    def test_charges_and_credits(self) -> None:
        (account,) = money.accounts(1)

        adjust(account, 800)
        adjust(account, -300)

        balance = queries.account_balance(account, as_of=money.DAY)
        assert (balance.open_charges_cents, balance.unapplied_cents) == (800, 300)
        test_taking.everything_holds()

    def test_refuses_nothing(self) -> None:
        (account,) = money.accounts(1)

        with pytest.raises(charges.NothingToCharge):
            adjust(account, 0)


@pytest.mark.usefixtures("books")
class TestApplyCredit:
    def test_refuses_more_than_is_open(self) -> None:
        (account,) = money.accounts(1)
        adjust(account, -300)
        (credit,) = queries.open_items(account)
        item = money.charge(account, "water", 900)

        with pytest.raises(credits.NotEnoughOpen):
            money.apply_credit(credit.item_id, item, 400)

    def test_refuses_another_accounts_charge(self) -> None:
        first, second = money.accounts(2)
        adjust(first, -300)
        (credit,) = queries.open_items(first)
        item = money.charge(second, "water", 900)

        with pytest.raises(charges.ItemIsNotACharge):
            money.apply_credit(credit.item_id, item, 300)


@pytest.mark.usefixtures("books")
class TestHistory:
    def test_runs_to_the_balance_and_turns_pages(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)
        money.pay({account: 1_500})
        money.charge(account, "sewer", 700)
        adjust(account, -100)

        newest = queries.history(account, limit=3)
        oldest = queries.history(account, before=newest[-1].key, limit=3)

        whole = [*newest, *oldest]
        assert [line.amount_cents for line in whole] == [-100, 700, -1_500, 1_000]
        assert [line.balance_cents for line in whole] == [100, 200, -500, 1_000]
        balance = queries.account_balance(account, as_of=money.DAY)
        assert whole[0].balance_cents == balance.balance_cents

    def test_follows_the_clock_within_a_day_whatever_the_ids(self) -> None:
        (account,) = money.accounts(1)
        later = money.AT + datetime.timedelta(hours=2)
        # A run's rows have greater ids than what people enter, before it or after.
        money.pay({account: 400}, at=later)
        money.charge(account, "water", 1_000)

        lines = queries.history(account)
        pages = queries.history(account, limit=1)
        pages += queries.history(account, before=pages[-1].key, limit=1)

        assert [line.amount_cents for line in lines] == [-400, 1_000]
        assert [line.balance_cents for line in lines] == [600, 1_000]
        assert pages == lines
        assert queries.history(account, up_to=lines[1].key) == lines[1:]
        assert queries.history(account, before=lines[1].key) == []

    def test_shows_a_returned_payment(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)
        taken = money.pay({account: 1_500}, tenders=[money.tender("check", 1_500)])
        money.return_tender(taken.payment_id)

        lines = queries.history(account)

        assert [line.paid_cents for line in lines] == [-1_500, 1_500, 0]
        assert lines[0].balance_cents == 1_000


@pytest.mark.usefixtures("books")
class TestAging:
    def test_sorts_open_charges_by_days_past_due(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "late_charge", 300, due_on=LATE)
        money.charge(account, "late_charge", 200)

        lines = {line.code_id: line for line in queries.aging(as_of=money.DAY)}

        line = lines[money.code_id("late_charge")]
        assert (line.not_due_cents, line.days_31_to_60_cents) == (200, 300)


class TestPlantedFaults:
    def test_are_found(self, books: databases.CityDatabase) -> None:
        (account,) = money.accounts(1)
        item = money.charge(account, "water", 1_000)
        money.pay({account: 400})
        test_taking.everything_holds()

        with psycopg.connect(books.migrate, options="-c role=fisc_owner") as owner:
            owner.execute("alter table receivables_openitem disable trigger all")
            owner.execute(
                "update receivables_openitem set open_cents = 500 where item_id = %s", [item]
            )

        (found,) = queries.broken_open_items()
        assert f"Item {item}" in found
        (control,) = queries.broken_control_accounts()
        assert "stands at 600 cents, its items at 500" in control

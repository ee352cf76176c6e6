"""A till's day: open, take, void, count blind, close."""

from __future__ import annotations

import datetime

import pytest

from fisc.domain.cashiering import operations as cashiering
from fisc.domain.cashiering import queries
from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from fisc.plumbing.users import choices
from tests.factories import money, users

FLOAT = 10_000


def cashier(name: str) -> int:
    return users.person(name, choices.GroupName.CASHIER)


def opened(cashier_id: int, name: str) -> int:
    return cashiering.open_till(
        name=name,
        cashier_id=cashier_id,
        posting_day=money.DAY,
        float_cents=FLOAT,
        at=money.AT,
    )


def take(
    till: int, cashier_id: int, basket: dict[int, int], key: str, *, given: int | None = None
) -> cashiering.Taken:
    return cashiering.take_payment(
        till_id=till,
        key=key,
        basket=[cashiering.InBasket(account, cents) for account, cents in basket.items()],
        tenders=[money.tender("cash", given or sum(basket.values()))],
        cashier_id=cashier_id,
        at=money.AT,
    )


def everything_holds() -> None:
    assert queries.broken_tills() == []
    assert ledger.broken_trial_balance(datetime.date.max) == []
    assert receivables.broken_control_accounts() == []
    assert receivables.broken_open_items() == []
    assert payments.broken_tenders_in_books() == []


@pytest.mark.usefixtures("books")
class TestTakePayment:
    def test_gives_receipts_without_a_gap(self) -> None:
        ana = cashier("ana")
        till = opened(ana, "1")
        (account,) = money.accounts(1)
        money.charge(account, "water", 900)

        numbers = [take(till, ana, {account: 300}, f"a{n}").number for n in range(3)]

        assert numbers == [1, 2, 3]
        receipt = queries.receipt(till_id=till, number=3)
        assert (receipt.total_cents, receipt.shares[0].account_id) == (300, account)
        everything_holds()

    def test_never_takes_money_twice_for_one_form(self) -> None:
        ben = cashier("ben")
        till = opened(ben, "2")
        (account,) = money.accounts(1)

        first = take(till, ben, {account: 300}, "form", given=500)
        second = take(till, ben, {account: 300}, "form", given=500)

        assert second.is_repeat
        assert (second.number, second.payment_id) == (first.number, first.payment_id)
        assert second.change_cents == 200
        assert queries.till(till).receipts == 1

    def test_leaves_no_gap_when_a_payment_is_refused(self) -> None:
        cal = cashier("cal")
        till = opened(cal, "3")
        (account,) = money.accounts(1)
        take(till, cal, {account: 300}, "c1")

        with pytest.raises(Exception, match="missing"):
            take(till, cal, {account: 300}, "c2", given=200)

        assert take(till, cal, {account: 300}, "c3").number == 2
        everything_holds()

    def test_refuses_another_cashier(self) -> None:
        dee, eve = cashier("dee"), cashier("eve")
        till = opened(dee, "4")
        (account,) = money.accounts(1)

        with pytest.raises(cashiering.TillIsAnothers):
            take(till, eve, {account: 300}, "e1")

    def test_refuses_a_second_till(self) -> None:
        fay = cashier("fay")
        opened(fay, "5")

        with pytest.raises(cashiering.TillIsOpenAlready):
            opened(fay, "6")


@pytest.mark.usefixtures("books")
class TestVoidLastReceipt:
    def test_opens_the_charge_again_and_keeps_the_number(self) -> None:
        ana = cashier("ana")
        till = opened(ana, "1")
        (account,) = money.accounts(1)
        money.charge(account, "water", 900)
        taken = take(till, ana, {account: 900}, "v1")

        self.void(till, taken.number, ana)

        assert receivables.account_balance(account, as_of=money.DAY).balance_cents == 900
        assert queries.receipt(till_id=till, number=1).voided == "Wrong amount"
        assert take(till, ana, {account: 900}, "v2").number == 2
        everything_holds()

    def test_refuses_an_earlier_receipt_and_a_second_void(self) -> None:
        ben = cashier("ben")
        till = opened(ben, "2")
        (account,) = money.accounts(1)
        take(till, ben, {account: 100}, "w1")
        take(till, ben, {account: 100}, "w2")

        with pytest.raises(cashiering.ReceiptIsNotTheLast):
            self.void(till, 1, ben)
        self.void(till, 2, ben)
        with pytest.raises(cashiering.ReceiptIsNotTheLast):
            self.void(till, 2, ben)

    def void(self, till: int, number: int, cashier_id: int) -> None:
        cashiering.void_last_receipt(
            till_id=till,
            number=number,
            reason_code_id=money.code_id("WRONG_AMOUNT", of="void reason"),
            cashier_id=cashier_id,
            at=money.AT,
        )


@pytest.mark.usefixtures("books")
class TestCloseTill:
    def test_posts_what_is_short(self) -> None:
        ana, sue = cashier("ana"), cashier("sue")
        till = opened(ana, "1")
        (account,) = money.accounts(1)
        take(till, ana, {account: 5_000}, "s1")
        assert queries.till(till).compared == ()

        self.count(till, ana, {"note_100": 1, "note_20": 2, "note_5": 1})
        seen = queries.till(till)
        assert (seen.expected_cents, seen.difference_cents) == (15_000, -500)
        closed = cashiering.close_till(till_id=till, approved_by_id=sue, at=money.AT)

        assert closed.is_closed
        over_short = ledger.the_gl_account_of(control_of="over_short")
        moved = {
            line.gl_account.code: line.balance_cents for line in ledger.trial_balance(money.DAY)
        }
        assert moved[over_short.code] == 500
        assert moved["101100"] == 4_500
        everything_holds()

    def test_may_be_counted_again(self) -> None:
        ben, sue = cashier("ben"), users.person("sue2")
        till = opened(ben, "2")

        assert self.count(till, ben, {"note_50": 1}) == 1
        assert self.count(till, ben, {"note_50": 2}) == 2
        closed = cashiering.close_till(till_id=till, approved_by_id=sue, at=money.AT)

        assert closed.difference_cents == 0
        everything_holds()

    def test_wants_another_person(self) -> None:
        cal = cashier("cal")
        till = opened(cal, "3")
        self.count(till, cal, {"note_100": 1})

        with pytest.raises(cashiering.ApproverIsTheCashier):
            cashiering.close_till(till_id=till, approved_by_id=cal, at=money.AT)

    def test_takes_no_money_once_counted(self) -> None:
        dee = cashier("dee")
        till = opened(dee, "4")
        (account,) = money.accounts(1)
        self.count(till, dee, {})

        with pytest.raises(cashiering.TillIsNotOpen):
            take(till, dee, {account: 100}, "t1")

    def test_wants_a_count_first(self) -> None:
        eve, sue = cashier("eve"), users.person("sue3")
        till = opened(eve, "5")

        with pytest.raises(cashiering.TillIsNotCounted):
            cashiering.close_till(till_id=till, approved_by_id=sue, at=money.AT)

    def count(self, till: int, cashier_id: int, pieces: dict[str, int]) -> int:
        return cashiering.count_till(
            till_id=till,
            pieces=pieces,
            totals={},
            cashier_id=cashier_id,
            at=money.AT,
        )

"""A till's day: open, take, void, count blind, close."""

from __future__ import annotations

import datetime

import pytest

from fisc.domain.cashiering import calculations as drawers
from fisc.domain.cashiering import operations as cashiering
from fisc.domain.cashiering import queries
from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import calculations as payment_sums
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from fisc.plumbing.action_log import queries as action_log
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

    def test_is_refused_where_another_till_was_paid_meanwhile(self) -> None:
        gus, hal = cashier("gus"), cashier("hal")
        tills = {gus: opened(gus, "7"), hal: opened(hal, "8")}
        (account,) = money.accounts(1)
        money.charge(account, "water", 900)

        def pay(by: int, *, seen: int, key: str) -> cashiering.Taken:
            return cashiering.take_payment(
                till_id=tills[by],
                key=key,
                basket=[cashiering.InBasket(account, 900, seen)],
                tenders=[money.tender("cash", 900)],
                cashier_id=by,
                at=money.AT,
            )

        first = pay(gus, seen=900, key="g")
        with pytest.raises(payment_sums.BalanceIsAnother) as refused:
            pay(hal, seen=900, key="h")
        sent_again = pay(gus, seen=900, key="g")
        confirmed = pay(hal, seen=0, key="h")
        with pytest.raises(payment_sums.BalanceIsAnother, match="changed since it was shown"):
            pay(gus, seen=0, key="i")

        assert refused.value.now_cents == {account: 0}
        assert sent_again.number == first.number
        assert confirmed.number == 1
        assert receivables.account_balance(account, as_of=money.DAY).balance_cents == -900
        everything_holds()

    def test_refuses_more_than_the_city_takes_by_one_means(self) -> None:
        ivy = cashier("ivy")
        till = opened(ivy, "9")
        (account,) = money.accounts(1)
        most = payments.tender_kinds()[money.code_id("cash", of="tender kind")].at_most_cents
        assert most is not None

        with pytest.raises(payment_sums.TenderIsTooMuch, match="more than a till takes"):
            take(till, ivy, {account: most + 1}, "i1")

        assert take(till, ivy, {account: most}, "i2").number == 1

    def test_refuses_a_float_beyond_the_citys_policy(self) -> None:
        jon = cashier("jon")

        with pytest.raises(drawers.FloatIsTooMuch, match=r"float of \$10,000,000,000,000\.00"):
            cashiering.open_till(
                name="10", cashier_id=jon, posting_day=money.DAY, float_cents=10**15, at=money.AT
            )

        assert queries.till_of(cashier_id=jon) is None

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

    def test_wants_a_reason_for_much_and_helps_to_find_it(self) -> None:
        fay, sue = cashier("fay2"), users.person("sue4")
        till = opened(fay, "6")
        (account,) = money.accounts(1)
        for cents in (5_400, 10_800, 2_700, 3_900, 9_300):
            take(till, fay, {account: cents}, f"f{cents}")
        queried = queries.till(till)
        assert queries.clues(queried) == []

        # 54 dollars short: one receipt is of it, one of twice and one of half of it, and 93.00
        # for 39.00 is off by 54.00 too.
        self.count(till, fay, {"note_100": 3, "note_50": 1, "note_5": 3, "note_1": 2})
        seen = queries.till(till)
        assert seen.difference_cents == -5_400
        assert [(each.number, each.clue) for each in queries.clues(seen)] == [
            (1, "same amount"),
            (2, "twice the difference"),
            (3, "half the difference"),
            (4, "digits swapped"),
            (5, "digits swapped"),
        ]
        with pytest.raises(drawers.DifferenceNeedsReason, match=r"More than \$24\.99"):
            cashiering.close_till(till_id=till, approved_by_id=sue, at=money.AT)
        closed = cashiering.close_till(
            till_id=till, approved_by_id=sue, at=money.AT, reason="A check was booked as cash"
        )

        assert closed.is_closed
        (noted, *_) = action_log.actions_on(subject_kind="till", subject_id=till)
        assert noted.why == "A check was booked as cash"
        everything_holds()

    def count(self, till: int, cashier_id: int, pieces: dict[str, int]) -> int:
        return cashiering.count_till(
            till_id=till,
            pieces=pieces,
            totals={},
            cashier_id=cashier_id,
            at=money.AT,
        )

"""Taking a payment: spread by the city's table, posted, and never taken twice."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection

from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import calculations, queries
from fisc.domain.payments.operations import returning
from fisc.domain.payments.operations import taking as payments
from fisc.domain.receivables import queries as receivables
from fisc.plumbing.idempotency import operations as idempotency
from tests.factories import money

LATE = money.DAY - datetime.timedelta(days=10)


def everything_holds() -> None:
    assert ledger.broken_entries() == []
    assert ledger.broken_trial_balance(datetime.date.max) == []
    assert receivables.broken_control_accounts() == []
    assert receivables.broken_open_items() == []
    assert queries.broken_payments() == []
    assert queries.broken_tenders_in_books() == []


def open_cents(account_id: int) -> dict[int, int]:
    return {each.item_id: each.open_cents for each in receivables.open_items(account_id)}


@pytest.mark.usefixtures("books")
class TestTakePayment:
    def test_settles_a_charge_and_gives_change(self) -> None:
        (account,) = money.accounts(1)
        item = money.charge(account, "water", 4_250)

        taken = money.pay({account: 4_250}, tenders=[money.tender("cash", 5_000)])

        assert (taken.total_cents, taken.change_cents) == (4_250, 750)
        assert open_cents(account) == {}
        (settled,) = queries.payment(taken.payment_id).settled
        assert (settled.item_id, settled.cents) == (item, 4_250)
        everything_holds()

    def test_pays_part_of_the_oldest_due_charge_of_one_priority(self) -> None:
        (account,) = money.accounts(1)
        newer = money.charge(account, "water", 1_000)
        older = money.charge(account, "water", 1_000, due_on=money.DAY)

        money.pay({account: 1_500})

        assert open_cents(account) == {newer: 500}
        assert older not in open_cents(account)
        everything_holds()

    def test_settles_the_highest_priority_of_the_citys_table_first(self) -> None:
        (account,) = money.accounts(1)
        codes = ["water", "sewer", "electric", "late_charge", "public_service_tax"]
        items = {money.code_id(code): money.charge(account, code, 100) for code in codes}
        priorities = queries.priorities(day=money.DAY, known_at=money.AT)
        ordered = sorted(items, key=lambda code: (-priorities[code, False], items[code]))

        money.pay({account: 200})

        assert sorted(open_cents(account)) == sorted(items[code] for code in ordered[2:])

    def test_keeps_what_was_overpaid_as_a_credit(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)

        money.pay({account: 1_700})

        balance = receivables.account_balance(account, as_of=money.DAY)
        assert (balance.balance_cents, balance.unapplied_cents) == (-700, 700)
        everything_holds()

    def test_spreads_three_tenders_over_two_accounts(self) -> None:
        first, second = money.accounts(2)
        money.charge(first, "water", 3_000)
        money.charge(first, "sewer", 1_000)
        money.charge(second, "electric", 2_000)

        taken = money.pay(
            {first: 4_000, second: 2_500},
            tenders=[
                money.tender("check", 3_500, "204"),
                money.tender("card", 1_000, "auth 77"),
                money.tender("cash", 2_100),
            ],
        )

        payment = queries.payment(taken.payment_id)
        assert [(each.kind, each.amount_cents) for each in payment.tenders] == [
            ("check", 3_500),
            ("card", 1_000),
            ("cash", 2_000),
        ]
        assert receivables.account_balance(first, as_of=money.DAY).balance_cents == 0
        assert receivables.account_balance(second, as_of=money.DAY).balance_cents == -500
        everything_holds()

    def test_is_harmless_asked_twice_with_one_key(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)

        first = money.pay({account: 400}, key="form/1")
        second = money.pay({account: 400}, key="form/1")

        assert second.is_repeat
        assert second.payment_id == first.payment_id
        assert receivables.account_balance(account, as_of=money.DAY).balance_cents == 600

    def test_refuses_a_key_that_stood_for_something_else(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 1_000)
        money.pay({account: 400}, key="form/2")

        with pytest.raises(idempotency.KeyUsedForOtherContent):
            money.pay({account: 500}, key="form/2")

        assert receivables.account_balance(account, as_of=money.DAY).balance_cents == 600

    @pytest.mark.parametrize(
        ("kind", "given", "basket", "refused"),
        [
            ("cash", 300, 400, calculations.TendersFallShort),
            ("check", 500, 400, calculations.NoChangeForThisTender),
            ("cash", 400, 0, calculations.NothingToPay),
            ("cash", 400, -400, calculations.NothingToPay),
        ],
    )
    def test_refuses_what_cannot_be_a_payment(
        self, kind: str, given: int, basket: int, refused: type[Exception]
    ) -> None:
        (account,) = money.accounts(1)

        with pytest.raises(refused):
            money.pay({account: basket}, tenders=[money.tender(kind, given)])

    def test_wants_the_number_of_a_check(self) -> None:
        (account,) = money.accounts(1)

        with pytest.raises(payments.ReferenceIsMissing):
            money.pay({account: 400}, tenders=[money.tender("check", 400, " ")])


@pytest.mark.usefixtures("books")
class TestPaymentsOfAccount:
    def test_are_the_latest_received_whatever_their_ids(self) -> None:
        (account,) = money.accounts(1)
        day, hour = datetime.timedelta(days=1), datetime.timedelta(hours=1)
        newest = money.pay({account: 300}, at=money.AT + hour).payment_id
        middle = money.pay({account: 200}).payment_id
        oldest = money.pay({account: 100}, day=money.DAY - day, at=money.AT + 2 * hour).payment_id

        assert queries.payments_of_account(account) == [newest, middle, oldest]
        assert queries.payments_of_account(account, limit=1) == [newest]


@pytest.mark.usefixtures("books")
class TestReturnTender:
    def test_undoes_its_own_shares_on_every_account(self) -> None:
        first, second = money.accounts(2)
        water = money.charge(first, "water", 3_000, due_on=LATE)
        electric = money.charge(second, "electric", 2_000, due_on=LATE)
        taken = money.pay(
            {first: 3_000, second: 2_000},
            tenders=[money.tender("check", 4_000, "12"), money.tender("cash", 1_000)],
        )
        check = queries.payment(taken.payment_id).tenders[0]

        returning.return_tender(
            tender_id=check.id,
            reason_code_id=money.code_id("NSF", of="return reason"),
            posting_day=money.DAY,
            made_by_id=None,
            made_at=money.AT,
        )

        assert open_cents(first) == {water: 3_000}
        assert open_cents(second) == {electric: 1_000}
        assert receivables.open_items(first)[0].due_on == LATE
        assert receivables.account_balance(first, as_of=money.DAY).past_due_cents == 3_000
        everything_holds()

    def test_takes_back_a_credit_that_was_spent_meanwhile(self) -> None:
        (account,) = money.accounts(1)
        taken = money.pay({account: 1_000}, tenders=[money.tender("check", 1_000)])
        (credit,) = receivables.open_items(account)
        item = money.charge(account, "water", 600)
        money.apply_credit(credit.item_id, item, 600)
        (check,) = queries.payment(taken.payment_id).tenders

        returning.return_tender(
            tender_id=check.id,
            reason_code_id=money.code_id("NSF", of="return reason"),
            posting_day=money.DAY,
            made_by_id=None,
            made_at=money.AT,
        )

        assert open_cents(account) == {item: 600}
        everything_holds()

    def test_refuses_a_tender_that_came_back_before(self) -> None:
        (account,) = money.accounts(1)
        taken = money.pay({account: 1_000})
        (cash,) = queries.payment(taken.payment_id).tenders
        asked: dict[str, Any] = {
            "tender_id": cash.id,
            "reason_code_id": money.code_id("NSF", of="return reason"),
            "posting_day": money.DAY,
            "made_by_id": None,
            "made_at": money.AT,
        }
        returning.return_tender(**asked)

        with pytest.raises(returning.TenderAlreadyReturned):
            returning.return_tender(**asked)

        everything_holds()


@pytest.mark.usefixtures("books")
class TestCardNumbers:
    def test_are_refused_by_the_database(self) -> None:
        (account,) = money.accounts(1)
        taken = money.pay({account: 400}, tenders=[money.tender("card", 400, "A-1")])

        with (
            pytest.raises(IntegrityError, match="tender_reference_is_no_card_number"),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "insert into payments_tender (payment_id, kind_id, amount_cents, given_cents,"
                " reference) select payment_id, kind_id, 1, 1, '4111 1111 1111 1111'"
                " from payments_tender where payment_id = %s",
                [taken.payment_id],
            )

    @pytest.mark.parametrize(
        "written",
        [
            "4111111111111111",
            "4111 1111 1111 1111",
            "card 4111-1111-1111-1111, Jane",
            "4111.1111.1111.1111",
            "378282246310005",
            "6011 0009 9013 9424",
            # A digit mistyped is a card's number all the same, and PostgreSQL refuses it too.
            "4111 1111 1111 1112",
        ],
    )
    def test_are_refused_in_words_that_do_not_repeat_them(self, written: str) -> None:
        (account,) = money.accounts(1)

        with pytest.raises(calculations.ReferenceIsACardNumber) as refused:
            money.pay({account: 400}, tenders=[money.tender("card", 400, written)])

        assert not any(each.isdigit() for each in str(refused.value))
        assert receivables.account_balance(account, as_of=money.DAY).unapplied_cents == 0

    @pytest.mark.parametrize(
        "written", ["1001", "A-1", "", "123456789012", "2026-03-10 / 1001", "ch_3N1kQ2eZvKYlo2C0"]
    )
    def test_are_not_seen_in_other_references(self, written: str) -> None:
        assert not calculations.could_be_a_card_number(written)

"""What is collected of a month is distributed, once, to the cent; later findings as differences."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading
from dataclasses import replace

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.distributions import operations
from fisc.domain.distributions.queries import distributions as queries
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import calculations as receivables
from fisc.domain.receivables.operations import charges
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, registering
from fisc.plumbing import transactions
from tests.factories import money, tax_returns
from tests.factories.tax_returns import AT

D = datetime.date
WHO = registering.By(user_id=None, at=AT, why="keyed from paper")
JULY, AUGUST, SEPTEMBER = D(2026, 7, 1), D(2026, 8, 1), D(2026, 9, 1)
DUE = D(2026, 8, 20)
BY = operations.By(user_id=None, at=AT)

pytestmark = pytest.mark.usefixtures("tax_city")


def filed(
    shop: int, hotel: int, *, amends: tuple[int, int] | None = None, day: datetime.date = DUE
) -> tuple[int, int]:
    """File July of an account with a shop and a hotel; returns the account and the return."""
    if amends is None:
        account_id = tax_returns.account()
        for of in ("17", "25"):
            registering.register(
                account_id=account_id,
                region="MS",
                business_class=of,
                days=periods.Period(starts_on=D(2026, 1, 1)),
                by=WHO,
            )
        registering.set_frequency(
            account_id=account_id, frequency="monthly", from_day=D(2026, 1, 1), by=WHO
        )
    else:
        account_id = amends[0]
    kept = filing.file_return(
        filing.Came(
            account_id=account_id,
            starts_on=JULY,
            received_on=day,
            is_electronic=False,
            lines=tuple(
                Line(region="MS", business_class=each, gross_cents=gross)
                for each, gross in (("17", shop), ("25", hotel))
            ),
            amends_id=None if amends is None else amends[1],
        ),
        by=WHO,
        posting_day=day,
    )
    return account_id, kept.return_id


def origin(return_id: int, *, day: datetime.date = DUE) -> receivables.Origin:
    return replace(
        money.origin(day=day, source_id=return_id),
        source_kind=ledger_choices.SourceKind.TAX_RETURN,
    )


def of(account_id: int, cents: int, code: str = "privilege_tax") -> receivables.Charge:
    return receivables.Charge(
        account_id=account_id,
        code_id=money.code_id(code),
        amount_cents=cents,
        arises_on=D(2026, 7, 31),
        due_on=D(2026, 8, 20),
    )


def charged(account_id: int, return_id: int, cents: int, code: str = "privilege_tax") -> int:
    with transactions.started():
        return charges.add_charges(
            charges=[of(account_id, cents, code)], origin=origin(return_id)
        ).item_ids[0]


def funds(month: datetime.date) -> dict[str, int]:
    return queries.by_fund(queries.of_month(month).amounts)


def revenue(code: str) -> int:
    """What a revenue account has been credited."""
    for line in ledger.trial_balance(datetime.date.max):
        if line.gl_account.code == code:
            return -line.balance_cents
    return 0


class TestDistribute:
    def test_a_month_is_shared_out_by_its_bases_and_posted_once(self) -> None:
        account_id, return_id = filed(1_000_000, 100_000)
        charged(account_id, return_id, 970, "tax_penalty")
        money.pay({account_id: 15_000 + 4_400}, day=D(2026, 8, 25))

        (made,) = operations.distribute(month=AUGUST, posting_day=SEPTEMBER, by=BY)

        # Retail 15,000 of 80 parts; hotel 4,400 of 3,520.
        assert made.collected_cents == 19_400
        assert funds(AUGUST) == {
            "general": 9_188 + 919,
            "transportation": 1_875 + 187,
            "preserve_land": 3_000 + 300,
            "public_safety": 937 + 94,
            "destination_marketing": 1_450,
            "tourism": 1_450,
        }
        assert revenue("319000") == 0
        assert revenue("319120") == 2_062
        assert operations.distribute(month=AUGUST, posting_day=SEPTEMBER, by=BY) == ()
        assert queries.outstanding(before=SEPTEMBER, known_at=AT) == {}
        assert queries.broken() == []
        assert ledger.broken_entries() == []

    def test_parts_paid_over_months_come_to_what_the_return_says(self) -> None:
        account_id, _return_id = filed(1_000_000, 100_000)
        for day, cents in ((D(2026, 9, 5), 101), (D(2026, 9, 9), 7), (D(2026, 10, 2), 19_292)):
            money.pay({account_id: cents}, day=day)

        made = operations.distribute(month=D(2026, 10, 1), posting_day=D(2026, 11, 1), by=BY)

        assert [(each.month, each.collected_cents) for each in made] == [
            (SEPTEMBER, 108),
            (D(2026, 10, 1), 19_292),
        ]
        bases = {
            basis: sum(
                each.collected_cents
                for month in (SEPTEMBER, D(2026, 10, 1))
                for each in queries.of_month(month).amounts
                if each.key.basis == basis
            )
            for basis in ("privilege", "lodging")
        }
        assert bases == {"privilege": 15_000, "lodging": 4_400}

    def test_what_is_taken_back_before_it_is_paid_was_never_collected(self) -> None:
        account_id, return_id = filed(1_000_000, 0)
        filed(0, 0, amends=(account_id, return_id), day=D(2026, 11, 2))

        assert queries.outstanding(before=D(2026, 12, 1), known_at=AT) == {}

    def test_what_is_taken_back_after_it_was_paid_leaves_the_funds_again(self) -> None:
        account_id, return_id = filed(1_000_000, 100_000)
        money.pay({account_id: 19_400}, day=D(2026, 11, 3))
        operations.distribute(month=D(2026, 11, 1), posting_day=D(2026, 12, 1), by=BY)
        before = funds(D(2026, 11, 1))
        filed(0, 0, amends=(account_id, return_id), day=D(2026, 12, 4))

        (made,) = operations.distribute(month=D(2026, 12, 1), posting_day=D(2027, 1, 2), by=BY)

        assert made.collected_cents == -19_400
        assert funds(D(2026, 12, 1)) == {fund: -cents for fund, cents in before.items()}

    def test_a_payment_posted_into_a_month_that_was_distributed_is_a_difference(self) -> None:
        account_id, _return_id = filed(1_000_000, 0)
        money.pay({account_id: 8_000}, day=D(2027, 1, 5))
        operations.distribute(month=D(2027, 1, 1), posting_day=D(2027, 2, 1), by=BY)
        money.pay({account_id: 7_000}, day=D(2027, 1, 30))

        (late,) = operations.distribute(month=D(2027, 2, 1), posting_day=D(2027, 3, 1), by=BY)

        assert (late.month, late.number, late.collected_cents) == (D(2027, 1, 1), 2, 7_000)
        assert sum(funds(D(2027, 1, 1)).values()) == 15_000
        assert funds(D(2027, 1, 1))["preserve_land"] == 3_000

    def test_an_amendment_collects_for_the_classes_that_it_raised(self) -> None:
        first = filed(1_000_000, 100_000)
        account_id, _amended = filed(1_000_000, 200_000, amends=first)
        money.pay({account_id: 23_800}, day=D(2027, 3, 9))

        operations.distribute(month=D(2027, 3, 1), posting_day=D(2027, 4, 1), by=BY)

        assert {
            each.key.basis: each.collected_cents for each in queries.of_month(D(2027, 3, 1)).amounts
        } == {"privilege": 15_000, "lodging": 8_800}

    def test_a_month_that_is_not_over_is_refused(self) -> None:
        with pytest.raises(operations.MonthIsNotOver, match=r"Give 2027-06-01 or later"):
            operations.distribute(month=D(2027, 5, 1), posting_day=D(2027, 5, 31), by=BY)


class TestTwoAtOnce:
    def test_distribute_a_month_once(self) -> None:
        account_id, _return_id = filed(1_000_000, 0)
        money.pay({account_id: 15_000}, day=D(2026, 8, 25))
        ready = threading.Barrier(2)

        def one() -> int:
            ready.wait()
            try:
                return len(operations.distribute(month=AUGUST, posting_day=SEPTEMBER, by=BY))
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(2) as both:
            made = [each.result() for each in [both.submit(one), both.submit(one)]]

        assert sorted(made) == [0, 1]
        assert len(queries.made(month=AUGUST)) == 1


class TestWalls:
    def test_shares_that_do_not_make_up_their_amount_are_refused(self) -> None:
        account_id, _return_id = filed(1_000_000, 0)
        money.pay({account_id: 15_000}, day=D(2026, 8, 25))
        operations.distribute(month=AUGUST, posting_day=SEPTEMBER, by=BY)

        with (
            pytest.raises(utils.IntegrityError, match="do not make it up"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "insert into distributions_share (amount_id, fund_id, share_cents)"
                " select amount_id, %s, 1 from distributions_share limit 1",
                [money.code_id("tourism", of="fund")],
            )
        with pytest.raises(utils.DatabaseError), connection.cursor() as cursor:
            cursor.execute("update distributions_share set share_cents = share_cents + 1")

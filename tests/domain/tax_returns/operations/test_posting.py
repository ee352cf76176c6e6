"""Returns in the books: what they charge, what amendments change, what lateness costs."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading

import pytest
from django.db import connection, utils

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as books
from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import charges
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.tax_returns import choices, explaining, models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, reckoning
from fisc.domain.tax_returns.queries import postings, returns
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
JULY = D(2026, 7, 1)
DUE, LAST_DAY = D(2026, 8, 20), D(2026, 8, 28)
Part = choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


def filed(
    account_id: int, *gross: int, on: datetime.date = DUE, posted: datetime.date | None = None,
    amends: int | None = None, starts_on: datetime.date = JULY, excess: int = 0,
) -> returns.Kept:  # fmt: skip
    """File the month's restaurant, then shop, receipts."""
    lines = tuple(
        Line(region="MS", business_class=of, gross_cents=cents)
        for of, cents in zip(("11", "17"), gross, strict=False)
    )
    came = filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=on,
        is_electronic=False,
        lines=lines,
        excess_tax_cents=excess,
        amends_id=amends,
    )
    return filing.file_return(came, by=BY, posting_day=posted or on)


def brought(account_id: int, on: datetime.date) -> reckoning.Reckoned:
    return reckoning.bring_up_to_date(
        account_id=account_id, starts_on=JULY, on=on, posting_day=on, by=BY
    )


def balance(account_id: int) -> int:
    return receivables.account_balance(account_id, as_of=D(2027, 1, 1)).balance_cents


def amounts(account_id: int) -> dict[int, int]:
    found = postings.standing(account_id, starts_on=JULY).amounts
    by_part: dict[int, int] = {}
    for key, cents in found.items():
        by_part[key.part] = by_part.get(key.part, 0) + cents
    return {part: cents for part, cents in by_part.items() if cents}


def assert_books_hold() -> None:
    assert ledger.broken_entries() == []
    assert ledger.broken_trial_balance(as_of=D(2027, 1, 1)) == []
    assert receivables.broken_control_accounts() == []
    assert receivables.broken_open_items() == []
    assert payments.broken_payments() == []


class TestPosting:
    def test_a_return_in_time_charges_its_tax_and_excess_due_on_the_due_day(self) -> None:
        account_id = tax_returns.filer()

        kept = filed(account_id, 500_000, 100_000, excess=450)

        items = receivables.open_items(account_id)
        codes = receivables.chart().codes
        assert [(codes[each.code_id], each.open_cents, each.due_on) for each in items] == [
            ("privilege_tax", 10_500, DUE),
            ("excess_tax", 450, DUE),
        ]
        assert {(each.source_kind, each.source_id) for each in items} == {(12, kept.return_id)}
        assert_books_hold()

    def test_a_zero_return_posts_nothing_and_is_filed(self) -> None:
        account_id = tax_returns.filer()

        filed(account_id)

        assert receivables.open_items(account_id) == []
        assert len(returns.versions_of(account_id, starts_on=JULY)) == 1

    def test_a_late_return_is_charged_penalty_and_interest_with_it(self) -> None:
        account_id = tax_returns.filer()

        filed(account_id, 500_000, on=D(2026, 9, 30))

        # Two months begun: 5% each to file, 10% to pay, 1% each of interest on 90.00.
        assert amounts(account_id) == {Part.TAX: 9_000, Part.PENALTY: 1_800, Part.INTEREST: 180}
        assert balance(account_id) == 10_980
        assert_books_hold()


class TestAmending:
    def test_an_amendment_upward_posts_the_difference_and_its_lateness(self) -> None:
        account_id = tax_returns.filer()
        first = filed(account_id, 500_000)
        tax_returns.paid(account_id, 9_000, on=DUE, posted=DUE)

        filed(account_id, 900_000, on=D(2026, 10, 1), amends=first.return_id)

        # 72.00 more, two months late in payment; it was filed in time.
        assert amounts(account_id) == {Part.TAX: 16_200, Part.PENALTY: 720, Part.INTEREST: 144}
        assert balance(account_id) == 7_200 + 720 + 144
        assert_books_hold()

    def test_an_amendment_downward_after_payment_leaves_a_credit_and_takes_lateness_back(
        self,
    ) -> None:
        account_id = tax_returns.filer()
        first = filed(account_id, 500_000, on=D(2026, 9, 10))
        # One month: 5% + 10% and 1% of 90.00.
        assert balance(account_id) == 9_000 + 1_350 + 90
        tax_returns.paid(account_id, 10_440, on=D(2026, 9, 10), posted=D(2026, 9, 10))
        assert balance(account_id) == 0

        filed(account_id, 300_000, on=D(2026, 10, 5), amends=first.return_id)

        assert amounts(account_id) == {Part.TAX: 5_400, Part.PENALTY: 810, Part.INTEREST: 54}
        assert balance(account_id) == -(3_600 + 540 + 36)
        assert_books_hold()

    def test_receipts_moved_to_another_class_keep_the_day_they_were_paid(self) -> None:
        account_id = tax_returns.filer()
        first = filed(account_id, 500_000)
        tax_returns.paid(account_id, 9_000, on=DUE, posted=DUE)

        filed(account_id, 0, 600_000, on=D(2026, 10, 5), amends=first.return_id)

        assert amounts(account_id) == {Part.TAX: 9_000}
        assert balance(account_id) == 0


class TestMeeting:
    def test_a_payment_before_its_return_settles_it_and_is_in_time(self) -> None:
        account_id = tax_returns.filer()
        tax_returns.paid(account_id, 9_500, on=D(2026, 8, 15), posted=D(2026, 8, 17))

        filed(account_id, 500_000, on=D(2026, 8, 27), posted=D(2026, 9, 25))

        assert amounts(account_id) == {Part.TAX: 9_000}
        assert balance(account_id) == -500
        assert_books_hold()

    def test_a_payment_of_an_earlier_day_takes_back_what_was_charged_since(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000)
        assert brought(account_id, D(2026, 9, 25)).posted_cents == 900 + 180
        tax_returns.paid(account_id, 9_000, on=DUE, posted=D(2026, 9, 26))

        brought(account_id, D(2026, 9, 26))

        assert balance(account_id) == 0
        assert amounts(account_id) == {Part.TAX: 9_000}
        assert_books_hold()


class TestBringUpToDate:
    def test_each_month_begun_adds_and_asking_twice_adds_nothing(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000)

        assert brought(account_id, LAST_DAY).posted_cents == 0
        assert brought(account_id, D(2026, 8, 29)).posted_cents == 900 + 90
        assert brought(account_id, D(2026, 9, 20)).posted_cents == 0
        assert brought(account_id, D(2026, 9, 21)).posted_cents == 90
        assert brought(account_id, D(2026, 9, 21)).posted_cents == 0
        # An earlier day gives nothing back.
        assert brought(account_id, D(2026, 9, 1)).posted_cents == 0
        assert balance(account_id) == 9_000 + 900 + 180
        assert_books_hold()

    def test_a_check_that_comes_back_is_as_if_it_had_not_come(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000)
        payment_id = tax_returns.paid(account_id, 9_000, on=DUE, posted=DUE)
        brought(account_id, D(2026, 9, 1))
        assert balance(account_id) == 0
        tax_returns.bounced(payment_id, on=D(2026, 9, 5))

        brought(account_id, D(2026, 9, 5))

        assert amounts(account_id) == {Part.TAX: 9_000, Part.PENALTY: 900, Part.INTEREST: 90}
        assert balance(account_id) == 9_990
        assert_books_hold()

    def test_a_period_without_a_return_is_refused(self) -> None:
        with pytest.raises(reckoning.NothingIsFiled, match="from 2026-07-01 was filed"):
            brought(tax_returns.filer(), D(2026, 9, 5))


def why(account_id: int, part: Part, language: str = "en") -> list[explanations.Why]:
    items = postings.standing(account_id, starts_on=JULY).items
    return [
        explaining.why_item(each.item_id, language=language)
        for each in items
        if each.key.part == part
    ]


class TestWhy:
    def test_each_penalty_and_interest_says_what_was_charged_before(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000, on=D(2026, 9, 10))

        brought(account_id, D(2026, 9, 21))

        (penalty,) = why(account_id, Part.PENALTY)
        assert (penalty.value, penalty.is_equal) == ("$13.50", True)
        first, second = why(account_id, Part.INTEREST)
        assert (first.value, second.value) == ("$0.90", "$0.90")
        assert first.is_equal
        assert second.is_equal
        assert second.sentence.endswith("$0.90 is $1.80 less the $0.90 posted before.")
        assert [each.amount_cents for each in second.pieces] == [180, -90]

    def test_a_tax_says_its_classes_and_what_the_version_before_posted(self) -> None:
        account_id = tax_returns.filer()
        first = filed(account_id, 500_000, 100_000)
        filed(account_id, 400_000, 100_000, amends=first.return_id)

        charged, credited = why(account_id, Part.TAX, "es")

        assert (charged.value, credited.value) == ("$105.00", "-$18.00")
        assert charged.is_equal
        assert credited.is_equal
        assert [(each.words, each.amount_cents) for each in credited.pieces] == [
            ("clase 11, región MS", 7_200),
            ("clase 17, región MS", 1_500),
            ("asentado antes", -10_500),
        ]

    def test_an_item_of_something_else_is_refused(self) -> None:
        with pytest.raises(postings.NoSuchPosting, match="comes of no tax return"):
            explaining.why_item(0, language="en")


class TestWalls:
    @pytest.mark.parametrize("table", ["posted", "reckoning"])
    @pytest.mark.parametrize("statement", ["delete from tax_returns_{}", "truncate tax_returns_{}"])
    def test_the_role_that_serves_takes_nothing_away(self, statement: str, table: str) -> None:
        with (
            pytest.raises(utils.ProgrammingError, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    def test_no_row_says_that_an_item_is_of_another_amount(self) -> None:
        account_id = tax_returns.filer()
        kept = filed(account_id, 500_000)
        with transactions.started():
            written = charges.add_charges(
                charges=[
                    charges.Charge(
                        account_id=account_id,
                        code_id=code_lists.code("charge", "privilege_tax").id,
                        amount_cents=100,
                        arises_on=DUE,
                        due_on=DUE,
                    )
                ],
                origin=charges.Origin(
                    posting_day=DUE, source_kind=0, source_id=0, made_by_id=None, made_at=AT
                ),
            )

        with (
            pytest.raises(utils.IntegrityError, match="none of that account, amount and return"),
            transactions.started(),
        ):
            models.Posted.objects.create(
                item_id=written.item_ids[0],
                account_id=account_id,
                starts_on=JULY,
                tax_return_id=kept.return_id,
                part=Part.TAX,
                cents=-100,
            )


class TestTogether:
    def test_one_period_filed_twice_at_once_keeps_one_and_shows_it(self) -> None:
        account_id = tax_returns.filer()
        together = threading.Barrier(2)

        def file(gross: int) -> str:
            together.wait(timeout=20)
            try:
                filed(account_id, gross)
            except filing.IsFiledAlready as refused:
                return str(refused)
            finally:
                connection.close()
            return "kept"

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = list(pool.map(file, (500_000, 600_000)))

        assert found.count("kept") == 1
        (kept,) = returns.versions_of(account_id, starts_on=JULY)
        assert balance(account_id) == kept.tax_due_cents
        assert "Version 1 of the return" in next(each for each in found if each != "kept")
        assert_books_hold()

    def test_payments_and_reckonings_at_once_do_not_wait_in_a_ring(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000)
        together = threading.Barrier(4)

        def work(number: int) -> None:
            together.wait(timeout=20)
            try:
                for turn in range(5):
                    if number % 2:
                        day = D(2026, 9, 1 + turn)
                        tax_returns.paid(account_id, 1_000, on=day, posted=day)
                    else:
                        brought(account_id, D(2026, 9, 21))
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(work, range(4)))

        brought(account_id, D(2026, 9, 21))
        tax = postings.standing(account_id, starts_on=JULY)
        assert balance(account_id) == sum(tax.amounts.values()) - 10_000
        assert_books_hold()

    def test_a_failure_after_the_posting_leaves_nothing(self) -> None:
        account_id = tax_returns.filer()

        sealed = D(2020, 1, 1)
        books.seal_day(posting_day=sealed, at=AT)

        with pytest.raises(books.DayIsSealed):
            filed(account_id, 500_000, posted=sealed)

        assert returns.versions_of(account_id, starts_on=JULY) == ()
        assert receivables.open_items(account_id) == []

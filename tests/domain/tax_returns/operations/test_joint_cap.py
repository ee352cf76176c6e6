"""A cap on penalty and interest together: in the books, alone and with many, and in words."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.rule_tables.operations import versions
from fisc.domain.tax_returns import choices, explaining
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, reckoning, reckoning_in_bulk
from fisc.domain.tax_returns.queries import postings
from fisc.plumbing import transactions
from tests import databases
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY
from tests.keyed_laws import laws

D = datetime.date
JULY, LATE = D(2026, 7, 1), D(2026, 9, 10)
# Due 20 August 2026: the eighth month has begun.
ON = D(2027, 4, 10)
Part = choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


@pytest.fixture(scope="class", autouse=True)
def joint_cap(tax_city: databases.CityDatabase) -> None:
    """Put a law in force by which both together are at most 30% of the tax."""
    assert tax_city.name
    with transactions.started():
        version_id = versions.draft(
            of=versions.Draft(
                book="Cap on lateness",
                decision_point=points.LATE_TOTALS.name,
                file_name="tax_returns.late_totals.joint_cap.dmn",
                content=(laws.TABLES / "tax_returns.late_totals.joint_cap.dmn").read_bytes(),
                effective=periods.Period(starts_on=D(2020, 1, 1)),
                author="Ada",
                reason="An ordinance",
                citation="Ordinance 15",
            ),
            at=AT,
        )
        versions.put_in_test(version_id=version_id, at=AT)
        versions.approve(version_id=version_id, approver="Grace", at=AT)


def late() -> int:
    """An account with July's 90.00, filed in September and not paid."""
    account_id = tax_returns.filer()
    came = filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=LATE,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=500_000),),
    )
    filing.file_return(came, by=BY, posting_day=LATE)
    return account_id


def charged(account_id: int) -> tuple[int, int]:
    there = postings.standing(account_id, starts_on=JULY)
    return there.charged(Part.PENALTY), there.charged(Part.INTEREST)


class TestAJointCap:
    def test_leaves_what_is_below_it(self) -> None:
        # 5% to file, 10% to pay, 1% of interest: 16 of 30.
        assert charged(late()) == (1_350, 90)

    def test_takes_off_the_interest_what_is_beyond_it_and_says_so(self) -> None:
        account_id = late()

        reckoning.bring_up_to_date(
            account_id=account_id, starts_on=JULY, on=ON, posting_day=ON, by=BY
        )

        # One month to file and the payment penalty stay 13.50; eight months are 7.20: 20.70 of
        # 27.00, so nothing yet. In two years 24% of interest would be 21.60: 13.50 are left.
        assert charged(account_id) == (1_350, 720)
        later = D(2028, 8, 10)
        reckoning.bring_up_to_date(
            account_id=account_id, starts_on=JULY, on=later, posting_day=later, by=BY
        )
        assert charged(account_id) == (1_350, 1_350)
        items = postings.standing(account_id, starts_on=JULY).items
        newest = max(each.item_id for each in items if each.key.part == Part.INTEREST)
        for language, words in (("en", "cap on penalty"), ("es", "tope de multa")):
            why = explaining.why_item(newest, language=language)
            assert why.is_equal
            assert any(words in each.words for each in why.pieces)
            assert [each.amount_cents for each in why.pieces][-2:] == [-810, -720]

    def test_is_the_same_in_the_run_for_many(self) -> None:
        account_id = late()
        later = D(2028, 8, 10)

        with transactions.started():
            reckoning_in_bulk.bring_chunk_up_to_date(
                bucket_from=account_id % 4096,
                bucket_before=account_id % 4096 + 1,
                since=D(2026, 1, 1),
                of=reckoning_in_bulk.Of(run_id=9, chunk=1, posting_day=later, at=AT),
            )

        assert charged(account_id) == (1_350, 1_350)

"""What returns come to, in which quarter, and what of it others may see."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.tax_analysis import choices, operations
from fisc.domain.tax_analysis.calculations import suppression
from fisc.domain.tax_analysis.queries import disclosures, figures
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, registering
from tests.factories import tax_returns, users
from tests.factories.tax_returns import AT

D = datetime.date
WHO = registering.By(user_id=None, at=AT, why="keyed from paper")
YEAR = figures.Asked(2025)
TAX = choices.Measure.TAX

pytestmark = pytest.mark.usefixtures("tax_city")


def filer(frequency: str, *classes: str) -> int:
    account_id = tax_returns.account()
    for of in classes:
        registering.register(
            account_id=account_id,
            region="MS",
            business_class=of,
            days=periods.Period(starts_on=D(2024, 1, 1)),
            by=WHO,
        )
    registering.set_frequency(
        account_id=account_id, frequency=frequency, from_day=D(2024, 1, 1), by=WHO
    )
    return account_id


def filed(
    account_id: int,
    starts_on: datetime.date,
    received_on: datetime.date,
    amends: int | None = None,
    **gross: int,
) -> int:
    """File a return with gross receipts by class, as in c17=100_000, and return its number."""
    lines = tuple(
        Line(region="MS", business_class=name[1:], gross_cents=cents)
        for name, cents in gross.items()
    )
    came = filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=received_on,
        is_electronic=True,
        lines=lines,
        amends_id=amends,
    )
    return filing.file_return(came, by=WHO, posting_day=received_on).return_id


class TestTiming:
    def test_by_the_period_earned_a_year_s_return_is_spread_over_its_months(self) -> None:
        filed(filer("annual", "17"), D(2025, 1, 1), D(2026, 1, 20), c17=100_000)

        found = figures.table(YEAR, limits=None)

        # Tax of 1,500 over twelve months: 125 each.
        assert [found.cents(("17", q), TAX) for q in (*figures.QUARTERS, None)] == [
            375, 375, 375, 375, 1_500,
        ]  # fmt: skip
        assert found.rows == ("17",)

    def test_by_the_day_received_it_counts_when_it_came_and_amendments_by_the_change(self) -> None:
        account_id = filer("monthly", "11")
        first = filed(account_id, D(2025, 3, 1), D(2025, 4, 15), c11=100_000)
        filed(account_id, D(2025, 3, 1), D(2025, 8, 1), amends=first, c11=50_000)

        received = figures.table(replace(YEAR, timing=choices.Timing.RECEIVED), limits=None)
        earned = figures.table(YEAR, limits=None)

        assert [received.cents(("11", q), TAX) for q in figures.QUARTERS] == [0, 1_800, -900, 0]
        assert [earned.cents(("11", q), TAX) for q in figures.QUARTERS] == [900, 0, 0, 0]

    def test_rows_make_up_their_totals_by_place_and_area_too(self) -> None:
        filed(filer("monthly", "17"), D(2025, 5, 1), D(2025, 6, 15), c17=333_333)

        for by in choices.By:
            found = figures.table(replace(YEAR, by=by), limits=None)
            for measure in choices.MEASURES:
                quarters = [
                    sum(found.cents((row, q), measure) or 0 for row in found.rows)
                    for q in figures.QUARTERS
                ]
                assert quarters == [found.cents((None, q), measure) for q in figures.QUARTERS]
                assert sum(quarters) == found.cents((None, None), measure)

    def test_who_came_to_the_most_comes_first(self) -> None:
        filed(filer("monthly", "25"), D(2025, 5, 1), D(2025, 6, 15), c25=90_000_000)

        first, *_ = figures.payers(YEAR, limit=5)

        assert (first.gross_cents, first.tax_cents) == (90_000_000, 3_960_000)


class TestWhatOthersSee:
    def test_a_class_of_one_filer_is_kept_back_and_leaves_with_a_reason(self) -> None:
        for gross in (100_000, 110_000, 120_000, 130_000, 140_000, 150_000):
            filed(filer("monthly", "17"), D(2025, 2, 1), D(2025, 3, 15), c17=gross)
            filed(filer("monthly", "13"), D(2025, 2, 1), D(2025, 3, 15), c13=gross)
        filed(filer("monthly", "12"), D(2025, 2, 1), D(2025, 3, 15), c12=1_000)
        person = users.person("analyst")

        table = operations.disclose(
            YEAR,
            to=operations.Purpose("public", "The Mesquite Herald", "records request 12"),
            taken_as="csv",
            by_id=person,
            at=AT,
            day=D(2026, 10, 3),
        )

        assert table.cents(("12", "1"), TAX) is None
        assert table.filers(("12", "1")) is None
        assert table.kept_back["12", None] is suppression.Why.FEW
        assert table.cents((None, None), TAX) is not None
        (kept,) = disclosures.disclosures(limit=5)
        assert (kept.for_whom, kept.why) == ("The Mesquite Herald", "records request 12")
        assert kept.kept_back == len(table.kept_back) > 2
        with pytest.raises(utils.DatabaseError), connection.cursor() as cursor:
            cursor.execute("delete from tax_analysis_disclosure")

    def test_nothing_leaves_without_saying_for_whom(self) -> None:
        with pytest.raises(operations.PurposeIsMissing, match="Say for whom"):
            operations.disclose(
                YEAR,
                to=operations.Purpose("public", " ", "because"),
                taken_as="csv",
                by_id=1,
                at=AT,
                day=D(2026, 10, 3),
            )

"""What the tax of some months makes in a year, worked out by hand."""

from __future__ import annotations

import pytest

from fisc.domain.tax_returns.calculations import liabilities


@pytest.mark.parametrize(
    ("tax", "months", "annual"),
    [
        # A whole year is what it is; 360,000 of nine months is 40,000 a month.
        (360_000, 12, 360_000),
        (360_000, 9, 480_000),
        # 1,000 / 7 * 12 = 1,714.28...; 5 / 8 * 12 = 7.5, and a half goes up.
        (1_000, 7, 1_714),
        (5, 8, 8),
        # More was credited than was owed.
        (-1_200, 12, 0),
    ],
)
def test_fewer_months_stand_for_a_year(tax: int, months: int, annual: int) -> None:
    assert liabilities.annual_cents(tax, months_known=months) == annual

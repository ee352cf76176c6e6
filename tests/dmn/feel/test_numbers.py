"""Exact sums: what the compatibility kit, comparing within 1e-8, would not notice."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, strategies

from fisc.dmn.feel import numbers
from tests.dmn.feel import answers


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # The surprises of the standard.
        ("-5 ** 2", "25"),
        ("3 ** 4 ** 5", "3486784401"),
        ("round half up(-5.5, 0)", "-6"),
        ("decimal(2.5, 0)", "2"),
        ("1 / 0", "null"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0." + "3" * 34),
        ("10 ** 6145", "null"),
        ("1.10 * 1", "1.1"),
    ],
)
def test_sums_follow_the_standard(expression: str, expected: str) -> None:
    assert answers.text(expression) == expected


@pytest.mark.parametrize(
    ("amount", "half_up", "half_down", "half_even", "up", "down", "floor", "ceiling"),
    [
        ("0.005", "0.01", "0.00", "0.00", "0.01", "0.00", "0.00", "0.01"),
        ("0.015", "0.02", "0.01", "0.02", "0.02", "0.01", "0.01", "0.02"),
        ("-0.005", "-0.01", "0.00", "0.00", "-0.01", "0.00", "-0.01", "0.00"),
        ("1000000.015", *("1000000.02", "1000000.01", "1000000.02"),
         *("1000000.02", "1000000.01", "1000000.01", "1000000.02")),
        ("7.4999", "7.50", "7.50", "7.50", "7.50", "7.49", "7.49", "7.50"),
    ],
)  # fmt: skip
def test_half_a_cent_goes_where_the_table_says(
    amount: str,
    half_up: str,
    half_down: str,
    half_even: str,
    up: str,
    down: str,
    floor: str,
    ceiling: str,
) -> None:
    ways = ("round half up", "round half down", "decimal", "round up", "round down", "floor")

    rounded = [answers.value(f"{way}(amount, 2)", amount=Decimal(amount)) for way in ways]

    assert rounded == [Decimal(each) for each in (half_up, half_down, half_even, up, down, floor)]
    assert answers.value("ceiling(amount, 2)", amount=Decimal(amount)) == Decimal(ceiling)


def test_a_third_kept_too_long_loses_half_a_cent() -> None:
    assert answers.text("round half up(210 * (1 / 28), 1)") == "7.5"
    assert answers.text("round half up(210 * (1 / 28), 0)") == "7"
    assert answers.text("round half up(210 / 28, 0)") == "8"


@given(
    amount=strategies.decimals(
        min_value=Decimal("-1e12"), max_value=Decimal("1e12"), allow_nan=False, places=6
    ),
    scale=strategies.integers(min_value=-3, max_value=6),
)
def test_rounding_half_up_agrees_with_the_decimal_module(amount: Decimal, scale: int) -> None:
    expected = amount.quantize(Decimal((0, (1,), -scale)), ROUND_HALF_UP)

    assert answers.value(f"round half up(amount, {scale})", amount=amount) == expected


@given(cents=strategies.lists(strategies.integers(-(10**15), 10**15), min_size=1, max_size=30))
def test_sums_of_cents_are_exact(cents: list[int]) -> None:
    amounts = [Decimal(each).scaleb(-2) for each in cents]

    assert answers.value("sum(amounts)", amounts=amounts) == Decimal(sum(cents)).scaleb(-2)


@pytest.mark.parametrize(
    ("value", "written"),
    [("0.00", "0"), ("-0", "0"), ("1E+3", "1000"), ("0.10", "0.1"), ("-12.50", "-12.5")],
)
def test_numbers_are_written_without_exponent_or_needless_zeros(value: str, written: str) -> None:
    assert numbers.text(Decimal(value)) == written

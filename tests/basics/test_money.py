from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.basics import money


class TestFormatted:
    @pytest.mark.parametrize(
        ("cents", "written"),
        [
            (0, "0.00"),
            (5, "0.05"),
            (-5, "-0.05"),
            (123_456, "1,234.56"),
            (-100_000_000, "-1,000,000.00"),
        ],
    )
    def test_writes_dollars_and_cents(self, cents: int, written: str) -> None:
        assert money.formatted(cents) == written

    @given(st.integers(min_value=-(10**12), max_value=10**12))
    def test_is_read_back_as_written(self, cents: int) -> None:
        assert money.parsed(money.formatted(cents)) == cents


class TestParsed:
    @pytest.mark.parametrize("text", ["", "1.2", "1,23.00", "12.345", "1e3", "--1", "1 000", "١٢"])
    def test_refuses_what_is_no_amount(self, text: str) -> None:
        with pytest.raises(money.NotAnAmount):
            money.parsed(text)


class TestSplitByLargestRemainder:
    def test_gives_the_odd_unit_to_the_largest_remainder(self) -> None:
        assert money.split_by_largest_remainder(100, weights=[15, 30]) == [33, 67]

    def test_gives_it_to_the_earlier_of_equals(self) -> None:
        assert money.split_by_largest_remainder(1, weights=[1, 1]) == [1, 0]

    def test_refuses_to_split_by_nothing(self) -> None:
        with pytest.raises(money.NothingToSplitBy):
            money.split_by_largest_remainder(100, weights=[0, 0])

    @given(
        st.integers(min_value=-(10**9), max_value=10**9),
        st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=6).filter(any),
    )
    def test_parts_add_up(self, total: int, weights: list[int]) -> None:
        parts = money.split_by_largest_remainder(total, weights=weights)

        assert sum(parts) == total
        assert all(abs(part) <= abs(total) for part in parts)

from __future__ import annotations

import datetime

import pytest

from fisc.domain.tax_returns.calculations import months

D = datetime.date


@pytest.mark.parametrize(
    ("due_on", "day", "count"),
    [
        (D(2024, 3, 20), D(2024, 3, 20), 0),
        (D(2024, 3, 20), D(2024, 3, 1), 0),
        (D(2024, 3, 20), D(2024, 3, 21), 1),
        (D(2024, 3, 20), D(2024, 4, 20), 1),
        (D(2024, 3, 20), D(2024, 4, 21), 2),
        (D(2024, 12, 20), D(2025, 1, 21), 2),
        # From the last day of a month, and over 29 February.
        (D(2024, 1, 31), D(2024, 2, 29), 1),
        (D(2024, 1, 31), D(2024, 3, 1), 2),
        (D(2023, 1, 31), D(2023, 2, 28), 1),
        (D(2023, 1, 31), D(2023, 3, 1), 2),
        (D(2024, 2, 29), D(2025, 2, 28), 12),
        (D(2024, 2, 29), D(2025, 3, 1), 13),
    ],
)
def test_a_month_begun_counts(due_on: datetime.date, day: datetime.date, count: int) -> None:
    assert months.begun(due_on, day) == count


def test_months_of_thirty_days_add_up_wherever_they_are_cut() -> None:
    first, last = D(2023, 12, 20), D(2024, 3, 31)
    whole = months.days_by_30(first, last)

    assert whole == 100
    for number in range((last - first).days):
        cut = first + datetime.timedelta(days=number)
        assert months.days_by_30(first, cut) + months.days_by_30(cut, last) == whole

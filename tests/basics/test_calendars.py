from __future__ import annotations

from datetime import date

import pytest

from fisc.basics import calendars

OFFICE = calendars.Calendar(
    name="office",
    covers_from=date(2026, 1, 1),
    covers_before=date(2027, 1, 1),
    closed_weekdays=frozenset({6, 7}),
    closed_days=frozenset({date(2026, 11, 26), date(2026, 11, 27)}),
)


class TestCalendar:
    def test_rolls_over_a_holiday_and_a_weekend(self) -> None:
        assert OFFICE.open_on_or_after(date(2026, 11, 26)) == date(2026, 11, 30)

    def test_rolls_back(self) -> None:
        assert OFFICE.open_on_or_before(date(2026, 11, 29)) == date(2026, 11, 25)

    def test_counts_open_days_only(self) -> None:
        assert OFFICE.after_open_days(date(2026, 11, 25), count=2) == date(2026, 12, 1)

    def test_says_when_it_runs_out(self) -> None:
        with pytest.raises(calendars.CalendarRunsOut, match="covers 2026-01-01"):
            OFFICE.is_open(date(2027, 1, 1))

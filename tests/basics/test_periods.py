from __future__ import annotations

from datetime import date

import pytest

from fisc.basics import periods

MARCH = periods.month(2026, 3)


class TestPeriod:
    def test_counts_its_days(self) -> None:
        assert MARCH.days == 31
        assert periods.month(2026, 12).ends_before == date(2027, 1, 1)

    def test_refuses_to_hold_no_day(self) -> None:
        with pytest.raises(periods.PeriodIsEmpty):
            periods.Period(starts_on=date(2026, 3, 1), ends_before=date(2026, 3, 1))

    def test_holds_its_first_day_and_not_the_one_it_ends_before(self) -> None:
        assert MARCH.holds(date(2026, 3, 1))
        assert not MARCH.holds(date(2026, 4, 1))

    def test_overlaps_an_open_period(self) -> None:
        found = MARCH.overlap(periods.Period(starts_on=date(2026, 3, 20)))

        assert found == periods.Period(starts_on=date(2026, 3, 20), ends_before=date(2026, 4, 1))

    def test_does_not_overlap_the_month_after(self) -> None:
        assert MARCH.overlap(periods.month(2026, 4)) is None

    def test_is_cut_into_parts_that_add_up(self) -> None:
        days = [date(2026, 3, 16), date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 16)]

        parts = MARCH.cut(days)

        assert [part.days for part in parts] == [15, 16]

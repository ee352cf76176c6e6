"""Where the bars and dots of a picture stand."""

from __future__ import annotations

import datetime

from fisc.interfaces.web.accounts import charts


def period(month: int, *, usage_milli: int, charge_cents: int) -> charts.Period:
    return charts.Period(
        ends_on=datetime.date(2026, month, 28), usage_milli=usage_milli, charge_cents=charge_cents
    )


class TestAChart:
    def test_of_nothing_has_no_bars(self) -> None:
        assert charts.draw([], unit="kgal").bars == ()

    def test_draws_twice_the_usage_twice_as_high(self) -> None:
        drawn = charts.draw(
            [
                period(1, usage_milli=3000, charge_cents=2000),
                period(2, usage_milli=6000, charge_cents=4000),
            ],
            unit="kgal",
        )

        low, high = drawn.bars
        assert high.height == 2 * low.height
        assert low.y + low.height == high.y + high.height == drawn.base

    def test_has_marks_that_divide_evenly(self) -> None:
        drawn = charts.draw([period(1, usage_milli=7300, charge_cents=5511)], unit="kgal")

        assert [tick.usage for tick in drawn.ticks] == [0, 2, 4, 6, 8]
        assert [tick.charge_cents for tick in drawn.ticks] == [0, 2000, 4000, 6000, 8000]

    def test_stays_inside_its_frame(self) -> None:
        drawn = charts.draw(
            [
                period(month, usage_milli=month * 1_000_000, charge_cents=month * 99_999)
                for month in range(1, 13)
            ],
            unit="kWh",
        )

        assert all(bar.y >= charts.TOP and bar.dot_y >= charts.TOP for bar in drawn.bars)
        assert all(bar.x + bar.width <= drawn.right for bar in drawn.bars)

    def test_draws_nothing_below_the_base_for_a_credit(self) -> None:
        drawn = charts.draw([period(1, usage_milli=0, charge_cents=-500)], unit="kgal")

        assert drawn.bars[0].height == 0
        assert drawn.bars[0].dot_y == drawn.base

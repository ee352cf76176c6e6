from __future__ import annotations

import numpy as np

from fisc.processes.demonstration import population


class TestPeople:
    def test_are_the_same_every_time(self) -> None:
        once, again = (population.people(accounts=300) for _ in range(2))

        assert once.names == again.names
        assert np.array_equal(once.water_milli, again.water_milli)

    def test_of_a_larger_city_begin_with_those_of_a_smaller(self) -> None:
        small, large = population.people(accounts=50), population.people(accounts=500)

        assert large.names[:50] == small.names
        assert large.payers[:50].tolist() == small.payers.tolist()

    def test_live_at_different_places(self) -> None:
        city = population.people(accounts=5000)

        places = set(zip(city.house_numbers.tolist(), city.streets.tolist(), strict=True))

        assert len(places) == 5000

    def test_pay_in_every_way(self) -> None:
        city = population.people(accounts=1000)

        assert set(city.payers.tolist()) == set(population.Payer)


class TestPaying:
    def test_follows_how_each_pays(self) -> None:
        kinds = population.Payer
        payers = np.array([kinds.PROMPT, kinds.PARTIAL, kinds.LATE])
        owed = np.array([12_345, 12_345, 12_345])

        cents, days = population.paying(
            payers=payers, owed_cents=owed, late_cents=owed - 5000, months_before=1
        )

        assert cents[0] == 12_345
        assert 0 < cents[1] < 12_345
        assert (cents[2], days[2]) == (7_345, population.LATE_DAYS)

    def test_some_pay_ahead(self) -> None:
        payers = np.full(500, population.Payer.AHEAD)
        owed = np.full(500, 12_345)

        cents, _ = population.paying(
            payers=payers, owed_cents=owed, late_cents=owed, months_before=1
        )

        assert set(cents.tolist()) == {12_345, 15_000}

    def test_pays_nothing_where_nothing_is_owed(self) -> None:
        payers = np.array([population.Payer.PROMPT, population.Payer.AHEAD])
        nothing = np.array([0, 0])

        cents, _ = population.paying(
            payers=payers, owed_cents=nothing, late_cents=nothing, months_before=1
        )

        assert cents.tolist() == [0, 0]


def test_summer_uses_more_water_than_winter() -> None:
    middle = population.people(accounts=500).water_milli

    july, january = (
        population.month_of_use(
            middle_milli=middle, season=population.WATER_SEASON, month=month, days=30,
            months_before=3,
        )
        for month in (7, 1)
    )  # fmt: skip

    assert july.sum() > january.sum()

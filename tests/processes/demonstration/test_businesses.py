from __future__ import annotations

import datetime

import numpy as np

from fisc.domain.party_identifiers import calculations as identifiers
from fisc.processes.demonstration import businesses, returns_due, tax_calendar, trades

TODAY = datetime.date(2026, 11, 25)


def filing(count: int) -> returns_due.Filing:
    return returns_due.Filing(
        city=businesses.city(businesses=count),
        often=["monthly", "quarterly", "annual"] * (count // 3),
        first_account=1000,
        since=[datetime.date(2024, 1, 1)] * count,
        today=TODAY,
    )


class TestBusinesses:
    def test_are_the_same_every_time(self) -> None:
        once, again = (businesses.city(businesses=200) for _ in range(2))

        assert once.names == again.names
        assert np.array_equal(once.year_cents, again.year_cents)

    def test_of_a_larger_city_begin_with_those_of_a_smaller(self) -> None:
        small, large = businesses.city(businesses=30), businesses.city(businesses=300)

        assert large.names[:30] == small.names
        assert large.filers[:30].tolist() == small.filers.tolist()

    def test_have_names_and_numbers_of_their_own(self) -> None:
        city = businesses.city(businesses=3000)

        assert len(set(city.names)) == 3000
        assert len({identifiers.ein(each).text for each in city.employer_numbers}) == 3000

    def test_file_and_pay_in_every_way(self) -> None:
        city = businesses.city(businesses=1000)

        assert set(city.filers.tolist()) == set(businesses.Filer)


class TestReturnsOfAMonth:
    def test_come_once_for_each_period_that_is_not_missed(self) -> None:
        city = filing(300)

        came = [
            (each.came.account_id, each.came.starts_on)
            for month in tax_calendar.months(today=TODAY, months=12)
            for each in returns_due.of_month(city, month=month, last=TODAY)
            if not each.is_amendment
        ]

        assert len(came) == len(set(came)) > 0

    def test_of_one_period_differ_from_its_amendment(self) -> None:
        city = filing(600)

        amended = [
            each.came
            for month in tax_calendar.months(today=TODAY, months=12)
            for each in returns_due.of_month(city, month=month, last=TODAY)
            if each.is_amendment
        ]

        assert amended
        for came in amended:
            place = came.account_id - city.first_account
            before = returns_due.gross_cents(city, place, start=came.starts_on)
            assert sum(line.gross_cents for line in came.lines) != before

    def test_of_the_business_of_the_walk_wait_for_whoever_walks(self) -> None:
        city = filing(300)

        came = {
            each.came.starts_on
            for month in tax_calendar.months(today=TODAY, months=12)
            for each in returns_due.of_month(city, month=month, last=TODAY)
            if each.place == returns_due.FORGETFUL
        }

        assert datetime.date(2026, 8, 1) in came
        assert datetime.date(2026, 9, 1) not in came
        assert city.city.trade_names[returns_due.FORGETFUL] == "Hernandez Grocery"

    def test_that_come_late_say_so_by_their_day(self) -> None:
        city = filing(600)
        month = datetime.date(2026, 7, 1)

        late = [
            each.came
            for each in returns_due.of_month(city, month=month, last=TODAY)
            if not each.is_amendment
            and each.came.starts_on
            != tax_calendar.period_due(
                month=month, often=city.often[each.came.account_id - city.first_account]
            )
        ]

        assert late
        assert all(came.received_on.month == 7 for came in late)


def test_months_end_before_today() -> None:
    months = tax_calendar.months(today=datetime.date(2026, 3, 1), months=3)

    assert months == [datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)]


def test_periods_are_due_in_the_month_after_they_end() -> None:
    due = tax_calendar.period_due

    assert due(month=datetime.date(2026, 4, 1), often="quarterly") == datetime.date(2026, 1, 1)
    assert due(month=datetime.date(2026, 5, 1), often="quarterly") is None
    assert due(month=datetime.date(2026, 1, 1), often="annual") == datetime.date(2025, 1, 1)


def test_every_license_type_of_a_trade_is_listed_once() -> None:
    assert len({each.words for each in trades.TRADES}) == len(trades.TRADES)

"""Filing periods and due days, with the published calendar of 2024 through the city's table."""

from __future__ import annotations

import datetime
import itertools
import json
from typing import Any

import pytest

from fisc.basics import calendars, periods
from fisc.domain.tax_returns.calculations import obligations
from tests import shared_facts
from tests.domain.tax_returns import laws

D = datetime.date
EXAMPLES: list[dict[str, Any]] = [
    each
    for each in json.loads(shared_facts.path_of("facts/worked_examples.json").read_text())
    if each["area"] == "tax_calendar"
]


def office(*closed: datetime.date, weekdays: tuple[int, ...] = (6, 7)) -> calendars.Calendar:
    return calendars.Calendar(
        name="office",
        covers_from=D(2024, 1, 1),
        covers_before=D(2026, 1, 1),
        closed_weekdays=frozenset(weekdays),
        closed_days=frozenset(closed),
    )


def month_of(year: int, number: int, *, closed: calendars.Calendar) -> obligations.Obligation:
    return obligations.obligation(
        periods.month(year, number),
        frequency="monthly",
        tables=laws.city("due_days"),
        office=closed,
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=[each["id"] for each in EXAMPLES])
def test_the_published_calendar_comes_out(example: dict[str, Any]) -> None:
    year, number = map(int, example["inputs"]["period"].split("-"))
    holidays = (D(2024, 5, 27), D(2024, 9, 2), D(2024, 11, 28), D(2024, 12, 25))

    found = month_of(year, number, closed=office(*holidays))

    assert {
        "due": found.due_on.isoformat(),
        "paper_received_by": found.timely_until(is_electronic=False).isoformat(),
        "electronic_by": found.timely_until(is_electronic=True).isoformat(),
    } == example["expected"]


def test_a_city_closed_on_fridays_moves_every_day() -> None:
    # 20 December 2024 is a Friday, and the month's last open days are 30 and 31.
    found = month_of(2024, 11, closed=office(weekdays=(5, 6, 7)))
    july = month_of(2024, 7, closed=office(weekdays=(5, 6, 7)))

    assert found.due_on == D(2024, 12, 23)
    assert found.electronic_received_by == D(2024, 12, 31)
    assert (july.paper_received_by, july.electronic_received_by) == (D(2024, 8, 28), D(2024, 8, 29))


def test_no_received_by_day_is_before_the_due_day() -> None:
    closed = [D(2024, 8, 21) + datetime.timedelta(days=number) for number in range(11)]

    found = month_of(2024, 7, closed=office(*closed))

    assert found.due_on == found.paper_received_by == found.electronic_received_by == D(2024, 8, 20)


def test_december_is_due_in_january() -> None:
    found = month_of(2024, 12, closed=office(D(2025, 1, 20)))

    assert found.due_on == D(2025, 1, 21)


@pytest.mark.parametrize(
    ("month", "due_on", "in_time"),
    [
        # 30 days after 31 January is 1 March of a leap year; five days on is a Wednesday.
        ((2024, 1), D(2024, 3, 1), D(2024, 3, 6)),
        # After 29 February, 30 March is a Saturday: due on Monday, in time until a Saturday's next.
        ((2024, 2), D(2024, 4, 1), D(2024, 4, 8)),
        # After December another count: 45 days, on a Friday.
        ((2024, 12), D(2025, 2, 14), D(2025, 2, 19)),
    ],
)
def test_a_due_day_may_be_counted_in_days_with_days_of_grace(
    month: tuple[int, int], due_on: datetime.date, in_time: datetime.date
) -> None:
    found = obligations.obligation(
        periods.month(*month),
        frequency="monthly",
        tables=laws.of("due_days.in_days"),
        office=office(),
    )

    assert found.due_on == due_on
    assert found.paper_received_by == found.electronic_received_by == in_time


@pytest.mark.parametrize(
    ("days", "due_on"),
    [
        # The last of the month after: February has 29 days in 2024 and 28 in 2023.
        (periods.month(2024, 1), D(2024, 2, 29)),
        (periods.month(2023, 1), D(2023, 2, 28)),
        (periods.month(2024, 2), D(2024, 3, 31)),
        (periods.month(2024, 3), D(2024, 4, 30)),
        # A fiscal year to 29 February, a quarter from November, a year cut short in April.
        (periods.Period(D(2023, 3, 1), D(2024, 3, 1)), D(2024, 3, 31)),
        (periods.Period(D(2023, 11, 1), D(2024, 2, 1)), D(2024, 2, 29)),
        (periods.Period(D(2023, 7, 1), D(2024, 5, 1)), D(2024, 5, 31)),
    ],
)
def test_a_due_day_on_the_last_of_a_month_is_that_of_each_month(
    days: periods.Period, due_on: datetime.date
) -> None:
    found = obligations.obligation(
        days, frequency="annual", tables=laws.of("due_days.last_of_month"), office=office()
    )

    assert found.due_on == found.paper_received_by == found.electronic_received_by == due_on


class TestFilingPeriods:
    def starts(self, length: int, **rest: Any) -> list[str]:
        found = obligations.filing_periods(length, **rest)
        return [each.starts_on.isoformat() for each in itertools.islice(found, 5)]

    def test_quarters_are_of_the_calendar_year_and_whole(self) -> None:
        registered = periods.Period(starts_on=D(2024, 5, 17), ends_before=D(2025, 1, 2))

        found = self.starts(3, registered=registered)

        assert found == ["2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01"]

    def test_months_go_on_without_an_end(self) -> None:
        found = self.starts(1, registered=periods.Period(starts_on=D(2024, 11, 30)))

        assert found == ["2024-11-01", "2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01"]

    def test_a_year_ends_with_its_last_registered_day(self) -> None:
        registered = periods.Period(starts_on=D(2023, 6, 1), ends_before=D(2025, 1, 1))

        assert self.starts(12, registered=registered) == ["2023-01-01", "2024-01-01"]

    def test_a_seasonal_account_files_only_for_its_months(self) -> None:
        registered = periods.Period(starts_on=D(2024, 1, 1), ends_before=D(2025, 1, 1))

        assert self.starts(1, registered=registered, seasonal_months={6, 7}) == [
            "2024-06-01",
            "2024-07-01",
        ]
        assert self.starts(3, registered=registered, seasonal_months={6, 7}) == [
            "2024-04-01",
            "2024-07-01",
        ]

    def test_a_year_that_begins_in_july_has_its_own_quarters_and_february_its_29th(self) -> None:
        since_march = periods.Period(starts_on=D(2023, 3, 1), ends_before=D(2024, 7, 1))

        years = list(obligations.filing_periods(12, registered=since_march, year_starts_in=3))

        assert years == [
            periods.Period(starts_on=D(2023, 3, 1), ends_before=D(2024, 3, 1)),
            periods.Period(starts_on=D(2024, 3, 1), ends_before=D(2025, 3, 1)),
        ]
        assert self.starts(12, registered=since_march, year_starts_in=7) == [
            "2022-07-01",
            "2023-07-01",
        ]
        assert self.starts(3, registered=since_march, year_starts_in=2) == [
            "2023-02-01",
            "2023-05-01",
            "2023-08-01",
            "2023-11-01",
            "2024-02-01",
        ]

    def test_a_season_reaches_over_the_turn_of_the_year(self) -> None:
        registered = periods.Period(starts_on=D(2024, 8, 1), ends_before=D(2025, 8, 1))

        found = self.starts(3, registered=registered, seasonal_months={1}, year_starts_in=2)

        assert found == ["2024-11-01"]

    def test_a_cut_term_begins_and_ends_with_its_days(self) -> None:
        term = periods.Period(starts_on=D(2024, 2, 1), ends_before=D(2024, 12, 1))

        found = list(obligations.filing_periods(3, registered=term, is_cut=True))

        assert found == [
            periods.Period(starts_on=D(2024, 2, 1), ends_before=D(2024, 4, 1)),
            periods.Period(starts_on=D(2024, 4, 1), ends_before=D(2024, 7, 1)),
            periods.Period(starts_on=D(2024, 7, 1), ends_before=D(2024, 10, 1)),
            periods.Period(starts_on=D(2024, 10, 1), ends_before=D(2024, 12, 1)),
        ]

    @pytest.mark.parametrize("length", [0, 5, 24])
    def test_a_length_that_fits_no_year_is_refused(self, length: int) -> None:
        with pytest.raises(obligations.PeriodsDoNotFitAYear, match=f"{length} months"):
            self.starts(length, registered=periods.Period(starts_on=D(2024, 1, 1)))

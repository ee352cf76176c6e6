"""The office's holidays, worked out again by the rule of F.S. 110.117(1) for every year covered."""

from __future__ import annotations

import csv
import datetime
import pathlib
from collections.abc import Iterator

from django.conf import settings

from fisc.domain.rule_tables.calculations import city_files

CITY = pathlib.Path(settings.FISC_CITY)
D = datetime.date
_ONE_DAY = datetime.timedelta(days=1)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 1, 4, 6, 7


def nth(year: int, month: int, *, weekday: int, count: int) -> D:
    """The count-th weekday of a month; the last for 0."""
    days = [D(year, month, day) for day in range(1, 31 if month in {9, 11} else 32)]
    return [each for each in days if each.isoweekday() == weekday][count - 1]


def observed(day: D) -> D:
    return day + _ONE_DAY * {SATURDAY: -1, SUNDAY: 1}.get(day.isoweekday(), 0)


def holidays(year: int) -> Iterator[tuple[D, str]]:
    thanksgiving = nth(year, 11, weekday=THURSDAY, count=4)
    yield observed(D(year, 1, 1)), "New Year's Day"
    yield nth(year, 1, weekday=MONDAY, count=3), "Birthday of Martin Luther King, Jr."
    yield nth(year, 5, weekday=MONDAY, count=0), "Memorial Day"
    yield observed(D(year, 7, 4)), "Independence Day"
    yield nth(year, 9, weekday=MONDAY, count=1), "Labor Day"
    yield observed(D(year, 11, 11)), "Veterans' Day"
    yield thanksgiving, "Thanksgiving Day"
    yield thanksgiving + _ONE_DAY, "Friday after Thanksgiving"
    yield observed(D(year, 12, 25)), "Christmas Day"


def test_every_holiday_of_every_year_covered_is_there_and_no_other() -> None:
    (office,) = (each for each in city_files.read_city(CITY).calendars if each.name == "office")
    with (CITY / "calendars" / "office.csv").open(encoding="utf-8", newline="") as file:
        written = [
            (D.fromisoformat(each["day"]), each["label_en"]) for each in csv.DictReader(file)
        ]

    # A New Year's Day on a Saturday is observed in the year before.
    years = range(office.covers_from.year, office.covers_before.year + 1)
    by_rule = sorted(
        each
        for year in years
        for each in holidays(year)
        if office.covers_from <= each[0] < office.covers_before
    )
    assert written == by_rule
    assert office.covers_before >= D(2050, 1, 1)

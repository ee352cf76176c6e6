"""Which tables govern a return, its lateness and its due days; what they answer."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from fisc.basics import calendars, periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import (
    asking,
    checking,
    lateness,
    obligations,
    owing,
    returns,
)
from fisc.domain.tax_returns.decision_points import accounts as account_points

_ONE_DAY = datetime.timedelta(days=1)
OFFICE = "office"


class DayIsBeforeDue(ValueError):
    """Lateness was asked for on a day before the due day."""


@dataclass(frozen=True, slots=True)
class Governing:
    """The versions that a filing period is computed by."""

    deductions: versions.LoadedVersion
    lines: versions.LoadedVersion
    totals: versions.LoadedVersion
    # A city may have neither.
    factoring: versions.LoadedVersion | None = None
    filed_figures: versions.LoadedVersion | None = None

    @property
    def laws(self) -> returns.Laws:
        """Their tables."""
        factoring = self.factoring.tables if self.factoring else None
        return returns.Laws(
            self.deductions.tables, self.lines.tables, self.totals.tables, factoring
        )


def governing(days: periods.Period, *, known_at: datetime.datetime) -> Governing:
    """Return the versions in force on the first day of a filing period.

    Raises versions.NoVersionForDate.
    """

    def in_force(point: str) -> versions.LoadedVersion:
        return versions.in_force(point, day=days.starts_on, known_at=known_at)

    return Governing(
        deductions=in_force(points.DEDUCTIONS.name),
        lines=in_force(points.RETURN_LINES.name),
        totals=in_force(points.RETURN_TOTALS.name),
        factoring=_if_any(points.FACTORING.name, days, known_at),
        filed_figures=_if_any(points.FILED_FIGURES.name, days, known_at),
    )


def _if_any(
    point: str, days: periods.Period, known_at: datetime.datetime
) -> versions.LoadedVersion | None:
    try:
        return versions.in_force(point, day=days.starts_on, known_at=known_at)
    except versions.NoVersionForDate:
        return None


def problems(
    filing: returns.Filing, *, days: periods.Period, known_at: datetime.datetime
) -> tuple[checking.Problem, ...]:
    """Return everything wrong with a return for a period. Raises versions.NoVersionForDate."""
    as_of = code_lists.AsOf(day=days.starts_on, known_at=known_at)

    def current(name: str) -> frozenset[str]:
        listed = code_lists.codes(name, as_of=as_of).values()
        return frozenset(each.code for each in listed if each.is_current(days.starts_on))

    codes = checking.Codes(
        regions=current("tax region"),
        business_classes=current("business class"),
        deductions=current("deduction code"),
    )
    return checking.problems(
        filing,
        laws=governing(days, known_at=known_at).laws,
        codes=codes,
        most_cents=points.MONEY_MAX * 100,
    )


def location_tolerance_cents(
    filing: returns.Filing, *, locations: int, known_at: datetime.datetime
) -> int:
    """Return how far sums by location may be from their line; 0 where no table says so.

    Raises asking.NoAnswer.
    """
    if not locations or filing.starts_on is None:
        return 0
    try:
        version = versions.in_force(
            account_points.LOCATION_SCHEDULE.name, day=filing.starts_on, known_at=known_at
        )
    except versions.NoVersionForDate:
        return 0
    facts: asking.Facts = {
        "is_electronic": filing.is_electronic,
        "locations": asking.number(locations),
    }
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "tolerance", tables=version.tables, facts=facts)
    return asking.cents(answers["tolerance"])


def penalties(owed: lateness.Owed, *, known_at: datetime.datetime) -> versions.LoadedVersion:
    """Return the version of the penalties of a tax: that of its due day."""
    return versions.in_force(points.PENALTIES.name, day=owed.due_on, known_at=known_at)


def owing_on(owed: lateness.Owed, *, on: datetime.date, known_at: datetime.datetime) -> owing.Owing:
    """Compute what a tax costs on a day with its penalties and interest: today, or a forecast.

    A forecast is by what is known now of the days to come. Raises DayIsBeforeDue,
    versions.NoVersionForDate, asking.NoAnswer.
    """
    if on < owed.due_on:
        raise DayIsBeforeDue(
            f"The tax is due on {owed.due_on}; on {on} nothing is late. Ask for that day or later."
        )
    return owing.owing(
        owed,
        on=on,
        penalties=penalties(owed, known_at=known_at).tables,
        interest=interest_laws(due_on=owed.due_on, on=on, known_at=known_at),
        totals=tables_of_totals(owed.due_on, known_at=known_at),
    )


def late_totals(
    due_on: datetime.date, *, known_at: datetime.datetime
) -> versions.LoadedVersion | None:
    """Return the version of the cap on penalty and interest together; a city may have none."""
    try:
        return versions.in_force(points.LATE_TOTALS.name, day=due_on, known_at=known_at)
    except versions.NoVersionForDate:
        return None


def tables_of_totals(
    due_on: datetime.date, *, known_at: datetime.datetime
) -> loading.Tables | None:
    """Return the tables of the same."""
    found = late_totals(due_on, known_at=known_at)
    return None if found is None else found.tables


def interest_laws(
    *, due_on: datetime.date, on: datetime.date, known_at: datetime.datetime
) -> list[owing.InterestLaw]:
    """Return the tables of interest that govern the days after a due day, up to and with a day.

    Raises versions.NoVersionForDate.
    """
    if on <= due_on:
        return []
    days = periods.Period(starts_on=due_on + _ONE_DAY, ends_before=on + _ONE_DAY)
    found = versions.versions_in(points.INTEREST.name, days=days, known_at=known_at)
    return [owing.InterestLaw(each.days, each.version.tables) for each in found]


def obligations_of(
    frequency: str,
    *,
    registered: periods.Period,
    before: datetime.date,
    known_at: datetime.datetime,
    seasonal_months: Collection[int] = (),
    year_starts_in: int = 1,
    is_cut: bool = False,
) -> Iterator[obligations.Obligation]:
    """Give the returns that a registration owes for periods that end before a day, in order.

    Periods are those of obligations.filing_periods. Raises versions.NoVersionForDate,
    calendars.CalendarRunsOut, asking.NoAnswer, obligations.PeriodsDoNotFitAYear, and what
    code_lists.code raises.
    """
    office = code_lists.calendar(OFFICE)
    length = int(code_lists.code("filing frequency", frequency).attributes["months"])
    for days in obligations.filing_periods(
        length,
        registered=registered,
        seasonal_months=seasonal_months,
        year_starts_in=year_starts_in,
        is_cut=is_cut,
    ):
        if days.ends_before is None or days.ends_before > before:
            return
        yield obligation_of(frequency, days=days, known_at=known_at, office=office)


def obligation_of(
    frequency: str, *, days: periods.Period, known_at: datetime.datetime,
    office: calendars.Calendar | None = None,
) -> obligations.Obligation:  # fmt: skip
    """Return what is owed of one filing period, by the office's calendar.

    Raises versions.NoVersionForDate, calendars.CalendarRunsOut, asking.NoAnswer.
    """
    version = versions.in_force(points.DUE_DAYS.name, day=days.starts_on, known_at=known_at)
    return obligations.obligation(
        days,
        frequency=frequency,
        tables=version.tables,
        office=office or code_lists.calendar(OFFICE),
    )

"""What a license of a type costs on a day, and how long it lasts, by the tables of that day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import calculations, decision_points
from fisc.domain.rule_tables.calculations import values, wording
from fisc.domain.rule_tables.queries import versions as rule_tables

LICENSE_LINES = "license line"
LICENSE_TYPES = "license type"
LICENSE_UNITS = "license unit"

_DECLARED = decision_points.LICENSE_FEE.input_by_name
# The most that the table may be asked about; receipts in whole cents.
UNITS_MAX = int(str(_DECLARED["units"].high))
RECEIPTS_MAX = int(str(_DECLARED["gross_receipts"].high)) * 100


class NoTermsOfType(Exception):
    """The tables do not say how long a license of a type lasts."""


class NoFee(Exception):
    """The tables give no fee for what was asked; a person must say what it is."""


class FactsAreMissing(Exception):
    """A fee counts units, and how many there are was not given; `unit` is their code."""

    def __init__(self, *, license_type: str, unit: str) -> None:
        self.unit = unit
        super().__init__(
            f"The fee of the type “{license_type}” counts units of the kind “{unit}”. Say how many "
            "there are."
        )


class EventIsWrong(Exception):
    """A license is for an event whose days are not said, or are too few or too many."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the tables say of a license type."""

    # None where a term begins on the day of issue.
    first_month: int | None
    # None of a license for an event.
    months: int | None
    # A code of "license unit"; None where the fee counts nothing.
    unit: str | None
    asks_receipts: bool
    # Days before the end of the term from which it may be renewed; None for any day.
    renewal_days: int | None
    # The fewest and most days of an event; None of a license that is for none.
    least_days: int | None = None
    most_days: int | None = None
    # A year in which a term of several years begins.
    first_year: int | None = None

    @property
    def is_of_event(self) -> bool:
        """Whether its term is the days of an event; such a license is not renewed."""
        return self.most_days is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks the fee of. Receipts are of twelve months, in whole cents."""

    license_type: str
    issued_on: datetime.date
    is_new: bool = True
    began_unlicensed: bool = False
    units: int | None = None
    gross_receipts_cents: int | None = None
    # Of an event: the day after its last, and the day that the license is asked for.
    event_ends_before: datetime.date | None = None
    asked_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a fee."""

    # A code of "license line".
    code: code_lists.Code
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Fee:
    """What a license costs, and the days it would be valid."""

    lines: tuple[Line, ...]
    term: periods.Period
    left: calculations.Left
    facts: dict[str, values.Value]
    version: rule_tables.LoadedVersion

    @property
    def total_cents(self) -> int:
        """The sum of the lines."""
        return sum(each.amount_cents for each in self.lines)

    @property
    def valid(self) -> periods.Period:
        """The days from the issue to the end of the term."""
        return periods.Period(starts_on=self.issued_on, ends_before=self.term.ends_before)

    @property
    def issued_on(self) -> datetime.date:
        """The first day that the license is valid."""
        day = self.facts["issued_on"]
        assert isinstance(day, datetime.date)
        return day


def terms(*, license_type: str, day: datetime.date, known_at: datetime.datetime) -> Terms:
    """Return what governs licenses of a type on a day.

    Raises NoTermsOfType, rule_tables.NoVersionForDate.
    """
    version = rule_tables.in_force(decision_points.LICENSE_TERMS.name, day=day, known_at=known_at)
    answers = version.tables.answers({"license_type": license_type})
    months, asks = _whole(answers.get("Months in term")), answers["Asks receipts"]
    most_days = _whole(answers.get("Most days"))
    if (months is None) == (most_days is None) or not isinstance(asks, bool):
        raise NoTermsOfType(
            f"The book “{version.book}” does not say how long a license of the type "
            f"“{license_type}” lasts on {day}. Add a row for it, or choose another type."
        )
    unit = answers.get("Unit")
    return Terms(
        first_month=_whole(answers["First month"]),
        months=months,
        first_year=_whole(answers.get("First year")),
        unit=unit if isinstance(unit, str) else None,
        asks_receipts=asks,
        renewal_days=_whole(answers.get("Renewal window")),
        least_days=_whole(answers.get("Least days")),
        most_days=most_days,
    )


def term_of(
    found: Terms, *, license_type: str, day: datetime.date, event_ends_before: datetime.date | None
) -> periods.Period:
    """Return the term that a license of a day has: whole months, or the days of its event.

    Raises EventIsWrong, calculations.MonthsAreNoTerm, calculations.DayIsOutsideTerm.
    """
    if found.months is not None:
        return calculations.term(
            day=day, first_month=found.first_month, months=found.months, first_year=found.first_year
        )
    if problem := event_problem(
        found, license_type=license_type, begins_on=day, ends_before=event_ends_before
    ):
        raise EventIsWrong(problem)
    return periods.Period(starts_on=day, ends_before=event_ends_before)


def event_problem(
    found: Terms, *, license_type: str, begins_on: datetime.date, ends_before: datetime.date | None
) -> str:
    """Say what is wrong with the days of an event, or that there is none; empty when nothing is."""
    if found.most_days is None:
        if ends_before is None:
            return ""
        return (
            f"A license of the type “{license_type}” is for no event. Leave the last day of the "
            "event empty, or choose another type."
        )
    least = found.least_days or 1
    if ends_before is None:
        return (
            f"A license of the type “{license_type}” is for one event. Say the last day of the "
            f"event: it lasts from {least} to {found.most_days} days."
        )
    days = (ends_before - begins_on).days
    if least <= days <= found.most_days:
        return ""
    return (
        f"An event of the type “{license_type}” lasts from {least} to {found.most_days} days, not "
        f"{days}. Correct its first or last day, or apply for each part of it."
    )


def fee(asked: Asked, *, known_at: datetime.datetime) -> Fee:
    """Return what a license costs by the tables that govern the day of issue.

    Raises FactsAreMissing, EventIsWrong, NoFee, NoTermsOfType, rule_tables.NoVersionForDate.
    """
    day = asked.issued_on
    found = terms(license_type=asked.license_type, day=day, known_at=known_at)
    if found.unit is not None and asked.units is None:
        raise FactsAreMissing(license_type=asked.license_type, unit=found.unit)
    version = rule_tables.in_force(decision_points.LICENSE_FEE.name, day=day, known_at=known_at)
    term = term_of(
        found,
        license_type=asked.license_type,
        day=day,
        event_ends_before=asked.event_ends_before,
    )
    left = calculations.left(day=day, term=term)
    facts = _facts(asked, terms=found, left=left)
    answers = version.tables.answers(facts)
    codes = code_lists.codes(LICENSE_LINES, as_of=code_lists.AsOf(day=day, known_at=known_at))
    lines = tuple(
        Line(code=codes[line.name], amount_cents=wording.in_cents(answers[line.decision]))
        for line in version.tables.lines
        if answers[line.decision] is not None
    )
    if not lines:
        raise NoFee(
            f"The book “{version.book}” gives no fee for these facts of the type "
            f"“{asked.license_type}” on {day}. Correct the facts, or ask the table's owner."
        )
    return Fee(
        lines=lines,
        term=term,
        left=left,
        facts=facts,
        version=version,
    )


def _facts(asked: Asked, *, terms: Terms, left: calculations.Left) -> dict[str, values.Value]:
    cents = asked.gross_receipts_cents if terms.asks_receipts else None
    return {
        "license_type": asked.license_type,
        "is_new": asked.is_new,
        "began_unlicensed": asked.began_unlicensed,
        "units": Decimal((asked.units or 0) if terms.unit is not None else 0),
        "gross_receipts": None if cents is None else Decimal(cents).scaleb(-2),
        "months_begun": Decimal(left.months_begun),
        "months_nearest": Decimal(left.months_nearest),
        "quarters_begun": Decimal(left.quarters_begun),
        "event_days": Decimal(_event_days(asked)),
        "days_ahead": Decimal(max((asked.issued_on - (asked.asked_on or asked.issued_on)).days, 0)),
        "days_left": Decimal(left.days_left),
        "days_in_term": Decimal(left.days_in_term),
        "issued_on": asked.issued_on,
    }


def _event_days(asked: Asked) -> int:
    ends = asked.event_ends_before
    return 0 if ends is None else (ends - asked.issued_on).days


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, Decimal) else None

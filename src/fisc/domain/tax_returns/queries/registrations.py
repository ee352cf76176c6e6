"""What accounts are registered for, how often they file, and which returns they owe."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, obligations
from fisc.domain.tax_returns.calculations import extensions as of_extensions
from fisc.domain.tax_returns.queries import extensions, governing


@dataclass(frozen=True, slots=True)
class Registered:
    """An account files for a class in a region, over some days."""

    registration_id: int
    region: str
    business_class: str
    days: periods.Period


@dataclass(frozen=True, slots=True)
class Term:
    """How often an account files over some days; no seasonal month means that all count."""

    term_id: int
    frequency: str
    seasonal_months: tuple[int, ...]
    days: periods.Period

    @property
    def length(self) -> int:
        """How many months a filing period has."""
        return months_of(self.frequency)


@dataclass(frozen=True, slots=True)
class Owed:
    """A return that an account owes: of which term, for which lines, and by when."""

    frequency: str
    obligation: obligations.Obligation
    # Region and business class of each line that its form has.
    lines: tuple[tuple[str, str], ...]
    # No return follows it: every registration ends in its period or before.
    is_final: bool = False


def months_of(frequency: str) -> int:
    """Return how many months the filing periods of a frequency have. Raises NoSuchCode."""
    return int(code_lists.code("filing frequency", frequency).attributes["months"])


def first_month_of(frequency: str) -> int:
    """Return the month that a year of a frequency's periods begins in. Raises NoSuchCode."""
    return int(code_lists.code("filing frequency", frequency).attributes.get("first_month") or 1)


def registrations(account_id: int) -> tuple[Registered, ...]:
    """Return what an account is or was registered for, by first day."""
    regions, classes = (
        code_lists.codes_by_id("tax region"),
        code_lists.codes_by_id("business class"),
    )
    rows = models.Registration.objects.filter(account_id=account_id).order_by("starts_on", "id")
    return tuple(
        Registered(
            registration_id=row.id,
            region=regions[row.region_id].code,
            business_class=classes[row.business_class_id].code,
            days=periods.Period(starts_on=row.starts_on, ends_before=row.ends_before),
        )
        for row in rows
    )


def regions_in(account_id: int, *, days: periods.Period) -> frozenset[str]:
    """Return the regions that an account is registered in on some day of a period."""
    found = registrations(account_id)
    return frozenset(each.region for each in found if each.days.overlap(days) is not None)


def terms(account_id: int) -> tuple[Term, ...]:
    """Return how often an account files and filed, by first day."""
    frequencies = code_lists.codes_by_id("filing frequency")
    rows = models.FilingTerm.objects.filter(account_id=account_id).order_by("starts_on")
    return tuple(
        Term(
            term_id=row.id,
            frequency=frequencies[row.frequency_id].code,
            seasonal_months=tuple(row.seasonal_months),
            days=periods.Period(starts_on=row.starts_on, ends_before=row.ends_before),
        )
        for row in rows
    )


def owed_returns(
    account_id: int, *, before: datetime.date, known_at: datetime.datetime
) -> tuple[Owed, ...]:
    """Return the returns that an account owes for periods that end before a day, in order.

    Of each term, the periods in which the account is registered for something on some day.
    Where a declaration puts off what is due in a region of its lines, the whole return is due
    later. Raises what governing.obligations_of raises, and extensions.ExtensionIsWrong.
    """
    registered = registrations(account_id)
    put_off, end = extensions.declared(), _end(registered)
    found = []
    for term in terms(account_id):
        for each in governing.obligations_of(
            term.frequency,
            registered=term.days,
            before=before,
            known_at=known_at,
            seasonal_months=term.seasonal_months,
        ):
            inside = [one for one in registered if one.days.overlap(each.days) is not None]
            lines = dict.fromkeys((one.region, one.business_class) for one in inside)
            if lines:
                regions = {region for region, _ in lines}
                owed = of_extensions.extended(each, regions=regions, extensions=put_off)
                assert each.days.ends_before is not None
                is_final = end is not None and end <= each.days.ends_before
                found.append(Owed(term.frequency, owed, tuple(lines), is_final))
    return tuple(found)


def _end(registered: Collection[Registered]) -> datetime.date | None:
    """The day before which all registrations end; None while one goes on, or there is none."""
    ends = [each.days.ends_before for each in registered]
    return None if None in ends else max((each for each in ends if each), default=None)


def first_days(term: Term, *, frequency: str, from_day: datetime.date) -> tuple[datetime.date, ...]:
    """Return the next two days on which both a term and periods of another frequency may begin.

    None before `from_day`, and none after the term ends.
    """
    new = {
        each.starts_on
        for each in itertools.takewhile(
            lambda each: each.starts_on.year <= from_day.year + 2,
            _periods(frequency, registered=term.days),
        )
    }
    old = itertools.takewhile(
        lambda each: each.starts_on.year <= from_day.year + 2,
        _periods(term.frequency, registered=term.days),
    )
    both = [each.starts_on for each in old if each.starts_on in new and each.starts_on >= from_day]
    return tuple(both[:2])


def _periods(frequency: str, *, registered: periods.Period) -> Iterator[periods.Period]:
    return obligations.filing_periods(
        months_of(frequency), registered=registered, first_month=first_month_of(frequency)
    )


def frequency_for(
    estimated_annual_cents: int, *, day: datetime.date, known_at: datetime.datetime
) -> str:
    """Return how often an account files that is thought to owe so much a year, by the table.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    version = versions.in_force(points.FILING_FREQUENCY.name, day=day, known_at=known_at)
    facts: asking.Facts = {"estimated_annual_tax": Decimal(estimated_annual_cents).scaleb(-2)}
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "frequency", tables=version.tables, facts=facts)
    return str(answers["frequency"])

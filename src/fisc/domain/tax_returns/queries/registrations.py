"""What accounts are registered for, how often they file, and which returns they owe."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, obligations
from fisc.domain.tax_returns.calculations import extensions as of_extensions
from fisc.domain.tax_returns.queries import extensions, governing, members


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
    # The month in which the filer's year begins.
    year_starts_in: int = 1

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
    # Code and name of each location that its schedule has, where the account files for several.
    locations: tuple[tuple[str, str], ...] = ()
    # The days that it is of, where another account files for the others.
    own_days: tuple[periods.Period, ...] = ()


def months_of(frequency: str) -> int:
    """Return how many months the filing periods of a frequency have. Raises NoSuchCode."""
    return int(code_lists.code("filing frequency", frequency).attributes["months"])


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
    return tuple(_term(row) for row in _terms(account_id))


def _terms(account_id: int) -> Any:
    """The rows of an account's terms, each with whether it files for others or is filed by them."""
    rows = models.FilingTerm.objects.filter(account_id=account_id)
    return rows.annotate(is_together=members.has_some()).order_by("starts_on")


def terms_by_id(term_ids: Collection[int]) -> dict[int, Term]:
    """Return terms by their ids, of whatever accounts."""
    return {row.id: _term(row) for row in models.FilingTerm.objects.filter(id__in=term_ids)}


def _term(row: models.FilingTerm) -> Term:
    return Term(
        term_id=row.id,
        frequency=code_lists.codes_by_id("filing frequency")[row.frequency_id].code,
        seasonal_months=tuple(row.seasonal_months),
        days=periods.Period(starts_on=row.starts_on, ends_before=row.ends_before),
        year_starts_in=row.year_starts_in,
    )


def owed_returns(
    account_id: int, *, before: datetime.date, known_at: datetime.datetime
) -> tuple[Owed, ...]:
    """Return the returns that an account owes for periods that end before a day, in order.

    Of each term, the periods in which the account is registered for something on some day.
    Where a declaration puts off what is due in a region of its lines, the whole return is due
    later. A period that another account files for on every day is none. Raises what
    governing.obligations_of raises, and extensions.ExtensionIsWrong.
    """
    registered = registrations(account_id)
    put_off, end = extensions.declared(), _end(registered)
    rows = list(_terms(account_id))
    together = members.Consolidated((), ())
    if any(row.is_together for row in rows):
        together = members.consolidated(account_id)
    found = []
    for term in map(_term, rows):
        for each in governing.obligations_of(
            term.frequency,
            registered=term.days,
            before=before,
            known_at=known_at,
            seasonal_months=term.seasonal_months,
            year_starts_in=term.year_starts_in,
            is_cut=True,
        ):
            inside = [one for one in registered if one.days.overlap(each.days) is not None]
            lines = dict.fromkeys((one.region, one.business_class) for one in inside)
            own_days = together.own_days(each.days)
            if lines and own_days:
                regions = {region for region, _ in lines}
                owed = of_extensions.extended(each, regions=regions, extensions=put_off)
                assert each.days.ends_before is not None
                is_final = end is not None and end <= each.days.ends_before
                found.append(
                    Owed(
                        term.frequency,
                        owed,
                        tuple(lines),
                        is_final,
                        tuple((at.code, at.name) for at in together.locations(each.days)),
                        () if own_days == (each.days,) else own_days,
                    )
                )
    return tuple(found)


def _end(registered: Collection[Registered]) -> datetime.date | None:
    """The day before which all registrations end; None while one goes on, or there is none."""
    ends = [each.days.ends_before for each in registered]
    return None if None in ends else max((each for each in ends if each), default=None)


def begins(term: Term, day: datetime.date) -> bool:
    """Tell whether a filing period of a term begins on a day."""
    days = periods.Period(starts_on=day, ends_before=day + datetime.timedelta(days=1))
    found = next(
        obligations.filing_periods(term.length, registered=days, year_starts_in=term.year_starts_in)
    )
    return max(found.starts_on, term.days.starts_on) == day


def first_days(
    term: Term, *, length: int, from_day: datetime.date, year_starts_in: int | None = None
) -> tuple[datetime.date, ...]:
    """Return the next two days on which both a term and periods of another length may begin.

    None before `from_day`, and none after the term ends. The new periods are of a year that begins
    in `year_starts_in`, or of the term's own.
    """

    def starts(length: int, month: int) -> Iterator[datetime.date]:
        found = obligations.filing_periods(length, registered=term.days, year_starts_in=month)
        return itertools.takewhile(
            lambda day: day.year <= from_day.year + 2, (each.starts_on for each in found)
        )

    new = set(starts(length, year_starts_in or term.year_starts_in))
    old = starts(term.length, term.year_starts_in)
    return tuple([each for each in old if each in new and each >= from_day][:2])


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

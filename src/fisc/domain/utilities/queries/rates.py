"""The city's books as a calculation asks them, and the policies around it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from fisc.basics import periods
from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.calculations import bills, facts
from fisc.domain.utilities.calculations.facts import Numbers

BILL_LINES = "bill line"
CHARGES = "charge"
OFFICE = "office"
SERVICE_POINTS = {
    "water": points.WATER_CHARGES,
    "sewer": points.SEWER_CHARGES,
    "electric": points.ELECTRIC_CHARGES,
}
_DAY_ONE = datetime.date(1970, 1, 1)


class LineHasNoCharge(Exception):
    """A bill line's code does not say which charge it is part of."""


@dataclass(frozen=True, slots=True)
class WinterMonths:
    """The latest winter whose average is in use on a bill day."""

    starts_on: datetime.date
    ends_before: datetime.date


def load(
    *, services: Iterable[str], days: periods.Period, bill_day: datetime.date,
    known_at: datetime.datetime,
) -> bills.Rates:  # fmt: skip
    """Return every book that bills over some days ask, as known at an instant.

    Raises rule_tables.NoVersionForDate naming the book and the first day without a version, and
    LineHasNoCharge.
    """
    charges = tuple(code_lists.codes(CHARGES))
    books = {
        service: _book(
            SERVICE_POINTS[service],
            rule_tables.versions_in(SERVICE_POINTS[service].name, days=days, known_at=known_at),
            charges,
        )
        for service in services
    }
    return bills.Rates(
        services=books,
        taxes=_single(points.TAXES, bill_day, known_at, charges),
        minimum=_single(points.BILL_MINIMUM, bill_day, known_at, charges)
        if _has_book(points.BILL_MINIMUM.name)
        else None,
        bill_edit=_single(points.BILL_EDIT, bill_day, known_at, charges),
        charges=charges,
    )


def sample_size(*, accounts: int, bill_day: datetime.date, known_at: datetime.datetime) -> int:
    """Return how many bills of a chunk the case evaluator computes again."""
    answers = ask(
        points.RUN_POLICY,
        {"accounts_in_chunk": types.Column(np.array([accounts], dtype=np.int64))},
        day=bill_day,
        known_at=known_at,
    )
    return int(answers["Sample size"].values[0])


def due_days(
    *, rate_class: Numbers, texts: tuple[str, ...], bill_day: datetime.date,
    known_at: datetime.datetime,
) -> Numbers:  # fmt: skip
    """Return the day each bill is due, by its rate class, rolled to an open day by policy."""
    used, place = np.unique(rate_class, return_inverse=True)
    answers = ask(
        points.DUE_DAY, {"rate_class": types.Column(used, texts=texts)}, day=bill_day,
        known_at=known_at,
    )  # fmt: skip
    calendar = code_lists.calendar(OFFICE)
    due = []
    for days, rolls in zip(
        answers["Days to pay"].values.tolist(),
        answers["Rolls to open day"].values.tolist(),
        strict=True,
    ):
        day = bill_day + datetime.timedelta(days=days)
        due.append((calendar.open_on_or_after(day) if rolls else day) - _DAY_ONE)
    return np.array([each.days for each in due], dtype=np.int64)[place]


def winter_months(
    *, rate_class: Numbers, texts: tuple[str, ...], bill_day: datetime.date,
    known_at: datetime.datetime,
) -> Mapping[int, WinterMonths]:  # fmt: skip
    """Return, for each rate class, the winter whose average sewer is charged by."""
    used = np.unique(rate_class)
    if not len(used):
        return {}
    answers = ask(
        points.WINTER_AVERAGE, {"rate_class": types.Column(used, texts=texts)}, day=bill_day,
        known_at=known_at,
    )  # fmt: skip
    rows = zip(
        used.tolist(),
        answers["First winter month"].values.tolist(),
        answers["Winter months"].values.tolist(),
        answers["Renewal month"].values.tolist(),
        strict=True,
    )
    return {
        rate_class: _latest_winter(bill_day, first=first, months=months, renewal=renewal)
        for rate_class, first, months, renewal in rows
    }


def winter_of(
    *, rate_class: str, bill_day: datetime.date, known_at: datetime.datetime
) -> WinterMonths:
    """Return the winter whose average one class's sewer is charged by."""
    found = winter_months(
        rate_class=np.zeros(1, dtype=np.int64),
        texts=(rate_class,),
        bill_day=bill_day,
        known_at=known_at,
    )
    return found[0]


def _latest_winter(
    bill_day: datetime.date, *, first: int, months: int, renewal: int
) -> WinterMonths:
    """Return the last winter that had ended when the average was last renewed."""
    renewed_year = bill_day.year if bill_day.month >= renewal else bill_day.year - 1
    renewed = datetime.date(renewed_year, renewal, 1)
    year = renewed.year
    while True:
        starts_on = datetime.date(year, first, 1)
        count = first - 1 + months
        ends_before = datetime.date(year + count // 12, count % 12 + 1, 1)
        if ends_before <= renewed:
            return WinterMonths(starts_on=starts_on, ends_before=ends_before)
        year -= 1


def ask(
    point: declarations.DecisionPoint, columns: bills.Columns, *, day: datetime.date,
    known_at: datetime.datetime,
) -> Mapping[str, types.Column]:  # fmt: skip
    """Return what the version of a day answers; a policy without an answer is an error."""
    version = rule_tables.in_force(point.name, day=day, known_at=known_at)
    result = version.tables.evaluate(columns)
    if result.problems:
        first = result.problems[0]
        raise rule_tables.NoVersionForDate(
            f"The book “{version.book}” gives no answer for {day}: {first.where}, {first.reason}."
        )
    return result.outputs


def quantity_milli(value: Decimal) -> int:
    """Return a quantity as whole thousandths of its unit."""
    return int(value.scaleb(3))


def _has_book(point: str) -> bool:
    return any(version.decision_point == point for version in rule_tables.versions())


def _single(
    point: declarations.DecisionPoint,
    day: datetime.date,
    known_at: datetime.datetime,
    charges: tuple[str, ...],
) -> bills.Book:
    version = rule_tables.in_force(point.name, day=day, known_at=known_at)
    governing = rule_tables.GoverningVersion(version=version, days=periods.Period(starts_on=day))
    return _book(point, (governing,), charges)


def _book(
    point: declarations.DecisionPoint,
    versions: tuple[rule_tables.GoverningVersion, ...],
    charges: tuple[str, ...],
) -> bills.Book:
    is_of_bill = point.stage > 0
    return bills.Book(
        point=point.name,
        inputs=frozenset(each.name for each in point.inputs),
        lines=tuple(_line(each, charges) for each in point.outputs) if is_of_bill else (),
        versions=tuple(
            bills.TableVersion(
                starts_on=facts.day_number(each.days.starts_on),
                version_id=each.version.version_id,
                evaluate=each.version.tables.evaluate,
            )
            for each in versions
        ),
    )


def _line(output: declarations.OutputLine, charges: tuple[str, ...]) -> bills.LineCode:
    code = code_lists.code(BILL_LINES, output.name)
    charge = str(code.attributes.get("charge", ""))
    if charge not in charges:
        raise LineHasNoCharge(
            f"The bill line “{code.code}” names the charge “{charge}”, which the code list "
            f"“{CHARGES}” does not have. Correct the attribute charge of the bill line."
        )
    return bills.LineCode(decision=output.decision, code_id=code.id, charge=charges.index(charge))

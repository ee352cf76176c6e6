"""What bills that went out would be under another version of a book: each with its correction.

The same function that bills calculates them, on the facts as they are now; nothing is written.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db import connection

from fisc.basics import periods
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.rule_tables.queries import approving, drafts, importing
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.calculations import bills, facts
from fisc.domain.utilities.queries import calculating, rates
from fisc.domain.utilities.queries import facts as reading

ACCOUNTS_AT_ONCE = 2000
_OF_BILLS = {point.name: point for point in points.DECISION_POINTS if point.stage > 0}


class MakesNoBillLines(Exception):
    """A book decides nothing that stands on a bill as an amount."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A bill, and what it would be."""

    bill_id: int
    number: int
    account_id: int
    bill_day: datetime.date
    billed_cents: int
    # None where it could not be calculated; `problem` says why.
    corrected_cents: int | None
    problem: str = ""

    @property
    def difference_cents(self) -> int | None:
        """How much more, or, negative, less, it would be."""
        return None if self.corrected_cents is None else self.corrected_cents - self.billed_cents


@dataclass(frozen=True, slots=True)
class Affected:
    """The bills that a version would change, the largest change first, and how many it would not.

    Bills that could not be calculated come before all.
    """

    corrections: tuple[Correction, ...]
    unchanged: int
    difference_cents: int


@dataclass(frozen=True, slots=True)
class _Billed:
    bill_id: int
    number: int
    account_id: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Bills of one cycle made on one day for periods that end on one day."""

    cycle_id: int
    bill_day: datetime.date
    ends_before: datetime.date


def affected_bills(*, version_id: int, known_at: datetime.datetime) -> Affected:
    """Return the bills that a version's days touch, each with the correction it would need.

    Raises MakesNoBillLines, versions.NoSuchVersion, rule_tables.NoVersionForDate.
    """
    version = drafts.draft(version_id)
    computing = drafts.would_compute(version_id, days=version.effective)
    return _affected(version, _governs([(version_id, computing)]), known_at=known_at)


def affected_by_rolling_back(*, version_id: int, known_at: datetime.datetime) -> Affected:
    """Return the bills that rolling a version back touches, each with its correction.

    Days that nothing would govern again have no bill that could be calculated. Raises
    MakesNoBillLines, versions.NoSuchVersion, rule_tables.NoVersionForDate.
    """
    governs = _governs(
        (each.version_id, drafts.would_compute(each.version_id, days=each.days))
        for each in approving.restored(version_id)
    )
    return _affected(drafts.draft(version_id), governs, known_at=known_at)


# --- Inside --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Governs:
    """A version, and the days that it is to govern."""

    version_id: int
    tables: loading.Tables
    days: periods.Period


def _governs(
    found: Iterable[tuple[int, Sequence[importing.Computing]]],
) -> list[_Governs]:
    """Give all tables numbers of their own: those that compute otherwise are other versions."""
    made: list[_Governs] = []
    for version_id, computing in found:
        for place, each in enumerate(computing):
            number = -len(made) if place else version_id
            made.append(_Governs(number, each.tables, each.days))
    return made


def _affected(
    version: drafts.Draft, governs: Sequence[_Governs], *, known_at: datetime.datetime
) -> Affected:
    changes = [
        _Change(point=each.tables.point, governs=each)
        for each in governs
        if each.tables.point.name in _OF_BILLS
    ]
    if not changes and version.decision_point not in _OF_BILLS:
        raise MakesNoBillLines(
            f"“{version.book}” makes no amount of a bill, so no bill changes by it alone."
        )
    groups = {group: None for each in changes for group in _groups(each.point, each.governs.days)}
    found = [
        correction
        for group in groups
        for some in _in_batches(_billed(group))
        for correction in _corrections(group, some, changes=changes, known_at=known_at)
    ]
    changed = [each for each in found if each.difference_cents != 0]
    return Affected(
        corrections=tuple(sorted(changed, key=_by_size)),
        unchanged=len(found) - len(changed),
        difference_cents=sum(each.difference_cents or 0 for each in changed),
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A version put over some days of its book."""

    point: declarations.DecisionPoint
    governs: _Governs

    def over(self, asked: bills.Rates, *, bill_day: datetime.date) -> bills.Rates:
        """Return the books with the version in the place of what governs its days."""
        for service, point in rates.SERVICE_POINTS.items():
            if point.name == self.point.name and service in asked.services:
                changed = self._over_days(asked.services[service])
                return replace(asked, services={**asked.services, service: changed})
        if not self.governs.days.holds(bill_day):
            return asked
        here = (self._version(facts.day_number(bill_day)),)
        if self.point.name == points.TAXES.name:
            return replace(asked, taxes=replace(asked.taxes, versions=here))
        if self.point.name == points.BILL_MINIMUM.name and asked.minimum is not None:
            return replace(asked, minimum=replace(asked.minimum, versions=here))
        return asked

    def _over_days(self, book: bills.Book) -> bills.Book:
        days = self.governs.days
        first = facts.day_number(days.starts_on)
        before = None if days.ends_before is None else facts.day_number(days.ends_before)
        starts = [each.starts_on for each in book.versions]
        kept = [each for each in book.versions if each.starts_on < first]
        kept.append(self._version(max(first, min(starts))))
        if before is not None:
            # What governed on the day after goes on from there.
            governing = [each for each in book.versions if each.starts_on <= before]
            if governing:
                kept.append(replace(governing[-1], starts_on=before))
            kept += [each for each in book.versions if each.starts_on > before]
        # A version that goes on governing cuts no period.
        goes_on = [one.version_id == other.version_id for one, other in pairwise(kept)]
        changed = [
            kept[0],
            *(each for each, same in zip(kept[1:], goes_on, strict=True) if not same),
        ]
        return replace(book, versions=tuple(changed))

    def _version(self, starts_on: int) -> bills.TableVersion:
        return bills.TableVersion(
            starts_on=starts_on,
            version_id=self.governs.version_id,
            evaluate=self.governs.tables.evaluate,
        )


_GROUPS = """
select distinct bill.cycle_id, bill.bill_day, bill.ends_before
from utilities_bill bill
where not exists (
    select from utilities_bill_cancellation cancelled where cancelled.bill_id = bill.id)
  and case when %(by_bill_day)s
      then bill.bill_day >= %(from)s and (%(before)s::date is null or bill.bill_day < %(before)s)
      else bill.ends_before > %(from)s
          and (%(before)s::date is null or bill.starts_on < %(before)s) end
order by 2, 1, 3
"""

_BILLS = """
select bill.id, bill.number, bill.account_id, bill.total_cents
from utilities_bill bill
where bill.cycle_id = %(cycle)s and bill.bill_day = %(bill_day)s
  and bill.ends_before = %(ends_before)s
  and not exists (
    select from utilities_bill_cancellation cancelled where cancelled.bill_id = bill.id)
order by bill.account_bucket, bill.account_id
"""


def _groups(point: declarations.DecisionPoint, days: periods.Period) -> Iterator[_Group]:
    with connection.cursor() as cursor:
        cursor.execute(
            _GROUPS,
            {
                "by_bill_day": point.date_basis is declarations.DateBasis.BILL_DAY,
                "from": days.starts_on,
                "before": days.ends_before,
            },
        )
        for row in cursor.fetchall():
            yield _Group(*row)


def _billed(group: _Group) -> list[_Billed]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BILLS,
            {
                "cycle": group.cycle_id,
                "bill_day": group.bill_day,
                "ends_before": group.ends_before,
            },
        )
        return [_Billed(*row) for row in cursor.fetchall()]


def _in_batches(some: Sequence[_Billed]) -> Iterator[Sequence[_Billed]]:
    for start in range(0, len(some), ACCOUNTS_AT_ONCE):
        yield some[start : start + ACCOUNTS_AT_ONCE]


def _corrections(
    group: _Group,
    some: Sequence[_Billed],
    *,
    changes: Sequence[_Change],
    known_at: datetime.datetime,
) -> Iterator[Correction]:
    buckets = [each.account_id % reading.BUCKETS for each in some]
    scope = reading.Scope(
        cycle_id=group.cycle_id,
        bill_day=group.bill_day,
        read_day=group.ends_before,
        bucket_from=min(buckets),
        bucket_before=max(buckets) + 1,
        account_ids=tuple(each.account_id for each in some),
        reads_through=group.ends_before,
        billed_before=group.ends_before,
    )
    outcome = calculating.calculate(
        scope,
        known_at=known_at,
        instead=lambda asked: functools.reduce(
            lambda so_far, change: change.over(so_far, bill_day=group.bill_day), changes, asked
        ),
    )
    totals, problems = _totals(outcome)
    for each in some:
        problem = problems.get(each.account_id, "")
        total = None if problem else totals.get(each.account_id)
        if total is None and not problem:
            problem = "Its services are held or have ended; bill it again by hand."
        yield Correction(
            bill_id=each.bill_id,
            number=each.number,
            account_id=each.account_id,
            bill_day=group.bill_day,
            billed_cents=each.total_cents,
            corrected_cents=total,
            problem=problem,
        )


def _totals(outcome: calculating.Outcome) -> tuple[dict[int, int], dict[int, str]]:
    """Return by account what its bill comes to, and why where it cannot be calculated."""
    problems = {each.account_id: each.reason for each in outcome.not_ready}
    calculated = outcome.calculated
    if calculated is None:
        return {}, problems
    accounts = calculated.facts.agreements.account_id[calculated.first_row].tolist()
    problems |= {accounts[each.bill]: each.reason for each in calculated.failures}
    return dict(zip(accounts, calculated.total_cents.tolist(), strict=True)), problems


def _by_size(correction: Correction) -> tuple[bool, int, int]:
    difference = correction.difference_cents
    return (difference is not None, -abs(difference or 0), correction.number)

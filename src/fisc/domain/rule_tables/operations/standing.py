"""Which version governs which days, from which instant on: closed, inserted, never changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from fisc.basics import periods
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import standings
from fisc.plumbing import transactions

# Two people approving versions of one book wait for each other.
_LOCK_OF_BOOKS = 0x46495343


class NotApprovable(Exception):
    """A version is not in a state to be approved, or not by this person, or not at this time."""


@transactions.needs_transaction
def close(*, book_id: int, days: periods.Period, at: datetime.datetime) -> None:
    """End what is known of some days, and let what is left of it stand anew.

    Raises NotApprovable where something of it was approved later.
    """
    overlapping = models.Standing.objects.select_related("version").filter(
        book_id=book_id, known__upper_inf=True, effective__overlap=date_range(days)
    )
    for row in list(overlapping):
        if row.known.lower >= at:
            raise NotApprovable(
                f"{row.version.file_name} was approved {row.known.lower}, not before {at}. "
                "Approve versions of a book one after the other."
            )
        row.known = DateTimeTZRange(row.known.lower, at)
        row.save(update_fields=["known"])
        for piece in standings.remainders(days_of(row.effective), without=days):
            insert(
                version=row.version,
                days=piece,
                at=at,
                decided=choices.Decided.REMAINDER,
                decided_by=row.decided_by,
                reason=row.reason,
            )


@transactions.needs_transaction
def insert(
    *,
    version: models.Version,
    days: periods.Period,
    at: datetime.datetime,
    decided: choices.Decided,
    decided_by: str,
    reason: str,
) -> None:
    """Let a version govern some days from an instant on; what did before must be closed."""
    models.Standing.objects.create(
        book_id=version.book_id,
        version=version,
        effective=date_range(days),
        known=DateTimeTZRange(at, None),
        decided=decided,
        decided_by=decided_by,
        reason=reason,
    )


@transactions.needs_transaction
def mark_superseded(book_ids: Iterable[int]) -> None:
    """Say of each approved version of some books whether it still governs any day.

    A version whose content governs as issued anew with newer shared tables does too.
    """
    books = set(book_ids)
    governing = models.Standing.objects.filter(book_id__in=books, known__upper_inf=True)
    standing: set[int | None] = set()
    for pair in governing.values_list("version_id", "version__reissue_of_id"):
        standing.update(pair)
    approved = models.Version.objects.filter(book_id__in=books).exclude(approved_at=None)
    for version_id, status in list(approved.values_list("id", "status")):
        wanted = choices.Status.APPROVED if version_id in standing else choices.Status.SUPERSEDED
        if status != wanted:
            models.Version.objects.filter(id=version_id).update(status=wanted)


def lock_books() -> None:
    """Wait until nobody else puts a version in force, and let others wait for this."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK_OF_BOOKS])


def days_of(effective: DateRange) -> periods.Period:
    """Return the days of a stored range."""
    return periods.Period(starts_on=effective.lower, ends_before=effective.upper)


def date_range(days: periods.Period) -> DateRange:
    """Return days as they are stored."""
    return DateRange(days.starts_on, days.ends_before)

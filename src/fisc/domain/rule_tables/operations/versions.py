"""The parts that every way of making a version has: kept, tested, put in force, rolled back.

Who may do it is asked before: of people by drafts.py and approvals.py, of signed files by city.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables import choices, declarations, models
from fisc.domain.rule_tables.calculations import case_runs, checking, standings
from fisc.domain.rule_tables.queries import approving
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions

# Two people approving versions of one book wait for each other.
_LOCK_OF_BOOKS = 0x46495343


class VersionDoesNotFit(Exception):
    """A file may not become a version of its book; every reason is named."""


class NotApprovable(Exception):
    """A version is not in a state to be approved, or not by this person, or not at this time."""


class BookServesAnother(Exception):
    """A book of that name serves another decision point, or the point another book."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new version is made of."""

    book: str
    decision_point: str
    file_name: str
    content: bytes
    effective: periods.Period
    author: str
    reason: str
    citation: str
    case_sheet: bytes = b""


@transactions.needs_transaction
def draft(*, of: Draft, at: datetime.datetime) -> int:
    """Keep a new version as a draft, once its file fits its decision point; gives its id.

    Raises VersionDoesNotFit, BookServesAnother, queries.NoSuchDecisionPoint.
    """
    point = queries.decision_point(of.decision_point)
    refuse(checking.misfits(of.content, point=point), file_name=of.file_name)
    return keep(of=of, at=at)


@transactions.needs_transaction
def keep(*, of: Draft, at: datetime.datetime, started_from_id: int | None = None) -> int:
    """Keep a new version as a draft whatever is wrong with it. Raises BookServesAnother."""
    book = book_of(of.book, of.decision_point)
    number = models.Version.objects.filter(book=book).count() + 1
    made = models.Version.objects.create(
        book=book,
        number=number,
        status=choices.Status.DRAFT,
        file_name=of.file_name,
        dmn=of.content,
        sha256=checking.sha256(of.content),
        case_sheet=of.case_sheet,
        case_sheet_sha256=checking.sha256(of.case_sheet),
        effective=date_range(of.effective),
        author=of.author,
        reason=of.reason,
        citation=of.citation,
        started_from_id=started_from_id,
        recorded_at=at,
    )
    return made.id


@transactions.needs_transaction
def put_in_test(*, version_id: int, at: datetime.datetime) -> None:
    """Run a draft's cases by both evaluators and, when all come out, let it be approved.

    Raises VersionDoesNotFit with every case that differs.
    """
    version = models.Version.objects.select_related("book").get(id=version_id)
    point = queries.decision_point(version.book.decision_point)
    run = run_cases(version=version, point=point, at=at)
    refuse(run.failures, file_name=version.file_name)
    version.status = choices.Status.IN_TEST
    version.save(update_fields=["status"])


@transactions.needs_transaction
def run_cases(
    *, version: models.Version, point: declarations.DecisionPoint, at: datetime.datetime
) -> case_runs.Run:
    """Run a version's cases and keep how they came out, once for a content; gives the run."""
    run = case_runs.run(
        bytes(version.dmn),
        point=point,
        sheet=checking.Sheet(name=version.file_name, content=bytes(version.case_sheet)),
    )
    models.CaseRun.objects.get_or_create(
        version=version,
        sha256=version.sha256,
        case_sheet_sha256=version.case_sheet_sha256,
        defaults={
            "problem": run.problem,
            "passed": run.passed,
            "failed": run.failed,
            "results": case_runs.to_json(run),
            "ran_at": at,
        },
    )
    return run


@transactions.needs_transaction
def approve(
    *,
    version_id: int,
    approver: str,
    at: datetime.datetime,
    known_from: datetime.datetime | None = None,
) -> None:
    """Put a version in force for its days, from an instant on, in place of what governed them.

    It is known from its approval, or from `known_from` when it came here only later. What is
    superseded stays known for what came before. Raises NotApprovable.
    """
    lock_books()
    version = models.Version.objects.get(id=version_id)
    if version.status != choices.Status.IN_TEST:
        raise NotApprovable(
            f"Version {version.number} is {version.status}; only one in test can be approved."
        )
    if approver == version.author:
        raise NotApprovable(f"{approver} wrote version {version.number}; another must approve it.")
    put_in_force(version=version, approver=approver, at=at, known_from=known_from)


@transactions.needs_transaction
def put_in_force(
    *,
    version: models.Version,
    approver: str,
    at: datetime.datetime,
    known_from: datetime.datetime | None = None,
) -> None:
    """Let a version in test, which somebody agreed to, govern its days. Raises NotApprovable."""
    version.status = choices.Status.APPROVED
    version.approver = approver
    version.approved_at = at
    version.save(update_fields=["status", "approver", "approved_at", "reviewer", "review_by"])
    _stand(
        version=version,
        days=days_of(version.effective),
        at=known_from or at,
        decided=choices.Decided.APPROVED,
        decided_by=approver,
        reason=version.reason,
    )
    code_lists.note_change()


@transactions.needs_transaction
def roll_back(*, version_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Let a version's days be governed again by what governed them before it was approved.

    What it governed meanwhile stays known for that time. Raises NotApprovable.
    """
    lock_books()
    version = models.Version.objects.get(id=version_id)
    if version.approved_at is None or version.status != choices.Status.APPROVED:
        raise NotApprovable(f"Version {version.number} governs nothing, so nothing to roll back.")
    restored = approving.restored(version_id)
    for days in approving.governed_now(version_id):
        _close(book_id=version.book_id, days=days, at=at)
    earlier = models.Version.objects.in_bulk([each.version_id for each in restored])
    for each in restored:
        _insert(earlier[each.version_id], each.days, at, choices.Decided.ROLLED_BACK, by, reason)
    _mark_superseded(version.book_id)
    code_lists.note_change()


# --- Inside --------------------------------------------------------------------------------------


def book_of(name: str, decision_point: str) -> models.Book:
    """Return the book of a name, opened if its decision point has none.

    Raises BookServesAnother.
    """
    found = models.Book.objects.filter(name=name).first()
    if found is None:
        found = models.Book.objects.filter(decision_point=decision_point).first()
    if found is None:
        return models.Book.objects.create(name=name, decision_point=decision_point)
    if (found.name, found.decision_point) != (name, decision_point):
        raise BookServesAnother(
            f"The book “{found.name}” serves {found.decision_point}. Name the file's book "
            f"“{found.name}” too, or give it another decision point than {decision_point}."
        )
    return found


def refuse(problems: Sequence[str], *, file_name: str) -> None:
    """Raise VersionDoesNotFit with every problem, if there are any."""
    if problems:
        reasons = "; ".join(each.rstrip(".") for each in problems)
        raise VersionDoesNotFit(f"{file_name}: {reasons}.")


def _stand(
    *,
    version: models.Version,
    days: periods.Period,
    at: datetime.datetime,
    decided: choices.Decided,
    decided_by: str,
    reason: str,
) -> None:
    _close(book_id=version.book_id, days=days, at=at)
    _insert(version, days, at, decided, decided_by, reason)
    _mark_superseded(version.book_id)


def _close(*, book_id: int, days: periods.Period, at: datetime.datetime) -> None:
    """End what is known of some days, and let what is left of it stand anew."""
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
            _insert(row.version, piece, at, choices.Decided.REMAINDER, row.decided_by, row.reason)


def _insert(
    version: models.Version,
    days: periods.Period,
    at: datetime.datetime,
    decided: choices.Decided,
    decided_by: str,
    reason: str,
) -> None:
    models.Standing.objects.create(
        book_id=version.book_id,
        version=version,
        effective=date_range(days),
        known=DateTimeTZRange(at, None),
        decided=decided,
        decided_by=decided_by,
        reason=reason,
    )


def _mark_superseded(book_id: int) -> None:
    """Say of each approved version whether it still governs any day."""
    governing = models.Standing.objects.filter(book_id=book_id, known__upper_inf=True)
    approved = models.Version.objects.filter(book_id=book_id).exclude(approved_at=None)
    standing = set(governing.values_list("version_id", flat=True))
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

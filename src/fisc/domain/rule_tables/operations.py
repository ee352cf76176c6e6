"""Writing books, versions and evaluations."""

from __future__ import annotations

import datetime
import hashlib
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from fisc.basics import periods
from fisc.dmn.columns import types
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables import choices, models, queries
from fisc.domain.rule_tables.calculations import (
    blocks,
    checking,
    city_files,
    keeping,
    loading,
    standings,
)
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


@transactions.needs_transaction
def draft(*, of: Draft, at: datetime.datetime) -> int:
    """Keep a new version as a draft, once its file fits its decision point; gives its id.

    Raises VersionDoesNotFit, BookServesAnother, queries.NoSuchDecisionPoint.
    """
    point = queries.decision_point(of.decision_point)
    _refuse(checking.misfits(of.content, point=point), file_name=of.file_name)
    book = _book(of.book, of.decision_point)
    number = models.Version.objects.filter(book=book).count() + 1
    made = models.Version.objects.create(
        book=book,
        number=number,
        status=choices.Status.DRAFT,
        file_name=of.file_name,
        dmn=of.content,
        sha256=hashlib.sha256(of.content).hexdigest(),
        effective=_date_range(of.effective),
        author=of.author,
        reason=of.reason,
        citation=of.citation,
        recorded_at=at,
    )
    return made.id


@transactions.needs_transaction
def put_in_test(*, version_id: int, sheets: Sequence[checking.Sheet]) -> None:
    """Run a draft's cases by both evaluators and, when all come out, let it be approved.

    Raises VersionDoesNotFit with every case that differs.
    """
    version = models.Version.objects.select_related("book").get(id=version_id)
    point = queries.decision_point(version.book.decision_point)
    tables = loading.load(bytes(version.dmn), point=point)
    _refuse(checking.failures(tables, sheets=sheets), file_name=version.file_name)
    version.status = choices.Status.IN_TEST
    version.save(update_fields=["status"])


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
    _lock_books()
    version = models.Version.objects.get(id=version_id)
    if version.status != choices.Status.IN_TEST:
        raise NotApprovable(
            f"Version {version.number} is {version.status}; only one in test can be approved."
        )
    if approver == version.author:
        raise NotApprovable(f"{approver} wrote version {version.number}; another must approve it.")
    version.status = choices.Status.APPROVED
    version.approver = approver
    version.approved_at = at
    version.save(update_fields=["status", "approver", "approved_at"])
    _stand(
        version=version,
        days=_period(version),
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
    _lock_books()
    version = models.Version.objects.get(id=version_id)
    if version.approved_at is None or version.status != choices.Status.APPROVED:
        raise NotApprovable(f"Version {version.number} governs nothing, so nothing to roll back.")
    days = _period(version)
    # What was closed at the very instant that the version began is what it took the place of.
    began = models.Standing.objects.get(version=version, decided=choices.Decided.APPROVED).known
    before = [
        (row.version, overlap)
        for row in models.Standing.objects.select_related("version").filter(
            book_id=version.book_id, known__endswith=began.lower
        )
        if (overlap := _days(row.effective).overlap(days)) is not None
    ]
    _close(book_id=version.book_id, days=days, at=at)
    for earlier, overlap in before:
        _insert(earlier, overlap, at, choices.Decided.ROLLED_BACK, by, reason)
    _mark_superseded(version.book_id)
    code_lists.note_change()


@dataclass(frozen=True, slots=True)
class CityImport:
    """What importing a city did."""

    lists: tuple[code_lists.ListImport, ...]
    tables_new: int
    tables_known: int


@transactions.starts_transaction
def import_city(*, path: pathlib.Path, at: datetime.datetime) -> CityImport:
    """Bring in a city's code lists, calendars and signed tables, all or nothing.

    The same files again change nothing. Raises city_files.CityIsWrong, checking.FileWasNotSigned,
    VersionDoesNotFit and what the code lists raise.
    """
    _lock_books()
    city = city_files.read_city(path)
    lists = [
        code_lists.import_codes(name=each.name, content=each.content) for each in city.code_lists
    ]
    lists += [
        code_lists.import_calendar(
            name=each.name,
            content=each.content,
            closed_weekdays=each.closed_weekdays,
            covers_from=each.covers_from,
            covers_before=each.covers_before,
            citation=each.citation,
        )
        for each in city.calendars
    ]
    new, known = import_tables(folder=path, approvals=city.approvals, at=at)
    return CityImport(lists=tuple(lists), tables_new=new, tables_known=known)


@transactions.needs_transaction
def import_tables(
    *, folder: pathlib.Path, approvals: Sequence[city_files.Approval], at: datetime.datetime
) -> tuple[int, int]:
    """Bring a city's signed table files in; gives how many were new and how many known.

    A book's first import counts as known from its sign-off, a later one from now: what was known
    yesterday stays as it was. Raises checking.FileWasNotSigned, and what `draft` raises.
    """
    checking.refuse_unsigned(folder, approvals)
    existing = {(each.book, each.sha256, each.days) for each in _approved()}
    known_books = {book for book, _, _ in existing}
    new = [
        each
        for each in sorted(approvals, key=lambda each: each.approved_at)
        if (each.book, each.sha256, each.effective) not in existing
    ]
    for approval in new:
        version_id = draft(
            of=Draft(
                book=approval.book,
                decision_point=approval.decision_point,
                file_name=approval.file,
                content=(folder / "tables" / approval.file).read_bytes(),
                effective=approval.effective,
                author=approval.author,
                reason=approval.reason,
                citation=approval.citation,
            ),
            at=at,
        )
        put_in_test(version_id=version_id, sheets=checking.sheets_of(folder, approval.file))
        approve(
            version_id=version_id,
            approver=approval.approver,
            at=approval.approved_at,
            known_from=at if approval.book in known_books else None,
        )
    return len(new), len(approvals) - len(new)


@transactions.needs_transaction
def keep_evaluation(
    *,
    version_id: int,
    inputs: Mapping[str, types.Column],
    result: types.Result,
    origins: Mapping[str, blocks.Origin],
    made_at: datetime.datetime,
    run_id: int | None = None,
    chunk: int | None = None,
    block_id: int | None = None,
) -> int:
    """Keep what a version was asked and answered, row for row; gives the block's id.

    Only the facts that its tables ask for are kept. Raises queries.NoSuchVersion.
    """
    tables = queries.version(version_id).tables
    encoded = keeping.encoded(tables, inputs=inputs, result=result, origins=origins)
    block = models.EvaluationBlock(
        id=block_id,
        decision_point=tables.point.name,
        version_id=version_id,
        run_id=run_id,
        chunk=chunk,
        rows=encoded.rows,
        layout=encoded.layout,
        segment_rows=encoded.segment_rows,
        segment_ends=encoded.segment_ends,
        sha256=encoded.sha256,
        content=encoded.content,
        made_at=made_at,
    )
    block.save(force_insert=True)
    return block.id


# --- Inside --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    book: str
    sha256: str
    days: periods.Period


def _approved() -> list[_Known]:
    rows = models.Version.objects.exclude(approved_at=None).select_related("book").defer("dmn")
    return [_Known(row.book.name, row.sha256, _period(row)) for row in rows]


def _book(name: str, decision_point: str) -> models.Book:
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


def _refuse(problems: Sequence[str], *, file_name: str) -> None:
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
        book_id=book_id, known__upper_inf=True, effective__overlap=_date_range(days)
    )
    for row in list(overlapping):
        if row.known.lower >= at:
            raise NotApprovable(
                f"{row.version.file_name} was approved {row.known.lower}, not before {at}. "
                "Approve versions of a book one after the other."
            )
        row.known = DateTimeTZRange(row.known.lower, at)
        row.save(update_fields=["known"])
        for piece in standings.remainders(_days(row.effective), without=days):
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
        effective=_date_range(days),
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


def _lock_books() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK_OF_BOOKS])


def _period(version: models.Version) -> periods.Period:
    return _days(version.effective)


def _days(effective: DateRange) -> periods.Period:
    return periods.Period(starts_on=effective.lower, ends_before=effective.upper)


def _date_range(days: periods.Period) -> DateRange:
    return DateRange(days.starts_on, days.ends_before)

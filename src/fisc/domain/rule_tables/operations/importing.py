"""What imports a shared table follows it: issued anew when the table changes, and back.

An importer's version is complete: its content and the shared versions that it computes with. When
a shared book has other versions for some days, each version that imports it and governs such days
is issued anew with them, in the same transaction; so an evaluation that names a version names
everything that it was computed with.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q

from fisc.basics import periods
from fisc.dmn.xml import problems
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.operations import case_running, standing
from fisc.domain.rule_tables.queries import importing as queries
from fisc.plumbing import transactions


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about tables that makes versions govern: whose, why, and when known."""

    decided: choices.Decided
    by: str
    reason: str
    # From when it is known, and when it was made.
    known_from: datetime.datetime
    at: datetime.datetime


@transactions.needs_transaction
def settle(*, version: models.Version, at: datetime.datetime) -> tuple[queries.Piece, ...]:
    """Keep what a version in test computes with on its first days; gives all its days in pieces.

    Its cases must come out on each. Raises standing.NotApprovable.
    """
    pieces = _resolved(version, standing.days_of(version.effective))
    for each in pieces if pieces[0].imported else ():
        _refuse_failing(version, each, at=at)
    _keep_imports(version, pieces[0].imported)
    return pieces


@transactions.needs_transaction
def stand(
    *, origin: models.Version, pieces: tuple[queries.Piece, ...], decision: Decision,
    cause: models.Version,
) -> None:  # fmt: skip
    """Let a version, or it issued anew, govern days that nothing governs, piece by piece.

    `cause` is the version whose approval brings this about: its writer and its approver stand for
    what is issued anew.
    """
    for piece in pieces:
        standing.insert(
            version=_issued(origin, piece, cause=cause, at=decision.at),
            days=piece.days,
            at=decision.known_from,
            decided=decision.decided,
            decided_by=decision.by,
            reason=decision.reason,
        )


@transactions.needs_transaction
def stand_again(
    *, version: models.Version, days: periods.Period, decision: Decision, cause: models.Version
) -> None:
    """Let the content of an earlier version govern days again, with the shared tables of now.

    Raises standing.NotApprovable.
    """
    origin = _origin(version)
    stand(origin=origin, pieces=_resolved(origin, days), decision=decision, cause=cause)


@transactions.needs_transaction
def follow(*, cause: models.Version, days: periods.Period, decision: Decision) -> None:
    """Issue anew whatever imports a shared book of which other versions govern some days now.

    Raises standing.NotApprovable where an importer's cases do not come out, or where a day that
    one governs would be left without the shared book.
    """
    books = set()
    for row in queries.importing(cause.book_id, days=days):
        overlap = standing.days_of(row.effective).overlap(days)
        assert overlap is not None, "only standings of those days were asked for"
        origin = _origin(row.version)
        pieces = _resolved(origin, overlap)
        if all(_is(row.version, each) for each in pieces):
            continue
        standing.close(book_id=row.book_id, days=overlap, at=decision.known_from)
        stand(origin=origin, pieces=pieces, decision=decision, cause=cause)
        books.add(row.book_id)
    standing.mark_superseded(books)


# --- Inside --------------------------------------------------------------------------------------


def _resolved(version: models.Version, days: periods.Period) -> tuple[queries.Piece, ...]:
    try:
        return queries.resolutions(bytes(version.dmn), days=days)
    except (queries.NotResolved, problems.ModelIsRefused) as problem:
        raise standing.NotApprovable(
            f"Version {version.number} of “{version.book.name}”: {problem}"
        ) from problem


def _origin(version: models.Version) -> models.Version:
    if version.reissue_of_id is None:
        return version
    return models.Version.objects.select_related("book").get(id=version.reissue_of_id)


def _is(version: models.Version, piece: queries.Piece) -> bool:
    return queries.ids(queries.kept(version.id)) == queries.ids(piece.imported)


def _issued(
    origin: models.Version, piece: queries.Piece, *, cause: models.Version, at: datetime.datetime
) -> models.Version:
    """Return the version with an origin's content that computes with what a piece imports."""
    family = models.Version.objects.select_related("book").filter(
        Q(id=origin.id) | Q(reissue_of=origin), approved_at__isnull=False
    )
    for each in family.order_by("id"):
        if _is(each, piece):
            return each
    return _issue(origin, piece, cause=cause, at=at)


def _issue(
    origin: models.Version, piece: queries.Piece, *, cause: models.Version, at: datetime.datetime
) -> models.Version:
    made = models.Version.objects.create(
        book=origin.book,
        number=models.Version.objects.filter(book=origin.book).count() + 1,
        status=choices.Status.DRAFT,
        file_name=origin.file_name,
        dmn=bytes(origin.dmn),
        sha256=origin.sha256,
        case_sheet=bytes(origin.case_sheet),
        case_sheet_sha256=origin.case_sheet_sha256,
        effective=standing.date_range(piece.days),
        author=cause.author,
        reason=_reason(origin, piece, cause),
        citation=cause.citation,
        started_from=origin,
        reissue_of=origin,
        recorded_at=at,
    )
    made.status = choices.Status.IN_TEST
    made.save(update_fields=["status"])
    _refuse_failing(made, piece, at=at)
    _keep_imports(made, piece.imported)
    made.status = choices.Status.APPROVED
    made.approver, made.approved_at = cause.approver, cause.approved_at
    made.reviewer, made.review_by = cause.reviewer, cause.review_by
    made.save(update_fields=["status", "approver", "approved_at", "reviewer", "review_by"])
    return made


def _reason(origin: models.Version, piece: queries.Piece, cause: models.Version) -> str:
    imported = ", ".join(f"“{each.book}” version {each.number}" for each in piece.imported)
    return f"Version {origin.number} with {imported}: {cause.reason}"


def _keep_imports(version: models.Version, imported: tuple[queries.Imported, ...]) -> None:
    models.Import.objects.bulk_create(
        [models.Import(version=version, imported_id=each.version_id) for each in imported]
    )


def _refuse_failing(
    version: models.Version, piece: queries.Piece, *, at: datetime.datetime
) -> None:
    run = case_running.run_cases(version=version, at=at, imported=piece.imported)
    if run.failures:
        reasons = "; ".join(each.rstrip(".") for each in run.failures)
        raise standing.NotApprovable(
            f"Cases of “{version.book.name}” do not come out with what it imports from "
            f"{piece.days.starts_on} on: {reasons}."
        )

"""The parts that every way of making a version has: kept, tested, put in force, rolled back.

Who may do it is asked before: of people by drafts.py and approvals.py, of signed files by city.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import checking
from fisc.domain.rule_tables.operations import case_running, importing, standing
from fisc.domain.rule_tables.queries import approving
from fisc.domain.rule_tables.queries import importing as imports
from fisc.plumbing import transactions

NotApprovable = standing.NotApprovable
lock_books = standing.lock_books
days_of = standing.days_of
date_range = standing.date_range


class VersionDoesNotFit(Exception):
    """A file may not become a version of its book; every reason is named."""


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

    Raises VersionDoesNotFit, BookServesAnother, points.NoSuchDecisionPoint.
    """
    refuse(misfits(of), file_name=of.file_name)
    return keep(of=of, at=at)


def misfits(of: Draft) -> tuple[str, ...]:
    """Return in words everything for which a file may not become a version of its book.

    Raises points.NoSuchDecisionPoint.
    """
    return imports.misfits(of.decision_point, of.content, day=of.effective.starts_on)


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

    Those of a shared book's importers are run with it too. Raises VersionDoesNotFit with every
    case that differs.
    """
    version = models.Version.objects.select_related("book").get(id=version_id)
    run = case_running.run_cases(version=version, at=at)
    refuse([*run.failures, *importers_failing(version)], file_name=version.file_name)
    version.status = choices.Status.IN_TEST
    version.save(update_fields=["status"])


def importers_failing(version: models.Version) -> tuple[str, ...]:
    """Say in words which cases of a shared book's importers do not come out with a version."""
    return tuple(
        f"“{each.book}” version {each.number}, which imports it: {text}"
        for each in imports.importer_runs(version)
        for text in each.run.failures
    )


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
    """Let a version in test, which somebody agreed to, govern its days.

    What imports it is issued anew with it. Raises NotApprovable.
    """
    pieces = importing.settle(version=version, at=at)
    version.status = choices.Status.APPROVED
    version.approver = approver
    version.approved_at = at
    version.save(update_fields=["status", "approver", "approved_at", "reviewer", "review_by"])
    days = days_of(version.effective)
    decision = importing.Decision(
        decided=choices.Decided.APPROVED,
        by=approver,
        reason=version.reason,
        known_from=known_from or at,
        at=at,
    )
    standing.close(book_id=version.book_id, days=days, at=decision.known_from)
    importing.stand(origin=version, pieces=pieces, decision=decision, cause=version)
    standing.mark_superseded([version.book_id])
    importing.follow(cause=version, days=days, decision=decision)
    code_lists.note_change()


@transactions.needs_transaction
def roll_back(*, version_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Let a version's days be governed again by what governed them before it was approved.

    What it governed meanwhile stays known for that time. Raises NotApprovable.
    """
    lock_books()
    version = models.Version.objects.select_related("book").get(id=version_id)
    governed = approving.governed_now(version_id)
    _refuse_roll_back(version, governed)
    restored = approving.restored(version_id)
    decision = importing.Decision(
        decided=choices.Decided.ROLLED_BACK, by=by, reason=reason, known_from=at, at=at
    )
    for days in governed:
        standing.close(book_id=version.book_id, days=days, at=at)
    earlier = models.Version.objects.select_related("book").in_bulk(
        [each.version_id for each in restored]
    )
    for each in restored:
        importing.stand_again(
            version=earlier[each.version_id], days=each.days, decision=decision, cause=version
        )
    standing.mark_superseded([version.book_id])
    for days in governed:
        importing.follow(cause=version, days=days, decision=decision)
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


def refuse(reasons: Sequence[str], *, file_name: str) -> None:
    """Raise VersionDoesNotFit with every reason, if there are any."""
    if reasons:
        said = "; ".join(each.rstrip(".") for each in reasons)
        raise VersionDoesNotFit(f"{file_name}: {said}.")


def _refuse_roll_back(version: models.Version, governed: Sequence[periods.Period]) -> None:
    if version.reissue_of_id is not None:
        first = models.Version.objects.get(id=version.reissue_of_id)
        raise NotApprovable(
            f"Version {version.number} is version {first.number} with newer shared tables. Roll "
            f"back version {first.number}, or the shared table that brought it about."
        )
    if version.approved_at is None or not governed:
        raise NotApprovable(f"Version {version.number} governs nothing, so nothing to roll back.")

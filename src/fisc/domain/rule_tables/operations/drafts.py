"""Writing a version until it is tested: its tables, its cases, its days and reasons."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import (
    case_runs,
    case_sheets,
    checking,
    loading,
    shared,
)
from fisc.domain.rule_tables.operations import case_running, people, source_rows, versions
from fisc.domain.rule_tables.queries import drafts, importing
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions
from fisc.plumbing.users import permissions


class DraftChangedMeanwhile(Exception):
    """Somebody else saved the same draft; both contents are kept, and a person chooses."""

    def __init__(
        self, *, who: str, when: datetime.datetime | None, content: bytes, sha256: str
    ) -> None:
        self.who = who
        self.when = when
        self.content = content
        self.sha256 = sha256
        super().__init__(
            f"{who or 'Somebody'} saved this draft at {when:%Y-%m-%d %H:%M %Z} while you worked "
            "on it. Nothing of yours was saved. Look at both, then save again on top of theirs."
            if when is not None
            else "This draft is not the one you began with. Open it again, then save."
        )


class NotADraft(Exception):
    """A version is not in the state in which this can be done."""


class NothingToStartFrom(Exception):
    """A draft has neither a version nor a file to start from."""


class FileIsUnreadable(Exception):
    """What was to be saved is no XML; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft as it was saved: what it is now, what is wrong with it, how its cases come out."""

    sha256: str
    case_sheet_sha256: str
    # What must be mended before it can be put in test, and does not stop saving.
    problems: tuple[str, ...]
    cases: case_runs.Run


@transactions.starts_transaction
def start_book(*, name: str, decision_point: str, by: str, at: datetime.datetime) -> int:
    """Open a book for a decision point that has none yet; gives its id.

    A book that others import has a name as in `shared.fees` for a decision point.
    Raises people.NotPermitted, queries.NoSuchDecisionPoint, versions.BookServesAnother.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(name=name)
    if not shared.is_shared(decision_point):
        queries.decision_point(decision_point)
    book = versions.book_of(name.strip(), decision_point)
    people.note_book(person=person, verb="opened the book", book=book, why="", at=at)
    return book.id


@transactions.starts_transaction
def start_draft(
    *,
    book: str,
    effective: periods.Period,
    by: str,
    reason: str,
    citation: str,
    at: datetime.datetime,
    from_version_id: int | None = None,
    content: bytes | None = None,
) -> int:
    """Start a version from a file, another version, or else what governs its first day; its id.

    The cases and the sources of the version that it starts from come with it. Raises
    people.NotPermitted, people.NothingSaid, NothingToStartFrom, FileIsUnreadable.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason, citation=citation)
    versions.lock_books()
    found = models.Book.objects.filter(name=book).first()
    if found is None:
        raise NothingToStartFrom(f"The city has no book “{book}”. Open it first.")
    source = _source(found, from_version_id, effective=effective, at=at)
    if source is None and content is None:
        raise NothingToStartFrom(
            f"No version of “{book}” governs {effective.starts_on}. Start from a file, or name "
            "the version to start from."
        )
    file = bytes(source.dmn) if content is None and source is not None else content or b""
    of = versions.Draft(
        book=book,
        decision_point=found.decision_point,
        file_name=_file_name(found, effective),
        content=file,
        effective=effective,
        author=person.signature,
        reason=reason.strip(),
        citation=citation.strip(),
        case_sheet=b"" if source is None else bytes(source.case_sheet),
    )
    problems = _problems(of)
    version_id = versions.keep(of=of, at=at, started_from_id=source.id if source else None)
    if source is not None:
        source_rows.copy(from_version=source, to_version_id=version_id)
    version = people.locked(version_id)
    people.revise(version, choices.Saved.STARTED, person, problems, at)
    _run(version, at=at)
    people.note(person=person, verb="started a draft", version=version, why=reason, at=at)
    return version_id


@transactions.starts_transaction
def save_draft(
    *, version_id: int, content: bytes, based_on_sha256: str, by: str, at: datetime.datetime
) -> SavedDraft:
    """Save a draft's file over the one it was made from, and run its cases.

    The same file again changes nothing. Raises DraftChangedMeanwhile when the draft is no longer
    the one it was made from, FileIsUnreadable for what is no XML, NotADraft, people.NotPermitted.
    """
    return keep_content(
        version_id=version_id, content=content, based_on_sha256=based_on_sha256, by=by, at=at
    )


@transactions.needs_transaction
def keep_content(
    *, version_id: int, content: bytes, based_on_sha256: str, by: str, at: datetime.datetime
) -> SavedDraft:
    """Do the same as a part of another operation."""
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    version = locked(version_id)
    if checking.sha256(content) != version.sha256:
        if based_on_sha256 != version.sha256:
            raise _changed_meanwhile(version, bytes(version.dmn), version.sha256)
        problems = _problems(_with_content(version, content))
        version.dmn = content
        version.sha256 = checking.sha256(content)
        version.save(update_fields=["dmn", "sha256"])
        people.revise(version, choices.Saved.TABLES, person, problems, at)
        people.note(
            person=person,
            verb="saved the draft",
            version=version,
            why="",
            at=at,
            detail={"sha256": version.sha256, "before": based_on_sha256},
        )
    return _saved(version, at=at)


@transactions.starts_transaction
def save_cases(
    *,
    version_id: int,
    cases: Sequence[case_sheets.Case],
    based_on_sha256: str,
    by: str,
    at: datetime.datetime,
) -> SavedDraft:
    """Save a draft's cases in place of those they were made from, and run them.

    The columns of the sheet stay in their order; the same cases change nothing. Raises
    DraftChangedMeanwhile, case_sheets.CaseIsWrong, case_sheets.SheetIsWrong, NotADraft,
    people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    version = locked(version_id)
    before = bytes(version.case_sheet)
    content = case_sheets.write(cases, point=drafts.point_of(version), like=before)
    return _save_sheet(version, content, based_on_sha256, person, at)


@transactions.starts_transaction
def import_cases(
    *, version_id: int, content: bytes, based_on_sha256: str, by: str, at: datetime.datetime
) -> SavedDraft:
    """Take a case sheet, byte for byte, as a draft's cases, and run them.

    Raises case_sheets.SheetIsWrong, DraftChangedMeanwhile, NotADraft, people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    version = locked(version_id)
    name = drafts.sheet_name(version.file_name)
    case_sheets.read(content, point=drafts.point_of(version), name=name)
    return _save_sheet(version, content, based_on_sha256, person, at)


@transactions.starts_transaction
def describe_draft(
    *,
    version_id: int,
    effective: periods.Period,
    reason: str,
    citation: str,
    by: str,
    at: datetime.datetime,
) -> None:
    """Say anew for which days a draft is meant, why, and by which law.

    Raises NotADraft, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason, citation=citation)
    version = locked(version_id)
    meant = (versions.date_range(effective), reason.strip(), citation.strip())
    if (version.effective, version.reason, version.citation) == meant:
        return
    if version.effective != meant[0]:
        version.file_name = _file_name(version.book, effective)
    version.effective, version.reason, version.citation = meant
    version.save(update_fields=["effective", "reason", "citation", "file_name"])
    people.revise(version, choices.Saved.DESCRIPTION, person, drafts.draft(version_id).problems, at)
    people.note(
        person=person,
        verb="described the draft",
        version=version,
        why=reason,
        at=at,
        detail={"effective": str(effective), "citation": citation},
    )


@transactions.starts_transaction
def discard_draft(*, version_id: int, reason: str, by: str, at: datetime.datetime) -> None:
    """Give a draft up; it stays to be read, and can never be approved.

    Raises NotADraft, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason)
    version = locked(version_id)
    version.status = choices.Status.DISCARDED
    version.save(update_fields=["status"])
    people.note(person=person, verb="discarded the draft", version=version, why=reason, at=at)


def locked(version_id: int) -> models.Version:
    """Lock a draft's row until it is changed. Raises NotADraft, people.NoSuchDraft."""
    version = people.locked(version_id)
    if version.status != choices.Status.DRAFT:
        raise NotADraft(
            f"Version {version.number} of “{version.book.name}” is {version.status}, so it stays "
            "as it is. "
            + (
                "Take it back to draft first."
                if version.status == choices.Status.IN_TEST
                else "Start a draft from it."
            )
        )
    return version


# --- Inside --------------------------------------------------------------------------------------


def _source(
    book: models.Book,
    from_version_id: int | None,
    *,
    effective: periods.Period,
    at: datetime.datetime,
) -> models.Version | None:
    if from_version_id is not None:
        found = models.Version.objects.filter(id=from_version_id, book=book).first()
        if found is None:
            raise NothingToStartFrom(f"“{book.name}” has no version {from_version_id}.")
        return found
    governing = models.Standing.objects.select_related("version").filter(
        book=book, effective__contains=effective.starts_on, known__contains=at
    )
    standing = governing.first()
    return None if standing is None else standing.version


def _file_name(book: models.Book, effective: periods.Period) -> str:
    plain = f"{book.decision_point}.{effective.starts_on}"
    taken = set(models.Version.objects.filter(book=book).values_list("file_name", flat=True))
    names = (f"{plain}.dmn", *(f"{plain}.{number}.dmn" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def _problems(of: versions.Draft) -> tuple[str, ...]:
    """Return what is wrong with a file that can be opened. Raises FileIsUnreadable."""
    try:
        imported = importing.files(importing.on_day(of.content, of.effective.starts_on))
        loading.model_of(of.content, imported=imported)
    except xml_problems.UnreadableXml as refused:
        raise FileIsUnreadable(f"Nothing was saved. {refused}") from refused
    except xml_problems.ModelIsRefused as refused:
        return tuple(str(each) for each in refused.problems)
    return versions.misfits(of)


def _with_content(version: models.Version, content: bytes) -> versions.Draft:
    return versions.Draft(
        book=version.book.name,
        decision_point=version.book.decision_point,
        file_name=version.file_name,
        content=content,
        effective=versions.days_of(version.effective),
        author=version.author,
        reason=version.reason,
        citation=version.citation,
    )


def _save_sheet(
    version: models.Version,
    content: bytes,
    based_on_sha256: str,
    person: people.Person,
    at: datetime.datetime,
) -> SavedDraft:
    sha256 = checking.sha256(content)
    if sha256 != version.case_sheet_sha256:
        if based_on_sha256 != version.case_sheet_sha256:
            raise _changed_meanwhile(version, bytes(version.case_sheet), version.case_sheet_sha256)
        version.case_sheet = content
        version.case_sheet_sha256 = sha256
        version.save(update_fields=["case_sheet", "case_sheet_sha256"])
        people.revise(version, choices.Saved.CASES, person, drafts.draft(version.id).problems, at)
        people.note(
            person=person,
            verb="saved the cases",
            version=version,
            why="",
            at=at,
            detail={"sha256": sha256, "before": based_on_sha256},
        )
    return _saved(version, at=at)


def _changed_meanwhile(
    version: models.Version, content: bytes, sha256: str
) -> DraftChangedMeanwhile:
    last = drafts.draft(version.id)
    return DraftChangedMeanwhile(
        who=last.saved_by, when=last.saved_at, content=content, sha256=sha256
    )


def _run(version: models.Version, *, at: datetime.datetime) -> case_runs.Run:
    return case_running.run_cases(version=version, at=at)


def _saved(version: models.Version, *, at: datetime.datetime) -> SavedDraft:
    return SavedDraft(
        sha256=version.sha256,
        case_sheet_sha256=version.case_sheet_sha256,
        problems=drafts.draft(version.id).problems,
        cases=_run(version, at=at),
    )

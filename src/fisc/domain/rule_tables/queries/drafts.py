"""A version as it is worked on: its file, its cases, how they came out, and its trace."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fisc.basics import periods
from fisc.dmn import model as dmn
from fisc.dmn.checks import findings
from fisc.dmn.xml import problems
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations, models
from fisc.domain.rule_tables.calculations import (
    case_runs,
    case_sheets,
    checking,
    evaluated_cases,
    loading,
    publishing,
    replaying,
    shared,
)
from fisc.domain.rule_tables.queries import importing, points, sources, versions


class NoSuchCase(Exception):
    """A version has no case of that name."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of any status with its file, and who saved it last."""

    version_id: int
    book: str
    decision_point: str
    number: int
    status: str
    file_name: str
    content: bytes
    sha256: str
    case_sheet: bytes
    case_sheet_sha256: str
    effective: periods.Period
    author: str
    approver: str
    approved_at: datetime.datetime | None
    reason: str
    citation: str
    started_from_id: int | None
    # Of one that has another's content with newer shared tables: that other.
    reissue_of_id: int | None
    # Of the last revision; 0, nobody and nothing for a version that came in as a signed file.
    revision: int
    saved_by: str
    saved_at: datetime.datetime | None
    # What must be mended before it can be put in test.
    problems: tuple[str, ...]

    @property
    def case_sheet_name(self) -> str:
        """The file that its cases are exported to."""
        return sheet_name(self.file_name)


@dataclass(frozen=True, slots=True)
class CaseResults:
    """How the cases of a version came out, as kept with it."""

    version_id: int
    sha256: str
    case_sheet_sha256: str
    ran_at: datetime.datetime
    passed: int
    failed: int
    # Why the cases could not be run, where they could not.
    problem: str
    outcomes: tuple[case_runs.CaseOutcome, ...]


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What the checks before publishing found, as kept when the version was put in test."""

    sha256: str
    case_sheet_sha256: str
    made_at: datetime.datetime
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AcceptedChange:
    """A change that no case of a book notices, accepted with a reason."""

    key: str
    reason: str
    accepted_by: str
    accepted_at: datetime.datetime


def draft(version_id: int) -> Draft:
    """Return a version as it is worked on, whatever its status. Raises versions.NoSuchVersion."""
    row = version_row(version_id)
    last = (
        models.Revision.objects.select_related("saved_by")
        .filter(version=row)
        .order_by("-number")
        .defer("dmn", "case_sheet")
        .first()
    )
    return Draft(
        version_id=row.id,
        book=row.book.name,
        decision_point=row.book.decision_point,
        number=row.number,
        status=row.status,
        file_name=row.file_name,
        content=bytes(row.dmn),
        sha256=row.sha256,
        case_sheet=bytes(row.case_sheet),
        case_sheet_sha256=row.case_sheet_sha256,
        effective=periods.Period(starts_on=row.effective.lower, ends_before=row.effective.upper),
        author=row.author,
        approver=row.approver,
        approved_at=row.approved_at,
        reason=row.reason,
        citation=row.citation,
        started_from_id=row.started_from_id,
        reissue_of_id=row.reissue_of_id,
        revision=0 if last is None else last.number,
        saved_by="" if last is None else signature(last.saved_by),
        saved_at=None if last is None else last.saved_at,
        problems=_problems(row, last),
    )


def cases(version_id: int) -> tuple[case_sheets.Case, ...]:
    """Return a version's cases. Raises versions.NoSuchVersion, case_sheets.SheetIsWrong."""
    row = version_row(version_id)
    return _cases(row)


def case_results(version_id: int) -> CaseResults | None:
    """Return how a version's cases came out for what it is now; None where they were never run.

    Raises versions.NoSuchVersion.
    """
    row = version_row(version_id)
    kept = models.CaseRun.objects.filter(
        version=row,
        sha256=row.sha256,
        case_sheet_sha256=row.case_sheet_sha256,
        imports_sha256=importing.sha256_of(row),
    ).first()
    if kept is None:
        return None
    return CaseResults(
        version_id=version_id,
        sha256=kept.sha256,
        case_sheet_sha256=kept.case_sheet_sha256,
        ran_at=kept.ran_at,
        passed=kept.passed,
        failed=kept.failed,
        problem=kept.problem,
        outcomes=case_runs.from_json(kept.results),
    )


def case_trace(version_id: int, name: str) -> tuple[replaying.Answer, ...]:
    """Return, line by line, the steps that lead to a case's answers, computed now.

    Raises versions.NoSuchVersion, NoSuchCase, and what reading tables and sheets raises.
    """
    row = version_row(version_id)
    wanted = next((each for each in _cases(row) if each.words == name), None)
    if wanted is None:
        raise NoSuchCase(f"{row.file_name} has no case “{name}”.")
    return case_runs.traced(wanted, tables=tables(version_id))


def case_from_evaluation(block_id: int, row: int, *, name: str) -> case_sheets.Case:
    """Make a case from what was kept for a bill line: its exact inputs and answers.

    Raises versions.NoSuchEvaluation, blocks.BlockIsDamaged.
    """
    version_id, kept = versions.kept_row(block_id, row)
    point = versions.version(version_id).point
    return evaluated_cases.case_of(kept, point=point, name=name)


def tables(version_id: int) -> loading.Tables:
    """Return the tables of a version of any status, read and compiled.

    Raises versions.NoSuchVersion, fisc.dmn.xml.problems.ModelIsRefused.
    """
    return _tables(version_row(version_id))


def publish_report(version_id: int) -> PublishReport | None:
    """Return what the checks found of what a version is now; None before it was put in test."""
    row = version_row(version_id)
    kept = (
        models.PublishReport.objects.filter(
            version=row, sha256=row.sha256, case_sheet_sha256=row.case_sheet_sha256
        )
        .order_by("-id")
        .first()
    )
    if kept is None:
        return None
    return PublishReport(kept.sha256, kept.case_sheet_sha256, kept.made_at, kept.report)


def check(version_id: int) -> findings.Report:
    """Run the checks at publish on a version as it is now, with what the book accepted.

    Raises versions.NoSuchVersion, fisc.dmn.xml.problems.ModelIsRefused, case_sheets.SheetIsWrong.
    """
    row = version_row(version_id)
    sheet = checking.Sheet(sheet_name(row.file_name), bytes(row.case_sheet))
    return publishing.report(
        _tables(row),
        sheets=(sheet,) if sheet.content else (),
        accepted={each.key: each.reason for each in accepted_changes(row.book.name)},
        codes=_codes_on(row.effective.lower, point_of(row)),
        sources=sources.for_checks(row),
        before=_model_before(row),
    )


def _model_before(row: models.Version) -> dmn.Model | None:
    """Return the file that a version was started from; None where there is none to be read."""
    if row.started_from_id is None:
        return None
    try:
        return _tables(version_row(row.started_from_id)).model
    except problems.ModelIsRefused:
        # What it was made from may be a draft that was never whole: then nothing is compared.
        return None


def accepted_changes(book: str) -> tuple[AcceptedChange, ...]:
    """Return the changes that no case of a book has to notice, and why, by key."""
    rows = models.AcceptedChange.objects.select_related("accepted_by").filter(book__name=book)
    return tuple(
        AcceptedChange(row.key, row.reason, signature(row.accepted_by), row.accepted_at)
        for row in rows.order_by("key")
    )


def version_row(version_id: int) -> models.Version:
    """Return a version's row with its book. Raises versions.NoSuchVersion."""
    row = models.Version.objects.select_related("book").filter(id=version_id).first()
    if row is None:
        raise versions.NoSuchVersion(f"There is no version {version_id} of any book.")
    return row


def point_of(row: models.Version) -> declarations.DecisionPoint:
    """Return the decision point that a version serves. Raises versions.NoSuchDecisionPoint."""
    return point_of_file(row.book.decision_point, bytes(row.dmn), day=row.effective.lower)


def point_of_draft(draft: Draft) -> declarations.DecisionPoint:
    """Return the decision point that a version serves. Raises versions.NoSuchDecisionPoint."""
    return point_of_file(draft.decision_point, draft.content, day=draft.effective.starts_on)


def point_of_file(
    decision_point: str, content: bytes, *, day: datetime.date
) -> declarations.DecisionPoint:
    """Return the decision point of a file of a book; a shared book's is read from the file.

    Raises versions.NoSuchDecisionPoint.
    """
    if not shared.is_shared(decision_point):
        return versions.decision_point(decision_point)
    try:
        imported = files_imported(content, day=day)
    except problems.ModelIsRefused:
        imported = ()
    return points.of_file(decision_point, content, imported=imported)


def signature(person: Any) -> str:
    """Return how a person is written on what they wrote or approved: unique, and readable."""
    return f"{person.full_name} ({person.username})"


def sheet_name(file_name: str) -> str:
    """Return the name of the case sheet beside a table file."""
    return f"{file_name.removesuffix('.dmn')}.csv"


def importer_runs(version_id: int) -> tuple[importing.ImporterRun, ...]:
    """Run the cases of whatever imports a shared version's book, with that version in its place.

    Raises versions.NoSuchVersion.
    """
    return importing.importer_runs(version_row(version_id))


def files_imported(content: bytes, *, day: datetime.date) -> tuple[bytes, ...]:
    """Return the files that a file would import on a day, as known now.

    Raises fisc.dmn.xml.problems.ModelIsRefused.
    """
    return importing.files(importing.on_day(content, day))


def would_compute(version_id: int, *, days: periods.Period) -> tuple[importing.Computing, ...]:
    """Return the tables that a version brings about on some days, as known now.

    Its own, on each run of days with the same shared tables; of a shared version, those of
    whatever imports its book. Raises versions.NoSuchVersion,
    fisc.dmn.xml.problems.ModelIsRefused.
    """
    row = version_row(version_id)
    if shared.is_shared(row.book.decision_point):
        return importing.importers_with(row, days=days)
    return importing.would_govern(row, days=days)


def imported(draft: Draft) -> tuple[importing.Imported, ...]:
    """Return what a version computes with; one not yet approved, as it would on its first day.

    Raises fisc.dmn.xml.problems.ModelIsRefused, saying what is not there.
    """
    if draft.approved_at is None:
        return importing.on_day(draft.content, draft.effective.starts_on)
    return importing.kept(draft.version_id) if shared.wanted(draft.content) else ()


def imported_files(version_id: int) -> tuple[bytes, ...]:
    """Return the files that a version imports.

    Raises versions.NoSuchVersion, fisc.dmn.xml.problems.ModelIsRefused.
    """
    return importing.files(importing.of_version(version_row(version_id)))


def _problems(row: models.Version, last: models.Revision | None) -> tuple[str, ...]:
    """Return what was wrong as it was saved; of what imports, what is wrong now.

    A shared table that was missing may have been approved since, or be gone.
    """
    if last is None:
        return ()
    if row.approved_at is None and b"import" in bytes(row.dmn):
        return importing.misfits(row.book.decision_point, bytes(row.dmn), day=row.effective.lower)
    return tuple(last.problems)


def _tables(row: models.Version) -> loading.Tables:
    files = importing.files(importing.of_version(row))
    point = points.of_file(row.book.decision_point, bytes(row.dmn), imported=files)
    return loading.load(bytes(row.dmn), point=point, imported=files)


def _codes_on(day: datetime.date, point: declarations.DecisionPoint) -> dict[str, tuple[str, ...]]:
    """Return, of each list that a decision point names, the codes that may be used on a day."""
    named = {each.code_list for each in point.inputs} & set(code_lists.list_names())
    return {
        name: tuple(
            each.code
            for each in code_lists.codes(name, as_of=code_lists.AsOf(day)).values()
            if each.is_current(day)
        )
        for name in sorted(named)
    }


def _cases(row: models.Version) -> tuple[case_sheets.Case, ...]:
    sheet = checking.Sheet(sheet_name(row.file_name), bytes(row.case_sheet))
    if not sheet.content:
        return ()
    return case_sheets.read(sheet.content, point=point_of(row), name=sheet.name)

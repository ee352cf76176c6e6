"""Bringing in a city's folder: code lists, calendars, signed tables and their cases."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.dmn.xml import problems
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import checking, city_files, city_imports, city_sources
from fisc.domain.rule_tables.operations import source_rows, versions
from fisc.plumbing import transactions


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
    versions.VersionDoesNotFit and what the code lists raise.
    """
    versions.lock_books()
    city = city_files.read_city(path)
    lists = [
        code_lists.import_codes(name=each.name, content=each.content, at=at)
        for each in city.code_lists
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
    yesterday stays as it was. Raises checking.FileWasNotSigned, city_sources.SourcesAreWrong, and
    versions.VersionDoesNotFit where a table is not its source, or for what `draft` raises it.
    """
    checking.refuse_unsigned(folder, approvals)
    kept = city_sources.read(folder, approvals)
    files = city_imports.Folder(folder, approvals)
    existing = {(each.book, each.sha256, each.days) for each in _approved()}
    known_books = {book for book, _, _ in existing}
    new = [
        each
        for each in _in_order(files)
        if (each.book, each.sha256, each.effective) not in existing
    ]
    for approval in new:
        version_id = versions.draft(
            of=versions.Draft(
                book=approval.book,
                decision_point=approval.decision_point,
                file_name=approval.file,
                content=(folder / "tables" / approval.file).read_bytes(),
                effective=approval.effective,
                author=approval.author,
                reason=approval.reason,
                citation=approval.citation,
                case_sheet=checking.sheet_of(folder, approval.file),
            ),
            at=at,
        )
        _keep_sources(version_id, approval, files=files, kept=kept, at=at)
        versions.put_in_test(version_id=version_id, at=at)
        versions.approve(
            version_id=version_id,
            approver=approval.approver,
            at=approval.approved_at,
            known_from=at if approval.book in known_books else None,
        )
    return len(new), len(approvals) - len(new)


# --- Inside --------------------------------------------------------------------------------------


def _keep_sources(
    version_id: int,
    approval: city_files.Approval,
    *,
    files: city_imports.Folder,
    kept: city_sources.Sources,
    at: datetime.datetime,
) -> None:
    differing = city_sources.differing(
        files.content(approval),
        kept.for_checks(approval),
        imported=files.pieces(approval)[0].imported,
    )
    versions.refuse(differing, file_name=approval.file)
    for each in kept.of_file(approval.file):
        source_rows.keep(version_id=version_id, given=each, at=at)


def _in_order(files: city_imports.Folder) -> tuple[city_files.Approval, ...]:
    try:
        return files.in_order()
    except problems.ModelIsRefused as refused:
        raise versions.VersionDoesNotFit(str(refused)) from refused


@dataclass(frozen=True, slots=True)
class _Known:
    book: str
    sha256: str
    days: periods.Period


def _approved() -> list[_Known]:
    rows = (
        models.Version.objects.exclude(approved_at=None)
        .filter(reissue_of=None)
        .select_related("book")
        .defer("dmn", "case_sheet")
    )
    return [_Known(row.book.name, row.sha256, versions.days_of(row.effective)) for row in rows]

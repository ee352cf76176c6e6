"""Studies of versions: what was asked, how far they are, and what came of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.dmn.xml import problems
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.rule_tables.queries import drafts, importing


class NoSuchStudy(Exception):
    """There is no study of that id."""


@dataclass(frozen=True, slots=True)
class StudiedTables:
    """A table file as it was studied, with the shared files that it imported."""

    content: bytes
    imported: tuple[bytes, ...]


class TablesAreGone(Exception):
    """The tables that were studied are not those of the version, and nobody saved them."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study with everything that it was made from."""

    study_id: int
    version_id: int
    book: str
    number: int
    sha256: str
    # Of the shared files that it imported; empty where there were none.
    imports_sha256: str
    status: str
    asked_by: str
    asked_at: datetime.datetime
    data_day: datetime.date
    done: int
    total: int
    is_cancel_asked: bool
    problem: str
    snapshot: Sequence[Mapping[str, Any]]
    result: Mapping[str, Any] | None
    result_sha256: str
    # Whether the version still has the tables that were studied.
    is_current: bool

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more happens with it."""
        return self.status not in {choices.Studied.ASKED, choices.Studied.RUNNING}


def study(study_id: int) -> Study:
    """Return a study. Raises NoSuchStudy."""
    row = _rows().filter(id=study_id).first()
    if row is None:
        raise NoSuchStudy(f"There is no study {study_id}. See the studies of its version.")
    return _study(row)


def studies_of(version_id: int) -> list[Study]:
    """Return a version's studies without their figures, the newest first."""
    rows = _rows().filter(version_id=version_id).order_by("-id").defer("result", "snapshot")
    return [_study(row, is_whole=False) for row in rows]


@dataclass(frozen=True, slots=True)
class Attached:
    """What has been studied of a version, for whoever is to approve it."""

    # The last study of exactly the tables that the version has now, with its figures.
    study: Study | None
    # The last one of what the tables were before, where there is none of what they are.
    earlier: Study | None
    # One that somebody asked for and that is not over.
    under_way: Study | None


def attached(version_id: int) -> Attached:
    """Return the last study of a version as it is now, or what there is in its place."""
    listed = studies_of(version_id)
    done = [each for each in listed if each.status == choices.Studied.DONE]
    current = next((each for each in done if each.is_current), None)
    return Attached(
        study=None if current is None else study(current.study_id),
        earlier=done[0] if current is None and done else None,
        under_way=next((each for each in listed if not each.is_over), None),
    )


def is_cancel_asked(study_id: int) -> bool:
    """Tell whether somebody wants a study to stop."""
    return models.Study.objects.filter(id=study_id, is_cancel_asked=True).exists()


def studied_tables(study_id: int) -> StudiedTables:
    """Return the table file that was studied, whatever became of the draft, and what it imports.

    Raises NoSuchStudy, TablesAreGone, also where it would import other shared tables by now.
    """
    found = study(study_id)
    version = drafts.version_row(found.version_id)
    content = bytes(version.dmn)
    if version.sha256 != found.sha256:
        kept = models.Revision.objects.filter(version=version, sha256=found.sha256).first()
        content = b"" if kept is None else bytes(kept.dmn)
    try:
        if version.approved_at is None and content:
            imported = drafts.files_imported(content, day=version.effective.lower)
        else:
            imported = drafts.imported_files(version.id)
        are_there = bool(content) and loading.sha256_of(imported) == found.imports_sha256
    except problems.ModelIsRefused:
        are_there = False
    if not are_there:
        raise TablesAreGone(
            f"The tables of study {study_id} are not those of version {found.number} any more. "
            "Study the version as it is now."
        )
    return StudiedTables(content, imported)


def _rows() -> Any:
    return models.Study.objects.select_related("version__book", "asked_by")


def _study(row: models.Study, *, is_whole: bool = True) -> Study:
    return Study(
        study_id=row.id,
        version_id=row.version_id,
        book=row.version.book.name,
        number=row.version.number,
        sha256=row.sha256,
        imports_sha256=row.imports_sha256,
        status=row.status,
        asked_by="" if row.asked_by is None else drafts.signature(row.asked_by),
        asked_at=row.asked_at,
        data_day=row.data_day,
        done=row.done,
        total=row.total,
        is_cancel_asked=row.is_cancel_asked,
        problem=row.problem,
        snapshot=row.snapshot if is_whole else (),
        result=row.result if is_whole else None,
        result_sha256=row.result_sha256,
        is_current=row.version.sha256 == row.sha256
        and importing.sha256_of(row.version) == row.imports_sha256,
    )

"""Which tables govern a day, as known at an instant; and kept evaluations, replayed.

Versions never change once approved, so a process keeps each in memory, read and compiled, for
good; which of them governs a day it reads again only when the city's content generation moved.
"""

from __future__ import annotations

import datetime
import json
import pathlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations, models
from fisc.domain.rule_tables.calculations import (
    blocks,
    city_checks,
    city_files,
    city_imports,
    loading,
    replaying,
    standings,
)
from fisc.domain.rule_tables.queries import importing, points

NoSuchDecisionPoint = points.NoSuchDecisionPoint
decision_points = points.decision_points
decision_point = points.decision_point


class NoVersionForDate(Exception):
    """No approved version of a book governs a day, as far as was known at the time."""


class NoSuchVersion(Exception):
    """There is no version of that id."""


class NoSuchEvaluation(Exception):
    """There is no kept evaluation of that id, or it has no such row."""


@dataclass(frozen=True, slots=True)
class LoadedVersion:
    """An approved version, read and compiled: what it is called and what it computes."""

    version_id: int
    book: str
    number: int
    effective: periods.Period
    author: str
    approver: str
    approved_at: datetime.datetime
    reason: str
    citation: str
    tables: loading.Tables
    # The versions of shared books that it computes with.
    imported: tuple[importing.Imported, ...] = ()

    @property
    def point(self) -> declarations.DecisionPoint:
        """The decision point it serves."""
        return self.tables.point


@dataclass(frozen=True, slots=True)
class GoverningVersion:
    """A version and the days, of those asked for, that it governs."""

    version: LoadedVersion
    days: periods.Period


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version as a list of books shows it."""

    version_id: int
    book: str
    decision_point: str
    number: int
    status: str
    file_name: str
    sha256: str
    effective: periods.Period
    author: str
    approver: str
    # Who confirms it, where its author approved it; empty otherwise.
    reviewer: str
    approved_at: datetime.datetime | None
    reason: str
    citation: str
    # Of one that has another's content with newer shared tables: that other.
    reissue_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    generation: int
    book: str
    standings: tuple[standings.Standing, ...]


# By database and decision point, and by database and version.
_known: dict[tuple[str, str], _Known] = {}
_versions: dict[tuple[str, int], LoadedVersion] = {}


# --- Decision points -----------------------------------------------------------------------------


def check_city(*, path: pathlib.Path) -> tuple[city_checks.FileCheck, ...]:
    """Check a city's folder of tables against the decision points, without a database.

    Raises city_files.CityIsWrong, city_files.ApprovalsAreWrong.
    """
    return city_checks.check(path, points=decision_points())


def shared_points(*, path: pathlib.Path) -> dict[str, declarations.DecisionPoint]:
    """Return what the shared tables of a city's folder declare of themselves, by name.

    Of each book, as the file signed last says. Raises city_files.CityIsWrong,
    city_files.ApprovalsAreWrong.
    """
    approvals = city_files.read_city(path).approvals
    return city_imports.Folder(path, approvals).points()


# --- Which version governs -----------------------------------------------------------------------


def in_force(
    point: str,
    *,
    day: datetime.date,
    known_at: datetime.datetime,
    generation: int | None = None,
) -> LoadedVersion:
    """Return the version that governs a day, as known at an instant.

    With `generation` as just read (`code_lists.queries.GENERATION_SQL`), nothing is asked of the
    database while it has not moved. Raises NoVersionForDate.
    """
    known = _known_standings(point, generation)
    for each in known.standings:
        if each.days.holds(day) and each.is_known(known_at):
            return version(each.version_id)
    raise _no_version(point, known, day, known_at)


def versions_in(
    point: str,
    *,
    days: periods.Period,
    known_at: datetime.datetime,
    generation: int | None = None,
) -> tuple[GoverningVersion, ...]:
    """Return the versions that govern a period, each with its days, in order.

    Raises NoVersionForDate when a day of it has none.
    """
    known = _known_standings(point, generation)
    found = []
    expected: datetime.date | None = days.starts_on
    for each in standings.as_known(known.standings, at=known_at):
        overlap = each.days.overlap(days)
        if overlap is None:
            continue
        if overlap.starts_on != expected:
            break
        found.append(GoverningVersion(version=version(each.version_id), days=overlap))
        expected = overlap.ends_before
    if expected != days.ends_before:
        raise _no_version(point, known, expected or days.starts_on, known_at)
    return tuple(found)


def change_days(
    point: str,
    *,
    days: periods.Period,
    known_at: datetime.datetime,
    generation: int | None = None,
) -> tuple[datetime.date, ...]:
    """Return the days inside a period, after its first, on which other tables begin to govern.

    Days that no version governs raise nothing here; asking for their version does.
    """
    known = standings.as_known(_known_standings(point, generation).standings, at=known_at)
    starts = {each.days.starts_on for each in known}
    ends = {each.days.ends_before for each in known if each.days.ends_before is not None}
    inside = [day for day in starts | ends if day != days.starts_on and days.holds(day)]
    return tuple(sorted(inside))


def in_force_by_row(
    point: str,
    *,
    days: npt.NDArray[np.int64],
    known_at: datetime.datetime,
    generation: int | None = None,
) -> tuple[tuple[LoadedVersion, ...], npt.NDArray[np.int64]]:
    """Return the versions that govern some day numbers, and for each row the place of its own.

    Raises NoVersionForDate naming the first day without one.
    """
    known = _known_standings(point, generation)
    ordered = standings.as_known(known.standings, at=known_at)
    places = standings.positions(ordered, days)
    if len(places) and places.min() < 0:
        missing = standings.day_of(int(days[places < 0].min()))
        raise _no_version(point, known, missing, known_at)
    used, rows = np.unique(places, return_inverse=True)
    return tuple(version(ordered[place].version_id) for place in used), rows.astype(np.int64)


def version(version_id: int) -> LoadedVersion:
    """Return an approved version, read and compiled. Raises NoSuchVersion."""
    key = (_database(), version_id)
    loaded = _versions.get(key)
    if loaded is not None:
        return loaded
    row = models.Version.objects.select_related("book").filter(id=version_id).first()
    if row is None or row.approved_at is None:
        raise NoSuchVersion(f"There is no approved version {version_id} of any book.")
    imported = importing.of_version(row)
    files = importing.files(imported)
    point = points.of_file(row.book.decision_point, bytes(row.dmn), imported=files)
    loaded = LoadedVersion(
        version_id=row.id,
        book=row.book.name,
        number=row.number,
        effective=_period(row.effective),
        author=row.author,
        approver=row.approver,
        approved_at=row.approved_at,
        reason=row.reason,
        citation=row.citation,
        tables=loading.load(bytes(row.dmn), point=point, imported=files),
        imported=imported,
    )
    _versions[key] = loaded
    return loaded


def versions() -> tuple[VersionSummary, ...]:
    """Return every version of every book, by book and number."""
    rows = models.Version.objects.select_related("book").order_by("book__name", "number")
    return tuple(
        VersionSummary(
            version_id=row.id,
            book=row.book.name,
            decision_point=row.book.decision_point,
            number=row.number,
            status=row.status,
            file_name=row.file_name,
            sha256=row.sha256,
            effective=_period(row.effective),
            author=row.author,
            approver=row.approver,
            reviewer=row.reviewer,
            approved_at=row.approved_at,
            reason=row.reason,
            citation=row.citation,
            reissue_of_id=row.reissue_of_id,
        )
        for row in rows.defer("dmn", "case_sheet")
    )


def dmn(version_id: int) -> bytes:
    """Return a version's file, byte for byte as it came. Raises NoSuchVersion."""
    found = models.Version.objects.filter(id=version_id).values_list("dmn", flat=True).first()
    if found is None:
        raise NoSuchVersion(f"There is no version {version_id} of any book.")
    return bytes(found)


def replay(block_id: int, row: int) -> replaying.Replay:
    """Compute one kept evaluation again with the version it names, and compare.

    Raises NoSuchEvaluation, blocks.BlockIsDamaged.
    """
    version_id, kept = kept_row(block_id, row)
    loaded = version(version_id)
    return replaying.replay(kept, tables=loaded.tables, version_id=version_id)


# A block is stored as plain bytes, so that PostgreSQL reads out the one segment asked for.
_SEGMENT = """
select version_id, rows, layout::text, segment_rows,
       substring(content from 1 + starts for ends - starts)
from rule_tables_evaluation_block,
     lateral (
         select case when %(row)s < segment_rows then 0
                     else (segment_ends ->> (%(row)s / segment_rows - 1))::int end as starts,
                (segment_ends ->> (%(row)s / segment_rows))::int as ends
     ) as segment
where id = %(block)s
"""


def kept_row(block_id: int, row: int) -> tuple[int, blocks.KeptRow]:
    """Return the version and the exact inputs and outputs of a kept evaluation.

    Raises NoSuchEvaluation, blocks.BlockIsDamaged.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENT, {"row": row, "block": block_id})
        found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        raise NoSuchEvaluation(f"There is no kept evaluation {block_id}.")
    version_id, rows, layout, segment_rows, content = found
    if not 0 <= row < rows:
        raise NoSuchEvaluation(f"The kept evaluation {block_id} has {rows} rows, no row {row}.")
    return version_id, blocks.decode_row(
        bytes(content), layout=json.loads(layout), row=row % segment_rows
    )


def _known_standings(point: str, generation: int | None) -> _Known:
    current = code_lists.generation() if generation is None else generation
    key = (_database(), point)
    known = _known.get(key)
    if known is None or known.generation != current:
        decision_point(point)
        known = _Known(current, *_read_standings(point))
        _known[key] = known
    return known


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _read_standings(point: str) -> tuple[str, tuple[standings.Standing, ...]]:
    book = models.Book.objects.filter(decision_point=point).first()
    if book is None:
        return "", ()
    rows = models.Standing.objects.filter(book=book).order_by("id")
    return book.name, tuple(
        standings.Standing(
            version_id=row.version_id,
            days=_period(row.effective),
            known_from=row.known.lower,
            known_before=row.known.upper,
        )
        for row in rows
    )


def _period(effective: Any) -> periods.Period:
    return periods.Period(starts_on=effective.lower, ends_before=effective.upper)


def _no_version(
    point: str, known: _Known, day: datetime.date, known_at: datetime.datetime
) -> NoVersionForDate:
    if not known.book:
        return NoVersionForDate(
            f"The city has no book for {point} ({decision_point(point).words}). Write one under "
            "cities/…/tables, have it approved and import it with `fisc tables import`."
        )
    governed = [
        f"{each.days.starts_on} to {each.days.ends_before or 'further notice'}"
        for each in standings.as_known(known.standings, at=known_at)
    ]
    at = f"{known_at.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"
    return NoVersionForDate(
        f"The book “{known.book}” ({point}) has no version for {day}, as known on {at}. It "
        f"governs {'; '.join(governed) or 'no day'}. Approve a version effective on that day."
    )

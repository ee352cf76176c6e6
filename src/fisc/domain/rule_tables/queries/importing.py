"""What a version imports: as it was settled when it was approved, or as it would be today."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateRange

from fisc.basics import periods
from fisc.dmn import model as dmn
from fisc.dmn.xml import problems
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import case_runs, checking, loading, shared
from fisc.domain.rule_tables.queries import points

# Stands for the hash of imports some of which are not there.
MISSING = "missing"


class NotResolved(Exception):
    """A file imports a shared book that no version governs on some day."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A version of a shared book as another computes with it."""

    version_id: int
    book: str
    decision_point: str
    number: int
    effective: periods.Period
    approver: str
    approved_at: datetime.datetime | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Days on which a file computes with the same shared versions."""

    days: periods.Period
    imported: tuple[Imported, ...]


@dataclass(frozen=True, slots=True)
class Computing:
    """Tables as they would compute on some days."""

    days: periods.Period
    tables: loading.Tables


@dataclass(frozen=True, slots=True)
class ImporterRun:
    """The cases of a version in force, run with a draft of a shared book that it imports."""

    version_id: int
    book: str
    number: int
    days: periods.Period
    run: case_runs.Run


def of_version(row: models.Version) -> tuple[Imported, ...]:
    """Return what a version computes with; one not yet approved, as it would on its first day.

    Raises fisc.dmn.xml.problems.ModelIsRefused, saying what is not there.
    """
    content = bytes(row.dmn)
    if row.approved_at is None:
        return on_day(content, row.effective.lower)
    return kept(row.id) if b"import" in content or b"\x00" in content else ()


def on_day(content: bytes, day: datetime.date) -> tuple[Imported, ...]:
    """Return what a file would compute with on a day, as known now.

    Raises fisc.dmn.xml.problems.ModelIsRefused, saying what is not there.
    """
    # After the last day of the calendar comes none; a period without an end holds it alone.
    is_last = day == datetime.date.max
    following = None if is_last else day + datetime.timedelta(days=1)
    one = periods.Period(starts_on=day, ends_before=following)
    try:
        return resolutions(content, days=one)[0].imported
    except NotResolved as problem:
        raise _refused(problem) from problem


def misfits(decision_point: str, content: bytes, *, day: datetime.date) -> tuple[str, ...]:
    """Return in words all for which a file may not become a version of its book from a day on.

    As known now. Raises points.NoSuchDecisionPoint.
    """
    try:
        imported = files(on_day(content, day))
    except problems.ModelIsRefused as refused:
        return tuple(str(each) for each in refused.problems)
    point = points.of_file(decision_point, content, imported=imported)
    return checking.misfits(content, point=point, imported=imported)


def files(imported: Sequence[Imported]) -> tuple[bytes, ...]:
    """Return the files of what is imported, as they are read together."""
    return tuple(each.content for each in imported)


def sha256_of(row: models.Version) -> str:
    """Return a hash of what a version imports; `missing` where some of it is not there."""
    try:
        return loading.sha256_of(files(of_version(row)))
    except problems.ModelIsRefused:
        return MISSING


def kept(version_id: int) -> tuple[Imported, ...]:
    """Return what an approved version computes with, as settled when it was approved."""
    rows = models.Import.objects.select_related("imported__book").filter(version_id=version_id)
    found = [_imported(row.imported) for row in rows]
    return tuple(sorted(found, key=lambda each: each.decision_point))


def resolutions(content: bytes, *, days: periods.Period) -> tuple[Piece, ...]:
    """Cut some days into those on which a file computes with the same shared versions.

    As known now. Raises NotResolved naming the book and the day that has no version of it, and
    fisc.dmn.xml.problems.ModelIsRefused for an import of no shared book.
    """
    wanted = [each.book for each in shared.wanted(content)]
    if not wanted:
        return (Piece(days, ()),)
    standing = {book: _open(book, days) for book in wanted}
    changes = [
        day
        for each in standing.values()
        for row in each
        for day in (row.effective.lower, row.effective.upper)
        if day is not None
    ]
    found: list[Piece] = []
    for part in days.cut(changes):
        imported = _together([_governing(book, standing[book], part.starts_on) for book in wanted])
        if found and ids(found[-1].imported) == ids(imported):
            whole = periods.Period(starts_on=found[-1].days.starts_on, ends_before=part.ends_before)
            found[-1] = Piece(whole, imported)
        else:
            found.append(Piece(part, imported))
    return tuple(found)


def ids(imported: Sequence[Imported]) -> frozenset[int]:
    """Return which versions are imported."""
    return frozenset(each.version_id for each in imported)


def importing(book_id: int, *, days: periods.Period) -> tuple[models.Standing, ...]:
    """Return what governs any of some days now with a shared book in it, what others import first.

    A book that is imported itself has fewer imports than whichever imports it.
    """
    importers = models.Import.objects.filter(imported__book_id=book_id)
    rows = models.Standing.objects.select_related("version__book").filter(
        known__upper_inf=True,
        effective__overlap=DateRange(days.starts_on, days.ends_before),
        version__in=importers.values("version"),
    )
    found = [(len(kept(row.version_id)), row.effective.lower, row.id, row) for row in rows]
    return tuple(each[-1] for each in sorted(found, key=lambda each: each[:3]))


def would_govern(row: models.Version, *, days: periods.Period) -> tuple[Computing, ...]:
    """Return a version's tables on some days, each with the shared versions of now.

    Raises fisc.dmn.xml.problems.ModelIsRefused, also where one is not there.
    """
    content = bytes(row.dmn)
    try:
        pieces = resolutions(content, days=days)
    except NotResolved as problem:
        raise _refused(problem) from problem
    return tuple(_computing(row, days=each.days, imported=files(each.imported)) for each in pieces)


def importers_with(row: models.Version, *, days: periods.Period) -> tuple[Computing, ...]:
    """Return the tables of whatever imports a shared book, with a version of it on some days.

    Raises fisc.dmn.xml.problems.ModelIsRefused.
    """
    found = []
    for standing in importing(row.book_id, days=days):
        governed = _days(standing.effective).overlap(days)
        assert governed is not None, "only standings of those days were asked for"
        imported = _with(standing.version, row)
        found.append(_computing(standing.version, days=governed, imported=imported))
    return tuple(found)


def importer_runs(row: models.Version) -> tuple[ImporterRun, ...]:
    """Run the cases of every version in force that imports a shared book with a draft in its place.

    Of days that the draft is meant for; each version once. Whatever is wrong is said, not raised.
    """
    if not shared.is_shared(row.book.decision_point):
        return ()
    days = _days(row.effective)
    seen: dict[int, ImporterRun] = {}
    for standing in importing(row.book_id, days=days):
        if standing.version_id not in seen:
            seen[standing.version_id] = _run_with(standing, row)
    return tuple(sorted(seen.values(), key=lambda each: (each.book, each.number)))


# --- Inside --------------------------------------------------------------------------------------


def _refused(problem: NotResolved) -> problems.ModelIsRefused:
    return problems.ModelIsRefused([problems.Problem(dmn.Place("imports"), str(problem))])


def _days(effective: DateRange) -> periods.Period:
    return periods.Period(starts_on=effective.lower, ends_before=effective.upper)


def _computing(
    row: models.Version, *, days: periods.Period, imported: tuple[bytes, ...]
) -> Computing:
    content = bytes(row.dmn)
    point = points.of_file(row.book.decision_point, content, imported=imported)
    return Computing(days, loading.load(content, point=point, imported=imported))


def _with(importer: models.Version, shared_row: models.Version) -> tuple[bytes, ...]:
    """Return what an importer imports, with a version of a shared book in its place."""
    own = of_version(shared_row)
    together = {each.decision_point: each.content for each in (*kept(importer.id), *own)}
    return tuple({**together, shared_row.book.decision_point: bytes(shared_row.dmn)}.values())


def _open(book: str, days: periods.Period) -> list[models.Standing]:
    rows = models.Standing.objects.select_related("version__book").filter(
        book__decision_point=book,
        known__upper_inf=True,
        effective__overlap=DateRange(days.starts_on, days.ends_before),
    )
    return list(rows)


def _governing(
    book: str, standing: Sequence[models.Standing], day: datetime.date
) -> models.Version:
    for row in standing:
        days = _days(row.effective)
        if days.holds(day):
            return row.version
    raise NotResolved(
        f"It imports “{book}”, and no version of that shared book governs {day}. Have one "
        "approved that does, or let this one end before that day."
    )


def _together(direct: Sequence[models.Version]) -> tuple[Imported, ...]:
    """Return some shared versions with all that they import themselves, each book once."""
    found: dict[str, Imported] = {}
    for row in direct:
        for each in (_imported(row), *kept(row.id)):
            known = found.setdefault(each.decision_point, each)
            if known.version_id != each.version_id:
                raise NotResolved(
                    f"What it imports computes with versions {known.number} and {each.number} of "
                    f"“{each.book}” at once. Have the books that import it approved anew."
                )
    return tuple(found[name] for name in sorted(found))


def _imported(row: models.Version) -> Imported:
    return Imported(
        version_id=row.id,
        book=row.book.name,
        decision_point=row.book.decision_point,
        number=row.number,
        effective=_days(row.effective),
        approver=row.approver,
        approved_at=row.approved_at,
        content=bytes(row.dmn),
    )


def _run_with(standing: models.Standing, draft: models.Version) -> ImporterRun:
    importer = standing.version
    days = _days(standing.effective)
    try:
        imported = _with(importer, draft)
    except problems.ModelIsRefused as refused:
        ran = case_runs.Run(outcomes=(), problem=f"The cases were not run: {refused}")
        return ImporterRun(importer.id, importer.book.name, importer.number, days, ran)
    ran = case_runs.run(
        bytes(importer.dmn),
        point=points.of_file(importer.book.decision_point, bytes(importer.dmn), imported=imported),
        sheet=checking.Sheet(importer.file_name, bytes(importer.case_sheet)),
        imported=imported,
    )
    return ImporterRun(importer.id, importer.book.name, importer.number, days, ran)

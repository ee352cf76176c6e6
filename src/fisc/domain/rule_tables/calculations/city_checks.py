"""A whole city's tables, checked without a database."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fisc.dmn.checks import reconciliation
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import (
    checking,
    city_files,
    city_imports,
    city_sources,
    loading,
    shared,
)


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What was found of one table file."""

    file: str
    decision_point: str
    sha256: str
    problems: tuple[str, ...]
    cases: int
    # How each line is computed over columns, in words.
    ways: tuple[str, ...]


def check(
    folder: pathlib.Path, *, points: Mapping[str, declarations.DecisionPoint]
) -> tuple[FileCheck, ...]:
    """Check every table file of a city, and that no required decision point is without a book.

    Raises city_files.CityIsWrong, city_files.ApprovalsAreWrong, city_sources.SourcesAreWrong.
    """
    approvals = city_files.read_city(folder).approvals
    kept = city_sources.read(folder, approvals)
    unsigned = checking.unsigned(folder, approvals)
    files = city_imports.Folder(folder, approvals)
    found = [
        _check(folder, files, each, points, unsigned, kept.for_checks(each)) for each in approvals
    ]
    served = {each.decision_point for each in approvals}
    found += [
        FileCheck(name, "", "", (problem,), 0, ())
        for name, problem in unsigned.items()
        if name not in {each.file for each in approvals}
    ]
    found += [
        FileCheck("", point.name, "", (f"no book: {point.words}",), 0, ())
        for point in points.values()
        if point.is_required and point.name not in served
    ]
    return tuple(found)


def _check(
    folder: pathlib.Path,
    files: city_imports.Folder,
    approval: city_files.Approval,
    points: Mapping[str, declarations.DecisionPoint],
    unsigned: Mapping[str, str],
    wanted: Mapping[str, reconciliation.Source],
) -> FileCheck:
    path = folder / "tables" / approval.file
    problems: list[str] = [unsigned[approval.file]] if approval.file in unsigned else []
    if approval.decision_point not in points and not shared.is_shared(approval.decision_point):
        problems.append(f"nothing asks tables for “{approval.decision_point}”")
        return FileCheck(approval.file, approval.decision_point, "", tuple(problems), 0, ())
    if not path.exists():
        return FileCheck(approval.file, approval.decision_point, "", tuple(problems), 0, ())
    content = path.read_bytes()
    sheets = checking.sheets_of(folder, approval.file)
    found, ways = _computed(
        content, sheets, files=files, approval=approval, points=points, wanted=wanted
    )
    return FileCheck(
        file=approval.file,
        decision_point=approval.decision_point,
        sha256=checking.sha256(content),
        problems=(*problems, *found),
        cases=sum(_count(each) for each in sheets) if ways and not found else 0,
        ways=ways,
    )


def _computed(
    content: bytes,
    sheets: Sequence[checking.Sheet],
    *,
    files: city_imports.Folder,
    approval: city_files.Approval,
    points: Mapping[str, declarations.DecisionPoint],
    wanted: Mapping[str, reconciliation.Source],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what is wrong with a file, on the first days on which something is, and how it computes.

    Its cases must come out with whatever it imports on any of its days.
    """
    ways: tuple[str, ...] = ()
    try:
        pieces = files.pieces(approval)
    except xml_problems.ModelIsRefused as refused:
        return (str(refused),), ways
    for piece in pieces:
        point = files.point(approval, points, imported=piece.imported)
        assert point is not None, "asked before"
        if misfits := checking.misfits(content, point=point, imported=piece.imported):
            return misfits, ways
        tables = loading.load(content, point=point, imported=piece.imported)
        ways = ways or tables.ways
        found = checking.failures(tables, sheets=sheets)
        found = found or city_sources.differing(content, wanted, imported=piece.imported)
        if found := found or checking.untested(tables, sheets=sheets, reconciled=wanted):
            since = "" if piece is pieces[0] else f"from {piece.days.starts_on} on, "
            return tuple(f"{since}{each}" for each in found), ways
    return (), ways


def _count(sheet: checking.Sheet) -> int:
    """Count a sheet's cases: its lines but the first, which names the columns."""
    return len(sheet.content.splitlines()) - 1

"""A whole city's tables, checked without a database."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import checking, city_files, loading


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

    Raises city_files.CityIsWrong, city_files.ApprovalsAreWrong.
    """
    approvals = city_files.read_city(folder).approvals
    unsigned = checking.unsigned(folder, approvals)
    found = [_check(folder, each, points, unsigned) for each in approvals]
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
    approval: city_files.Approval,
    points: Mapping[str, declarations.DecisionPoint],
    unsigned: Mapping[str, str],
) -> FileCheck:
    path = folder / "tables" / approval.file
    problems: list[str] = [unsigned[approval.file]] if approval.file in unsigned else []
    point = points.get(approval.decision_point)
    if point is None:
        problems.append(f"nothing asks tables for “{approval.decision_point}”")
    if point is None or not path.exists():
        return FileCheck(approval.file, approval.decision_point, "", tuple(problems), 0, ())
    content = path.read_bytes()
    sheets = checking.sheets_of(folder, approval.file)
    problems += checking.misfits(content, point=point)
    cases, ways = 0, tuple[str, ...]()
    if len(problems) == (approval.file in unsigned):
        tables = loading.load(content, point=point)
        failures = checking.failures(tables, sheets=sheets)
        problems += failures or checking.untested(tables, sheets=sheets)
        cases = 0 if failures else sum(_count(each) for each in sheets)
        ways = tables.ways
    return FileCheck(
        file=approval.file,
        decision_point=approval.decision_point,
        sha256=checking.sha256(content),
        problems=tuple(problems),
        cases=cases,
        ways=ways,
    )


def _count(sheet: checking.Sheet) -> int:
    """Count a sheet's cases: its lines but the first, which names the columns."""
    return len(sheet.content.splitlines()) - 1

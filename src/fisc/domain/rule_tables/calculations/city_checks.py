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
    problems = [unsigned[approval.file]] if approval.file in unsigned else []
    point = points.get(approval.decision_point)
    if point is None:
        problems.append(f"nothing asks tables for “{approval.decision_point}”")
    if point is None or not path.exists():
        return FileCheck(approval.file, approval.decision_point, "", tuple(problems), 0, ())
    content = path.read_bytes()
    sheets = checking.sheets_of(folder, approval.file)
    found = checking.problems(content, point=point, sheets=sheets)
    if not sheets:
        problems.append("no cases: write cases beside the tables")
    cases, ways = 0, tuple[str, ...]()
    if not found:
        tables = loading.load(content, point=point)
        cases = sum(len(checking.run_sheet(each, tables=tables)) for each in sheets)
        ways = tables.ways
    return FileCheck(
        file=approval.file,
        decision_point=approval.decision_point,
        sha256=checking.sha256(content),
        problems=(*problems, *found),
        cases=cases,
        ways=ways,
    )

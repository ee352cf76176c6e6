"""What is found wrong with a table file before any account meets it."""

from __future__ import annotations

import hashlib
import pathlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from fisc.dmn import cases
from fisc.dmn.checks import coverage, reconciliation, words
from fisc.dmn.columns import types
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import (
    case_sheets,
    citations,
    city_files,
    fitting,
    loading,
    shared,
    values,
)


class FileWasNotSigned(Exception):
    """A table file differs from the one that was signed, or nobody signed it, or it is gone."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A case sheet as a file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case run by both evaluators."""

    sheet: str
    case: str
    differences: tuple[str, ...]


def misfits(
    content: bytes, *, point: declarations.DecisionPoint, imported: Sequence[bytes] = ()
) -> tuple[str, ...]:
    """Return in words everything for which a file may not become a version of its book."""
    try:
        tables = loading.load(content, point=point, imported=imported)
    except xml_problems.ModelIsRefused as refused:
        return (str(refused),)
    differences = (
        *fitting.differences(point=point, model=tables.model),
        *shared.misfits(tables.model, point=point),
    )
    return differences or citations.lacking(tables.model)


def failures(tables: loading.Tables, *, sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return in words every case that comes out otherwise than its sheet says."""
    try:
        results = [each for sheet in sheets for each in run_sheet(sheet, tables=tables)]
    except (case_sheets.SheetIsWrong, types.DeclarationIsWrong, cases.TooManySteps) as problem:
        return (str(problem),)
    return tuple(text for result in results for text in result.differences)


def untested(
    tables: loading.Tables, *, sheets: Sequence[Sheet], reconciled: Collection[str] = ()
) -> tuple[str, ...]:
    """Return every rule that no case of some sheets decides by.

    A table that was reconciled to its source needs none; one of very many rules that was not is
    said once, not rule by rule.
    """
    hit = set()
    for sheet in sheets:
        for case in case_sheets.read(sheet.content, point=tables.point, name=sheet.name):
            for outcome in tables.traced(case.inputs).values():
                hit |= {(each.decision, row.index) for each in outcome.steps for row in each.rows}
    found: list[str] = []
    for decision, table in coverage.tables_of(tables.model):
        if decision.name in reconciled:
            continue
        if len(table.rules) > reconciliation.MANY_RULES:
            found.append(words.NO_SOURCE.format(decision=decision.name, count=len(table.rules)))
            continue
        found += (
            f"“{decision.name}”, rule {number + 1}: no case decides by it"
            for number in range(len(table.rules))
            if (decision.name, number) not in hit
        )
    return tuple(found)


def run_sheet(sheet: Sheet, *, tables: loading.Tables) -> list[CaseResult]:
    """Run every case of a sheet with the case evaluator and with the columns.

    Raises case_sheets.SheetIsWrong.
    """
    written = case_sheets.read(sheet.content, point=tables.point, name=sheet.name)
    if not written:
        return []
    # The case evaluator first: a table without an end stops it at the first case.
    answered = [tables.answers(case.inputs) for case in written]
    result = tables.evaluate(columns_of(written, tables=tables), rows=len(written))
    results = []
    for row, (case, answers) in enumerate(zip(written, answered, strict=True)):
        differences = [str(each) for each in case_sheets.differences(case, answers)]
        differences += column_differences(case, row, answers, result, tables)
        results.append(CaseResult(sheet.name, case.words, tuple(differences)))
    return results


def refuse_unsigned(folder: pathlib.Path, approvals: Sequence[city_files.Approval]) -> None:
    """Compare a city's table files with what was signed. Raises FileWasNotSigned."""
    if found := unsigned(folder, approvals):
        reasons = [f"tables/{name}: {reason}" for name, reason in found.items()]
        raise FileWasNotSigned(f"{'; '.join(reasons)}.")


def sheets_of(folder: pathlib.Path, file: str) -> tuple[Sheet, ...]:
    """Return the case sheet that a city has for a table file, if it has one."""
    path = folder / "cases" / f"{pathlib.Path(file).stem}.csv"
    return (Sheet(path.name, path.read_bytes()),) if path.exists() else ()


def sheet_of(folder: pathlib.Path, file: str) -> bytes:
    """Return the bytes of the case sheet that a city has for a table file; none if it has none."""
    return b"".join(each.content for each in sheets_of(folder, file))


def unsigned(folder: pathlib.Path, approvals: Sequence[city_files.Approval]) -> dict[str, str]:
    """Return, by file, why it does not count as signed."""
    signed = {each.file: each.sha256 for each in approvals}
    written = {path.name: path for path in sorted((folder / "tables").glob("*.dmn"))}
    found = dict.fromkeys(sorted(set(signed) - set(written)), "signed, but not there")
    for name, path in written.items():
        if name not in signed:
            found[name] = "not in approvals.csv; have it signed by somebody other than its author"
        elif (now := sha256(path.read_bytes())) != signed[name]:
            found[name] = f"not the file that was signed; have it signed again, sha-256 {now}"
    return found


def sha256(content: bytes) -> str:
    """Return the hash that a signature names."""
    return hashlib.sha256(content).hexdigest()


def column_differences(
    case: case_sheets.Case,
    row: int,
    answers: dict[str, object],
    result: types.Result,
    tables: loading.Tables,
) -> Iterator[str]:
    """Say where columns could not compute a case, or give another answer than its evaluator."""
    for problem in result.problems:
        if row in problem.rows:
            yield f"{case.words}: {problem.where}: {problem.reason}"
    for declared in tables.program.outputs:
        value = values.from_column(result.outputs[declared.name], row, declared=declared)
        if not values.agree(value, answers[declared.name]):
            yield (
                f"{case.words}: {declared.name} is {value} by columns and "
                f"{answers[declared.name]} by the case evaluator"
            )


def columns_of(
    written: Sequence[case_sheets.Case], *, tables: loading.Tables
) -> dict[str, types.Column]:
    """Turn the facts of cases into columns."""
    return {
        each.name: values.to_column([case.inputs[each.name] for case in written], declared=each)
        for each in tables.program.inputs
    }

"""The checks at publish for a book of a decision point: what its lists, sheets and bounds say."""

from __future__ import annotations

import csv
import dataclasses
import io
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, findings, publish, reconciliation, stale_words, words
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import (
    case_sheets,
    checking,
    citations,
    city_files,
    city_imports,
    city_sources,
    loading,
)


def report(
    tables: loading.Tables,
    *,
    sheets: Sequence[checking.Sheet],
    accepted: Mapping[str, str] | None = None,
    codes: Mapping[str, Sequence[str]] | None = None,
    sources: Mapping[str, reconciliation.Source] | None = None,
    before: dmn.Model | None = None,
    patience: publish.Patience = publish.Patience(),  # noqa: B008 it is frozen
) -> findings.Report:
    """Return all that is found of a book before any account meets it.

    `accepted` gives reasons by the key of a finding; such a one stays, with its reason. `codes`
    gives the codes of each code list by its name; a list that is not there may hold any text.
    `sources` gives, by decision, the file that a look-up table was taken from. `before` is the file
    that this one was made from: rules that changed since without their words are found.

    Raises case_sheets.SheetIsWrong, and what fisc.dmn.checks.publish.report raises.
    """
    return publish.report(
        book=book_of(tables, codes=codes or {}),
        cases=cases_of(tables, sheets=sheets),
        accepted=accepted or {},
        sources=sources,
        further=(*_citations(tables), *_stale_words(tables, before)),
        patience=patience,
    )


def book_of(tables: loading.Tables, *, codes: Mapping[str, Sequence[str]]) -> asked.Book:
    """Return a book as it is checked, its code inputs limited to their lists."""
    point = tables.point
    inputs = []
    for declared in tables.program.inputs:
        listed = codes.get(point.input_by_name[declared.name].code_list)
        inputs.append(
            declared if listed is None else dataclasses.replace(declared, codes=tuple(listed))
        )
    return asked.Book(
        model=tables.model,
        inputs=tuple(inputs),
        outputs=tables.program.outputs,
        may_be_null=frozenset(each.name for each in point.inputs if each.may_be_null),
    )


def cases_of(tables: loading.Tables, *, sheets: Sequence[checking.Sheet]) -> tuple[asked.Case, ...]:
    """Return the cases of some sheets as the checks take them.

    Raises case_sheets.SheetIsWrong.
    """
    return tuple(
        asked.Case(
            words=case.words,
            inputs={each.name: case.inputs[each.name] for each in tables.program.inputs},
            expected=case.expected,
        )
        for sheet in sheets
        for case in case_sheets.read(sheet.content, point=tables.point, name=sheet.name)
    )


def _citations(tables: loading.Tables) -> Iterator[findings.Finding]:
    for each in citations.each_lacking(tables.model):
        yield findings.Finding(
            kind=findings.Kind.CITATION,
            severity=findings.Severity.STOPS,
            decision=each.element,
            rule=each.rule,
            words=words.CITATION.format(problem=each.words),
            key=findings.key(findings.Kind.CITATION, each.element, each.words),
        )


def _stale_words(tables: loading.Tables, before: dmn.Model | None) -> Iterator[findings.Finding]:
    if before is not None:
        spoken = (citations.CITATION, *citations.WORDS.values())
        yield from stale_words.check(tables.model, before=before, annotations=spoken)


# --- A whole city --------------------------------------------------------------------------------

ACCEPTED = "accepted.csv"


class AcceptedIsWrong(ValueError):
    """The list of accepted findings cannot be read."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What is found of one table file of a city."""

    file: str
    report: findings.Report


def city(
    folder: pathlib.Path, *, points: Mapping[str, declarations.DecisionPoint]
) -> tuple[FileReport, ...]:
    """Return what is found of every signed table file of a city that can be read at all.

    Raises city_files.CityIsWrong, city_files.ApprovalsAreWrong, city_sources.SourcesAreWrong,
    AcceptedIsWrong.
    """
    described = city_files.read_city(folder)
    codes = {each.name: codes_in(each.content) for each in described.code_lists}
    accepted = read_accepted(folder)
    files = city_imports.Folder(folder, described.approvals)
    kept = city_sources.read(folder, described.approvals)
    found = []
    for approval in described.approvals:
        path = folder / "tables" / approval.file
        if not path.exists():
            continue
        try:
            imported = files.pieces(approval)[0].imported
            point = files.point(approval, points, imported=imported)
            if point is None:
                continue
            tables = loading.load(path.read_bytes(), point=point, imported=imported)
            sheets = checking.sheets_of(folder, approval.file)
            checked = report(
                tables,
                sheets=sheets,
                accepted=accepted,
                codes=codes,
                sources=kept.for_checks(approval),
            )
        except (xml_problems.ModelIsRefused, case_sheets.SheetIsWrong):
            # What cannot be read has been said by the check of the file.
            continue
        found.append(FileReport(approval.file, checked))
    return tuple(found)


def codes_in(content: bytes) -> tuple[str, ...]:
    """Return the codes of a code list's file."""
    lines: Iterable[dict[str, str]] = csv.DictReader(io.StringIO(content.decode("utf-8")))
    return tuple(dict.fromkeys(each["code"] for each in lines))


def read_accepted(folder: pathlib.Path) -> dict[str, str]:
    """Return a city's reasons for what it leaves as it is, by key. Raises AcceptedIsWrong."""
    path = folder / ACCEPTED
    if not path.exists():
        return {}
    lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for number, each in enumerate(lines, start=2):
        if set(each) != {"key", "reason"} or not all((each["key"], each["reason"])):
            raise AcceptedIsWrong(f"{ACCEPTED}, line {number}: write a key and a reason.")
    return {each["key"]: each["reason"] for each in lines}

"""The checks at publish for a book of a decision point: what its lists, sheets and bounds say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from fisc.dmn.checks import asked, findings, publish
from fisc.domain.rule_tables.calculations import case_sheets, checking, loading


def report(
    tables: loading.Tables,
    *,
    sheets: Sequence[checking.Sheet],
    accepted: Mapping[str, str] | None = None,
    codes: Mapping[str, Sequence[str]] | None = None,
    seconds: float = publish.SECONDS,
) -> findings.Report:
    """Return all that is found of a book before any account meets it.

    `accepted` gives reasons by the key of a finding; such a one stays, with its reason. `codes`
    gives the codes of each code list by its name; a list that is not there may hold any text.
    `seconds` is how long each proof may take before its table is called not proved.

    Raises case_sheets.SheetIsWrong.
    """
    return publish.report(
        book=book_of(tables, codes=codes or {}),
        cases=cases_of(tables, sheets=sheets),
        accepted=accepted or {},
        seconds=seconds,
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

"""Case sheets: a CSV of named inputs and the exact outputs they must give.

The first column, `case`, says in words what the case shows. Every other column is an input or a
decision by its name; an empty cell is null. A decision without a column is not checked.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import values

FIRST_COLUMN = "case"


class SheetIsWrong(ValueError):
    """A case sheet cannot be read; the words say where and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """Facts and what the tables must answer."""

    words: str
    inputs: Mapping[str, values.Value]
    expected: Mapping[str, values.Value]


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that came out otherwise than written."""

    case: str
    decision: str
    expected: values.Value
    found: object

    def __str__(self) -> str:
        return f"{self.case}: {self.decision} is {self.found}, expected {self.expected}"


def read(content: bytes, *, point: declarations.DecisionPoint, name: str) -> tuple[Case, ...]:
    """Read a sheet for a decision point. Raises SheetIsWrong."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise SheetIsWrong(f"{name} is not CSV in UTF-8: {problem}.") from problem
    if not lines or lines[0][:1] != [FIRST_COLUMN]:
        raise SheetIsWrong(f"{name}: the first column is named “{FIRST_COLUMN}”.")
    columns = lines[0]
    known = {**point.input_by_name, **point.output_by_decision}
    if unknown := [each for each in columns[1:] if each not in known]:
        raise SheetIsWrong(
            f"{name}: {', '.join(unknown)} is no input and no decision of {point.name}."
        )
    return tuple(
        _case(columns, line, point=point, where=f"{name}, line {number}")
        for number, line in enumerate(lines[1:], start=2)
    )


def differences(case: Case, found: Mapping[str, object]) -> list[Difference]:
    """Return where answers are not those that a case expects."""
    return [
        Difference(case=case.words, decision=name, expected=value, found=found.get(name))
        for name, value in case.expected.items()
        if not values.agree(value, found.get(name))
    ]


def _case(
    columns: list[str], line: list[str], *, point: declarations.DecisionPoint, where: str
) -> Case:
    if len(line) != len(columns):
        raise SheetIsWrong(f"{where}: {len(line)} cells, but {len(columns)} columns.")
    inputs: dict[str, values.Value] = {each.name: None for each in point.inputs}
    expected: dict[str, values.Value] = {}
    for name, text in zip(columns[1:], line[1:], strict=True):
        try:
            if name in point.input_by_name:
                inputs[name] = values.from_text(text, kind=point.input_by_name[name].kind)
            else:
                line_kind = point.output_by_decision[name].kind
                expected[name] = values.from_text(text, kind=line_kind)
        except values.ValueIsWrong as problem:
            raise SheetIsWrong(f"{where}, {name}: {problem}") from problem
    return Case(words=line[0], inputs=inputs, expected=expected)

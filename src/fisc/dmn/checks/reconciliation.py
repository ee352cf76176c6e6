"""A look-up table of many rows against the file it was taken from: rows, hash totals, differences.

A state's monthly rate file has thousands of rows, and nobody writes a case for each. Instead every
row of the table is found in the source and every row of the source in the table, the sums of each
column of numbers are the same, and what differs from the last file is listed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext

from fisc.dmn import model as dmn
from fisc.dmn.checks import changes, findings, words
from fisc.dmn.checks.findings import Finding, Kind, Severity
from fisc.dmn.feel import syntax

# Above this a table is a look-up: cases and changes give way to reconciliation.
MANY_RULES = 1000
# Rows that differ; more of them say nothing new.
MOST_LISTED = 20

Row = tuple[str, ...]
_DIGITS = 200


class NotALookUp(Exception):
    """A table has a cell that is not one written-out value, so no file can hold the same."""


class SourceIsWrong(ValueError):
    """A source file cannot be read, or lacks a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A CSV file in UTF-8 with a line of names, and the file that was used before, if any.

    `columns` gives, for each condition and then each result column of the table, the name of the
    source's column.
    """

    name: str
    content: bytes
    columns: tuple[str, ...]
    last: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How many rows one side has, and the exact sum of each of its columns of numbers."""

    rows: int
    totals: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Rows that only one of two files has, and rows whose results differ: before and after."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[tuple[Row, Row], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A table and its source, side by side; `since_last` is None where there was no last file."""

    table: Side
    source: Side
    differences: Differences
    since_last: Differences | None

    @property
    def agrees(self) -> bool:
        """Whether both hold the same rows with the same totals."""
        found = self.differences
        is_same = not (found.added or found.removed or found.changed)
        return is_same and self.table == self.source


def reconcile(table: dmn.DecisionTable, source: Source) -> Reconciled:
    """Compare a table with its source, row by row. Raises NotALookUp, SourceIsWrong."""
    conditions = len(table.inputs)
    if len(source.columns) != conditions + len(table.outputs):
        raise SourceIsWrong(words.COLUMNS_DIFFER.format(name=source.name))
    here = [_row(rule, number) for number, rule in enumerate(table.rules, start=1)]
    there = list(_rows(source.content, source))
    since = None
    if source.last is not None:
        since = _differences(list(_rows(source.last, source)), there, conditions)
    return Reconciled(
        table=_side(here, source.columns),
        source=_side(there, source.columns),
        differences=_differences(here, there, conditions),
        since_last=since,
    )


def check(decision: str, table: dmn.DecisionTable, source: Source) -> Iterator[Finding]:
    """What differs, as findings. Raises SourceIsWrong."""
    try:
        found = reconcile(table, source)
    except NotALookUp as why:
        yield _finding(decision, table, str(why))
        return
    if found.agrees:
        return
    yield _finding(
        decision,
        table,
        words.SIDES.format(
            decision=decision,
            name=source.name,
            table_rows=found.table.rows,
            source_rows=found.source.rows,
            table_totals=words.totals(found.table.totals),
            source_totals=words.totals(found.source.totals),
        ),
    )
    listed = [
        *(words.ONLY_IN_SOURCE.format(row=", ".join(each)) for each in found.differences.added),
        *(words.ONLY_IN_TABLE.format(row=", ".join(each)) for each in found.differences.removed),
        *(
            words.ROW_DIFFERS.format(table=", ".join(mine), source=", ".join(its))
            for mine, its in found.differences.changed
        ),
    ]
    for text in listed[:MOST_LISTED]:
        yield _finding(decision, table, f"“{decision}”: {text}")


def _finding(decision: str, table: dmn.DecisionTable, text: str) -> Finding:
    return Finding(
        kind=Kind.SOURCE,
        severity=Severity.STOPS,
        decision=decision,
        table=table.id,
        words=text,
        key=findings.key(Kind.SOURCE, decision, text),
    )


# --- Rows ----------------------------------------------------------------------------------------


def _row(rule: dmn.Rule, number: int) -> Row:
    return (
        *(_tested(each, number) for each in rule.inputs),
        *(_literal(each.expression, each.text, number) for each in rule.outputs),
    )


def _tested(entry: dmn.InputEntry, number: int) -> str:
    tests = entry.tests.tests
    if entry.tests.is_negated or len(tests) != 1 or not isinstance(tests[0], syntax.Matches):
        raise NotALookUp(words.NOT_A_VALUE.format(rule=number, cell=entry.text.strip()))
    return _literal(tests[0].expression, entry.text, number)


def _literal(node: syntax.Expression | None, cell: str, number: int) -> str:
    if isinstance(node, syntax.NumberLiteral):
        return _number(node.value)
    if isinstance(node, syntax.Negation) and isinstance(node.operand, syntax.NumberLiteral):
        return _number(-node.operand.value)
    if isinstance(node, syntax.StringLiteral):
        return node.value
    if isinstance(node, syntax.BooleanLiteral):
        return str(node.value).lower()
    if node is None or isinstance(node, syntax.NullLiteral):
        return ""
    if (day := _day(node)) is not None:
        return day
    raise NotALookUp(words.NOT_A_VALUE.format(rule=number, cell=cell.strip()))


def _day(node: syntax.Expression) -> str | None:
    if isinstance(node, syntax.AtLiteral):
        return node.text
    day = changes.date_of(node) if isinstance(node, syntax.Call) else None
    return None if day is None else day.isoformat()


def _rows(content: bytes, source: Source) -> Iterator[Row]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise SourceIsWrong(words.NOT_CSV.format(name=source.name, why=problem)) from problem
    missing = [each for each in source.columns if each not in (reader.fieldnames or ())]
    if missing:
        raise SourceIsWrong(words.NO_COLUMN.format(name=source.name, columns=", ".join(missing)))
    for line in lines:
        yield tuple(_plain(line[each] or "") for each in source.columns)


def _plain(text: str) -> str:
    """A number by what it is worth, so that 1.50 in a file is 1.5 in a table; else the text."""
    number = _decimal(text)
    # Codes such as 007 are texts; no table would write a number so.
    is_code = len(text.strip()) > 1 and text.strip().startswith("0") and text.strip()[1] != "."
    return text.strip() if number is None or is_code else _number(number)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(value: Decimal) -> str:
    text = f"{value or Decimal(0):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- Comparing -----------------------------------------------------------------------------------


def _side(rows: Sequence[Row], columns: Sequence[str]) -> Side:
    totals: dict[str, Decimal] = {}
    for place, name in enumerate(columns):
        numbers = [_decimal(row[place]) for row in rows]
        known = [each for each in numbers if each is not None]
        if rows and len(known) == len(numbers):
            with localcontext() as exact:
                exact.prec = _DIGITS
                totals[name] = sum(known, Decimal(0))
    return Side(rows=len(rows), totals=totals)


def _differences(before: Iterable[Row], after: Iterable[Row], conditions: int) -> Differences:
    old, new = _by_conditions(before, conditions), _by_conditions(after, conditions)
    added, removed, changed = [], [], []
    for key in sorted({*old, *new}):
        mine, its = old.get(key, []), new.get(key, [])
        if len(mine) == len(its) == 1:
            if mine != its:
                changed.append((mine[0], its[0]))
            continue
        # A key that stands twice on a side is not the same as one that stands there once.
        added += _beyond(its, mine)
        removed += _beyond(mine, its)
    return Differences(added=tuple(added), removed=tuple(removed), changed=tuple(changed))


def _by_conditions(rows: Iterable[Row], conditions: int) -> dict[Row, list[Row]]:
    found: dict[Row, list[Row]] = {}
    for row in rows:
        found.setdefault(row[:conditions], []).append(row)
    return found


def _beyond(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    left = list(others)
    found = []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            found.append(row)
    return found

"""A look-up table of many rows against the file it was taken from: rows, hash totals, differences.

A state's monthly rate file has thousands of rows, and nobody writes a case for each. Instead every
row of the table is found in the source and every row of the source in the table, the sums of each
column of numbers are the same, and what differs from the last file is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fisc.dmn import model as dmn
from fisc.dmn.checks import changes, findings, source_files, words
from fisc.dmn.checks.findings import Finding, Kind, Severity
from fisc.dmn.feel import syntax

# Above this a table is a look-up: cases and changes give way to reconciliation.
MANY_RULES = 1000
# Rows that differ; more of them say nothing new.
MOST_LISTED = 20

Row = tuple[str, ...]
SourceIsWrong = source_files.SourceIsWrong
_DIGITS = 200
_TRUTHS = frozenset({"true", "false"})
# Without exponents: 1E999999999 would be a text of that many zeros.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,34}(?:\.[0-9]{0,34})?|\.[0-9]{1,34})")


class NotALookUp(Exception):
    """A table has a cell that is not one written-out value, so no file can hold the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that a table was taken from (see source_files), and the one of last time, if any.

    `columns` gives, for each condition and then each result column of the table, the name of the
    source's column.
    """

    name: str
    content: bytes
    columns: tuple[str, ...]
    last: Source | None = None


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


def reconcile(decision: str, table: dmn.DecisionTable, source: Source) -> Reconciled:
    """Compare a table with its source, row by row. Raises NotALookUp, SourceIsWrong."""
    conditions, width = len(table.inputs), len(table.inputs) + len(table.outputs)
    if len(source.columns) != width:
        raise SourceIsWrong(
            words.COLUMNS_DIFFER.format(
                decision=decision, wanted=width, name=source.name, count=len(source.columns)
            )
        )
    if "" in source.columns:
        place = source.columns.index("") + 1
        raise SourceIsWrong(words.CHOOSE.format(decision=decision, name=source.name, place=place))
    here = [row(rule, number) for number, rule in enumerate(table.rules, start=1)]
    there = list(_rows(source, table))
    last = source.last
    since = None
    if last is not None and len(last.columns) == width:
        since = _differences(list(_rows(last, table)), there, conditions)
    return Reconciled(
        table=_side(here, source.columns),
        source=_side(there, source.columns),
        differences=_differences(here, there, conditions),
        since_last=since,
    )


def check(
    decision: str, table: dmn.DecisionTable, source: Source
) -> tuple[findings.Reconciled | None, tuple[Finding, ...]]:
    """Say how a table and its source stand to each other, and what differs, as findings.

    Where they cannot be compared the first is None and a finding says why.
    """
    try:
        found = reconcile(decision, table, source)
    except NotALookUp as why:
        return None, (_finding(decision, table, f"“{decision}”, {why}."),)
    except SourceIsWrong as why:
        return None, (_finding(decision, table, str(why)),)
    said = findings.Reconciled(
        decision=decision,
        name=source.name,
        agrees=found.agrees,
        rows=found.table.rows,
        totals=words.totals(found.table.totals),
        source_rows=found.source.rows,
        source_totals=words.totals(found.source.totals),
        since_last=_since(found, source),
    )
    return said, () if found.agrees else tuple(_differing(said, table, found.differences))


def _differing(
    said: findings.Reconciled, table: dmn.DecisionTable, found: Differences
) -> Iterator[Finding]:
    sides = words.SIDES.format(
        decision=said.decision,
        name=said.name,
        table_rows=said.rows,
        source_rows=said.source_rows,
        table_totals=said.totals,
        source_totals=said.source_totals,
    )
    yield _finding(said.decision, table, sides)
    listed = [
        *(words.ONLY_IN_SOURCE.format(row=", ".join(each)) for each in found.added),
        *(words.ONLY_IN_TABLE.format(row=", ".join(each)) for each in found.removed),
        *(
            words.ROW_DIFFERS.format(table=", ".join(mine), source=", ".join(its))
            for mine, its in found.changed
        ),
    ]
    for text in listed[:MOST_LISTED]:
        yield _finding(said.decision, table, f"“{said.decision}”: {text}")


def _since(found: Reconciled, source: Source) -> findings.SinceLast | None:
    since, last = found.since_last, source.last
    if since is None or last is None:
        return None
    listed = [
        *((", ".join(old), ", ".join(new)) for old, new in since.changed),
        *(("", ", ".join(each)) for each in since.added),
        *((", ".join(each), "") for each in since.removed),
    ]
    return findings.SinceLast(
        name=last.name,
        added=len(since.added),
        removed=len(since.removed),
        changed=len(since.changed),
        listed=tuple(listed[:MOST_LISTED]),
    )


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


def row(rule: dmn.Rule, number: int) -> Row:
    """Return the values that a rule is written with. Raises NotALookUp for any other rule."""
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


def _columns_of(
    table: dmn.DecisionTable, kind: type[syntax.StringLiteral | syntax.NumberLiteral]
) -> frozenset[int]:
    """Which columns hold texts, or numbers, as somebody wrote one there."""
    return frozenset(
        place
        for rule in table.rules
        for place, node in enumerate(
            (*(tested(each) for each in rule.inputs), *(each.expression for each in rule.outputs))
        )
        if isinstance(node, kind)
    )


def tested(entry: dmn.InputEntry) -> syntax.Expression | None:
    """Return what a condition cell equals; None for one that tests otherwise."""
    tests = entry.tests.tests
    found = tests[0] if len(tests) == 1 else None
    return found.expression if isinstance(found, syntax.Matches) else None


def _rows(source: Source, table: dmn.DecisionTable) -> Iterator[Row]:
    file = source_files.read(source.content, source.name)
    places = file.places(source.columns)
    texts = _columns_of(table, syntax.StringLiteral)
    numbers = _columns_of(table, syntax.NumberLiteral) - texts
    kinds = [(column in texts, column in numbers) for column in range(len(places))]
    for _, cells in file.rows:
        yield tuple(
            of_kind(cells[place], is_text=is_text, is_number=is_number)
            for place, (is_text, is_number) in zip(places, kinds, strict=True)
        )


def of_kind(text: str, *, is_text: bool = False, is_number: bool = False) -> str:
    """Return what a cell is worth in a column of one kind: 1.50 in a file is the number 1.5.

    In a column of texts it is a code as it stands; in one of neither, what it looks like: codes
    such as 007 are texts, for no table would write a number so.
    """
    text = text.strip()
    if is_text:
        return text
    if text.casefold() in _TRUTHS:
        return text.casefold()
    number = _decimal(text)
    is_code = not is_number and len(text) > 1 and text.startswith("0") and text[1] != "."
    return text if number is None or is_code else _number(number)


def is_number(text: str) -> bool:
    """Tell whether a cell is a number written out, with a point and without commas."""
    return _NUMBER.fullmatch(text.strip()) is not None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _number(value: Decimal) -> str:
    text = f"{value or Decimal(0):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- Comparing -----------------------------------------------------------------------------------


def _side(rows: Sequence[Row], columns: Sequence[str]) -> Side:
    totals: dict[str, Decimal] = {}
    for place, name in enumerate(columns):
        numbers = [_decimal(each[place]) for each in rows]
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
    for each in rows:
        found.setdefault(each[:conditions], []).append(each)
    return found


def _beyond(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    left = list(others)
    found = []
    for each in rows:
        if each in left:
            left.remove(each)
        else:
            found.append(each)
    return found

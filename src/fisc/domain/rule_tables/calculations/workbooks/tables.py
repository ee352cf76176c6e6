"""The edits that the sheet of one table asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fisc.dmn.editing import edits, outline
from fisc.domain.rule_tables.calculations.workbooks import layout, reading

_Cells = dict[tuple[edits.CellKind, int], str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the sheet: which rule of the file it is, or none for a new one."""

    rule: int | None
    cells: _Cells


def changes(table: outline.Table, sheet: reading.Sheet) -> list[edits.Edit]:
    """Return the edits; what is wrong is kept with the sheet."""
    places = _columns(table, sheet)
    rows = _rows(table, sheet, places)
    if sheet.problems:
        return []
    return [*_order(table, rows), *_cells(table, rows)]


def _columns(table: outline.Table, sheet: reading.Sheet) -> dict[int, layout.Column]:
    """Find each column of the table by its heading, wherever it stands now."""
    wanted: dict[str, layout.Column] = {}
    for language in layout.LANGUAGES:
        wanted |= {each.head: each for each in layout.columns(table, language=language)}
    width = max((len(row) for row in sheet.rows), default=0)
    found: dict[int, layout.Column] = {}
    for place in range(1, width):
        head = sheet.text(layout.KINDS, place)
        column = wanted.get(head)
        if column is None:
            _refuse_unknown(sheet, place, head)
        elif any(
            (each.kind, each.number) == (column.kind, column.number) for each in found.values()
        ):
            sheet.problem(layout.KINDS, place, f"The column “{head}” stands here twice.")
        else:
            found[place] = column
            _refuse_heading(sheet, place, column)
    present = {(each.kind, each.number) for each in found.values()}
    for column in layout.columns(table, language="en"):
        if (column.kind, column.number) not in present:
            words = f"The column “{column.head}” ({column.heading}) is missing. Put it back."
            sheet.problem(layout.KINDS, 0, words)
    return found


def _refuse_unknown(sheet: reading.Sheet, place: int, head: str) -> None:
    for row in range(layout.KINDS, len(sheet.rows)):
        if sheet.text(row, place):
            words = (
                f"“{head}” is no column of the table."
                if head
                else "This column has no heading, so nobody knows what it says."
            )
            sheet.problem(row, place, f"{words} Take it out; a column is added in the editor.")
            return


def _refuse_heading(sheet: reading.Sheet, place: int, column: layout.Column) -> None:
    for row, said in ((layout.HEADINGS, column.heading), (layout.SAYS, column.says)):
        if sheet.text(row, place) != layout.plain(said):
            words = f"It said “{said}”. Put that back; headings are changed in the editor."
            sheet.problem(row, place, words)


def _rows(
    table: outline.Table, sheet: reading.Sheet, places: dict[int, layout.Column]
) -> list[_Row]:
    rows = []
    seen: Counter[int] = Counter()
    for number in range(layout.FIRST_RULE, len(sheet.rows)):
        if not any(sheet.rows[number]):
            continue
        rule = _rule(table, sheet, number)
        if rule is not None:
            seen[rule] += 1
        # A row copied to make a new rule brings the number along; the first one is the rule.
        is_copy = rule is not None and seen[rule] > 1
        cells = {
            (column.kind, column.number): sheet.text(number, place)
            for place, column in places.items()
        }
        rows.append(_Row(None if is_copy else rule, cells))
    return rows


def _rule(table: outline.Table, sheet: reading.Sheet, row: int) -> int | None:
    """Which rule of the file a row is; None when no number stands before it."""
    text = sheet.text(row, 0)
    if not text:
        return None
    if text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= len(table.rules):
        return int(text[:9])
    words = f"The table has {len(table.rules)} rules, no rule “{text}”."
    sheet.problem(row, 0, f"{words} Leave the number of a new rule empty.")
    return None


def _order(table: outline.Table, rows: list[_Row]) -> Iterator[edits.Edit]:
    """Delete, move and insert until the rules stand as the rows do."""
    kept = {row.rule for row in rows}
    standing: list[int | None] = []
    for rule in range(len(table.rules), 0, -1):
        if rule in kept:
            standing.insert(0, rule)
        else:
            yield edits.DeleteRule(table=table.address, rule=rule)
    for place, row in enumerate(rows):
        if row.rule is None:
            standing.insert(place, None)
            yield _inserted(table, row, place + 1)
        elif standing[place] != row.rule:
            at = standing.index(row.rule, place)
            standing.insert(place, standing.pop(at))
            yield edits.MoveRule(table=table.address, rule=at + 1, to=place + 1)


def _inserted(table: outline.Table, row: _Row, at: int) -> edits.InsertRule:
    def texts(kind: edits.CellKind, width: int) -> tuple[str, ...]:
        return tuple(row.cells[kind, number] for number in range(1, width + 1))

    return edits.InsertRule(
        table=table.address,
        at=at,
        conditions=texts(edits.CellKind.CONDITION, len(table.conditions)),
        results=texts(edits.CellKind.RESULT, len(table.results)),
        notes=texts(edits.CellKind.NOTE, len(table.notes)),
    )


def _cells(table: outline.Table, rows: list[_Row]) -> Iterator[edits.Edit]:
    for number, row in enumerate(rows, start=1):
        if row.rule is None:
            continue
        before = layout.cells(table.rules[row.rule - 1], table)
        for (kind, column), text in row.cells.items():
            if text != layout.plain(before.get((kind, column), "")):
                yield edits.SetCell(
                    table=table.address, rule=number, kind=kind, column=column, text=text
                )

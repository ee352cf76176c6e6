"""Reads a workbook into plain texts by sheet, and says of each cell that is no text why."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import python_calamine

from fisc.dmn.model import Place
from fisc.dmn.xml.problems import Problem
from fisc.domain.rule_tables.calculations.workbooks import layout, packages

# What a spreadsheet shows of a number; more digits are what binary arithmetic left behind.
MOST_DIGITS: Final = 15
# Problems of one sheet that are told one by one.
MOST_TOLD: Final = 200

_Moment = datetime.time | datetime.date | datetime.datetime | datetime.timedelta
_Value = int | float | str | bool | _Moment


@dataclass(slots=True)
class Sheet:
    """The texts of a sheet by row and column from 0, up to its last cell."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # How many more were found than a person can use.
    untold: int = 0

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell; empty beyond the last."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def place(self, row: int, column: int) -> Place:
        """Return where a cell is, in words."""
        return self.place_of(layout.cell_name(row, column))

    def place_of(self, cell: str) -> Place:
        """Return where a cell or some cells are, by their name in a spreadsheet."""
        return Place(f"sheet “{self.name}”, cell {cell}")

    def problem(self, row: int, column: int, words: str) -> None:
        """Keep what is wrong with a cell."""
        self.told(self.place(row, column), words)

    def told(self, place: Place, words: str) -> None:
        """Keep what is wrong at a place."""
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem(place, words))
        else:
            self.untold += 1

    def all_problems(self) -> Iterator[Problem]:
        """Yield the problems, and how many more there are."""
        yield from self.problems
        if self.untold:
            yield Problem(Place(f"sheet “{self.name}”"), f"… and {self.untold:,} more.")


def sheets(content: bytes) -> dict[str, Sheet]:
    """Read every sheet by name. Raises packages.WorkbookIsRefused."""
    looked_at = packages.checked(content)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        return {each.sheet: _sheet(book, each) for each in looked_at}
    except python_calamine.CalamineError as problem:
        raise packages.WorkbookIsRefused(f"It cannot be read: {problem}.") from problem
    except BaseException as problem:
        # The reader is written in Rust; what it did not foresee arrives as a panic, which is no
        # Exception. The file is at fault, not the process.
        if type(problem).__name__ != "PanicException":
            raise
        raise packages.WorkbookIsRefused("It is damaged and cannot be read.") from problem


def _sheet(book: python_calamine.CalamineWorkbook, looked_at: packages.Unreadable) -> Sheet:
    read = book.get_sheet_by_name(looked_at.sheet)
    sheet = Sheet(looked_at.sheet)
    formulas = set(looked_at.formulas)
    for row, values in enumerate(read.to_python(skip_empty_area=False)):
        sheet.rows.append([])
        for column, value in enumerate(values):
            is_computed = layout.cell_name(row, column) in formulas
            sheet.rows[-1].append("" if is_computed else _text(sheet, row, column, value))
    _refuse(sheet, looked_at, read.merged_cell_ranges or ())
    return sheet


def _refuse(
    sheet: Sheet,
    looked_at: packages.Unreadable,
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    for name in looked_at.formulas:
        words = "It holds a formula. Put in its value: a rate is written, not computed."
        sheet.told(sheet.place_of(name), words)
    for name in looked_at.errors:
        sheet.told(sheet.place_of(name), "The spreadsheet shows an error here.")
    for first, last in merged:
        cells = f"{layout.cell_name(*first)}:{layout.cell_name(*last)}"
        words = "These cells are merged. Unmerge them, and write each cell of its own."
        sheet.told(sheet.place_of(cells), words)


def _text(sheet: Sheet, row: int, column: int, value: _Value) -> str:
    """What a cell says; a problem is kept where a spreadsheet made something else of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return layout.plain(value)
    if isinstance(value, int | float):
        return _number(sheet, row, column, value)
    sheet.problem(
        row,
        column,
        f"The spreadsheet made a date or time of it ({value}). Give the cell the format Text and "
        'write it again, for example date("2026-07-01").',
    )
    return ""


def _number(sheet: Sheet, row: int, column: int, value: float) -> str:
    number = Decimal(repr(value))
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        sheet.problem(
            row,
            column,
            f"The spreadsheet computed {value!r}, which is not what it shows. Give the cell the "
            "format Text and write the number again.",
        )
        return ""
    return f"{number.normalize():f}"

"""Decision tables and constants as a workbook that a coordinator edits and gives back."""

from __future__ import annotations

import datetime
import hashlib
import io
from typing import Any

import xlsxwriter

from fisc.dmn.editing import outline
from fisc.domain.rule_tables.calculations.workbooks import layout


class CannotBeAWorkbook(Exception):
    """A table holds something that no spreadsheet can."""


def written(
    content: bytes, *, book: str, file_name: str, at: datetime.datetime, language: str = "en"
) -> bytes:
    """Return a workbook: a sheet for each table, one of constants, one that says what it copies.

    Every cell is text, so that no spreadsheet turns a rate into a float or a code into a date.
    Raises UnreadableXml, CannotBeAWorkbook.
    """
    read = outline.read(content)
    into = io.BytesIO()
    book_file = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False})
    book_file.set_properties({"title": book or read.name, "created": at.replace(tzinfo=None)})
    sheets = _Sheets(book_file, language)
    wanted = [_title(table) for table in read.tables]
    constants, *names = layout.sheet_names([layout.WORDS[language]["constants"], *wanted])
    for name, table in zip(names, read.tables, strict=True):
        sheets.table(name, table, read.element(table.address.element))
    if read.formulas:
        sheets.constants(constants, read)
    about = [
        ("format", layout.FORMAT),
        ("book", book),
        ("file", file_name),
        ("sha256", hashlib.sha256(content).hexdigest()),
        ("language", language),
        ("constants", constants if read.formulas else ""),
        *(
            (name, layout.key(table.address))
            for name, table in zip(names, read.tables, strict=True)
        ),
    ]
    sheets.about(about)
    if not names and not read.formulas:
        raise CannotBeAWorkbook("The file has no table and no constant to put into a workbook.")
    book_file.close()
    return into.getvalue()


def _title(table: outline.Table) -> str:
    number = table.address.number
    return table.address.element if number == 1 else f"{table.address.element} {number}"


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(self, book_file: Any, language: str) -> None:
        self.book_file = book_file
        self.words = layout.WORDS[language]
        self.language = language
        style = {"num_format": "@", "text_wrap": True, "valign": "top"}
        # Only what may be changed is unlocked; there is no password, so nobody is locked out.
        self.cell = book_file.add_format({**style, "locked": False, "border": 4})
        self.head = book_file.add_format({**style, "bold": True, "bg_color": "#E7EEF5"})
        self.quiet = book_file.add_format({**style, "font_color": "#565C65"})
        self.title = book_file.add_format({"bold": True, "font_size": 14, "num_format": "@"})

    def table(self, name: str, table: outline.Table, element: outline.Element) -> None:
        sheet = self._sheet(name)
        columns = layout.columns(table, language=self.language)
        self._put(sheet, layout.TITLE, 0, table.address.element, self.title)
        policy = f"{table.hit_policy} {table.aggregation}".strip()
        self._put(sheet, layout.POLICY, 0, f"{self.words['policy']}: {policy}", self.title)
        self._put(sheet, layout.QUESTION, 0, element.question or element.description, self.title)
        self._put(sheet, layout.HEADINGS, 0, self.words["rule"], self.head)
        self._put(sheet, layout.KINDS, 0, "", self.head)
        self._put(sheet, layout.SAYS, 0, "", self.quiet)
        for place, column in enumerate(columns, start=1):
            self._put(sheet, layout.KINDS, place, column.head, self.head)
            self._put(sheet, layout.HEADINGS, place, column.heading, self.head)
            self._put(sheet, layout.SAYS, place, column.says, self.quiet)
        for number, rule in enumerate(table.rules, start=1):
            row = layout.FIRST_RULE + number - 1
            said = layout.cells(rule, table)
            self._put(sheet, row, 0, str(number), self.cell)
            for place, column in enumerate(columns, start=1):
                self._put(sheet, row, place, said.get((column.kind, column.number), ""), self.cell)
        sheet.set_column(0, 0, 6, self.cell)
        sheet.set_column(1, max(len(columns), 1), 28, self.cell)
        sheet.freeze_panes(layout.FIRST_RULE, 1)

    def constants(self, name: str, read: outline.Outline) -> None:
        sheet = self._sheet(name)
        for place, word in enumerate(("key", "decision", "part", "value", "description")):
            self._put(sheet, 0, place, self.words[word], self.head)
        for row, formula in enumerate(read.formulas, start=layout.FIRST_CONSTANT):
            address = formula.address
            self._put(sheet, row, layout.KEY, layout.key(address), self.quiet)
            self._put(sheet, row, layout.DECISION, address.element, self.quiet)
            self._put(sheet, row, layout.PART, " / ".join(formula.path), self.quiet)
            self._put(sheet, row, layout.VALUE, formula.text, self.cell)
            # A description belongs to the decision; it stands beside its first formula.
            if address.number == 1:
                said = read.element(address.element).description
                self._put(sheet, row, layout.DESCRIPTION, said, self.cell)
        sheet.set_column(layout.KEY, layout.KEY, 4, self.quiet, {"hidden": True})
        sheet.set_column(layout.DECISION, layout.PART, 28, self.quiet)
        sheet.set_column(layout.VALUE, layout.DESCRIPTION, 48, self.cell)
        sheet.freeze_panes(layout.FIRST_CONSTANT, 0)

    def about(self, rows: list[tuple[str, str]]) -> None:
        sheet = self._sheet(layout.ABOUT)
        for row, (name, text) in enumerate(rows):
            self._put(sheet, row, 0, name, self.quiet)
            self._put(sheet, row, 1, text, self.quiet)
        sheet.very_hidden()

    def _sheet(self, name: str) -> Any:
        sheet = self.book_file.add_worksheet(name)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        allowed = ("insert_rows", "delete_rows", "format_columns", "format_rows", "format_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
        return sheet

    def _put(self, sheet: Any, row: int, column: int, text: str, style: Any) -> None:
        if len(text) > layout.LONGEST_CELL:
            raise CannotBeAWorkbook(
                f"“{sheet.get_name()}”, cell {layout.cell_name(row, column)}: a spreadsheet cell "
                f"holds {layout.LONGEST_CELL:,} characters and this text has {len(text):,}."
            )
        if text:
            sheet.write_string(row, column, text, style)
        else:
            sheet.write_blank(row, column, None, style)

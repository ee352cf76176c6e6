"""A code list as a spreadsheet, out and in; every cell is text both ways."""

from __future__ import annotations

import datetime
import io

import xlsxwriter

from fisc.domain.list_changes.calculations import sheets
from fisc.domain.rule_tables.calculations.workbooks import packages, reading

_WIDEST = 60
# A table writes a day as FEEL does, a list plainly.
_DAYS = ('date("2026-07-01")', "2026-07-01")
# The first letters of every .xlsx, which is a ZIP.
_ZIP = b"PK"


def is_spreadsheet(content: bytes) -> bool:
    """Tell whether a file is a spreadsheet rather than CSV."""
    return content.startswith(_ZIP)


def written(sheet: sheets.Sheet, *, name: str, at: datetime.datetime) -> bytes:
    """Return a list as a workbook of one sheet, its first row the names of the columns."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": name, "created": at.replace(tzinfo=None)})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E7EEF5"})
    page = book.add_worksheet("list")
    page.freeze_panes(1, 1)
    for column, title in enumerate(sheet.columns):
        texts = [row[title] for row in sheet.rows]
        page.set_column(column, column, min(_WIDEST, 4 + max(map(len, [title, *texts]))), text)
        page.write_string(0, column, title, head)
        for row, cell in enumerate(texts, start=1):
            page.write_string(row, column, cell, text)
    book.close()
    return into.getvalue()


def read(content: bytes) -> sheets.Sheet:
    """Read a list's file, CSV or a spreadsheet's first sheet. Raises sheets.NotASheet."""
    if not is_spreadsheet(content):
        return sheets.read(content)
    try:
        pages = list(reading.sheets(content).values())
    except packages.WorkbookIsRefused as refused:
        raise sheets.NotASheet(str(refused)) from refused
    if not pages:
        raise sheets.NotASheet("The spreadsheet has no sheet.")
    page = pages[0]
    width = max((len(row) for row in page.rows), default=0)
    table = [[*row, *[""] * (width - len(row))] for row in page.rows]
    while table and width and not any(row[width - 1] for row in table):
        width -= 1
        table = [row[:width] for row in table]
    found = sheets.of_table(table)
    refused_cells = [
        sheets.Problem(0, "", str(each).replace(*_DAYS)) for each in page.all_problems()
    ]
    return sheets.Sheet(found.columns, found.rows, (*refused_cells, *found.problems))

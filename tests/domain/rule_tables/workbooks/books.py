"""Workbooks for tests: made by Fisc, saved again as another program would, and spoilt."""

from __future__ import annotations

import datetime
import io
import pathlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import python_calamine
import xlsxwriter

from fisc.dmn.differences import wording
from fisc.domain.rule_tables.calculations.workbooks import proposing, writing
from tests.dmn import models

TABLES = pathlib.Path(__file__).parents[4] / "cities" / "mesquite_springs" / "tables"
AT = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
CONTENT = models.file(
    models.input_data("usage"),
    models.decision(
        "Rate: per kgal",
        models.table(
            {"usage": "number"},
            {"rate": "number"},
            [
                ["< 10", "1.50", "Ordinance 12", "up to 10,000 gallons"],
                ["[10..20]", "1.75", "Ordinance 12", ""],
                ["> 20", "2.00", "Ordinance 12", "=the rest"],
            ],
            annotations=["citation", "text_en"],
        ),
        needs=["i_usage"],
    ),
    models.decision("Deposit", models.literal("150")),
)
SHEET = "Rate  per kgal"


def workbook(content: bytes = CONTENT, *, language: str = "en") -> bytes:
    return writing.written(content, book="Water", file_name="water.dmn", at=AT, language=language)


def rows_of(book: bytes) -> dict[str, list[list[Any]]]:
    read = python_calamine.load_workbook(io.BytesIO(book))
    return {
        name: read.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in read.sheet_names
    }


def written(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook as another spreadsheet program would save it."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                put(sheet, row, column, value, day)
    book.close()
    return into.getvalue()


def put(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if callable(value):
        value(sheet, row, column)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, float):
        sheet.write_number(row, column, value)
    elif value != "":
        sheet.write_string(row, column, value)


def edited(changes: Mapping[str, Any], *, sheet: str = SHEET, content: bytes = CONTENT) -> bytes:
    """The workbook with some cells, by name, written otherwise."""
    sheets = rows_of(workbook(content))
    rows = sheets[sheet]
    for cell, value in changes.items():
        row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
        while len(rows) <= row:
            rows.append([""] * len(rows[0]))
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return written(sheets)


def with_parts(book: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with its XML changed by hand."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(into, "w") as after:
        for part in before.infolist():
            after.writestr(part.filename, change(part.filename, before.read(part)))
    return into.getvalue()


def said(found: proposing.Proposed) -> list[str]:
    assert not found.problems, found.problems
    return [wording.words(each, language="en") for each in found.differences]


def refused(book: bytes, *, content: bytes = CONTENT) -> list[str]:
    found = proposing.proposed(content, book)
    assert found.content == content
    assert found.differences == ()
    assert found.problems
    return [str(each) for each in found.problems]

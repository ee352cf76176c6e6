"""A list as a file: CSV for other programs, xlsx for a spreadsheet.

A view with a list asks `wanted` and, if a file is wanted, answers with `answer` instead of a page:
same address, same door, and what was taken out is kept in the action log with who took it.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import datetime
import enum
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django import http
from django.utils import timezone
from django.utils.translation import gettext as _

CSV: Final = "csv"
XLSX: Final = "xlsx"
#: The rows that a sheet can hold under its headings.
MOST_ROWS: Final = 1_048_575
LONGEST_CELL: Final = 32_767

# The same signs as wide as a letter of China or Japan.
_WIDE: Final = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet takes a text that begins so for a formula when it opens a CSV file.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *_WIDE)
_PLAINLY: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_TYPES: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Kind(enum.Enum):
    """What a column holds: None is an empty cell in any of them."""

    TEXT = enum.auto()
    COUNT = enum.auto()
    #: Whole cents, written as dollars with two decimals.
    MONEY = enum.auto()
    DAY = enum.auto()
    #: A moment, written as the office's own time.
    INSTANT = enum.auto()
    YES_NO = enum.auto()


@dataclasses.dataclass(frozen=True)
class Column:
    heading: str
    kind: Kind = Kind.TEXT


class ListIsTooLong(Exception):
    """A list has more rows than a sheet can hold."""


def wanted(request: http.HttpRequest) -> str:
    """Return the kind of file that is asked for, empty for the page. Raises Http404."""
    asked = request.GET.get("format", "")
    if asked and asked not in _TYPES:
        raise http.Http404(f"A list is given as csv or as xlsx, not as {asked}.")
    return asked


def answer(
    *, file_format: str, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]
) -> http.HttpResponseBase:
    """Return a list as a file to keep, each row once and in order. Raises ListIsTooLong."""
    attached = {"Content-Disposition": f'attachment; filename="{name}.{file_format}"'}
    if file_format == CSV:
        return http.StreamingHttpResponse(
            _csv(columns, rows), content_type=_TYPES[CSV], headers=attached
        )
    return http.FileResponse(_xlsx(columns, rows), content_type=_TYPES[XLSX], headers=attached)


# --- CSV -----------------------------------------------------------------------------------------


def _csv(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    # The mark by which a spreadsheet knows UTF-8.
    text.write("\ufeff")
    writer.writerow([_harmless(column.heading) for column in columns])
    for row in rows:
        yield _taken(text)
        writer.writerow(
            [_as_text(value, column.kind) for value, column in zip(row, columns, strict=True)]
        )
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    written = text.getvalue()
    text.seek(0)
    text.truncate()
    return written.encode()


def _as_text(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    match kind:
        case Kind.TEXT:
            return _harmless(str(value))
        case Kind.COUNT:
            return str(int(value))
        case Kind.MONEY:
            return f"{_dollars(value):.2f}"
        case Kind.DAY:
            return _day(value).isoformat()
        case Kind.INSTANT:
            return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
        case Kind.YES_NO:
            return _("yes") if value else _("no")


def _harmless(text: str) -> str:
    """A text that no spreadsheet computes: an apostrophe goes before what looks like a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _day(value: object) -> datetime.date:
    assert isinstance(value, datetime.date), "a column of days holds days"
    return value


# --- xlsx ----------------------------------------------------------------------------------------


def _xlsx(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Any:
    """Both the sheet and the file are on disk as they grow; who sends the file closes it."""
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile())
        with contextlib.closing(xlsxwriter.Workbook(file, _PLAINLY)) as book:
            _fill(book, columns, rows)
        file.seek(0)
        opened.pop_all()
    return file


def _fill(book: Any, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True})
    styles = {
        Kind.MONEY: book.add_format({"num_format": "#,##0.00"}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.INSTANT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.heading, head)
        sheet.set_column(place, place, 40 if column.kind is Kind.TEXT else 16)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise ListIsTooLong(f"A sheet holds {MOST_ROWS:,} rows. Take the list as CSV.")
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            _write(sheet, number, place, value, column.kind, styles.get(column.kind))


def _write(sheet: Any, row: int, column: int, value: Any, kind: Kind, style: Any) -> None:
    if value is None:
        return
    match kind:
        case Kind.TEXT:
            sheet.write_string(row, column, _fitting(str(value)))
        case Kind.COUNT:
            sheet.write_number(row, column, int(value))
        case Kind.MONEY:
            # A spreadsheet keeps 15 digits: to the cent below ten million million dollars.
            sheet.write_number(row, column, _dollars(value), style)
        case Kind.DAY:
            sheet.write_datetime(row, column, _day(value), style)
        case Kind.INSTANT:
            local = timezone.localtime(value).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, style)
        case Kind.YES_NO:
            sheet.write_boolean(row, column, bool(value))


def _fitting(text: str) -> str:
    """A text that fits a cell; one that was cut says so."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"

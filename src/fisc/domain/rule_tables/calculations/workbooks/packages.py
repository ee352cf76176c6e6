"""Opens a workbook safely: sizes, formulas and extents are known before a sheet is read.

A workbook is a ZIP of XML. A small one may unpack to gigabytes, and one cell at the far corner
makes a reader keep room for all before it: both are refused here, before anything is read.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from fisc.dmn.model import Place
from fisc.dmn.xml.problems import Problem
from fisc.domain.rule_tables.calculations.workbooks import layout

LARGEST_FILE: Final = 10_000_000
LARGEST_UNPACKED: Final = 100_000_000
MOST_PARTS: Final = 1_000
MOST_SHEETS: Final = 300
MOST_ROWS: Final = 30_000
MOST_COLUMNS: Final = 200
MOST_MERGES: Final = 10_000
# Over all sheets, each counted as the rectangle up to its last cell: that is what a reader keeps.
MOST_CELLS: Final = 2_000_000

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_DOCTYPE: Final = re.compile(rb"<!\s*DOCTYPE", re.IGNORECASE)
_BLOCK: Final = 1 << 16


class WorkbookIsRefused(Exception):
    """A file is no workbook that can be read; `problem` says why."""

    def __init__(self, words: str) -> None:
        self.problem = Problem(Place("the workbook"), words)
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Cells of one sheet that hold no plain value: formulas and errors, by name."""

    sheet: str
    formulas: tuple[str, ...]
    errors: tuple[str, ...]
    cells: int


def checked(content: bytes) -> tuple[Unreadable, ...]:
    """Look through a workbook; return which cells of its sheets are computed or in error.

    Raises WorkbookIsRefused.
    """
    if len(content) > LARGEST_FILE:
        raise WorkbookIsRefused(
            f"It has {len(content):,} bytes; the most that is opened is {LARGEST_FILE:,}."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_sizes(package)
            sheets = _sheets(package)
            found = []
            room = MOST_CELLS
            for name, part in sheets:
                found.append(_unreadable(package, name, part))
                room -= found[-1].cells
                if room < 0:
                    words = f"Its sheets reach over more than {MOST_CELLS:,} cells."
                    raise WorkbookIsRefused(words)
            return tuple(found)
    except (
        # zipfile says NotImplementedError of a compression that it does not know.
        *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError),
        *(etree.XMLSyntaxError, KeyError, ValueError, RuntimeError, OverflowError),
    ) as problem:
        raise WorkbookIsRefused(
            "It is no workbook of the kind .xlsx, or it is damaged. Save it again from the "
            f"spreadsheet as “Excel workbook (.xlsx)”. ({type(problem).__name__})"
        ) from problem


def _refuse_sizes(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise WorkbookIsRefused(f"It has {len(parts):,} parts; the most is {MOST_PARTS:,}.")
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookIsRefused("It is protected by a password. Save it without one.")
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise _too_large()
    total = 0
    for part in parts:
        # What a part says of its size may be a lie; reading it through proves size and checksum.
        with package.open(part) as opened:
            while block := opened.read(_BLOCK):
                total += len(block)
                if total > LARGEST_UNPACKED:
                    raise _too_large()


def _too_large() -> WorkbookIsRefused:
    return WorkbookIsRefused(
        f"It unpacks to more than {LARGEST_UNPACKED:,} bytes, far more than tables need."
    )


def _sheets(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name and the part of each sheet."""
    types = {"Type": "", "Id": "", "Target": ""}
    targets = {}
    for _, element in _elements(package, "xl/_rels/workbook.xml.rels"):
        found = {name: element.get(name, "") for name in types}
        if found["Type"].endswith("/worksheet"):
            targets[found["Id"]] = posixpath.normpath(
                posixpath.join("/xl", found["Target"])
            ).lstrip("/")
    sheets = []
    for name, element in _elements(package, "xl/workbook.xml"):
        if name == "sheet":
            relation = next(
                (str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), ""
            )
            if relation not in targets:
                title = element.get("name", "")
                raise WorkbookIsRefused(f"“{title}” is no sheet of cells. Take it out.")
            sheets.append((str(element.get("name", "")), targets[relation]))
    if len(sheets) > MOST_SHEETS:
        raise WorkbookIsRefused(f"It has {len(sheets)} sheets; the most is {MOST_SHEETS}.")
    return sheets


def _elements(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Any]]:
    """Yield every element of a part when it is read to its end, by local name."""
    with package.open(part) as opened:
        if _DOCTYPE.search(opened.read(_BLOCK).replace(b"\x00", b"")):
            raise WorkbookIsRefused("It declares a document type or entities, which none needs.")
    with package.open(part) as opened:
        reading = etree.iterparse(
            opened, events=("end",), resolve_entities=False, no_network=True, huge_tree=False
        )
        for _, element in reading:
            tag = str(element.tag)
            yield tag.rpartition("}")[2], element
            if tag.startswith((_MAIN, _STRICT)) and tag.endswith(("}row", "}sheet")):
                element.clear()


def _unreadable(package: zipfile.ZipFile, sheet: str, part: str) -> Unreadable:
    formulas: list[str] = []
    errors: list[str] = []
    rows = columns = merges = 0
    for name, element in _elements(package, part):
        merges += name == "mergeCell"
        if merges > MOST_MERGES:
            raise WorkbookIsRefused(f"“{sheet}” has more than {MOST_MERGES:,} merged cells.")
        if name != "c":
            continue
        inner = {str(child.tag).rpartition("}")[2] for child in element}
        if not inner:
            continue
        where = str(element.get("r", ""))
        row, column = _position(sheet, where)
        rows, columns = max(rows, row), max(columns, column)
        if "f" in inner:
            formulas.append(where)
        elif element.get("t") == "e":
            errors.append(where)
    return Unreadable(sheet, tuple(formulas), tuple(errors), rows * columns)


def _position(sheet: str, where: str) -> tuple[int, int]:
    """Row and column of a cell, from 1. Raises WorkbookIsRefused beyond what is read."""
    match = _CELL.fullmatch(where)
    if match is None:
        raise WorkbookIsRefused(f"“{sheet}” has a cell that does not say where it is.")
    row, column = int(match[2]), 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    if row > MOST_ROWS or column > MOST_COLUMNS:
        limit = layout.cell_name(MOST_ROWS - 1, MOST_COLUMNS - 1)
        raise WorkbookIsRefused(
            f"“{sheet}” has something in cell {where}; nothing is read beyond {limit}."
        )
    return row, column

"""Reading a file of meter reads by its declared layout: all that is wrong with it, at once."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ERRORS_SHOWN = 50
COLUMNS = ("meter_number", "read_on", "reading")
# A bigint holds eighteen digits; a dial has nine at most.
DIGITS_MAX = 18
# What the face of a meter shows; a longer cell is two cells run together.
METER_NUMBER_DIGITS_MAX = 20


class LayoutIsWrong(Exception):
    """A declared layout lacks something or names what is not a column."""


class FileIsRefused(Exception):
    """A file cannot be read as its layout says; nothing of it was kept. Names every error."""

    def __init__(self, name: str, errors: Sequence[str]) -> None:
        shown = "; ".join(errors[:ERRORS_SHOWN])
        more = f"; and {len(errors) - ERRORS_SHOWN} more" if len(errors) > ERRORS_SHOWN else ""
        super().__init__(f"{name} was refused, nothing of it was kept: {shown}{more}.")
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file of reads is written."""

    name: str
    encoding: str
    delimiter: str
    date_format: str
    columns: Mapping[str, str]
    # The first cell of the last row, which counts the rows before it; empty where there is none.
    trailer_word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One read as the file has it."""

    line: int
    meter_number: str
    read_on: datetime.date
    reading: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file."""

    rows: tuple[Row, ...]
    sha256: str
    # The same for the same rows in another order or under another name.
    fingerprint: str


def layout_of(declared: Mapping[str, Any]) -> Layout:
    """Return the layout that a declaration says. Raises LayoutIsWrong."""
    try:
        layout = Layout(
            name=str(declared["name"]),
            encoding=str(declared["encoding"]),
            delimiter=str(declared["delimiter"]),
            date_format=str(declared["date_format"]),
            columns={str(key): str(value) for key, value in declared["columns"].items()},
            trailer_word=str(declared.get("trailer", {}).get("word", "")),
        )
    except KeyError as missing:
        raise LayoutIsWrong(f"A layout of reads needs {missing}.") from missing
    if wanting := set(COLUMNS) - set(layout.columns):
        raise LayoutIsWrong(f"The layout “{layout.name}” has no column {', '.join(wanting)}.")
    return layout


def parse(content: bytes, *, name: str, layout: Layout) -> Parsed:
    """Read a file, or say everything that is wrong with it. Raises FileIsRefused."""
    try:
        text = content.decode(layout.encoding)
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        words = f"line {line}: a byte is not {layout.encoding}. Save it so and send it again"
        raise FileIsRefused(name, [words]) from problem
    cells = _cells(text.lstrip("\ufeff"), name=name, layout=layout)
    if not cells:
        raise FileIsRefused(name, ["the file is empty"])
    errors: list[str] = []
    body = _body(cells[1:], layout=layout, errors=errors)
    places = _places(cells[0][1], layout=layout, errors=errors)
    rows = [] if errors and not places else _rows(body, places, layout=layout, errors=errors)
    if errors:
        raise FileIsRefused(name, errors)
    return Parsed(
        rows=tuple(rows), sha256=hashlib.sha256(content).hexdigest(), fingerprint=_fingerprint(rows)
    )


def _cells(text: str, *, name: str, layout: Layout) -> Sequence[tuple[int, list[str]]]:
    """Return the rows that have anything in them, each with the line on which it begins."""
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        words = (
            f"line {line}: a NUL character, which no text has. Save it as text and send it again"
        )
        raise FileIsRefused(name, [words])
    lines = csv.reader(io.StringIO(text), delimiter=layout.delimiter, strict=True)
    cells = []
    line = 1
    try:
        for row in lines:
            if any(cell.strip() for cell in row):
                cells.append((line, row))
            line = lines.line_num + 1
    except csv.Error as problem:
        words = (
            f"line {line}: it cannot be read as cells ({problem}). Look there for a quotation "
            "mark that does not belong, or a cell that never ends"
        )
        raise FileIsRefused(name, [words]) from problem
    return cells


def _fingerprint(rows: Sequence[Row]) -> str:
    said = sorted(f"{row.meter_number}|{row.read_on.isoformat()}|{row.reading}" for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _body(
    cells: Sequence[tuple[int, list[str]]], *, layout: Layout, errors: list[str]
) -> Sequence[tuple[int, list[str]]]:
    if not layout.trailer_word:
        return cells
    if not cells or cells[-1][1][0].strip() != layout.trailer_word:
        errors.append(
            f"the last row does not begin with {layout.trailer_word}: the file was cut short. "
            "Fetch it again"
        )
        return cells
    said = cells[-1][1][1].strip() if len(cells[-1][1]) > 1 else ""
    if said != str(len(cells) - 1):
        errors.append(
            f"the last row counts {said or 'nothing'}, the file has {len(cells) - 1} rows: it was "
            "cut or changed. Fetch it again"
        )
    return cells[:-1]


def _places(header: Sequence[str], *, layout: Layout, errors: list[str]) -> Mapping[str, int]:
    named = [cell.strip() for cell in header]
    wanting = [theirs for theirs in layout.columns.values() if theirs not in named]
    if wanting:
        errors.append(f"the first row has no column {', '.join(wanting)}; it has {named}")
        return {}
    return {ours: named.index(layout.columns[ours]) for ours in COLUMNS}


def _rows(
    body: Sequence[tuple[int, list[str]]],
    places: Mapping[str, int],
    *,
    layout: Layout,
    errors: list[str],
) -> list[Row]:
    rows = []
    for line, cells in body:
        if len(cells) <= max(places.values()):
            errors.append(f"line {line}: {len(cells)} cells, too few")
            continue
        said = {ours: cells[place].strip() for ours, place in places.items()}
        read_on = _day(said["read_on"], line=line, layout=layout, errors=errors)
        reading = _reading(said["reading"], line=line, errors=errors)
        if not said["meter_number"]:
            errors.append(f"line {line}: no meter number")
        elif len(said["meter_number"]) > METER_NUMBER_DIGITS_MAX:
            errors.append(f"line {line}: “{said['meter_number'][:40]}…” is too long for a meter")
        elif read_on is not None and reading is not None:
            rows.append(Row(line, said["meter_number"], read_on, reading))
    return rows


def _day(said: str, *, line: int, layout: Layout, errors: list[str]) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(said, layout.date_format).date()  # noqa: DTZ007 - a day
    except ValueError:
        errors.append(f"line {line}: “{said[:40]}” is no day written {layout.date_format}")
        return None


def _reading(said: str, *, line: int, errors: list[str]) -> int | None:
    if said.isascii() and said.isdigit() and len(said) <= DIGITS_MAX:
        return int(said)
    errors.append(f"line {line}: “{said[:40]}” is no reading; write the digits of the dial")
    return None

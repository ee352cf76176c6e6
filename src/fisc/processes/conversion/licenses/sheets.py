"""A file of licenses read by its mapping: each row can be taken, or says every reason why not."""

from __future__ import annotations

import csv
import datetime
import functools
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from fisc.processes.conversion.licenses import layouts

#: More than any city has; a larger file is another kind of file.
ROWS_MAX: Final = 1_000_000
_UNITS_MAX: Final = 10_000
_CENTS_MAX: Final = 10**13
_CELL_MAX: Final = 200
_LENGTHS: Final = {
    "house_number": 12,
    "street": 100,
    "unit": 20,
    "city": 60,
    "state": 20,
    "zip": 10,
    "phone": 40,
    "reference": 60,
}
_MONEY = re.compile(r"-?\d{1,11}(\.\d{1,2})?")
_YEARS: Final = (1900, 2200)


class FileCannotBeRead(Exception):
    """Nothing of a file can be read by its mapping; says where and what to do."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, with everything that is wrong with it."""

    line: int
    reference: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One license as the other system has it, in the words of this one; money in cents."""

    line: int
    reference: str
    license_type: str
    status: str
    business_name: str
    trade_name: str
    tax_id: str
    house_number: str
    street: str
    unit: str
    city: str
    state: str
    zip: str
    phone: str
    email: str
    activity: str
    issued_on: datetime.date
    term_starts_on: datetime.date
    # The day after its last one.
    term_ends_before: datetime.date
    units: int | None
    gross_receipts_cents: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file."""

    sha256: str
    row_count: int
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]


@functools.cache
def _day(said: str, date_format: str) -> datetime.date:
    """Return a day as it is written; a file has few different ones. Raises ValueError."""
    return datetime.datetime.strptime(said, date_format).replace(tzinfo=datetime.UTC).date()


@dataclass(slots=True)
class _Cells:
    """The cells of one row by Fisc's names, and what is wrong with them so far."""

    line: int
    cells: Mapping[str, str]
    layout: layouts.Layout
    wrong: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a cell; an empty one that must not be is wrong."""
        found = self.cells.get(name, "")
        if not found and name in layouts.REQUIRED:
            self.wrong.append(f"{self.layout.columns[name]}: empty. Every license says it.")
        most = _LENGTHS.get(name, _CELL_MAX)
        if len(found) > most:
            self.wrong.append(
                f"{self.layout.columns[name]}: {len(found)} letters; at most {most} are kept."
            )
        return found

    def word(self, name: str, words: Mapping[str, str], *, kind: str) -> str:
        """Return what a word of the other system is here."""
        said = self.text(name)
        if said and said not in words:
            self.wrong.append(
                f"{self.layout.columns[name]}: “{said}” has no {kind} in the mapping. Add it there."
            )
        return words.get(said, "")

    def day(self, name: str) -> datetime.date:
        """Return a day; one that is none is wrong, and stands in as the first day there is."""
        said = self.text(name)
        try:
            found = _day(said, self.layout.date_format)
        except ValueError:
            if said:
                self.wrong.append(
                    f"{self.layout.columns[name]}: “{said}” is no day written as "
                    f"{self.layout.date_format}."
                )
            return datetime.date.min
        if not _YEARS[0] <= found.year <= _YEARS[1]:
            self.wrong.append(f"{self.layout.columns[name]}: the year {found.year} cannot be.")
            return datetime.date.min
        return found

    def count(self, name: str) -> int | None:
        """Return how many units; empty is None."""
        said = self.text(name)
        if not said:
            return None
        if not (said.isascii() and said.isdigit()) or int(said) > _UNITS_MAX:
            self.wrong.append(
                f"{self.layout.columns[name]}: “{said}” is no whole number from 0 to {_UNITS_MAX}."
            )
            return None
        return int(said)

    def cents(self, name: str) -> int | None:
        """Return an amount in cents; empty is None."""
        said = self.text(name).replace("$", "").replace(",", "")
        if not said:
            return None
        try:
            found = int(Decimal(said).scaleb(2)) if _MONEY.fullmatch(said) else None
        except InvalidOperation:
            found = None
        if found is None or not 0 <= found <= _CENTS_MAX:
            self.wrong.append(
                f"{self.layout.columns[name]}: “{said}” is no amount of dollars and cents from 0."
            )
            return None
        return found


def parse(content: bytes, *, name: str, layout: layouts.Layout) -> Sheet:
    """Read a file: every row is either taken or refused with all its reasons.

    Raises FileCannotBeRead where rows cannot be told apart, or columns are missing.
    """
    rows: list[Row] = []
    refused: list[Refused] = []
    lines = _lines(_text(content, name=name, layout=layout), name=name, layout=layout)
    _, head = next(lines, (0, []))
    places = _places(head, name=name, layout=layout)
    count = 0
    for line, cells in lines:
        count += 1
        if count > ROWS_MAX:
            raise FileCannotBeRead(f"{name} has more than {ROWS_MAX} rows. Send it in parts.")
        found = _row(line, cells, places=places, width=len(head), layout=layout)
        if isinstance(found, Row):
            rows.append(found)
        else:
            refused.append(found)
    if not count:
        raise FileCannotBeRead(f"{name} has no rows. Export it again.")
    return Sheet(hashlib.sha256(content).hexdigest(), count, tuple(rows), tuple(refused))


def _text(content: bytes, *, name: str, layout: layouts.Layout) -> str:
    try:
        text = content.decode(layout.encoding)
    except LookupError as unknown:
        raise FileCannotBeRead(f"The mapping's encoding “{layout.encoding}” is none.") from unknown
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise FileCannotBeRead(
            f"{name}, line {line}: a byte is not {layout.encoding}. Save it so, or say another "
            "encoding in the mapping."
        ) from problem
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileCannotBeRead(f"{name}, line {line}: a NUL character, which no text has.")
    return text.lstrip("\ufeff")


def _lines(text: str, *, name: str, layout: layouts.Layout) -> Iterator[tuple[int, Sequence[str]]]:
    """Give each row that has anything in it, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as problem:
        raise FileCannotBeRead(
            f"{name}, line {line}: it cannot be read as cells ({problem}). Look there for a "
            "quotation mark that does not belong, or a cell that never ends."
        ) from problem


def _places(head: Sequence[str], *, name: str, layout: layouts.Layout) -> Mapping[str, int]:
    missing = [said for said in layout.columns.values() if said not in head]
    doubled = sorted({said for said in head if said and head.count(said) > 1})
    if missing or doubled:
        wrong = [f"has no column {', '.join(missing)}"] if missing else []
        wrong += [f"has {', '.join(doubled)} twice"] if doubled else []
        raise FileCannotBeRead(
            f"{name} {' and '.join(wrong)}. Its first row names the columns of the mapping."
        )
    return {own: head.index(said) for own, said in layout.columns.items()}


def _row(
    line: int,
    cells: Sequence[str],
    *,
    places: Mapping[str, int],
    width: int,
    layout: layouts.Layout,
) -> Row | Refused:
    if len(cells) != width:
        reason = f"{len(cells)} cells where the first row has {width}."
        return Refused(line, cells[0] if cells else "", (reason,))
    of = _Cells(line, {name: cells[place] for name, place in places.items()}, layout)
    starts_on, ends_on = of.day("term_starts_on"), of.day("term_ends_on")
    row = Row(
        line=line,
        license_type=of.word("license_type", layout.license_types, kind="license type"),
        status=of.word("status", layout.statuses, kind="status"),
        activity=of.word("activity", layout.activities, kind="activity"),
        **{name: of.text(name) for name in _PLAIN},
        issued_on=of.day("issued_on"),
        term_starts_on=starts_on,
        term_ends_before=ends_on + datetime.timedelta(days=1),
        units=of.count("units"),
        gross_receipts_cents=of.cents("gross_receipts"),
    )
    _check_days(row, of)
    return Refused(line, row.reference, tuple(of.wrong)) if of.wrong else row


_PLAIN: Final = (
    "reference",
    "business_name",
    "trade_name",
    "tax_id",
    "house_number",
    "street",
    "unit",
    "city",
    "state",
    "zip",
    "phone",
    "email",
)


def _check_days(row: Row, of: _Cells) -> None:
    if of.wrong:
        return
    if row.term_ends_before <= row.term_starts_on:
        of.wrong.append("The term ends before it begins.")
    if row.term_ends_before <= row.issued_on:
        of.wrong.append("The term ends before the license was issued.")

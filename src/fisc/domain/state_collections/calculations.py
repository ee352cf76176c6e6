"""The state's files, read by declared layout: everything wrong with one is said at once."""

from __future__ import annotations

import codecs
import csv
import datetime
import functools
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from fisc.basics import money
from fisc.domain.state_collections import choices

TEXTS: Final = ("license_number", "name", "house_number", "street", "unit", "business_class")
DAYS: Final = ("period", "received_on")
MONEY: Final = ("gross", "amount")
COLUMNS: Final = (*TEXTS, *DAYS, *MONEY)
# What no file of a kind is without.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    choices.FileKind.LICENSES: ("license_number", "name"),
    choices.FileKind.RETURNS: ("license_number", "period", "amount"),
    choices.FileKind.PAYMENTS: ("license_number", "period", "amount"),
    choices.FileKind.DISTRIBUTION: ("license_number", "period", "amount"),
}
ERRORS_SHOWN: Final = 50
LONGEST: Final = 200
_AMOUNT: Final = re.compile(r"-?\d{1,13}(?:\.\d{2})?")


@functools.lru_cache(maxsize=4096)
def _day(said: str, date_format: str) -> datetime.date:
    """Return a day as it is written; a file has few different ones. Raises ValueError."""
    return datetime.datetime.strptime(said, date_format).date()  # noqa: DTZ007 - a day


class LayoutIsWrong(Exception):
    """A declared layout lacks something, or says what cannot be."""


class FileIsRefused(Exception):
    """A file cannot be read as its layout says; nothing of it was kept. `errors` has them all."""

    def __init__(self, name: str, errors: Sequence[str]) -> None:
        shown = "; ".join(errors[:ERRORS_SHOWN])
        more = len(errors) - ERRORS_SHOWN
        rest = f"; and {more:,} more" if more > 0 else ""
        super().__init__(f"{name} was refused, nothing of it was kept: {shown}{rest}.")
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a kind of file is written; `columns` has the file's name of each of ours."""

    name: str
    kind: str
    sha256: str
    encoding: str
    delimiter: str
    date_format: str
    columns: Mapping[str, str]
    # The first cell of the last row; the count of rows and the sum of amounts follow it.
    trailer_word: str
    bytes_max: int
    # Who gave the license numbers, as the city's records of identifiers call it.
    issuer: str


class Row(NamedTuple):
    """A row of a file; money in whole cents, none where the file does not say it."""

    line: int
    license_number: str
    name: str = ""
    house_number: str = ""
    street: str = ""
    unit: str = ""
    business_class: str = ""
    # The first day of the filing period.
    period: datetime.date | None = None
    received_on: datetime.date | None = None
    gross_cents: int | None = None
    amount_cents: int | None = None


def layout_of(declared: Mapping[str, Any], *, kind: str) -> Layout:
    """Return the layout that a declaration says for a kind of file. Raises LayoutIsWrong."""
    try:
        layout = Layout(
            name=str(declared["name"]),
            kind=kind,
            sha256=hashlib.sha256(repr(declared).encode()).hexdigest(),
            encoding=codecs.lookup(str(declared["encoding"])).name,
            delimiter=str(declared["delimiter"]),
            date_format=str(declared["date_format"]),
            columns={str(key): str(value) for key, value in declared["columns"].items()},
            trailer_word=str(declared["trailer"]["word"]),
            bytes_max=int(declared["bounds"]["bytes"]),
            issuer=str(declared["issuer"]),
        )
    except KeyError as missing:
        raise LayoutIsWrong(f"A layout of the state's files needs {missing}.") from missing
    except (AttributeError, TypeError, ValueError, LookupError) as problem:
        raise LayoutIsWrong(
            f"A layout of the state's files is not written so: {problem}."
        ) from problem
    wrong = [f"it has no column {each}" for each in NEEDED[kind] if each not in layout.columns]
    wrong += [f"no row has {each}" for each in layout.columns if each not in COLUMNS]
    if len(layout.delimiter) != 1 or not layout.trailer_word or not layout.issuer:
        wrong.append("the delimiter is one character, and trailer and issuer say something")
    if wrong:
        raise LayoutIsWrong(f"The layout “{layout.name}”: {'; '.join(wrong)}.")
    return layout


def read(content: bytes, *, name: str, layout: Layout) -> tuple[Row, ...]:
    """Return the rows of a file. Raises FileIsRefused with everything that is wrong."""
    if len(content) > layout.bytes_max:
        raise FileIsRefused(
            name, [f"it has more than {layout.bytes_max:,} bytes; send it in parts"]
        )
    try:
        text = content.decode(layout.encoding)
    except UnicodeDecodeError as problem:
        raise FileIsRefused(
            name,
            [f"byte {problem.start} is not {layout.encoding}; save the file so and send it again"],
        ) from problem
    if "\0" in text:
        raise FileIsRefused(
            name, ["it has a NUL character, which no text has; fetch it again as text"]
        )
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=layout.delimiter)
    try:
        cells = [(reader.line_num, each) for each in reader if each]
    except csv.Error as problem:
        raise FileIsRefused(name, [f"line {reader.line_num}: {problem}"]) from problem
    return _Reader(name, layout).rows(cells)


class _Reader:
    """Reads rows and gathers what is wrong with them."""

    def __init__(self, name: str, layout: Layout) -> None:
        self._name = name
        self._layout = layout
        self._errors: list[str] = []
        self._needed = NEEDED[layout.kind]
        self._texts = tuple(each for each in TEXTS if each in layout.columns)

    def rows(self, cells: Sequence[tuple[int, Sequence[str]]]) -> tuple[Row, ...]:
        """Return the rows between heading and trailer, once all of them are right."""
        if not cells:
            raise FileIsRefused(self._name, ["it is empty; fetch it again"])
        (_, heading), *body = cells
        places = self._places([each.strip() for each in heading])
        last = body.pop() if body and body[-1][1][0].strip() == self._layout.trailer_word else None
        found = [self._row(line, each, places, len(heading)) for line, each in body]
        seen: dict[tuple[object, ...], int] = {}
        for row in found:
            of = (row.license_number, row.period, row.business_class, row.received_on)
            first = seen.setdefault(of, row.line)
            if first != row.line:
                self._errors.append(f"line {row.line}: says the same as line {first} again")
        self._check_trailer(last, found)
        if self._errors:
            raise FileIsRefused(self._name, self._errors)
        return tuple(found)

    def _places(self, heading: Sequence[str]) -> dict[str, int]:
        wanted = self._layout.columns
        missing = [f"line 1: no column “{each}”" for each in wanted.values() if each not in heading]
        if doubled := sorted({each for each in heading if heading.count(each) > 1}):
            missing.append(f"line 1: the column {', '.join(doubled)} is there twice")
        if missing:
            missing.append(
                f"it is not written as the layout “{self._layout.name}” says: send it as the kind "
                "of file that it is, or have the layout name its columns"
            )
            raise FileIsRefused(self._name, missing)
        return {ours: heading.index(theirs) for ours, theirs in wanted.items()}

    def _row(self, line: int, cells: Sequence[str], places: Mapping[str, int], width: int) -> Row:
        if len(cells) != width:
            self._errors.append(f"line {line}: {len(cells)} cells, {width} are wanted")
            return Row(line=line, license_number=f"line {line}")
        given = [each.strip() for each in cells]
        for ours in self._needed:
            if not given[places[ours]]:
                self._errors.append(f"line {line}: “{self._layout.columns[ours]}” is empty")
        for ours in self._texts:
            if len(given[places[ours]]) > LONGEST:
                self._errors.append(
                    f"line {line}: “{self._layout.columns[ours]}” has more than {LONGEST} letters"
                )
        # What the file has not is the empty text behind its last cell.
        given.append("")
        number, name, house, street, unit, of_class = (
            given[places.get(ours, width)] for ours in TEXTS
        )
        return Row(
            line, number, name, house, street, unit, of_class,
            self._day(line, "period", given[places.get("period", width)]),
            self._day(line, "received_on", given[places.get("received_on", width)]),
            self._cents(line, "gross", given[places.get("gross", width)]),
            self._cents(line, "amount", given[places.get("amount", width)]),
        )  # fmt: skip

    def _day(self, line: int, ours: str, said: str) -> datetime.date | None:
        if not said:
            return None
        try:
            day = _day(said, self._layout.date_format)
        except ValueError:
            self._errors.append(
                f"line {line}: “{said}” in {self._layout.columns[ours]} is no day written "
                f"{self._layout.date_format}"
            )
            return None
        if ours == "period" and day.day != 1:
            self._errors.append(f"line {line}: a period begins on the first of a month, not {said}")
        return day

    def _cents(self, line: int, ours: str, said: str) -> int | None:
        if not said:
            return None
        if not _AMOUNT.fullmatch(said) or not said.isascii():
            self._errors.append(
                f"line {line}: “{said}” in {self._layout.columns[ours]} is no amount; write "
                "dollars, a point and cents, as 1234.50"
            )
            return None
        dollars, _point, cents = said.lstrip("-").partition(".")
        value = int(dollars) * 100 + int(cents or 0)
        return -value if said.startswith("-") else value

    def _check_trailer(
        self, last: tuple[int, Sequence[str]] | None, rows: Sequence[Row]
    ) -> None:  # fmt: skip
        if last is None:
            self._errors.append(
                f"the last row does not begin with {self._layout.trailer_word}: the file was cut "
                "short. Fetch it again"
            )
            return
        line, cells = last
        said = [each.strip() for each in cells[1:3]]
        total = sum(row.amount_cents or 0 for row in rows)
        count, amount = (*said, "", "")[:2]
        if count != str(len(rows)):
            self._errors.append(f"line {line}: it counts “{count}”, the file has {len(rows)} rows")
        if self._cents(line, "amount", amount) not in (total, None) or not amount:
            self._errors.append(
                f"line {line}: it sums to “{amount}”, the rows to {money.formatted(total)}"
            )

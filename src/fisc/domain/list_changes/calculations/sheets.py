"""A code list as a sheet of texts: read, checked cell by cell, changed, written back."""

from __future__ import annotations

import csv
import datetime
import enum
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fisc.domain.code_lists.calculations import csv_files

OWN = csv_files.OWN_COLUMNS
MUST_BE_FILLED = tuple(each for each in OWN if each != "ends_before")
LONGEST = {"code": 60, "label_en": 200, "label_es": 200}
LARGEST_FILE = 5_000_000
# Rows and columns are counted as a spreadsheet shows them: the names are row 1.
FIRST_ROW = 2


class NotASheet(ValueError):
    """A file cannot be read as a code list at all; nothing of it is taken."""


class NoSuchRow(ValueError):
    """A sheet has no row of that number."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, a row or, with row 0, with the whole."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        places = [f"row {self.row}"] if self.row else []
        places += [f"column {self.column}"] if self.column else []
        return f"{', '.join(places)}: {self.words}" if places else self.words


@dataclass(frozen=True, slots=True)
class Sheet:
    """The texts of a list: the names of its columns, and its rows in order."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    # What could not be read: rows that have too few or too many cells.
    problems: tuple[Problem, ...] = ()

    @property
    def by_code(self) -> dict[str, Mapping[str, str]]:
        """Its rows by their codes; of two with the same code the last."""
        return {each["code"]: each for each in self.rows}

    def row(self, number: int) -> Mapping[str, str]:
        """Return a row by its number, from FIRST_ROW. Raises NoSuchRow."""
        if not FIRST_ROW <= number < FIRST_ROW + len(self.rows):
            raise NoSuchRow(f"The list has no row {number}.")
        return self.rows[number - FIRST_ROW]


class Holds(enum.StrEnum):
    """What the cells of an attribute's column hold, as far as the list has it now."""

    TEXT = "text"
    WHOLE_NUMBER = "whole number"
    YES_OR_NO = "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    """What is asked of a cell of an attribute."""

    holds: Holds = Holds.TEXT
    must_be_filled: bool = False
    # The list that its cells name codes of, and those codes; empty where they name none.
    names_list: str = ""
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a list as changed must keep to."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    # The codes that the city has had, with their first days: those stay.
    first_days: Mapping[str, datetime.date] = field(default_factory=dict)
    must_stay: Collection[str] = ()


def read(content: bytes) -> Sheet:
    """Read a list's file, whatever is wrong with its cells. Raises NotASheet."""
    if len(content) > LARGEST_FILE:
        raise NotASheet(f"The file has more than {LARGEST_FILE:,} bytes, far more than a list.")
    try:
        text = content.decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError as problem:
        raise NotASheet(
            f"The file is not UTF-8 text: byte {problem.start}. Save it as “CSV UTF-8”."
        ) from problem
    except csv.Error as problem:
        raise NotASheet(f"The file is no CSV: {problem}.") from problem
    return of_table(table)


def of_table(table: Sequence[Sequence[str]]) -> Sheet:
    """Return rows of texts, the first with the columns' names, as a sheet. Raises NotASheet."""
    if not table or not any(table[0]):
        raise NotASheet("The file is empty: its first row names the columns.")
    columns = tuple(each.strip() for each in table[0])
    if missing := [each for each in OWN if each not in columns]:
        raise NotASheet(
            f"The first row does not name the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}. Every list has {', '.join(OWN)}."
        )
    if "" in columns or len(set(columns)) < len(columns):
        raise NotASheet("Two columns have the same name, or one has none. Name each once.")
    rows, problems = [], []
    for number, cells in enumerate(table[1:], start=FIRST_ROW):
        if not any(each.strip() for each in cells):
            continue
        if len(cells) != len(columns):
            words = f"it has {len(cells)} cells, and there are {len(columns)} columns"
            problems.append(Problem(number, "", words))
        filled = [*cells, *[""] * len(columns)][: len(columns)]
        rows.append(dict(zip(columns, filled, strict=True)))
    return Sheet(columns, tuple(rows), tuple(problems))


def written(sheet: Sheet) -> bytes:
    """Return a sheet as a list's file: UTF-8, commas, one line end."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([row.get(each, "") for each in sheet.columns] for row in sheet.rows)
    return text.getvalue().encode("utf-8")


def with_row(sheet: Sheet, number: int, cells: Mapping[str, str]) -> Sheet:
    """Return a sheet with some cells of a row changed. Raises NoSuchRow."""
    changed = {**sheet.row(number), **{name: text.strip() for name, text in cells.items()}}
    place = number - FIRST_ROW
    return Sheet(sheet.columns, (*sheet.rows[:place], changed, *sheet.rows[place + 1 :]))


def with_new_row(sheet: Sheet, cells: Mapping[str, str]) -> Sheet:
    """Return a sheet with one more row at its end."""
    row = {each: cells.get(each, "").strip() for each in sheet.columns}
    return Sheet(sheet.columns, (*sheet.rows, row))


def without_row(sheet: Sheet, number: int) -> Sheet:
    """Return a sheet without a row. Raises NoSuchRow."""
    sheet.row(number)
    place = number - FIRST_ROW
    return Sheet(sheet.columns, (*sheet.rows[:place], *sheet.rows[place + 1 :]))


def holding(sheet: Sheet) -> dict[str, Column]:
    """Return what each attribute's column holds, judged by all its cells that are filled."""
    found = {}
    for name in sheet.columns:
        if name in OWN:
            continue
        texts = [row[name].strip() for row in sheet.rows]
        filled = [each for each in texts if each]
        found[name] = Column(
            holds=_holds(filled), must_be_filled=bool(texts) and len(filled) == len(texts)
        )
    return found


def problems(sheet: Sheet, *, expected: Expected) -> tuple[Problem, ...]:
    """Return everything that is wrong with a list, in the order of its rows."""
    found = list(sheet.problems)
    seen: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, start=FIRST_ROW):
        found += _of_own_columns(number, row)
        found += _of_attributes(number, row, expected.columns)
        code = row["code"].strip()
        if code and code in seen:
            found.append(Problem(number, "code", f"{code} is in row {seen[code]} already"))
        seen.setdefault(code, number)
        found += _of_first_day(number, row, expected.first_days)
    found += [
        Problem(0, "", f"{code} is left out. It was in use: keep its row, and end it with a day.")
        for code in sorted(set(expected.must_stay) - set(seen))
    ]
    gone = [name for name in expected.columns if name not in sheet.columns]
    found += [Problem(1, name, "the column is gone; the list needs it") for name in gone]
    return tuple(sorted(found, key=lambda each: each.row or len(sheet.rows) + FIRST_ROW))


# --- Inside --------------------------------------------------------------------------------------


def _holds(texts: Iterable[str]) -> Holds:
    filled = list(texts)
    if filled and all(each in {"true", "false"} for each in filled):
        return Holds.YES_OR_NO
    if filled and all(_is_whole(each) for each in filled):
        return Holds.WHOLE_NUMBER
    return Holds.TEXT


def _is_whole(text: str) -> bool:
    # As csv_files reads it: a leading zero makes a code, not a number.
    plain = text.removeprefix("-")
    return plain.isascii() and plain.isdecimal() and (plain == "0" or not plain.startswith("0"))


def _of_own_columns(number: int, row: Mapping[str, str]) -> Iterator[Problem]:
    for name in MUST_BE_FILLED:
        if not row[name].strip():
            yield Problem(number, name, "nothing is written here")
    for name, most in LONGEST.items():
        if len(row[name].strip()) > most:
            yield Problem(number, name, f"longer than {most} letters")
    yield from _of_days(number, row)


def _of_days(number: int, row: Mapping[str, str]) -> Iterator[Problem]:
    days = {}
    for name in ("starts_on", "ends_before"):
        text = row[name].strip()
        if not text:
            continue
        day = _day(text)
        if day is None:
            yield Problem(number, name, f"“{text}” is no day; write it as 2026-07-01")
        else:
            days[name] = day
    if len(days) == 2 and days["ends_before"] <= days["starts_on"]:
        yield Problem(number, "ends_before", "the code would end before it starts")


def _of_attributes(
    number: int, row: Mapping[str, str], columns: Mapping[str, Column]
) -> Iterator[Problem]:
    for name, column in columns.items():
        text = row.get(name, "").strip()
        if not text:
            if column.must_be_filled and name in row:
                yield Problem(number, name, "nothing is written here, and every code has it")
        elif column.holds is not Holds.TEXT and _holds([text]) is not column.holds:
            yield Problem(number, name, f"“{text}” is no {column.holds.value}")
        elif column.names_list and text not in column.codes:
            words = f"the list “{column.names_list}” has no code “{text}”"
            yield Problem(number, name, words)


def _of_first_day(
    number: int, row: Mapping[str, str], first_days: Mapping[str, datetime.date]
) -> Iterator[Problem]:
    first, given = first_days.get(row["code"].strip()), _day(row["starts_on"].strip())
    if first is not None and given is not None and given != first:
        words = f"{row['code'].strip()} starts on {first}, and keeps that day. Add another code"
        yield Problem(number, "starts_on", words)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None

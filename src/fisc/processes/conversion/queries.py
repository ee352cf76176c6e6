"""Published rates read, run and compared; nothing is written here."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Collection
from dataclasses import dataclass

from fisc.dmn.xml import problems as xml_problems
from fisc.dmn.xml import reader
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import checking, loading
from fisc.processes.conversion.owrs import (
    agreement,
    bills,
    books,
    points,
    problems,
    sheets,
    specification,
    tiers,
)


class NoRateBooks(Exception):
    """A folder holds no books of published rates."""


@dataclass(frozen=True, slots=True)
class BookTest:
    """What came out of running a written book's cases."""

    file: str
    cases: int
    problems: tuple[str, ...]
    # How each line is computed over columns, in words.
    ways: tuple[str, ...]


def book(
    *,
    file: pathlib.Path,
    reading: tiers.Reading = tiers.Reading.FIRST_UNIT,
    given: Collection[str] = (),
) -> books.Book:
    """Return the book of a rate file; `given` are facts that replace fields of the same name.

    Raises problems.RatesAreRefused for a file that cannot be read at all.
    """
    if file.stat().st_size > specification.LARGEST_FILE:
        raise problems.RatesAreRefused(
            file.name, [problems.Problem(f"larger than {specification.LARGEST_FILE:,} bytes.")]
        )
    said = specification.read(file.read_bytes(), file=file.name)
    return books.make(said, reading=reading, replaced=frozenset(given))


def checked_sheet(made: books.Book) -> bytes:
    """Return the cases of a book that fits, cites its source, and that both evaluators agree on.

    Raises problems.RatesAreRefused with whatever is wrong.
    """
    try:
        reckoner = bills.reckoner(made)
        sheet = sheets.write(reckoner)
    except (xml_problems.ModelIsRefused, declarations.DeclarationIsWrong) as refused:
        raise _refused(made, [str(refused)]) from refused
    found = checking.misfits(made.content, point=reckoner.tables.point)
    found = found or checking.failures(
        reckoner.tables, sheets=[checking.Sheet(f"{made.name}.csv", sheet)]
    )
    if found:
        raise _refused(made, found)
    return sheet


def tests_of_folder(folder: pathlib.Path) -> tuple[BookTest, ...]:
    """Run the cases of every book of published rates of a folder, by both evaluators.

    Raises NoRateBooks.
    """
    files = sorted((folder / "tables").glob("owrs.*.dmn"))
    if not files:
        raise NoRateBooks(f"{folder}/tables has no owrs.*.dmn. Write one with import-owrs.")
    return tuple(_test(folder, each) for each in files)


def agreement_of_folder(
    folder: pathlib.Path, *, reading: tiers.Reading = tiers.Reading.FIRST_UNIT
) -> agreement.Agreement:
    """Compute a reference's bills again by the books of its files.

    Raises agreement.FolderIsWrong.
    """
    return agreement.check(folder, reading=reading)


def count_cases(sheet: bytes) -> int:
    """Count the cases of a sheet: its lines but the first, which names the columns."""
    return sum(1 for _ in csv.reader(io.StringIO(sheet.decode(), newline=""))) - 1


def _test(folder: pathlib.Path, path: pathlib.Path) -> BookTest:
    content = path.read_bytes()
    try:
        point = points.of(reader.read(content))
    except (xml_problems.ModelIsRefused, declarations.DeclarationIsWrong) as refused:
        return BookTest(path.name, 0, (str(refused),), ())
    if found := checking.misfits(content, point=point):
        return BookTest(path.name, 0, found, ())
    tables = loading.load(content, point=point)
    its_sheets = checking.sheets_of(folder, path.name)
    found = checking.failures(tables, sheets=its_sheets) if its_sheets else ("it has no cases",)
    cases = 0 if found else sum(count_cases(each.content) for each in its_sheets)
    return BookTest(path.name, cases, found, tables.ways)


def _refused(made: books.Book, reasons: Collection[str]) -> problems.RatesAreRefused:
    return problems.RatesAreRefused(
        made.specification.file, [problems.Problem(each) for each in reasons]
    )

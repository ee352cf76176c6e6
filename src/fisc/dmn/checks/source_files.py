"""A source file as it is read: CSV in UTF-8 with a line of names, every cell plain text.

Nothing in it is computed: a cell `=1+1` is those four letters.
"""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fisc.dmn.checks import words

#: A state's file of 10,000 places has half a megabyte.
MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 20_000
#: Lines that are wrong in one way; more of them say nothing new.
MOST_LISTED: Final = 20

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class SourceIsWrong(ValueError):
    """A source file cannot be read, lacks a column, or holds what no table can; all of it said."""


@dataclass(frozen=True, slots=True)
class File:
    """A file's names of columns, and its rows, each with the line that it ends on."""

    name: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def places(self, columns: Sequence[str]) -> tuple[int, ...]:
        """Return where some columns stand. Raises SourceIsWrong naming those that do not."""
        missing = [each for each in columns if each not in self.names]
        if missing:
            listed = ", ".join(f"“{each}”" for each in missing)
            there = ", ".join(f"“{each}”" for each in self.names)
            raise SourceIsWrong(words.NO_COLUMN.format(name=self.name, columns=listed, there=there))
        return tuple(self.names.index(each) for each in columns)


# A file and that of last time are read for each page that shows them, and kept by their bytes.
@functools.lru_cache(maxsize=4)
def read(content: bytes, name: str) -> File:
    """Read a file. Raises SourceIsWrong with everything that is wrong, line by line."""
    if len(content) > MOST_BYTES:
        raise SourceIsWrong(too_large(name))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise SourceIsWrong(words.NOT_UTF8.format(name=name, line=line)) from problem
    try:
        lines = list(_lines(text))
    except csv.Error as problem:
        raise SourceIsWrong(words.NOT_CSV.format(name=name, why=problem)) from problem
    if not lines:
        raise SourceIsWrong(words.NO_LINES.format(name=name))
    (_, names), *rows = lines
    names = tuple(each.strip() for each in names)
    if said := listed([*_twice(names), *_misshapen(names, lines)]):
        raise SourceIsWrong(words.WRONG_LINES.format(name=name, problems=said))
    if len(rows) > MOST_ROWS:
        raise SourceIsWrong(
            words.TOO_MANY_ROWS.format(name=name, count=f"{len(rows):,}", most=f"{MOST_ROWS:,}")
        )
    return File(name, names, tuple(rows))


def too_large(name: str) -> str:
    """Return what is said of a file of more than MOST_BYTES."""
    return words.TOO_LARGE.format(name=name, most=f"{MOST_BYTES:,}")


def listed(problems: Iterable[str]) -> str:
    """Return the first problems as one sentence, and how many more there are."""
    found = list(problems)
    more = len(found) - MOST_LISTED
    return "; ".join(found[:MOST_LISTED] + ([words.MORE.format(count=more)] if more > 0 else []))


def _lines(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        if cells:
            yield reader.line_num, tuple(cells)


def _twice(names: Sequence[str]) -> Iterator[str]:
    for each in dict.fromkeys(names):
        if each and names.count(each) > 1:
            yield words.NAME_TWICE.format(column=each)


def _misshapen(names: Sequence[str], lines: Sequence[tuple[int, tuple[str, ...]]]) -> Iterator[str]:
    for line, cells in lines:
        if len(cells) != len(names):
            yield words.CELLS_DIFFER.format(line=line, cells=len(cells), names=len(names))
        for each in cells:
            if found := _CONTROL.search(each):
                yield words.CONTROL.format(line=line, code=f"{ord(found[0]):02X}")

"""The file that a look-up table was taken from: which of its columns is which of the table's."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fisc.dmn import model as dmn
from fisc.dmn.checks import coverage, reconciliation, source_files, words

# Of these one rule decides, so that a file with two rows of the same conditions fits none.
_ONE_DECIDES = frozenset(
    {dmn.HitPolicy.UNIQUE, dmn.HitPolicy.ANY, dmn.HitPolicy.FIRST, dmn.HitPolicy.PRIORITY}
)
_NO_LETTER = re.compile(r"[\W_]+")


class NoSuchTable(Exception):
    """A file has no decision of that name that is one table."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it is given for a table: its name, its bytes, and the column for each column."""

    decision: str
    name: str
    content: bytes
    # Empty texts where nobody said yet which column it is.
    columns: tuple[str, ...]

    def source(self, last: Given | None = None) -> reconciliation.Source:
        """Return it as the checks take it."""
        return reconciliation.Source(
            name=self.name,
            content=self.content,
            columns=self.columns,
            last=None if last is None else last.source(),
        )


def table_of(model: dmn.Model, decision: str) -> dmn.DecisionTable:
    """Return the table of a decision. Raises NoSuchTable saying which there are."""
    found = {each.name: table for each, table in coverage.tables_of(model)}
    if decision not in found:
        there = ", ".join(f"“{each}”" for each in found) or "none"
        raise NoSuchTable(
            f"There is no table “{decision}”. Tables that may have a source: {there}."
        )
    return found[decision]


def headings(decision: str, table: dmn.DecisionTable) -> tuple[str, ...]:
    """Return what the columns of a table are called, conditions first."""
    return (
        *(each.label or each.text for each in table.inputs),
        *(each.label or each.name or decision for each in table.outputs),
    )


def proposed(decision: str, table: dmn.DecisionTable, names: Sequence[str]) -> tuple[str, ...]:
    """Return, for each column of a table, the file's column that is called so; else nothing."""
    called: list[tuple[str, ...]] = [
        *((each.label, each.text) for each in table.inputs),
        *((each.label, each.name or "", decision) for each in table.outputs),
    ]
    by_name = {_plain(each): each for each in reversed(names)}
    return tuple(
        next((by_name[_plain(each)] for each in texts if each and _plain(each) in by_name), "")
        for texts in called
    )


def refuse(table: dmn.DecisionTable, given: Given, *, for_rules: bool = False) -> None:
    """Refuse a file that no such table could be taken from.

    What nobody said yet is left to the checks. With `for_rules` each row becomes a rule of its own.
    Raises fisc.dmn.checks.source_files.SourceIsWrong
    with every line at fault.
    """
    file = source_files.read(given.content, given.name)
    file.places([each for each in given.columns if each])
    width = len(table.inputs) + len(table.outputs)
    if len(given.columns) != width:
        raise source_files.SourceIsWrong(
            words.COLUMNS_DIFFER.format(
                decision=given.decision, wanted=width, name=given.name, count=len(given.columns)
            )
        )
    keys = given.columns[: len(table.inputs)]
    if all(keys):
        once = for_rules or table.hit_policy in _ONE_DECIDES
        said = source_files.listed(_wrong_keys(file, keys, once=once))
        if said:
            raise source_files.SourceIsWrong(
                words.WRONG_LINES.format(name=given.name, problems=said)
            )


def columns_in(text: str) -> tuple[str, ...]:
    """Read names of columns as one line of CSV, so that a name may have a comma.

    Raises fisc.dmn.checks.source_files.SourceIsWrong.
    """
    try:
        return tuple(each.strip() for line in csv.reader([text], strict=True) for each in line)
    except csv.Error as problem:
        raise source_files.SourceIsWrong(
            f"“{text}” does not name columns between commas: {problem}."
        ) from problem


def columns_as_text(columns: Sequence[str]) -> str:
    """Write names of columns as they are read."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(columns)
    return text.getvalue()


def _wrong_keys(file: source_files.File, keys: Sequence[str], *, once: bool) -> Iterator[str]:
    places = file.places(keys)
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in file.rows:
        key = tuple(cells[place].strip() for place in places)
        for name, cell in zip(keys, key, strict=True):
            if not cell:
                yield words.NOTHING_UNDER.format(line=line, column=name)
        if all(key) and once and seen.setdefault(key, line) != line:
            named = ", ".join(f"“{each}”" for each in key)
            yield words.KEY_TWICE.format(first=seen[key], second=line, key=named)


def _plain(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()

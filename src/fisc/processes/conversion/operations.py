"""Bringing published rates in: a file becomes a book and its cases, or nothing is written."""

from __future__ import annotations

import os
import pathlib
import tempfile
from collections.abc import Collection
from dataclasses import dataclass

from fisc.processes.conversion import queries
from fisc.processes.conversion.owrs import books, problems, tiers


class BookIsThere(Exception):
    """A book of that name with another content is in the folder already."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written, and what to read before believing it."""

    table: pathlib.Path
    sheet: pathlib.Path
    classes: tuple[str, ...]
    cases: int
    left_out: tuple[problems.Problem, ...]
    doubts: tuple[str, ...]
    remarks: tuple[str, ...]


def import_rates(
    *,
    file: pathlib.Path,
    to: pathlib.Path,
    reading: tiers.Reading = tiers.Reading.FIRST_UNIT,
    given: Collection[str] = (),
    leaves_out_refused: bool = False,
    accepts_doubts: bool = False,
) -> Imported:
    """Write the book of a rate file and its cases below a folder: both, or neither.

    `given` are facts of the data that replace fields of the same name. Raises
    problems.RatesAreRefused where a class cannot be expressed, unless such are to be left out, or
    where a reading is doubtful, unless doubts are accepted; BookIsThere.
    """
    made = queries.book(file=file, reading=reading, given=given)
    _refuse(made, leaves_out_refused=leaves_out_refused, accepts_doubts=accepts_doubts)
    sheet = queries.checked_sheet(made)
    wanted = {
        to / "tables" / f"{made.name}.dmn": made.content,
        to / "cases" / f"{made.name}.csv": sheet,
    }
    for path, content in wanted.items():
        if path.exists() and path.read_bytes() != content:
            raise BookIsThere(
                f"{path} is there already and differs. Remove it, or write to another folder."
            )
    _write_all(wanted)
    table, cases = wanted
    return Imported(
        table=table,
        sheet=cases,
        classes=tuple(each.name for each in made.classes),
        cases=queries.count_cases(sheet),
        left_out=made.refused,
        doubts=made.doubts,
        remarks=made.remarks,
    )


def _refuse(made: books.Book, *, leaves_out_refused: bool, accepts_doubts: bool) -> None:
    found: list[problems.Problem] = []
    if not leaves_out_refused or not made.classes:
        found += made.refused
    if not accepts_doubts:
        found += [problems.Problem(each) for each in made.doubts]
    if found:
        raise problems.RatesAreRefused(made.specification.file, found)


def _write_all(wanted: dict[pathlib.Path, bytes]) -> None:
    """Write files beside their places, then move them there; what fails leaves nothing new."""
    ready: list[tuple[pathlib.Path, pathlib.Path]] = []
    moved: list[pathlib.Path] = []
    try:
        for path, content in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".being_written.")
            ready.append((pathlib.Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        for written, path in ready:
            if not path.exists():
                moved.append(path)
            written.replace(path)
    except OSError:
        for path in moved:
            path.unlink(missing_ok=True)
        raise
    finally:
        for written, _ in ready:
            written.unlink(missing_ok=True)

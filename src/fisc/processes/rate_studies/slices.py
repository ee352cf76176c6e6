"""A slice of a snapshot: the bills of a month and a range of buckets, as three small Arrow files.

What a table was asked repeats over a city: usage comes in tenths, sizes and days are few. So a
slice keeps each different question once, with what was billed for it (`questions`); then, for
each part billed, the number of its question (`parts`); and each bill with its sums by charge
(`bills`). A draft answers each question once. Columns of one value stand in the slice's
description instead. Files are named by the sha-256 of their bytes and never change.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import pathlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars

Numbers = npt.NDArray[np.int64]

QUESTIONS, PARTS, BILLS = "questions", "parts", "bills"
NONE = -1
# What to do about a file that is not there: it may have been swept.
ASK_ANEW = "Files that no study used for long are removed. Ask for the study anew."
# Bits of a question's `unknown` stand for the inputs of its decision point, in their order.
UNKNOWN = "unknown"


class SnapshotIsDamaged(Exception):
    """A file of a snapshot is missing or is not what was written."""


@dataclass(frozen=True, slots=True)
class Table:
    """One of the files of a slice: how many rows, and the columns that have one value."""

    rows: int
    sha256: str
    constants: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Description:
    """A slice without its rows."""

    point: str
    month: str
    bucket_from: int
    bucket_before: int
    # The inputs that `UNKNOWN` counts, the charges, and the texts that codes are places in.
    inputs: tuple[str, ...]
    charges: tuple[str, ...]
    texts: tuple[str, ...]
    # What was billed, in cents, by rate class (a place in `texts`, or NONE) and charge.
    billed: Mapping[str, Mapping[str, int]]
    tables: Mapping[str, Table]

    def as_json(self) -> str:
        """Return the description as text; `described` reads it."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


@dataclass(slots=True)
class Columns:
    """Columns of one table while they are gathered; null where a series says so."""

    rows: int
    series: dict[str, polars.Series] = field(default_factory=dict)


def described(text: str) -> Description:
    """Read a description back."""
    held = json.loads(text)
    return Description(
        **{
            **held,
            "inputs": tuple(held["inputs"]),
            "charges": tuple(held["charges"]),
            "texts": tuple(held["texts"]),
            "tables": {name: Table(**each) for name, each in held["tables"].items()},
        }
    )


def write(columns: Columns, *, folder: pathlib.Path) -> Table:
    """Write a table's columns, as narrow as they fit, under the hash of the bytes."""
    constants: dict[str, int | None] = {}
    stored = {}
    for name, series in columns.series.items():
        if _is_constant(series):
            constants[name] = None if not len(series) or series[0] is None else int(series[0])
        else:
            stored[name] = series.shrink_dtype()
    buffer = io.BytesIO()
    polars.DataFrame(stored).write_ipc(buffer, compression="zstd")
    content = buffer.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = file_of(folder, sha256)
    if not path.exists():
        # Whole or not at all: a reader never meets half a file.
        beside = path.with_suffix(".writing")
        beside.write_bytes(content)
        beside.replace(path)
    return Table(rows=columns.rows, sha256=sha256, constants=constants)


def verify(description: Description, *, folder: pathlib.Path) -> None:
    """Make sure that a slice's files are those that were written. Raises SnapshotIsDamaged."""
    for name, table in description.tables.items():
        path = file_of(folder, table.sha256)
        if not path.exists():
            raise SnapshotIsDamaged(
                f"The {name} of {description.month} are gone: {path}. {ASK_ANEW}"
            )
        if hashlib.sha256(path.read_bytes()).hexdigest() != table.sha256:
            raise SnapshotIsDamaged(
                f"The {name} of {description.month} changed since they were written: {path}. "
                "Delete the file; the next study writes it again."
            )


class Slice:
    """A slice whose columns are read as they are asked for."""

    def __init__(self, description: Description, *, folder: pathlib.Path) -> None:
        self.about = description
        self._folder = folder
        self._questions: polars.DataFrame | None = None

    def closed(self) -> Slice:
        """Return the same slice with nothing of it in memory."""
        return Slice(self.about, folder=self._folder)

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return self.about.tables[table].rows

    def read(self, table: str, names: Collection[str]) -> dict[str, npt.NDArray[Any]]:
        """Return columns of a table in one reading, as narrow as they are stored.

        Those of one value come without reading, as a view of it. Nulls are not expected here.
        """
        about = self.about.tables[table]
        found: dict[str, npt.NDArray[Any]] = {
            name: np.broadcast_to(np.int64(about.constants[name] or 0), about.rows)
            for name in names
            if name in about.constants
        }
        stored = [name for name in names if name not in found]
        if stored:
            frame = polars.read_ipc(file_of(self._folder, about.sha256), columns=stored)
            found |= {name: frame[name].to_numpy() for name in stored}
        return found

    def questions(self, names: Sequence[str]) -> dict[str, polars.Series]:
        """Return columns of the questions, which may have nulls, as whole numbers of 64 bits.

        They are few, and read once and whole.
        """
        about = self.about.tables[QUESTIONS]
        if self._questions is None:
            self._questions = polars.read_ipc(file_of(self._folder, about.sha256))
        frame = self._questions
        return {
            name: polars.Series([about.constants[name]], dtype=polars.Int64).new_from_index(
                0, about.rows
            )
            if name in about.constants
            else frame[name].cast(polars.Int64)
            for name in names
        }

    def has(self, table: str, name: str) -> bool:
        """Tell whether a table's column is stored row by row."""
        return name not in self.about.tables[table].constants

    def constant(self, table: str, name: str) -> int | None:
        """Return the one value of a column that has one."""
        return self.about.tables[table].constants[name]


def file_of(folder: pathlib.Path, sha256: str) -> pathlib.Path:
    """Return where the bytes of a hash are kept."""
    return folder / f"{sha256}.arrow"


def _is_constant(series: polars.Series) -> bool:
    if series.null_count():
        return series.null_count() == len(series)
    return len(series) == 0 or bool(series.min() == series.max())

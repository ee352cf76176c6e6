"""Evaluations as bytes: small Arrow files end to end, each of a few thousand rows.

Numbers keep the scale they were declared with and are stored as narrow as they fit; a column with
one value throughout is kept in the layout instead. So a million bills cost little to keep, and
one bill is read without decoding the others.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars

from fisc.dmn.columns import types
from fisc.domain.rule_tables.calculations import values

SEGMENT_ROWS = 2048
NARROW = (np.int8, np.int16, np.int32)


class BlockIsDamaged(Exception):
    """The bytes of a kept evaluation are not those that were written."""


class Origin(Protocol):
    """Where an input came from: in words, and for each row the id of the thing it was read off."""

    @property
    def words(self) -> str:
        """As "meter read" or "service agreement"."""

    @property
    def ids(self) -> npt.NDArray[np.int64] | None:
        """The ids, or None where the words say all."""


@dataclass(frozen=True, slots=True)
class PlainOrigin:
    """An origin that stands for itself."""

    words: str
    ids: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One column to keep, under a name unique in its block."""

    name: str
    part: str  # input, output, hit or origin
    column: types.Column
    kind: str = ""
    scale: int = 0
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A block ready to be stored."""

    rows: int
    layout: dict[str, Any]
    segment_rows: int
    segment_ends: list[int]
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptValue:
    """One value of one row, with what the layout says of it."""

    name: str
    value: values.Value
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One evaluation as it was kept."""

    inputs: tuple[KeptValue, ...]
    outputs: tuple[KeptValue, ...]
    # By decision: the numbers of the rules that matched, from 1.
    hits: Mapping[str, tuple[int, ...]]
    # By input: where it came from, in words, and the id of that row or None.
    origins: Mapping[str, tuple[str, int | None]]


def encode(fields: Sequence[Field], *, segment_rows: int = SEGMENT_ROWS) -> Encoded:
    """Turn columns of equal length into a block."""
    rows = len(fields[0].column)
    assert all(len(field.column) == rows for field in fields), "columns of unequal length"
    described, stored = [], {}
    for number, field in enumerate(fields):
        entry = _describe(field)
        series = _narrowed(field.column)
        if _is_constant(series):
            entry["constant"] = series[0] if rows else None
        else:
            entry["at"] = f"c{number}"
            stored[f"c{number}"] = series
        described.append(entry)
    pieces = _segments(polars.DataFrame(stored), rows=rows, segment_rows=segment_rows)
    content = b"".join(pieces)
    return Encoded(
        rows=rows,
        layout={"fields": described},
        segment_rows=segment_rows,
        segment_ends=np.cumsum([len(piece) for piece in pieces]).tolist(),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def segment_of(row: int, *, segment_rows: int, segment_ends: Sequence[int]) -> tuple[int, int]:
    """Return where the bytes that hold a row begin and how many they are."""
    place = row // segment_rows
    start = segment_ends[place - 1] if place else 0
    return start, segment_ends[place] - start


def decode_row(content: bytes, *, layout: Mapping[str, Any], row: int) -> KeptRow:
    """Read one row of a segment. Raises BlockIsDamaged."""
    held: dict[str, Any] = {}
    if content:
        try:
            frame = polars.read_ipc_stream(io.BytesIO(content))
        except Exception as problem:
            raise BlockIsDamaged(f"A kept evaluation cannot be read: {problem}") from problem
        held = frame.row(row, named=True)
    inputs: list[KeptValue] = []
    outputs: list[KeptValue] = []
    hits: dict[str, list[tuple[int, int | None]]] = {}
    origins: dict[str, tuple[str, int | None]] = {}
    for entry in layout["fields"]:
        value = held[entry["at"]] if "at" in entry else entry["constant"]
        if entry["part"] == "hit":
            hits.setdefault(entry["name"], []).append((entry["word"], value))
        elif entry["part"] == "origin":
            origins[entry["name"]] = (entry["words"], value)
        else:
            kept = KeptValue(entry["name"], _value(entry, value), entry["unit"], entry["words"])
            (inputs if entry["part"] == "input" else outputs).append(kept)
    return KeptRow(
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        hits={name: _rules(words) for name, words in hits.items()},
        origins=origins,
    )


def hit_fields(hits: Mapping[str, npt.NDArray[Any]]) -> list[Field]:
    """Turn rule hits into fields: a number each, or a bitmap of 64-bit words for COLLECT."""
    fields = []
    for decision, numbers in hits.items():
        if numbers.ndim == 1:
            fields.append(Field(decision, "hit", types.Column(numbers), unit="number"))
            continue
        for word in range(numbers.shape[1]):
            # Arrow has no use for the 64th bit as a sign: kept as int64, read back unsigned.
            bits = np.ascontiguousarray(numbers[:, word]).view(np.int64)
            fields.append(Field(decision, "hit", types.Column(bits), unit=str(word)))
    return fields


def origin_fields(origins: Mapping[str, Origin], *, rows: int) -> list[Field]:
    """Turn origins into fields, one an input; without ids the words stand alone."""
    fields = []
    for name, origin in origins.items():
        if origin.ids is None:
            none = np.ones(rows, dtype=bool)
            column = types.Column(np.zeros(rows, dtype=np.int64), nulls=none)
        else:
            column = types.Column(origin.ids)
        fields.append(Field(name, "origin", column, words=origin.words))
    return fields


def _describe(field: Field) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": field.name,
        "part": field.part,
        "kind": field.kind,
        "scale": field.scale,
        "unit": field.unit,
        "words": field.words,
    }
    if field.part == "hit":
        entry["word"] = -1 if field.unit == "number" else int(field.unit)
        entry["unit"] = ""
    if field.column.texts is not None:
        entry["texts"] = list(field.column.texts)
    return entry


def _narrowed(column: types.Column) -> polars.Series:
    held = column.values
    if held.dtype == object:
        series = polars.Series([str(each) for each in held], dtype=polars.String)
    elif held.dtype == np.bool_ or not len(held):
        series = polars.Series(held)
    else:
        low, high = int(held.min()), int(held.max())
        fits = next(
            (t for t in NARROW if np.iinfo(t).min <= low and high <= np.iinfo(t).max), np.int64
        )
        series = polars.Series(held.astype(fits))
    if column.nulls is None or not column.nulls.any():
        return series
    empty = polars.Series([None], dtype=series.dtype)
    return series.zip_with(polars.Series(~column.nulls), empty)


def _is_constant(series: polars.Series) -> bool:
    if series.null_count():
        return series.null_count() == len(series)
    return len(series) == 0 or bool(series.min() == series.max())


def _segments(frame: polars.DataFrame, *, rows: int, segment_rows: int) -> list[bytes]:
    pieces = []
    for start in range(0, rows, segment_rows):
        if not frame.width:
            pieces.append(b"")
            continue
        buffer = io.BytesIO()
        part = frame.slice(start, segment_rows)
        part.write_ipc_stream(buffer, compression="zstd")
        pieces.append(buffer.getvalue())
    return pieces


def _value(entry: Mapping[str, Any], held: Any) -> values.Value:
    if held is None:
        return None
    if "texts" in entry:
        return str(entry["texts"][held])
    return values.from_units(held, kind=types.Kind(entry["kind"]), scale=entry["scale"])


def _rules(words: Sequence[tuple[int, int | None]]) -> tuple[int, ...]:
    found = []
    for word, held in words:
        if word < 0:
            found.extend([held] if held else [])
            continue
        bits = (held or 0) & 0xFFFF_FFFF_FFFF_FFFF
        found.extend(word * 64 + bit + 1 for bit in range(64) if bits >> bit & 1)
    return tuple(found)

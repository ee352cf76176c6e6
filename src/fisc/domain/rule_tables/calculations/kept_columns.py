"""A kept evaluation block read whole: its columns as they were, without a row being decoded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars

from fisc.domain.rule_tables.calculations import blocks


@dataclass(frozen=True, slots=True)
class KeptColumns:
    """The inputs, outputs and origins of every row of a block; null where there was no value.

    Numbers are in units of their last decimal, codes the texts themselves.
    """

    rows: int
    inputs: Mapping[str, polars.Series]
    outputs: Mapping[str, polars.Series]
    # By input: where it came from in words, and the ids of that thing.
    origins: Mapping[str, tuple[str, polars.Series]]


def decode(
    content: bytes, *, rows: int, layout: Mapping[str, Any], segment_ends: Sequence[int]
) -> KeptColumns:
    """Read a whole block. Raises blocks.BlockIsDamaged."""
    frame = _frame(content, segment_ends)
    inputs: dict[str, polars.Series] = {}
    outputs: dict[str, polars.Series] = {}
    origins: dict[str, tuple[str, polars.Series]] = {}
    for entry in layout["fields"]:
        if entry["part"] == "hit":
            continue
        series = _column(entry, frame, rows)
        if entry["part"] == "origin":
            origins[entry["name"]] = (entry["words"], series)
        else:
            (inputs if entry["part"] == "input" else outputs)[entry["name"]] = series
    return KeptColumns(rows=rows, inputs=inputs, outputs=outputs, origins=origins)


def _frame(content: bytes, segment_ends: Sequence[int]) -> polars.DataFrame:
    try:
        frames = [
            polars.read_ipc_stream(io.BytesIO(each)) for each in _segments(content, segment_ends)
        ]
    except Exception as problem:
        raise blocks.BlockIsDamaged(f"A kept evaluation cannot be read: {problem}") from problem
    return polars.concat(frames) if frames else polars.DataFrame()


def _segments(content: bytes, ends: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for end in ends:
        if end > start:
            yield content[start:end]
        start = end


def _column(entry: Mapping[str, Any], frame: polars.DataFrame, rows: int) -> polars.Series:
    name = str(entry["name"])
    if "at" in entry:
        held: polars.Series = frame[entry["at"]].alias(name)
    else:
        constant = entry["constant"]
        # A truth is one or nothing; numbers too wide for a column are kept as text.
        constant = None if constant is None else int(constant)
        held = polars.repeat(constant, rows, dtype=polars.Int64, eager=True).alias(name)
    if "texts" in entry:
        texts = polars.Series(entry["texts"], dtype=polars.String)
        return texts.gather(held.cast(polars.UInt32)).alias(name)
    whole: polars.Series = held.cast(polars.Int64)
    return whole

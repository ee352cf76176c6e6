"""Many returns as bytes, to be kept until they are taken in."""

from __future__ import annotations

import dataclasses
import io
import json
from decimal import Decimal
from typing import Any

import numpy as np
import polars

from fisc.domain.tax_returns.calculations import many, returns

_FLAGS = ("is_electronic", "is_amendment")
_LENGTH = 8


class PackIsDamaged(Exception):
    """The bytes of returns are not those that were written."""


def encoded(of: many.Returns) -> bytes:
    """Return returns as bytes: their dictionaries, then three Arrow tables, each after its length.

    A dictionary has only what its column uses.
    """
    regions, classes = _used(of.lines.region), _used(of.lines.business_class)
    codes = _used(of.deductions.code)
    head: dict[str, Any] = {
        "regions": regions.texts,
        "classes": classes.texts,
        "deductions": codes.texts,
    }
    head["special"] = [_said(place, each) for place, each in of.special.items()]
    columns = {
        each.name: getattr(of, each.name).astype(np.int64)
        for each in dataclasses.fields(of)
        if each.name not in ("lines", "deductions", "special")
    }
    lines = {
        "of": of.lines.of,
        "region": regions.values,
        "class": classes.values,
        "gross_cents": of.lines.gross_cents,
    }
    deductions = {"of": of.deductions.of, "code": codes.values, "cents": of.deductions.cents}
    pieces = [json.dumps(head).encode(), *map(_table, (columns, lines, deductions))]
    return b"".join(len(each).to_bytes(_LENGTH, "big") + each for each in pieces)


def _said(place: int, special: many.Special) -> dict[str, Any]:
    lines = [dataclasses.asdict(each) | {"units": str(each.units)} for each in special.lines]
    return dataclasses.asdict(special) | {"place": place, "lines": lines}


def _special(said: dict[str, Any]) -> many.Special:
    return many.Special(
        form=said["form"],
        as_filed=tuple(returns.Filed(**each) for each in said["as_filed"]),
        lines=tuple(_line(each) for each in said["lines"]),
    )


def _line(said: dict[str, Any]) -> returns.Line:
    held = {
        "deductions": tuple(returns.Deduction(**each) for each in said["deductions"]),
        "as_filed": tuple(returns.Filed(**each) for each in said["as_filed"]),
        # Packs that were kept before there were schedules have none.
        "by_location": tuple(returns.AtLocation(**each) for each in said.get("by_location", ())),
        "units": Decimal(said["units"]),
    }
    return returns.Line(**said | held)


def _used(column: many.Coded) -> many.Coded:
    places, values = np.unique(column.values, return_inverse=True)
    texts = tuple(column.texts[place] for place in places.tolist())
    return many.Coded(values.astype(np.int64), texts)


def _table(columns: dict[str, many.Numbers]) -> bytes:
    buffer = io.BytesIO()
    polars.DataFrame(columns).write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def decoded(content: bytes) -> many.Returns:
    """Read returns. Raises PackIsDamaged."""
    try:
        head, columns, lines, deductions = _pieces(content)
        flags = {name: columns.pop(name).astype(np.bool_) for name in _FLAGS}
        return many.Returns(
            **columns,
            **flags,
            lines=many.Lines(
                of=lines["of"],
                region=many.Coded(lines["region"], tuple(head["regions"])),
                business_class=many.Coded(lines["class"], tuple(head["classes"])),
                gross_cents=lines["gross_cents"],
            ),
            deductions=many.Deductions(
                of=deductions["of"],
                code=many.Coded(deductions["code"], tuple(head["deductions"])),
                cents=deductions["cents"],
            ),
            special={each["place"]: _special(each) for each in head["special"]},
        )
    except Exception as problem:
        raise PackIsDamaged(f"Kept returns cannot be read: {problem}") from problem


def _pieces(content: bytes) -> Any:
    pieces, start = [], 0
    while start < len(content):
        length = int.from_bytes(content[start : start + _LENGTH], "big")
        pieces.append(content[start + _LENGTH : start + _LENGTH + length])
        start += _LENGTH + length
    head, *tables = pieces
    frames = [polars.read_ipc(io.BytesIO(each)) for each in tables]
    return json.loads(head), *(
        {name: frame[name].to_numpy().astype(np.int64) for name in frame.columns}
        for frame in frames
    )

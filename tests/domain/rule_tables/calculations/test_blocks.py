"""What goes into a block comes out of it, whatever its size, nulls and scales."""

from __future__ import annotations

import datetime
from decimal import Decimal

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from fisc.dmn.columns import types
from fisc.domain.rule_tables.calculations import blocks, values

CODES = ("residential", "commercial", "")
CELLS: dict[types.Kind, st.SearchStrategy[values.Value]] = {
    types.Kind.MONEY: st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2)),
    types.Kind.QUANTITY: st.integers(0, 10**20).map(lambda units: Decimal(units).scaleb(-3)),
    types.Kind.BOOLEAN: st.booleans(),
    types.Kind.CODE: st.sampled_from(CODES),
    types.Kind.DATE: st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
}
SCALES = {types.Kind.MONEY: 2, types.Kind.QUANTITY: 3}


@st.composite
def columns(draw: st.DrawFn) -> dict[types.Kind, list[values.Value]]:
    rows = draw(st.integers(1, 9))
    return {
        kind: draw(st.lists(st.one_of(st.none(), cell), min_size=rows, max_size=rows))
        for kind, cell in CELLS.items()
    }


def fields_of(given: dict[types.Kind, list[values.Value]]) -> list[blocks.Field]:
    return [
        blocks.Field(
            name=kind.value,
            part="input",
            column=values.to_column(
                cells, declared=types.Declared(kind.value, kind, scale=SCALES.get(kind, 0))
            ),
            kind=kind.value,
            scale=SCALES.get(kind, 0),
        )
        for kind, cells in given.items()
    ]


def decoded(encoded: blocks.Encoded, row: int) -> blocks.KeptRow:
    start, length = blocks.segment_of(
        row, segment_rows=encoded.segment_rows, segment_ends=encoded.segment_ends
    )
    content = encoded.content[start : start + length]
    return blocks.decode_row(content, layout=encoded.layout, row=row % encoded.segment_rows)


@hypothesis.given(columns(), st.integers(1, 4))
def test_every_row_comes_back_as_it_went_in(
    given: dict[types.Kind, list[values.Value]], segment_rows: int
) -> None:
    encoded = blocks.encode(fields_of(given), segment_rows=segment_rows)

    for row in range(encoded.rows):
        kept = {each.name: each.value for each in decoded(encoded, row).inputs}
        assert kept == {kind.value: cells[row] for kind, cells in given.items()}


def test_rules_that_matched_come_back_by_number_also_past_the_sixty_fourth() -> None:
    one = np.array([0, 3, 1], dtype=np.int32)
    many = np.array([[0, 0], [1 << 63, 0b101], [0b11, 1 << 63]], dtype=np.uint64)

    encoded = blocks.encode(blocks.hit_fields({"Rate": one, "Fees": many}), segment_rows=2)

    assert [decoded(encoded, row).hits for row in range(3)] == [
        {"Rate": (), "Fees": ()},
        {"Rate": (3,), "Fees": (64, 65, 67)},
        {"Rate": (1,), "Fees": (1, 2, 128)},
    ]


def test_a_column_of_one_value_takes_no_bytes() -> None:
    same = [blocks.Field("days", "input", types.Column(np.full(5_000, 30)), kind="number")]

    encoded = blocks.encode(same)

    assert encoded.content == b""
    assert decoded(encoded, 4_999).inputs[0].value == Decimal(30)


def test_damaged_bytes_are_said_to_be_damaged() -> None:
    field = blocks.Field("days", "input", types.Column(np.arange(10)), kind="number")
    encoded = blocks.encode([field])

    with pytest.raises(blocks.BlockIsDamaged):
        blocks.decode_row(encoded.content[:40], layout=encoded.layout, row=0)

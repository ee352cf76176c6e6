import pathlib
from collections.abc import Mapping

import numpy as np
import polars

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from fisc.processes.rate_studies import answering, slices

POINT = declarations.DecisionPoint(
    name="parking.permit",
    words="what a permit costs",
    date_basis=declarations.DateBasis.EVENT_DAY,
    inputs=(
        declarations.Input(name="hours", kind=types.Kind.NUMBER, low=0, high=100),
        declarations.Input(name="zone", kind=types.Kind.TEXT),
    ),
    outputs=(
        declarations.OutputLine(decision="Permit", name="permit", kind=types.Kind.MONEY, scale=2),
    ),
)


class TestAnswers:
    def test_slices_of_other_texts_are_asked_together_and_answered_apart(
        self, tmp_path: pathlib.Path
    ) -> None:
        parts = [
            _slice(tmp_path, texts=("north", "south"), zones=[0, 1, None], old=[5, 5, 5]),
            _slice(tmp_path, texts=("south", "east", "north"), zones=[0, 2, 1], old=[1, 2, 3]),
            _slice(tmp_path, texts=("north",), zones=[0], old=[7]),
        ]

        first, second, third = answering.answers(_book(), parts)

        # South costs 20, north 10, an unknown zone nothing; hours are 0, 1, 2 in each slice.
        assert first.differences["parking"].tolist() == [10 - 5, 20 + 1 - 5, 0 - 5]
        assert second.differences["parking"].tolist() == [20 - 1, 10 + 1 - 2, 0]
        assert third.total.tolist() == [10 - 7]
        assert not first.failed
        assert not third.failed
        assert {reason: rows.tolist() for reason, rows in second.failed.items()} == {
            "Permit: no zone east": [2]
        }

    def test_what_was_not_kept_is_said_of_its_own_slice(self, tmp_path: pathlib.Path) -> None:
        parts = [
            _slice(tmp_path, texts=("north",), zones=[0, 0], old=[1, 1]),
            _slice(tmp_path, texts=("north",), zones=[0, 0], old=[1, 1], unknown=[0, 2]),
        ]

        known, unknown = answering.answers(_book(), parts)

        assert not known.failed
        assert [rows.tolist() for rows in unknown.failed.values()] == [[1]]
        assert unknown.differences["parking"].tolist() == [9, 0]


def _book() -> answering.Book:
    return answering.Book(
        point=POINT, asked=("hours", "zone"), evaluate=_evaluate, charges={"Permit": "parking"}
    )


def _evaluate(columns: Mapping[str, types.Column]) -> types.Result:
    """A table of two zones, and one that it refuses."""
    zone, hours = columns["zone"], columns["hours"]
    assert zone.texts is not None
    prices = np.array([{"north": 10, "south": 20, "east": 0}[text] for text in zone.texts])
    cents = prices[np.asarray(zone.values)] + np.asarray(hours.values)
    nulls = np.zeros(len(cents), dtype=np.bool_) if zone.nulls is None else zone.nulls
    refused = np.flatnonzero((np.array(zone.texts)[zone.values] == "east") & ~nulls)
    problem = types.Problem(where="Permit", reason="no zone east", rows=refused)
    return types.Result(
        outputs={"Permit": types.Column(cents, nulls=nulls)},
        hits={},
        problems=(problem,) if len(refused) else (),
    )


def _slice(
    folder: pathlib.Path,
    *,
    texts: tuple[str, ...],
    zones: list[int | None],
    old: list[int],
    unknown: list[int] | None = None,
) -> slices.Slice:
    rows = len(zones)
    columns = slices.Columns(
        rows=rows,
        series={
            "in_hours": polars.Series(range(rows), dtype=polars.Int64),
            "in_zone": polars.Series(zones, dtype=polars.Int64),
            "old_parking": polars.Series(old, dtype=polars.Int64),
            slices.UNKNOWN: polars.Series(unknown or [0] * rows, dtype=polars.Int64),
        },
    )
    description = slices.Description(
        point=POINT.name,
        month="2026-10",
        bucket_from=0,
        bucket_before=1,
        inputs=("hours", "zone"),
        charges=("parking",),
        texts=texts,
        billed={},
        tables={slices.QUESTIONS: slices.write(columns, folder=folder)},
    )
    return slices.Slice(description, folder=folder)

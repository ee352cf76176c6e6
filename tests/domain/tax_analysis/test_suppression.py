"""No figure that is kept back for itself can be computed from what is shown."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.domain.tax_analysis.calculations import suppression
from fisc.domain.tax_analysis.calculations.suppression import Cell, Limits, Place, Why

LIMITS = Limits(fewest_filers=3, most_percent=80)
PUBLIC = Limits(fewest_filers=5, most_percent=70)
ROWS = ("retail", "hotels", "amusement", "advertising", "publishing")
QUARTERS = ("1", "2", "3", "4")

# What each filer has in each row and quarter.
Filings = dict[tuple[str, str, int], int]
filings = st.dictionaries(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(QUARTERS), st.integers(1, 9)),
    st.integers(1, 1000),
    min_size=1,
    max_size=90,
)


def table(filed: Filings) -> dict[Place, Cell]:
    """The table of what was filed, with all its totals, in two measures."""
    by_filer: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for (row, column, filer), cents in filed.items():
        for place in itertools.product((row, None), (column, None)):
            by_filer[place][filer] += cents
    rows = {row for row, _, _ in filed}
    cells = {}
    for place in itertools.product((*sorted(rows), None), (*QUARTERS, None)):
        mine = by_filer.get(place, {})
        total, top = sum(mine.values()), max(mine.values(), default=0)
        cells[place] = Cell(len(mine), (total, 2 * total), (total, 2 * total), (top, 2 * top))
    return cells


def equations(cells: dict[Place, Cell]) -> list[dict[Place, int]]:
    """What everybody knows: rows and columns make up their totals."""
    rows, columns = ({place[at] for place in cells} for at in (0, 1))
    return [
        *({(row, each): -1 if each is None else 1 for each in columns} for row in rows),
        *({(each, column): -1 if each is None else 1 for each in rows} for column in columns),
    ]


def computable(cells: dict[Place, Cell], kept: dict[Place, Why], place: Place) -> bool:
    """Whether a figure kept back follows from those shown: its own row adds nothing to the rank."""
    unknown = sorted((each for each in kept if cells[each].values[0] or each == place), key=str)
    known = np.array(
        [[line.get(each, 0) for each in unknown] for line in equations(cells)], dtype=float
    )
    asked = np.array([[float(each == place) for each in unknown]])
    return bool(np.linalg.matrix_rank(np.vstack([known, asked])) == np.linalg.matrix_rank(known))


class TestOwnReason:
    @pytest.mark.parametrize(
        ("filers", "top", "why"),
        [
            (0, 0, None),
            (2, 50, Why.FEW),
            (3, 80, None),
            (3, 81, Why.DOMINATED),
            (9, 100, Why.DOMINATED),
        ],
    )
    def test_few_filers_or_one_with_too_much(self, filers: int, top: int, why: Why | None) -> None:
        cell = Cell(filers, (100,), (100,), (top,))

        assert suppression.own_reason(cell, LIMITS) is why

    def test_one_measure_is_enough(self) -> None:
        cell = Cell(5, (100, 100), (100, 100), (30, 90))

        assert suppression.own_reason(cell, LIMITS) is Why.DOMINATED


class TestKeptBack:
    def test_a_table_without_such_figures_is_shown_whole(self) -> None:
        filed = {(row, q, n): 100 for row in ROWS for q in QUARTERS for n in range(1, 6)}

        assert suppression.kept_back(table(filed), LIMITS) == {}

    def test_one_kept_back_takes_others_with_it_in_its_row_and_its_column(self) -> None:
        filed = {(row, q, n): 100 for row in ROWS for q in QUARTERS for n in range(1, 6)}
        for filer in range(2, 6):
            del filed["hotels", "2", filer]

        kept = suppression.kept_back(table(filed), LIMITS)

        assert kept["hotels", "2"] is Why.FEW
        assert {why for place, why in kept.items() if place != ("hotels", "2")} == {Why.WITH_OTHERS}
        assert sum(row == "hotels" for row, _ in kept) >= 2
        assert sum(column == "2" for _, column in kept) >= 2
        assert not any(row is None for row, _ in kept)

    @given(filings)
    @settings(deadline=None)
    def test_what_is_kept_back_for_itself_cannot_be_computed(self, filed: Filings) -> None:
        cells = table(filed)

        kept = suppression.kept_back(cells, LIMITS)

        own = {place for place, cell in cells.items() if suppression.own_reason(cell, LIMITS)}
        assert own <= set(kept)
        assert [place for place in own if computable(cells, kept, place)] == []

    @given(filings)
    @settings(deadline=None)
    def test_what_subtraction_gives_of_a_line_tells_of_nobody(self, filed: Filings) -> None:
        cells = table(filed)

        kept = suppression.kept_back(cells, LIMITS)

        for line in equations(cells):
            (total,) = (place for place, sign in line.items() if sign < 0)
            hidden = [place for place in line if place in kept and place != total]
            own = [each for each in hidden if suppression.own_reason(cells[each], LIMITS)]
            if own and total not in kept:
                by_filer: dict[int, int] = defaultdict(int)
                for (row, column, filer), cents in filed.items():
                    spans = {(row, column), (row, None), (None, column)}
                    if spans & set(hidden):
                        by_filer[filer] += cents
                assert len(by_filer) >= LIMITS.fewest_filers
                assert max(by_filer.values()) * 100 <= sum(by_filer.values()) * 80

    @given(filings)
    @settings(deadline=None)
    def test_totals_of_quarters_are_the_same_whatever_the_rows(self, filed: Filings) -> None:
        other = {(f"{row}{filer % 2}", q, filer): n for (row, q, filer), n in filed.items()}

        def totals(of: Filings) -> set[Place]:
            return {each for each in suppression.kept_back(table(of), LIMITS) if each[0] is None}

        assert totals(filed) == totals(other)

    def test_two_tables_would_give_away_what_each_keeps_back(self) -> None:
        # Retail's first quarter has two filers. Advertising has four: too few for the public only.
        counts = {"retail": (2, 5), "hotels": (6, 6), "amusement": (5, 5), "advertising": (4, 4)}
        filed = {
            (row, quarter, n): 50 if row == "amusement" else 90
            for row, of_quarters in counts.items()
            for quarter, count in zip(QUARTERS, of_quarters, strict=False)
            for n in range(count)
        }
        cells = table(filed)
        office = suppression.kept_back(cells, LIMITS)
        alone = suppression.kept_back(cells, PUBLIC)

        public = suppression.kept_back_within(cells, PUBLIC, within=LIMITS)

        in_both = {place: why for place, why in office.items() if place in alone}
        assert computable(cells, in_both, ("retail", "1"))
        assert not computable(cells, {**office, **public}, ("retail", "1"))
        assert set(office) <= set(public)

    @given(filings)
    @settings(deadline=None)
    def test_a_second_table_of_the_same_figures_adds_nothing_to_the_first(
        self, filed: Filings
    ) -> None:
        cells = table(filed)

        office = suppression.kept_back(cells, LIMITS)
        public = suppression.kept_back_within(cells, PUBLIC, within=LIMITS)

        assert set(office) <= set(public)
        own = {place for place, cell in cells.items() if suppression.own_reason(cell, PUBLIC)}
        assert [place for place in own if computable(cells, public, place)] == []

    def test_a_table_of_nothing_keeps_nothing_back(self) -> None:
        assert suppression.kept_back({}, LIMITS) == {}

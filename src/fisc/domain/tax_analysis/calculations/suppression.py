"""Keeping back figures that would tell of a single filer, and those that would give them away.

A table of rows and columns is published with its totals. A figure is kept back for itself where too
few filers make it up or one has too much of it. As totals are published, more figures must be kept
back with it: else it is computed by subtraction. Counts of filers are kept back with their figures.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

# A row or a column: None is the total over them all.
Place = tuple[str | None, str | None]
_HUNDRED = 100


class Why(enum.Enum):
    """Why a figure is kept back."""

    FEW = "few"
    DOMINATED = "dominated"
    # It would give another one away.
    WITH_OTHERS = "with others"


NOTHING: Mapping[Place, Why] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """Fewer filers, or more percent of one filer, and a figure is kept back."""

    fewest_filers: int
    most_percent: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in several measures that are shown together, such as gross, taxable and tax.

    `weights` are the sums of what each filer has, without signs; `tops` the most that one has.
    """

    filers: int = 0
    values: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    tops: tuple[int, ...] = ()


def own_reason(cell: Cell, limits: Limits) -> Why | None:
    """Tell why a figure is kept back for itself; None where it is not. Nobody's figure never is."""
    if not cell.filers:
        return None
    if cell.filers < limits.fewest_filers:
        return Why.FEW
    if any(
        top * _HUNDRED > weight * limits.most_percent
        for top, weight in zip(cell.tops, cell.weights, strict=True)
    ):
        return Why.DOMINATED
    return None


def kept_back_within(
    cells: Mapping[Place, Cell], limits: Limits, *, within: Limits
) -> dict[Place, Why]:
    """Return what to keep back by limits, and all that is kept back by others that came before.

    Two tables of the same figures tell no more together than the fuller one does alone.
    """
    return kept_back(cells, limits, also=kept_back(cells, within))


def kept_back(
    cells: Mapping[Place, Cell], limits: Limits, *, also: Mapping[Place, Why] = NOTHING
) -> dict[Place, Why]:
    """Return the figures of a table to keep back, `also` among them, and why.

    `cells` has the figures of rows by columns, the totals of rows (column None), of columns (row
    None) and of all (both None). Totals of columns are decided among themselves first, and so are
    the same in every table with the same columns.
    """
    margin = {place: cell for place, cell in cells.items() if place[0] is None}
    before = {place: why for place, why in also.items() if place in margin}
    found = _Hiding(margin, before | _primary(margin, limits), limits=limits).solved()
    kept = {**also, **found, **_primary(cells, limits)}
    return _Hiding(cells, kept, limits=limits, fixed=frozenset(margin)).solved()


def _primary(cells: Mapping[Place, Cell], limits: Limits) -> dict[Place, Why]:
    reasons = {place: own_reason(cell, limits) for place, cell in cells.items()}
    return {place: why for place, why in reasons.items() if why is not None}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column: its figures make up its total."""

    parts: tuple[Place, ...]
    total: Place


class _Hiding:
    """Figures kept back from a table, more and more until none that must be can be computed."""

    def __init__(
        self, cells: Mapping[Place, Cell], kept: Mapping[Place, Why], *, limits: Limits,
        fixed: frozenset[Place] = frozenset(),
    ) -> None:  # fmt: skip
        self._cells = cells
        self._limits = limits
        self._kept = dict(kept)
        # What must not be computed; what is kept back only for its sake may be.
        self._targets = frozenset(kept)
        # Shown or kept back already, whatever becomes of the rest.
        self._fixed = fixed
        self._lines = _lines(cells)
        self._measures = max((len(cell.values) for cell in cells.values()), default=0)

    def solved(self) -> dict[Place, Why]:
        """Return what to keep back."""
        while (more := self._more()) is not None:
            self._kept[more] = Why.WITH_OTHERS
        return self._kept

    def _more(self) -> Place | None:
        """Return a further figure to keep back, None where enough is."""
        return next((place for place in map(self._least, self._wanted()) if place), None)

    def _wanted(self) -> Iterator[Iterable[Place]]:
        """Give the places of which one more must be kept back, the best ones first."""
        for line in self._lines:
            if self._gives_away(line):
                yield from (line.parts, (line.total,))
        for place in self._computable():
            yield [each for each in self._cells if each[0] == place[0]]
            yield [each for each in self._cells if each[1] == place[1]]
            yield self._cells

    def _least(self, places: Iterable[Place]) -> Place | None:
        """Return the least figure that is shown and may be kept back; a total only after all."""
        open_ = [
            place
            for place in places
            if place not in self._kept and place not in self._fixed and self._cells[place].filers
        ]
        return min(
            open_,
            key=lambda place: (None in place, self._cells[place].weights, str(place)),
            default=None,
        )

    def _gives_away(self, line: _Line) -> bool:
        """Tell whether what a line keeps back, which subtraction gives as one sum, tells too much.

        How many filers the sum has is not known, as one may be in several figures: it is taken to
        be as many as in the fullest, and the most that one has as all their greatest together.
        """
        hidden = [place for place in line.parts if place in self._kept]
        if line.total in self._kept or not any(place in self._targets for place in hidden):
            return False
        cells = [self._cells[place] for place in hidden]
        together = Cell(
            filers=max(cell.filers for cell in cells),
            weights=tuple(map(sum, zip(*(cell.weights for cell in cells), strict=True))),
            tops=tuple(map(sum, zip(*(cell.tops for cell in cells), strict=True))),
        )
        return own_reason(together, self._limits) is not None

    def _computable(self) -> list[Place]:
        """Return what must not be computed and can be from what is shown, in some measure.

        Whoever computes may guess that a figure kept back is nothing, so only others are unknown.
        """
        unknowns = {
            tuple(
                place
                for place in self._kept
                if place in self._targets or self._cells[place].values[measure]
            )
            for measure in range(self._measures)
        }
        known = set().union(*(_determined(each, self._lines) for each in unknowns))
        return sorted(self._targets & known, key=str)


def _lines(cells: Mapping[Place, Cell]) -> tuple[_Line, ...]:
    rows = dict.fromkeys(row for row, _ in cells)
    columns = dict.fromkeys(column for _, column in cells)
    found = [
        _Line(
            tuple((row, each) for each in columns if each is not None and (row, each) in cells),
            (row, None),
        )
        for row in rows
    ]
    found += [
        _Line(
            tuple((each, column) for each in rows if each is not None and (each, column) in cells),
            (None, column),
        )
        for column in columns
    ]
    return tuple(line for line in found if line.parts and line.total in cells)


def _determined(unknown: tuple[Place, ...], lines: tuple[_Line, ...]) -> set[Place]:
    """Return the unknowns whose value follows from the sums of lines: Gauss and Jordan, exactly."""
    at = {place: number for number, place in enumerate(unknown)}
    rows: list[dict[int, Fraction]] = []
    for line in lines:
        row = {at[place]: Fraction(1) for place in line.parts if place in at}
        if line.total in at:
            row[at[line.total]] = Fraction(-1)
        if row:
            rows.append(row)
    solved: dict[int, dict[int, Fraction]] = {}
    for given in rows:
        row = given
        for column in sorted(set(row) & set(solved)):
            row = _less(row, solved[column], column)
        if not row:
            continue
        pivot = min(row)
        row = {column: value / row[pivot] for column, value in row.items()}
        solved = {
            column: _less(other, row, pivot) if pivot in other else other
            for column, other in solved.items()
        }
        solved[pivot] = row
    return {unknown[column] for column, row in solved.items() if len(row) == 1}


def _less(row: dict[int, Fraction], taken: dict[int, Fraction], column: int) -> dict[int, Fraction]:
    """Take a row off another so often that a column of it vanishes."""
    times = row[column]
    found = {
        each: row.get(each, Fraction(0)) - times * taken.get(each, Fraction(0))
        for each in {*row, *taken}
    }
    return {each: value for each, value in found.items() if value}

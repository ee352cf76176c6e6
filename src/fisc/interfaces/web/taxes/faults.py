"""Putting what is wrong with a return into the cells that it is about."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from fisc.domain.tax_returns.calculations import checking
from fisc.interfaces.web import languages
from fisc.interfaces.web.taxes import entry_cells
from fisc.interfaces.web.taxes import grid as grids

Kind = checking.Kind

_OF_BOTH = {Kind.NOT_REGISTERED, Kind.NOT_ON_FORM}
_REGION = {Kind.UNKNOWN_REGION}
_CLASS = {Kind.UNKNOWN_CLASS, Kind.DOUBLED_LINE, Kind.NOT_REGISTERED, Kind.NOT_ON_FORM}
_CODE = {
    Kind.UNKNOWN_DEDUCTION,
    Kind.DOUBLED_DEDUCTION,
    Kind.DEDUCTION_NOT_ALLOWED,
    Kind.DEDUCTION_OVER_LIMIT,
}
_LOCATION = {Kind.UNKNOWN_LOCATION, Kind.DOUBLED_LOCATION, Kind.LOCATION_OVER_GROSS}
_LAND = {Kind.LAND_WITHOUT_TAX, Kind.LAND_OVER_GROSS}
_AMOUNT = {Kind.NEGATIVE, Kind.TOO_LARGE}
_FORM = {Kind.UNKNOWN_FORM, Kind.FORM_NOT_VALID, Kind.NO_FORM}
_FILED = {Kind.UNKNOWN_FIGURE, Kind.DOUBLED_FIGURE, Kind.FIGURE_WRONG}
# Of amounts that could not be read, these would be said of nothing.
_OF_SUMS = {
    Kind.DEDUCTIONS_OVER_GROSS,
    Kind.DEDUCTION_OVER_LIMIT,
    Kind.LOCATIONS_DO_NOT_ADD_UP,
}


def put(grid: grids.Grid, problems: Sequence[checking.Problem], *, most_cents: int) -> None:
    """Say each problem once, in its cell where it has one, else of its line or of the return."""
    rows = grid.keyed
    for each in problems:
        # The line is where the words stand; a doubled line still names the other.
        said = dataclasses.replace(each, line=None).said(languages.current())
        if each.line is None:
            cell = _whole_cell(grid, each, most_cents=most_cents)
            (cell.wrong if cell else grid.wrong).append(said)
            continue
        row = rows[each.line - 1]
        if each.kind in _OF_BOTH and (row.region.wrong or row.business_class.wrong):
            # Of a code that is not there it goes without saying.
            continue
        if each.kind in _OF_SUMS and any(cell.wrong for cell in row.cells):
            continue
        place = _cell(row, each, most_cents=most_cents)
        wrong = place.wrong if place else row.wrong
        if said not in wrong:
            wrong.append(said)


def _whole_cell(
    grid: grids.Grid, problem: checking.Problem, *, most_cents: int
) -> entry_cells.Cell | None:
    """Return the cell of the whole return that a problem is about; None where it has none."""
    if problem.kind in _FORM:
        return grid.form if grid.form.text else None
    if problem.kind in _FILED:
        return grid.boxes.get(str(problem.facts["key"]))
    field = str(problem.facts.get("field", ""))
    if field == "filed":
        return _too_large(grid.boxes, most_cents=most_cents)
    return grid.extras.get(field)


def _too_large(
    cells: Mapping[str, entry_cells.Cell], *, most_cents: int
) -> entry_cells.Cell | None:
    """Return the first figure as filed that is too large and not said to be yet."""
    return next(
        (
            each
            for each in cells.values()
            if each.text and not each.wrong and abs(each.cents()) > most_cents
        ),
        None,
    )


def _cell(row: grids.Row, problem: checking.Problem, *, most_cents: int) -> entry_cells.Cell | None:
    kind, facts = problem.kind, problem.facts
    if kind in _REGION:
        return row.region
    if kind in _CLASS:
        return row.business_class
    if kind in _CODE:
        named = [each for each in row.pairs if each.code.text == facts.get("code")]
        return named[-1].code if named else None
    if kind in _LOCATION or str(facts.get("field")).startswith("at_"):
        at = [each for each in row.places if each.code.text == facts.get("code")]
        return (
            (at[-1].less if facts.get("field") == "at_deducted" else at[-1].gross) if at else None
        )
    if kind in _LAND:
        return row.more["land"]
    if kind in _FILED:
        return row.filed.get(str(facts["key"]))
    if kind in _AMOUNT:
        return _amount_cell(row, problem, most_cents=most_cents)
    return row.gross if kind == Kind.DEDUCTIONS_OVER_GROSS else None


def _amount_cell(
    row: grids.Row, problem: checking.Problem, *, most_cents: int
) -> entry_cells.Cell | None:
    if problem.facts.get("field") == "gross":
        return row.gross
    if problem.facts.get("field") == "filed":
        return _too_large(row.filed, most_cents=most_cents)
    for name, of_line in grids.MORE.items():
        if of_line.removesuffix("_cents") == problem.facts.get("field"):
            return row.more[name]
    is_so: Mapping[Kind, Callable[[int], bool]] = {
        Kind.NEGATIVE: lambda cents: cents < 0,
        Kind.TOO_LARGE: lambda cents: cents > most_cents,
    }
    wrong = is_so[problem.kind]
    return next(
        (each.amount for each in row.pairs if not each.amount.wrong and wrong(each.amount.cents())),
        None,
    )

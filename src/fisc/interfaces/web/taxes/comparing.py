"""The versions of a return side by side, with what changed from one to the next."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web.taxes import names
from fisc.interfaces.web.templatetags import figures

money = figures.money

_Line = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Cell:
    """What a version says, and whether the one before said something else."""

    cents: int
    has_changed: bool


@dataclasses.dataclass(frozen=True)
class Row:
    """One figure in every version; the last says how much it moved in all."""

    words: str
    cells: Sequence[Cell]
    is_total: bool = False

    @property
    def difference_cents(self) -> int:
        """How much the newest version has more than the first."""
        return self.cells[-1].cents - self.cells[0].cents


def percent(rate: Decimal) -> str:
    """Write a fraction as percent: 0.018 becomes 1.8%."""
    return f"{(rate * 100).normalize():f}%"


def rows(versions: Sequence[queries.Kept]) -> list[Row]:
    """Return what differs can be seen in: each line's gross, deductions and tax, then totals."""
    keys = dict.fromkeys(
        (line.region, line.business_class) for each in versions for line in each.filing.lines
    )
    found = []
    for key in keys:
        called = f"{key[0]} {key[1]} {names.words(names.CLASSES, key[1])}"
        for words, amount in (
            (_("gross"), _gross),
            (_("deductions"), _deducted),
            (_("tax"), _tax),
        ):
            found.append(_row(f"{called}: {words}", versions, _of_line(key, amount)))
    totals: tuple[tuple[str, Callable[[queries.Kept], int]], ...] = (
        (_("Excess tax collected"), lambda each: each.filing.excess_tax_cents),
        (_("Credit carried"), lambda each: each.filing.credit_carried_cents),
        (_("Estimated payments"), lambda each: each.filing.estimated_payments_cents),
        (_("Total tax"), lambda each: each.total_tax_cents),
        (_("Accounting credit"), lambda each: each.accounting_credit_cents),
        (_("Tax due"), lambda each: each.tax_due_cents),
        (_("Net due"), lambda each: each.net_due_cents),
    )
    found += [_row(words, versions, of, is_total=True) for words, of in totals]
    return [each for each in found if any(cell.cents for cell in each.cells)]


def _row(
    words: str,
    versions: Sequence[queries.Kept],
    amount: Callable[[queries.Kept], int],
    *,
    is_total: bool = False,
) -> Row:
    cells: list[Cell] = []
    for each in versions:
        cents = amount(each)
        cells.append(Cell(cents, bool(cells) and cells[-1].cents != cents))
    return Row(words, cells, is_total)


def _of_line(
    key: _Line, amount: Callable[[queries.Kept, int], int]
) -> Callable[[queries.Kept], int]:
    def of(kept: queries.Kept) -> int:
        places = [
            place
            for place, line in enumerate(kept.filing.lines)
            if (line.region, line.business_class) == key
        ]
        return sum(amount(kept, place) for place in places)

    return of


def _gross(kept: queries.Kept, place: int) -> int:
    return kept.filing.lines[place].gross_cents


def _deducted(kept: queries.Kept, place: int) -> int:
    return kept.filing.lines[place].deducted_cents


def _tax(kept: queries.Kept, place: int) -> int:
    return kept.taxes_cents[place]

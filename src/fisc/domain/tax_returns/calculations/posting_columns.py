"""What many returns become in the books, in columns: as `postings.of_return`, row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations import columns, many

Numbers = many.Numbers


@dataclass(frozen=True, slots=True)
class Parts:
    """Cents by return, part and region (0 where of none), in that order; none of them zero."""

    of: Numbers
    part: Numbers
    region_id: Numbers
    cents: Numbers

    def at(self, rows: Numbers) -> Parts:
        """Return some of the rows."""
        return Parts(self.of[rows], self.part[rows], self.region_id[rows], self.cents[rows])


def of_returns(of: many.Returns, figures: columns.Figures, *, region_ids: Numbers) -> Parts:
    """Return what returns are to stand at; together, of each, exactly its tax due.

    `region_ids` has the region of each line.
    """
    lines = of.lines
    # Return and region in one number: a code's id has 31 bits.
    pairs, place = np.unique(lines.of << 32 | region_ids, return_inverse=True)
    taxes = many.sums(place, figures.tax_cents, count=len(pairs))
    rows = np.arange(len(of))
    credit = figures.accounting_credit_cents
    named = many.sums(pairs >> 32, taxes, count=len(of)) + of.excess_tax_cents - credit
    rest = figures.tax_due_cents - named
    return _in_order(
        (pairs >> 32, choices.Part.TAX, pairs & 0xFFFF_FFFF, taxes),
        (rows, choices.Part.TAX, np.zeros_like(rows), rest),
        (rows, choices.Part.EXCESS_TAX, np.zeros_like(rows), of.excess_tax_cents),
        (rows, choices.Part.ACCOUNTING_CREDIT, np.zeros_like(rows), -credit),
    )


def of_lateness(*, penalty_cents: Numbers, interest_cents: Numbers) -> Parts:
    """Return what lateness costs, by return and part."""
    rows = np.arange(len(penalty_cents))
    none = np.zeros_like(rows)
    return _in_order(
        (rows, choices.Part.PENALTY, none, penalty_cents),
        (rows, choices.Part.INTEREST, none, interest_cents),
    )


def _in_order(*pieces: tuple[Numbers, int, Numbers, Numbers]) -> Parts:
    of = np.concatenate([each[0] for each in pieces])
    part = np.concatenate([np.full(len(each[0]), int(each[1])) for each in pieces])
    region_id = np.concatenate([each[2] for each in pieces])
    cents = np.concatenate([each[3] for each in pieces])
    order = np.lexsort((region_id, part, of))
    return Parts(of, part, region_id, cents).at(order[cents[order] != 0])

"""Credits in columns settle what credits one by one settle."""

from __future__ import annotations

import hypothesis
import numpy as np
from hypothesis import strategies

from fisc.domain.receivables import calculations

amounts = strategies.lists(
    strategies.tuples(strategies.integers(0, 4), strategies.integers(1, 20)), max_size=14
).map(lambda rows: sorted(rows, key=lambda row: row[0]))

Rows = list[tuple[int, int]]


def one_by_one(credits_: Rows, charges: Rows) -> list[tuple[int, int, int]]:
    """Return row of credit, row of charge and cents, by `settled_by` for each credit."""
    left = [cents for _, cents in charges]
    found = []
    for row, (account, cents) in enumerate(credits_):
        waiting = [
            calculations.OpenCharge(place, account, 0, None, left[place])
            for place, (of, _) in enumerate(charges)
            if of == account
        ]
        for charge, part_cents in calculations.settled_by(cents, charges=waiting):
            left[charge.item_id] -= part_cents
            found.append((row, charge.item_id, part_cents))
    return found


def column(rows: Rows, place: int) -> calculations.Numbers:
    return np.array([row[place] for row in rows], dtype=np.int64)


class TestSpentInColumns:
    @hypothesis.settings(max_examples=300, deadline=None)
    @hypothesis.given(credits_=amounts, charges=amounts)
    def test_is_the_same_as_one_by_one(self, credits_: Rows, charges: Rows) -> None:
        spent = calculations.spent_in_columns(
            credit_accounts=column(credits_, 0),
            credit_cents=column(credits_, 1),
            charge_accounts=column(charges, 0),
            charge_cents=column(charges, 1),
        )

        rows = (spent.credit_rows.tolist(), spent.charge_rows.tolist(), spent.cents.tolist())
        assert list(zip(*rows, strict=True)) == one_by_one(credits_, charges)

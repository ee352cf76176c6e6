"""What a study found, as plain data: kept with the study, shown, and exported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fisc.processes.rate_studies import counting
from fisc.processes.rate_studies.slices import Numbers

# Where the bars of the histogram begin and end, in cents a bill. How it is drawn, nothing more.
EDGES = (-10000, -5000, -2000, -1000, -500, -200, 0, 200, 500, 1000, 2000, 5000, 10000)
TENTHS = 10
# Percents are kept as thousandths of one percent.
PERCENT_MILLI = 100_000


def of(counted: counting.Counted, *, largest: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of a study as plain data; amounts in cents."""
    accounts = counted.accounts()
    computed = accounts.bills > 0
    difference = accounts.difference_cents[computed]
    average = _rounded(difference, accounts.bills[computed])
    return {
        "bills": counted.bills,
        "changed_bills": counted.changed_bills,
        "revenue": revenue(counted),
        "accounts": {
            "all": len(accounts.bills),
            "more": int((difference > 0).sum()),
            "less": int((difference < 0).sum()),
            "same": int((difference == 0).sum()),
        },
        # Of one account over all its bills together.
        "most": {
            "more_cents": int(difference.max(initial=0)),
            "less_cents": -int(difference.min(initial=0)),
        },
        "histogram": histogram(average),
        "users": users(accounts),
        "largest": list(largest),
        "exceptions": [
            {
                "reason": reason,
                "bills": each.bills,
                "billed_cents": each.billed_cents,
                "numbers": each.numbers,
            }
            for reason, each in sorted(counted.exceptions.items())
        ],
    }


def revenue(counted: counting.Counted) -> list[dict[str, Any]]:
    """Return what each class pays of each charge: before, after and the difference."""
    rows = []
    for rate_class, charge in sorted(counted.billed | counted.differences):
        before = counted.billed.get((rate_class, charge), 0)
        difference = counted.differences.get((rate_class, charge), 0)
        if before or difference:
            rows.append(
                {
                    "class": rate_class,
                    "charge": charge,
                    "before_cents": before,
                    "after_cents": before + difference,
                    "difference_cents": difference,
                }
            )
    return rows


def histogram(average: Numbers) -> list[dict[str, Any]]:
    """Return how many accounts' bills change by how much, on the average of their bills.

    Bars are open below and above; no change at all is a bar of its own, from 0 to 0.
    """
    moved = average[average != 0]
    counts = np.bincount(np.searchsorted(EDGES, moved, side="right"), minlength=len(EDGES) + 1)
    bounds = [None, *EDGES, None]
    rows: list[dict[str, Any]] = []
    for low, high, accounts in zip(bounds, bounds[1:], counts.tolist(), strict=False):
        if low == 0:
            rows.append(_bar(0, 0, len(average) - len(moved)))
        rows.append(_bar(low, high, accounts))
    return rows


def users(accounts: counting.OfAccounts) -> list[dict[str, Any]]:
    """Return, for each tenth of the accounts from the smallest user on, what of a bill changes.

    Only accounts that the book was asked about stand here, ordered by what they use a bill.
    """
    chosen = np.flatnonzero(accounts.is_asked & (accounts.bills > 0))
    bills = accounts.bills[chosen]
    used = accounts.usage_milli[chosen] // bills
    order = _ordered(used)
    bills, used = bills[order], used[order]
    before_cents = accounts.before_cents[chosen][order]
    difference_cents = accounts.difference_cents[chosen][order]
    rows = []
    for tenth in range(TENTHS):
        some = slice(len(order) * tenth // TENTHS, len(order) * (tenth + 1) // TENTHS)
        if some.start == some.stop:
            continue
        before = int(before_cents[some].sum())
        difference = int(difference_cents[some].sum())
        count = int(bills[some].sum())
        rows.append(
            {
                "tenth": tenth + 1,
                "accounts": some.stop - some.start,
                "usage_milli_from": int(used[some.start]),
                "usage_milli_to": int(used[some.stop - 1]),
                "bill_before_cents": _half_up(before, count),
                "bill_after_cents": _half_up(before + difference, count),
                "percent_milli": _half_up(difference * PERCENT_MILLI, before) if before else None,
            }
        )
    return rows


def _ordered(figures: Numbers) -> Numbers:
    """Return the places of whole numbers from 0 in their order, equal ones as they came.

    A sort of number and place in one word takes a third of a stable sort's time; numbers too large
    for one word are sorted stably.
    """
    rows = len(figures)
    if not rows or int(figures.min()) < 0 or int(figures.max()) >= np.iinfo(np.int64).max // rows:
        return np.argsort(figures, kind="stable")
    words = figures * rows + np.arange(rows)
    words.sort()
    found: Numbers = words % rows
    return found


def _bar(low: int | None, high: int | None, accounts: int) -> dict[str, Any]:
    return {"from_cents": low, "to_cents": high, "accounts": accounts}


def _rounded(amount: Numbers, count: Numbers) -> Numbers:
    """Return quotients rounded half away from nothing, by whole numbers alone."""
    size = (2 * np.abs(amount) + count) // (2 * count)
    found: Numbers = np.sign(amount) * size
    return found


def _half_up(amount: int, count: int) -> int:
    size = (2 * abs(amount) + abs(count)) // (2 * abs(count))
    return size if (amount < 0) == (count < 0) else -size

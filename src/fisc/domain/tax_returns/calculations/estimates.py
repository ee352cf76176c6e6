"""What a missing return is estimated to owe. No database."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from fisc.domain.tax_returns.calculations import asking


def facts(taxes_cents: Sequence[int], *, missing: int) -> asking.Facts:
    """Return what the table is asked with: of the returns looked at, and how many are missing.

    The average is rounded half up to the cent; taxes below zero count as nothing.
    """
    counted = [max(each, 0) for each in taxes_cents]
    average = Decimal(sum(counted)) / len(counted) if counted else Decimal(0)
    return {
        "highest_tax": asking.money(max(counted, default=0)),
        "average_tax": asking.money(int(average.to_integral_value(ROUND_HALF_UP))),
        "returns_found": asking.number(len(counted)),
        "returns_missing": asking.number(missing),
    }

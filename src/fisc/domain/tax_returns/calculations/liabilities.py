"""What an account is thought to owe in a year, by what it owed in the months that are known."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from fisc.domain.tax_returns.calculations import months


def annual_cents(tax_cents: int, *, months_known: int) -> int:
    """Return the tax of a year in whole cents, halves up; a credit over the year owes nothing.

    The tax of fewer months is taken for as much in each of the year's other months.
    """
    whole = Decimal(max(tax_cents, 0)) * months.MONTHS_IN_YEAR / months_known
    return int(whole.quantize(Decimal(1), rounding=ROUND_HALF_UP))

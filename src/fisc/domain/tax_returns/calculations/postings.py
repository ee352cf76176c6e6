"""What of a return becomes items, what differs from those that are there, and what was paid."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations import lateness


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What an item is of: a part of a period's tax and, where it is of one, its region's code."""

    part: int
    region_id: int = 0


Amounts = Mapping[Key, int]


def of_return(
    taxes: Iterable[tuple[int, int]],
    *, excess_cents: int, accounting_credit_cents: int, tax_due_cents: int,
) -> Counter[Key]:  # fmt: skip
    """Return what a return is to stand at, in cents by part; together exactly its tax due.

    `taxes` are region and tax of each line. What the table of totals adds, or takes off, beyond
    lines, excess tax and accounting credit is tax of no region.
    """
    found: Counter[Key] = Counter()
    for region_id, cents in taxes:
        found[Key(choices.Part.TAX, region_id)] += cents
    found[Key(choices.Part.EXCESS_TAX)] += excess_cents
    found[Key(choices.Part.ACCOUNTING_CREDIT)] -= accounting_credit_cents
    found[Key(choices.Part.TAX)] += tax_due_cents - found.total()
    return found


def by_region(amounts: Amounts) -> Counter[int]:
    """Return what a return comes to by region, in cents; what is of none is under 0."""
    found: Counter[int] = Counter()
    for key, cents in amounts.items():
        if key.part in choices.RETURN_PARTS:
            found[key.region_id] += cents
    return found


def audited(findings: Mapping[int, tuple[int, int]], *, filed: Mapping[int, int]) -> Counter[Key]:
    """Return what audits' findings add to a return by region, in cents; below zero they take off.

    Of each region, what was filed when it was audited and what was found. More than was filed
    stands whatever is filed later: a return that comes nearer to it leaves less to add, one beyond
    it nothing. Less than was filed stands, too, until a return claims as much.
    """
    found: Counter[Key] = Counter()
    for region_id, (filed_then, found_cents) in findings.items():
        now = filed.get(region_id, 0)
        if found_cents > filed_then:
            more = max(found_cents - now, 0)
        else:
            more = min(found_cents - min(now, filed_then), 0)
        if more:
            found[Key(choices.Part.AUDITED, region_id)] = more
    return found


def differences(wanted: Amounts, there: Amounts) -> dict[Key, int]:
    """Return what is to be charged, or below zero credited, by part; equal parts are left out."""
    found = {key: wanted.get(key, 0) - there.get(key, 0) for key in sorted({*wanted, *there})}
    return {key: cents for key, cents in found.items() if cents}


def paid(
    settled: Iterable[tuple[datetime.date, int]], *, tax_cents: int
) -> tuple[lateness.Paid, ...]:
    """Return what was paid of a tax by day, the first money first, never more than the tax.

    What came beyond the tax is the account's credit: an amendment downward frees the last money.
    """
    by_day: Counter[datetime.date] = Counter()
    for day, cents in settled:
        by_day[day] += cents
    left, found = tax_cents, []
    for day, cents in sorted(by_day.items()):
        if taken := min(cents, left):
            found.append(lateness.Paid(day, taken))
            left -= taken
    return tuple(found)

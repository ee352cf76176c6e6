"""What is wrong with a change of how often an account files, and from which days it can be."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import months
from fisc.domain.tax_returns.queries import registrations


@dataclass(frozen=True, slots=True)
class Wanted:
    """How often an account is to file, from a day on.

    No seasonal month means that every month has business. `year_starts_in` is the month in which
    the filer's year begins. Where `cuts_short`, periods end and begin on the day, however short.
    """

    frequency: str
    from_day: datetime.date
    seasonal_months: Collection[int] = ()
    year_starts_in: int = 1
    cuts_short: bool = False

    @property
    def length(self) -> int:
        """How many months a whole period has."""
        return registrations.months_of(self.frequency)


def wrong_term(to: Wanted) -> list[str]:
    """Return everything wrong with a term, whatever was before it."""
    wrong = []
    code = code_lists.codes("filing frequency").get(to.frequency)
    unknown = sorted(
        {*to.seasonal_months, to.year_starts_in} - set(range(1, months.MONTHS_IN_YEAR + 1))
    )
    if code is None or not code.is_current(to.from_day):
        wrong.append(f"The list “filing frequency” has no “{to.frequency}” on {to.from_day}.")
    elif not unknown and not _begins(to):
        wrong.append(
            f"No period that is {to.frequency} begins on {to.from_day}."
            if to.year_starts_in == 1
            else f"No period that is {to.frequency} begins on {to.from_day} in a year that begins "
            f"in month {to.year_starts_in}."
        )
    if unknown:
        numbers = ", ".join(map(str, unknown))
        wrong.append(f"There is no month {numbers}: months are numbered 1 to 12.")
    return wrong


def _begins(to: Wanted) -> bool:
    is_whole = (to.from_day.month - to.year_starts_in) % to.length == 0
    return to.from_day.day == 1 and (is_whole or to.cuts_short)


def wrong_change(account_id: int, to: Wanted, *, before: Sequence[registrations.Term]) -> list[str]:
    """Say why the last term cannot end on a day, and on which days it can."""
    if not before:
        return []
    last = before[-1]
    if to.from_day <= last.days.starts_on:
        return [
            f"The account files {last.frequency} from {last.days.starts_on}. A change begins later."
        ]
    wrong = _wrong_kept(account_id, to)
    days = registrations.first_days(
        last, length=to.length, from_day=to.from_day, year_starts_in=to.year_starts_in
    )
    if to.from_day not in days and not to.cuts_short:
        said = ", ".join(map(str, days))
        wrong.append(
            f"A period that is {last.frequency} is not over before {to.from_day}. Choose: {said}. "
            "Or have the period that runs cut short."
            if days
            else f"A period that is {last.frequency} is not over before {to.from_day}, nor on any "
            "day that the new periods begin. Have the period that runs cut short."
        )
    return wrong


def _wrong_kept(account_id: int, to: Wanted) -> list[str]:
    """Say which return is here, or known to be missing, of a period that would be another."""
    of_account = {"account_id": account_id, "ends_before__gt": to.from_day}
    wrong = []
    filed = models.TaxReturn.objects.filter(**of_account).order_by("-ends_before").first()
    if filed is not None:
        wrong.append(
            f"The return of the period from {filed.starts_on} is here. Choose a day from "
            f"{filed.ends_before}."
        )
    missing = models.NonFiling.objects.filter(**of_account).order_by("-ends_before").first()
    if missing is not None:
        wrong.append(
            f"The return of the period from {missing.starts_on} was found missing. Choose a day "
            f"from {missing.ends_before}."
        )
    return wrong

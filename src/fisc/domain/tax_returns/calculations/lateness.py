"""How late a tax was filed and paid: the facts that tables of penalties and interest ask for."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fisc.domain.tax_returns.calculations import months

_ONE_DAY = datetime.timedelta(days=1)


class LatenessIsWrong(ValueError):
    """The facts of a tax and its payments cannot be true together."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Whole cents of tax that were settled, and the day the money was received."""

    day: datetime.date
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The tax of a return and what happened to it. Money is whole cents.

    `timely_until` is the last day on which a return sent the way this one was sent is in time, and
    the payment with it; what is later is late from `due_on`. `filed_on` is None while no return has
    come.
    """

    tax_cents: int
    due_on: datetime.date
    timely_until: datetime.date
    filed_on: datetime.date | None = None
    paid: tuple[Paid, ...] = ()

    def __post_init__(self) -> None:
        wrong = []
        if self.tax_cents < 0:
            wrong.append(f"the tax is negative, {self.tax_cents} cents: a credit is never late")
        if self.timely_until < self.due_on:
            wrong.append(f"returns are timely until {self.timely_until}, before {self.due_on}")
        wrong += [
            f"{each.cents} cents were paid on {each.day}; a payment is above zero"
            for each in self.paid
            if each.cents <= 0
        ]
        if sum(each.cents for each in self.paid) > self.tax_cents:
            wrong.append("more tax was paid than was owed: the excess is a credit of the account")
        if wrong:
            raise LatenessIsWrong(f"A tax due on {self.due_on}: {'; '.join(wrong)}.")


@dataclass(frozen=True, slots=True)
class Late:
    """What the table of penalties asks for, in whole cents and months that have begun."""

    tax_cents: int
    tax_paid_late_cents: int
    money_months_cents: int
    months_filed_late: int
    months_paid_late: int
    # Months that are over, and days after the due day.
    whole_months_filed_late: int
    whole_months_paid_late: int
    days_filed_late: int
    days_paid_late: int
    money_days_cents: int
    unpaid_cents: int


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the time unpaid, and what the table of interest asks of it.

    Interest runs on the days after `starts_after`, up to and with `ends_on`.
    """

    starts_after: datetime.date
    ends_on: datetime.date
    unpaid_cents: int
    days: int
    days_by_30: int
    days_in_year: int
    months_begun: int
    # From the due day to `starts_after`.
    days_before: int
    months_before: int

    @property
    def starts_on(self) -> datetime.date:
        """The first day that bears interest; its version of the table governs the part."""
        return self.starts_after + _ONE_DAY


def late(owed: Owed, *, on: datetime.date) -> Late:
    """Say how late a tax is on a day, past or to come; what happened after that day is unknown."""
    filed = _counted(owed, on if owed.filed_on is None else min(owed.filed_on, on))
    slices = [(_counted(owed, day), cents) for day, cents in _slices(owed, on=on)]
    paid = max((late for late, cents in slices if cents), default=_Counted())
    return Late(
        tax_cents=owed.tax_cents,
        tax_paid_late_cents=sum(cents for late, cents in slices if late.months),
        money_months_cents=sum(late.months * cents for late, cents in slices),
        months_filed_late=filed.months,
        months_paid_late=paid.months,
        whole_months_filed_late=filed.whole_months,
        whole_months_paid_late=paid.whole_months,
        days_filed_late=filed.days,
        days_paid_late=paid.days,
        money_days_cents=sum(late.days * cents for late, cents in slices),
        unpaid_cents=owed.tax_cents - sum(each.cents for each in owed.paid if each.day <= on),
    )


@dataclass(frozen=True, slots=True, order=True)
class _Counted:
    """How late a day is, in days and in months; a day in time is not late."""

    days: int = 0
    months: int = 0
    whole_months: int = 0


def _slices(owed: Owed, *, on: datetime.date) -> Iterator[tuple[datetime.date, int]]:
    """Each amount of the tax, with the day it was paid or the day that is asked about."""
    left = owed.tax_cents
    for each in owed.paid:
        if each.day <= on:
            yield each.day, each.cents
            left -= each.cents
    yield on, left


def _counted(owed: Owed, day: datetime.date) -> _Counted:
    if day <= owed.timely_until:
        return _Counted()
    return _Counted(
        days=(day - owed.due_on).days,
        months=months.begun(owed.due_on, day),
        whole_months=months.whole(owed.due_on, day),
    )


def parts(
    owed: Owed, *, until: datetime.date, changes: Iterable[datetime.date] = ()
) -> tuple[Part, ...]:
    """Cut the time a tax is unpaid, from its due day up to and with a day, past or to come.

    What is paid in time bears nothing. A new part begins after a payment, on the first day of a
    year, and on each of `changes`: the days on which another version of the table begins to govern.
    """
    if until <= owed.timely_until:
        return ()
    paid = [_bearing_until(owed, each) for each in owed.paid]
    cuts = {owed.due_on, until}
    cuts |= {each.day for each in paid}
    cuts |= {datetime.date(year, 12, 31) for year in range(owed.due_on.year, until.year)}
    cuts |= {day - _ONE_DAY for day in changes}
    inside = sorted(day for day in cuts if owed.due_on <= day <= until)
    found = []
    for starts_after, ends_on in itertools.pairwise(inside):
        unpaid = owed.tax_cents - sum(each.cents for each in paid if each.day <= starts_after)
        if unpaid > 0:
            found.append(_part(owed.due_on, starts_after, ends_on, unpaid))
    return tuple(found)


def _bearing_until(owed: Owed, payment: Paid) -> Paid:
    """A payment in time counts as of the due day."""
    return Paid(owed.due_on, payment.cents) if payment.day <= owed.timely_until else payment


def _part(
    due_on: datetime.date, starts_after: datetime.date, ends_on: datetime.date, unpaid_cents: int
) -> Part:
    months_before = months.begun(due_on, starts_after)
    return Part(
        starts_after=starts_after,
        ends_on=ends_on,
        unpaid_cents=unpaid_cents,
        days=(ends_on - starts_after).days,
        days_by_30=months.days_by_30(starts_after, ends_on),
        days_in_year=months.days_in_year(ends_on.year),
        months_begun=months.begun(due_on, ends_on) - months_before,
        days_before=(starts_after - due_on).days,
        months_before=months_before,
    )

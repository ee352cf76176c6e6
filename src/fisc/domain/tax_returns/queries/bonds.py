"""Bonds of tax accounts: what a table asks for, what is in force, what a lack of it holds up."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, functions

from fisc.basics import calendars, money
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import declarations as hindrances
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, months, obligations
from fisc.domain.tax_returns.decision_points import accounts as account_points
from fisc.domain.tax_returns.queries import liabilities, registrations, returns

BUCKETS = 4096
_MOST_MONTHS = points.MONTHS_MAX
# What the table cannot be asked for: then it asks for nothing, and the page says why.
NOT_SAID = (
    asking.NoAnswer,
    calendars.CalendarRunsOut,
    obligations.ObligationIsWrong,
    versions.NoVersionForDate,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """A bond as it was recorded, and whether it was cancelled."""

    bond_id: int
    account_id: int
    surety: str
    number: str
    amount_cents: int
    effective_on: datetime.date
    expires_before: datetime.date | None
    cancelled_before: datetime.date | None
    cancelled_why: str

    @property
    def ends_before(self) -> datetime.date | None:
        """The day that it ends before, whichever is first."""
        ends = [each for each in (self.expires_before, self.cancelled_before) if each is not None]
        return min(ends, default=None)

    def is_in_force(self, on: datetime.date) -> bool:
        """Tell whether it answers for the tax on a day."""
        return self.effective_on <= on and (self.ends_before is None or on < self.ends_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What the table asks for on account of one class, and the facts it was asked with."""

    business_class: str
    facts: asking.Facts
    amount_cents: int
    days_warned: int
    holds_registration: bool
    holds_clearance: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What an account needs on a day, the class that asks for the most first, and what it has."""

    needed: tuple[Needed, ...]
    in_force_cents: int

    @property
    def needed_cents(self) -> int:
        """The most that a class asks for."""
        return max((each.amount_cents for each in self.needed), default=0)

    @property
    def lacking_cents(self) -> int:
        """How much more is needed than is in force."""
        return max(self.needed_cents - self.in_force_cents, 0)

    @property
    def holds_clearance(self) -> bool:
        """Tell whether what lacks is in the way of a letter of clearance."""
        return any(
            each.holds_clearance and each.amount_cents > self.in_force_cents for each in self.needed
        )

    @property
    def days_warned(self) -> int:
        """How many days before a bond ends somebody is told."""
        return max((each.days_warned for each in self.needed if each.amount_cents), default=0)


def bonds(account_id: int) -> tuple[Bond, ...]:
    """Return the bonds of an account, by effective day."""
    rows = models.Bond.objects.filter(account_id=account_id).order_by("effective_on", "id")
    return tuple(_bond(row) for row in rows)


def one(bond_id: int) -> Bond | None:
    """Return a bond; None where there is none of that number."""
    row = models.Bond.objects.filter(id=bond_id).first()
    return None if row is None else _bond(row)


def ending(
    *, bucket_from: int, bucket_before: int, after: datetime.date, until: datetime.date
) -> list[Bond]:
    """Return the bonds of a range of accounts that end after a day, by another at the latest."""
    rows = models.Bond.objects.annotate(bucket=functions.Mod("account_id", BUCKETS)).filter(
        Q(bucket__gte=bucket_from, bucket__lt=bucket_before),
        Q(expires_before__gt=after, expires_before__lte=until)
        | Q(cancelled_before__gt=after, cancelled_before__lte=until),
    )
    return [_bond(row) for row in rows.order_by("account_id", "id")]


def cover(
    account_id: int, *, on: datetime.date, known_at: datetime.datetime,
    also: Sequence[str] = (),
) -> Cover:  # fmt: skip
    """Return what an account needs on a day by what it is registered for, and what it has.

    `also` are classes that it is to be registered for. Without a table it needs nothing. Raises
    what NOT_SAID names, but for a table that is not there.
    """
    held = sum(each.amount_cents for each in bonds(account_id) if each.is_in_force(on))
    try:
        version = versions.in_force(account_points.BOND.name, day=on, known_at=known_at)
    except versions.NoVersionForDate:
        return Cover(needed=(), in_force_cents=held)
    registered = registrations.registrations(account_id)
    going = {each.business_class for each in registered if each.days.holds(on)}
    classes = sorted(going.union(also))
    if not classes:
        return Cover(needed=(), in_force_cents=held)
    first = min((each.days.starts_on for each in registered), default=on)
    owed = liabilities.of_account(account_id, on=on, known_at=known_at)
    common: asking.Facts = {
        "months_registered": asking.number(_months(first, on)),
        "annual_tax": asking.money(min(owed.annual_cents if owed else 0, points.MONEY_MAX * 100)),
        "delinquent_periods": asking.number(
            _delinquent_periods(account_id, on=on, known_at=known_at)
        ),
    }
    facts: list[asking.Facts] = [{"business_class": each, **common} for each in classes]
    found = []
    for answers, fact in zip(asking.ask(version.tables, facts), facts, strict=True):
        names = ("amount", "days_warned", "holds_registration", "holds_clearance")
        asking.needed(answers, *names, tables=version.tables, facts=fact)
        found.append(
            Needed(
                business_class=str(fact["business_class"]),
                facts=fact,
                amount_cents=asking.cents(answers["amount"]),
                days_warned=asking.whole(answers["days_warned"]),
                holds_registration=answers["holds_registration"] is True,
                holds_clearance=answers["holds_clearance"] is True,
            )
        )
    found.sort(key=lambda each: -each.amount_cents)
    return Cover(needed=tuple(found), in_force_cents=held)


def wrong_registration(
    account_id: int, business_class: str, *, on: datetime.date, known_at: datetime.datetime
) -> list[str]:
    """Say what bond lacks before an account may be registered for a class.

    What cannot be said, for want of a calendar or of a rule, keeps nobody from it.
    """
    try:
        found = cover(account_id, on=on, known_at=known_at, also=[business_class])
    except NOT_SAID:
        return []
    return [
        f"Class {business_class} needs a bond of ${money.formatted(each.amount_cents)}, and "
        f"${money.formatted(found.in_force_cents)} is in force on {on}. Record the bond first."
        for each in found.needed
        if each.business_class == business_class
        and each.holds_registration
        and each.amount_cents > found.in_force_cents
    ]


@code_lists.at_one_generation()
def hindrance(asked: hindrances.Asked) -> Sequence[str]:
    """Say which tax accounts lack a bond that a letter of clearance waits for."""
    found = []
    for account_id in asked.account_ids:
        account = accounts.account(account_id=account_id, as_of=asked.on)
        if account.kind != account_choices.AccountKind.TAX:
            continue
        try:
            has = cover(account_id, on=asked.on, known_at=asked.known_at)
        except NOT_SAID:
            # Whether a bond is asked for cannot be said: that hinders nobody.
            continue
        if has.holds_clearance:
            found.append(
                f"Tax account {account.number} needs a bond of "
                f"${money.formatted(has.needed_cents)}, and "
                f"${money.formatted(has.in_force_cents)} is in force on {asked.on}."
            )
    return found


def _delinquent_periods(account_id: int, *, on: datetime.date, known_at: datetime.datetime) -> int:
    """Count the periods that ended within a year whose return came late, or never."""
    since = months.after(on, -months.MONTHS_IN_YEAR)
    found = returns.standings(account_id, before=on, known_at=known_at)
    return sum(
        on > max(owed.paper_received_by, owed.electronic_received_by)
        if each.kept is None
        else not each.kept.filing.is_on_time
        for each in found
        if (owed := each.owed.obligation).days.ends_before is not None
        and owed.days.ends_before > since
    )


def _months(first: datetime.date, on: datetime.date) -> int:
    """Count the whole months from a first day to another."""
    if on < first:
        return 0
    whole = (on.year - first.year) * months.MONTHS_IN_YEAR + on.month - first.month
    return min(whole if months.after(first, whole) <= on else whole - 1, _MOST_MONTHS)


def _bond(row: models.Bond) -> Bond:
    return Bond(
        bond_id=row.id,
        account_id=row.account_id,
        surety=row.surety,
        number=row.number,
        amount_cents=row.amount_cents,
        effective_on=row.effective_on,
        expires_before=row.expires_before,
        cancelled_before=row.cancelled_before,
        cancelled_why=row.cancelled_why,
    )

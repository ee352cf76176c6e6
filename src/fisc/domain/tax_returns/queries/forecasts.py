"""What a period of tax costs on a day to come, and what was promised of it in letters."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import lateness, owing
from fisc.domain.tax_returns.queries import governing, postings, returns

Part = choices.Part
# The parts of a letter, each with those that are settled together with it.
WHOLES: Mapping[int, tuple[Part, ...]] = {
    Part.TAX: choices.TAX_PARTS,
    Part.PENALTY: choices.PENALTY_PARTS,
    Part.INTEREST: choices.INTEREST_PARTS,
}


class NoSuchPayoff(Exception):
    """There is no promise of that number."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be paid of a period on a day, by part, in whole cents; below zero is a credit.

    `settled` is what money settled of each part by now; `cost` is None up to the due day.
    """

    kept: returns.Kept
    on: datetime.date
    due: Mapping[int, int]
    settled: Mapping[int, int]
    cost: owing.Owing | None

    @property
    def total_cents(self) -> int:
        """All that is to be paid."""
        return sum(self.due.values())


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """What a promise asks for a part of a period; with what was settled before, its whole cost."""

    starts_on: datetime.date
    return_id: int
    part: int
    cents: int
    settled_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A letter's promise: its total, received by a day, leaves nothing owed of its periods."""

    payoff_id: int
    account_id: int
    promised_on: datetime.date
    good_through: datetime.date
    total_cents: int
    lines: tuple[PromisedLine, ...]

    def whole_cents(self, starts_on: datetime.date, part: int) -> int:
        """Return what a part of a period costs in all under the promise."""
        return sum(
            each.cents + each.settled_cents
            for each in self.lines
            if each.starts_on == starts_on and each.part == part
        )

    def is_for(self, kept: returns.Kept) -> bool:
        """Tell whether the promise was made of this version of a return."""
        return any(each.return_id == kept.return_id for each in self.lines)


def cost_on(
    owed: lateness.Owed, *, on: datetime.date, known_at: datetime.datetime
) -> owing.Owing | None:
    """Return what lateness costs on a day; None up to the due day, when it costs nothing.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    return None if on <= owed.due_on else governing.owing_on(owed, on=on, known_at=known_at)


def forecast(kept: returns.Kept, *, on: datetime.date, known_at: datetime.datetime) -> Forecast:
    """Say what is to be paid of the newest version of a return on a day: today, or to come.

    By the tables as known now, if nothing more is paid before. Raises what `cost_on` raises.
    """
    there = postings.standing(kept.account_id, starts_on=kept.days.starts_on)
    settled = {part: there.settled(*parts) for part, parts in WHOLES.items()}
    cost = cost_on(postings.lateness_of(kept, there=there), on=on, known_at=known_at)
    whole: dict[int, int] = {
        Part.TAX: there.charged(*choices.TAX_PARTS),
        Part.PENALTY: (cost.penalty_cents if cost else 0)
        + there.charged(Part.WAIVED_PENALTY, Part.CIVIL_PENALTY),
        Part.INTEREST: (cost.interest_cents if cost else 0) + there.charged(Part.WAIVED_INTEREST),
    }
    due = {part: cents - settled[part] for part, cents in whole.items()}
    return Forecast(kept, on, due, settled, cost)


def promises(account_id: int, *, starts_on: datetime.date) -> tuple[Promise, ...]:
    """Return the promises made of a period, the first one first."""
    named = models.PayoffLine.objects.filter(starts_on=starts_on, payoff__account_id=account_id)
    rows = models.Payoff.objects.filter(id__in=named.values("payoff")).order_by("id")
    return tuple(_promise(row) for row in rows)


def promise(payoff_id: int) -> Promise:
    """Return a promise. Raises NoSuchPayoff."""
    row = models.Payoff.objects.filter(id=payoff_id).first()
    if row is None:
        raise NoSuchPayoff(f"There is no pay-off letter {payoff_id}.")
    return _promise(row)


def promise_of_waiver(waiver_id: int) -> Promise:
    """Return the promise that something was waived by. Raises NoSuchPayoff."""
    row = models.Payoff.objects.filter(
        id__in=models.Waiver.objects.filter(id=waiver_id).values("payoff")
    ).first()
    if row is None:
        raise NoSuchPayoff(f"Waiver {waiver_id} is of no letter.")
    return _promise(row)


def is_kept(found: Promise) -> bool:
    """Tell whether what a promise asks for was received by its day, and not taken back since."""
    received = 0
    for starts_on in {each.starts_on for each in found.lines}:
        for parts in WHOLES.values():
            settled = postings.settlements(found.account_id, starts_on=starts_on, parts=parts)
            received += sum(cents for day, cents in settled if day <= found.good_through)
    return received >= sum(each.cents + each.settled_cents for each in found.lines)


def _promise(row: models.Payoff) -> Promise:
    lines = models.PayoffLine.objects.filter(payoff_id=row.id).order_by("starts_on", "part")
    return Promise(
        payoff_id=row.id,
        account_id=row.account_id,
        promised_on=row.promised_on,
        good_through=row.good_through,
        total_cents=row.total_cents,
        lines=tuple(
            PromisedLine(
                each.starts_on, each.tax_return_id, each.part, each.cents, each.settled_cents
            )
            for each in lines
        ),
    )

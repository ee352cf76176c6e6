"""Returns as a clerk keys them: for the operation, and as the fields of the page's form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils import timezone

from bench import return_keying_city, returns_city
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations import returns
from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import returns as kept

# Of ten: the two that are late are of businesses that left their last month out.
ZERO, AMENDS = 7, 8
LATE_ON = datetime.date(2026, 10, 26)
MORE_CENTS = 12_345


@dataclass(frozen=True, slots=True)
class Keyed:
    """A return to be keyed, of the business at a place."""

    place: int
    account_id: int

    @property
    def is_late(self) -> bool:
        """Whether it is the return that the business left out."""
        return return_keying_city.is_late(self.place)

    @property
    def starts_on(self) -> datetime.date:
        """The first day of its period."""
        is_past = self.is_late or self.amends
        return return_keying_city.PAST_UNTIL if is_past else return_keying_city.PERIOD

    @property
    def is_zero(self) -> bool:
        """Whether nothing was sold."""
        return self.place % 10 == ZERO

    @property
    def amends(self) -> bool:
        """Whether it replaces the return of the month before: with more, or with less."""
        return self.place % 10 == AMENDS

    @property
    def received_on(self) -> datetime.date:
        """The day it came."""
        return LATE_ON if self.is_late else returns_city.FILED_ON

    @property
    def posting_day(self) -> datetime.date:
        """The day on which the operation posts it; the page posts on the day it is asked."""
        return self.received_on

    @property
    def at(self) -> datetime.datetime:
        """The instant at which the operation keeps it."""
        return datetime.datetime.combine(
            self.received_on, returns_city.AT.timetz(), tzinfo=returns_city.AT.tzinfo
        )

    def lines(self) -> tuple[returns.Line, ...]:
        """Return its lines: another business's each, two of them with a deduction."""
        if self.is_zero:
            return ()
        found = returns_city.returns_of(np.array([self.account_id], dtype=np.int64)).lines_of(0)
        more = MORE_CENTS * (1 if self.place % 20 < 10 else -1) if self.amends else self.place
        return (replace(found[0], gross_cents=found[0].gross_cents + more), *found[1:])

    def came(self) -> filing.Came:
        """Return it as the operation takes it; one that amends was read before it was changed."""
        return filing.Came(
            account_id=self.account_id,
            starts_on=self.starts_on,
            received_on=self.received_on,
            is_electronic=True,
            lines=self.lines(),
            amends_id=self._amends_id(),
        )

    def address(self) -> str:
        """Return the address of its form."""
        number = accounts.account(account_id=self.account_id, as_of=timezone.localdate()).number
        return f"/accounts/{number}/returns/{self.starts_on:%Y-%m-%d}/"

    def form(self) -> Mapping[str, str]:
        """Return the fields of its form as a browser sends them."""
        amends_id = self._amends_id()
        fields = {
            "received_on": self.received_on.isoformat(),
            "is_electronic": "on",
            "do": "zero" if self.is_zero else "amend" if amends_id else "file",
            "amends": str(amends_id or ""),
            "why": "The filer said so" if amends_id else "",
        }
        for number, line in enumerate(self.lines(), start=1):
            fields |= {
                f"region-{number}": line.region,
                f"class-{number}": line.business_class,
                f"gross-{number}": _money(line.gross_cents),
            }
            for place, each in enumerate(line.deductions, start=1):
                fields |= {
                    f"code-{number}-{place}": each.code,
                    f"amount-{number}-{place}": _money(each.cents),
                }
        return fields

    def _amends_id(self) -> int | None:
        if not self.amends:
            return None
        return kept.versions_of(self.account_id, starts_on=self.starts_on)[-1].return_id


def spread(account_ids: Sequence[int], *, count: int, ways: int) -> list[list[Keyed]]:
    """Return for each way as many returns, of businesses spread over the city, each once.

    They come in tens, so that each way has every kind.
    """
    tens = -(-count // 10) * ways
    if tens * 10 > len(account_ids):
        raise SystemExit(f"{tens * 10} returns are to be keyed, of {len(account_ids)} businesses.")
    firsts = [nth * (len(account_ids) // 10) // tens * 10 for nth in range(tens)]
    return [
        [
            Keyed(first + each, account_ids[first + each])
            for first in firsts[way::ways]
            for each in range(10)
        ][:count]
        for way in range(ways)
    ]


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"

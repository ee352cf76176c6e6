"""What an application costs on a day, lateness with it: the lines that charging makes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.licensing.queries import applications, fees, licenses, penalties


@dataclass(frozen=True, slots=True)
class Quote:
    """What an application costs on a day: the same lines that charging makes."""

    fee: fees.Fee
    # None in time, and for a new license.
    penalty: penalties.Penalty | None

    @property
    def total_cents(self) -> int:
        """Fee and penalty."""
        return self.fee.total_cents + (self.penalty.amount_cents if self.penalty else 0)


def quote(
    found: applications.Application, *, on: datetime.date, known_at: datetime.datetime
) -> Quote:
    """Return what an application costs on a day, any penalty for lateness with it.

    Raises fees.FactsAreMissing, fees.NoFee, fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    fee = fees.fee(found.fee_asked, known_at=known_at)
    if found.license_id is None:
        return Quote(fee, None)
    term = licenses.license_of(found.license_id).term
    assert term.ends_before is not None
    return Quote(
        fee,
        penalties.penalty(fee, term_ends_before=term.ends_before, on=on, known_at=known_at),
    )

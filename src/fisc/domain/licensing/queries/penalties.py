"""What a late renewal costs on a day, by the table of penalties of that day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from fisc.domain.licensing import calculations, decision_points
from fisc.domain.licensing.queries import fees
from fisc.domain.rule_tables.calculations import values, wording
from fisc.domain.rule_tables.queries import versions as rule_tables

LATE_PENALTY = "late_penalty"
_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty, the facts it was asked with and the tables that answered."""

    amount_cents: int
    facts: dict[str, values.Value]
    version: rule_tables.LoadedVersion


def penalty(
    fee: fees.Fee, *, term_ends_before: datetime.date, on: datetime.date,
    known_at: datetime.datetime,
) -> Penalty | None:  # fmt: skip
    """Return what renewing on a day costs on top of its fee; None in time.

    `term_ends_before` is of the term that is renewed. Raises rule_tables.NoVersionForDate.
    """
    last_day = term_ends_before - _A_DAY
    if on <= last_day:
        return None
    point = decision_points.LICENSE_PENALTY
    version = rule_tables.in_force(point.name, day=on, known_at=known_at)
    facts = facts_of(fee, last_day=last_day, on=on)
    answer = version.tables.answers(facts)["Late penalty"]
    return Penalty(amount_cents=wording.in_cents(answer), facts=facts, version=version)


def facts_of(
    fee: fees.Fee, *, last_day: datetime.date, on: datetime.date
) -> dict[str, values.Value]:
    """Return what the table of penalties is asked with."""
    own = sum(each.amount_cents for each in fee.lines if each.code.code == "license_fee")
    return {
        "license_type": fee.facts["license_type"],
        "license_fee": Decimal(own).scaleb(-2),
        "all_fees": Decimal(fee.total_cents).scaleb(-2),
        "days_late": Decimal((on - last_day).days),
        "months_late": Decimal(calculations.months_begun(last_day, on)),
        "renewed_on": on,
    }

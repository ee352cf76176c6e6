"""What the city's tables say of a refund: who must approve it, and which debts come first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements import decision_points
from fisc.domain.disbursements.calculations import offsets
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import values
from fisc.domain.rule_tables.queries import versions as rule_tables

PURPOSES = "disbursement purpose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the number of approvals may rest on."""

    purpose: str
    paid_cents: int
    w9_on_file: bool
    was_asked_for: bool
    on: datetime.date

    @property
    def inputs(self) -> dict[str, values.Value]:
        """The same, as the table asks for it."""
        return {
            "purpose": self.purpose,
            "amount": Decimal(self.paid_cents).scaleb(-2),
            "w9_on_file": self.w9_on_file,
            "was_asked_for": self.was_asked_for,
        }


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many must approve; None where it may not be paid, for the reason in `words`."""

    needed: int | None
    words: tuple[str, ...]
    answer: tables.Answered


_DEBTS = """
    select open.item_id, open.account_id, open.code_id, open.due_on, open.open_cents
    from receivables_openitem as open
    where open.account_bucket = any(%(buckets)s::smallint[])
        and open.account_id = any(%(account_ids)s::bigint[])
        and open.kind = 1 and open.open_cents > 0
    order by open.item_id
"""


def approvals(facts: Facts, *, known_at: datetime.datetime, language: str = "en") -> Approvals:
    """Return how many people must approve what is paid. Raises rule_tables.NoVersionForDate."""
    version = rule_tables.in_force(decision_points.APPROVALS.name, day=facts.on, known_at=known_at)
    answer = tables.asked(version, facts.inputs, names=["approvals"])["approvals"]
    needed = int(answer.value) if isinstance(answer.value, Decimal) else None
    return Approvals(needed, tables.said_of(answer, language=language), answer)


def debts(
    *, party_id: int, credit_accounts: Sequence[int], on: datetime.date,
    known_at: datetime.datetime,
) -> tuple[offsets.Debt, ...]:  # fmt: skip
    """Return every open charge of a party and whether a credit of some accounts settles it first.

    Raises rule_tables.NoVersionForDate.
    """
    held = accounts.accounts_of_party(party_id=party_id)
    version = rule_tables.in_force(decision_points.OFFSETS.name, day=on, known_at=known_at)
    with connection.cursor() as cursor:
        cursor.execute(
            _DEBTS,
            {"account_ids": list(held), "buckets": sorted({each % 4096 for each in held})},
        )
        rows = cursor.fetchall()
    found: list[offsets.Debt] = []
    for item_id, account_id, code_id, due_on, open_cents in rows:
        late = offsets.days_past_due(due_on, on=on)
        first = any(
            version.tables.answers(
                {
                    "credit_of": held[credit_account].kind,
                    "debt_of": held[account_id].kind,
                    "same_account": credit_account == account_id,
                    "days_past_due": Decimal(late),
                }
            )["Settled first"]
            is True
            for credit_account in credit_accounts
        )
        found.append(offsets.Debt(item_id, account_id, code_id, due_on, open_cents, late, first))
    return tuple(found)

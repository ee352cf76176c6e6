"""Taking many payments at once: the same spread as one by one, in columns.

For bank files and histories: a payment here has one tender and one account. Payments of one
account are spread in the order of their rows, round after round; the accounts of a round at once.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.payments import calculations, queries
from fisc.domain.payments.operations import bulk_rows
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.idempotency import operations as idempotency

ManyPayments = bulk_rows.ManyPayments
Numbers = bulk_rows.Numbers
TakenMany = bulk_rows.TakenMany

_EPOCH = datetime.date(1970, 1, 1)
_NEVER_DUE = -(10**9)

# In the order of ids, as every writer of open items locks them.
_LOCKED_CHARGES = """
    select open.item_id, open.account_id, open.code_id::bigint,
        coalesce(open.due_on - date '1970-01-01', %(never_due)s)::bigint, open.open_cents
    from (select distinct unnest(%(account_ids)s::bigint[]) as account_id) as named
    join receivables_openitem as open on open.account_bucket = named.account_id %% 4096
        and open.account_id = named.account_id and open.kind = 1 and open.open_cents > 0
    order by open.item_id for update of open
"""


class PaymentsAreOdd(Exception):
    """A row of many payments cannot be taken; nothing of them was."""


@dataclass(slots=True)
class _Parts:
    """What each payment settled, collected round by round; rows are places of payments."""

    payments: list[Numbers] = field(default_factory=list)
    charges: list[Numbers] = field(default_factory=list)
    cents: list[Numbers] = field(default_factory=list)


@transactions.needs_transaction
def take_payments(
    *, key: str, of: bulk_rows.ManyPayments, made_by_id: int | None, made_at: datetime.datetime
) -> bulk_rows.TakenMany:
    """Take payments given as columns, each spread by the city's allocation table, and post them.

    Asked again with the same key and content, takes nothing and returns what the first asking
    became. Raises PaymentsAreOdd, queries.ChargeHasNoPriority, idempotency.KeyUsedForOtherContent.
    """
    asked_sha256 = of.content_sha256()
    first = idempotency.first_result(key=key, content_sha256=asked_sha256)
    if first is not None:
        return bulk_rows.TakenMany(**first)
    generation = code_lists.generation()
    _refuse_odd_rows(of, generation=generation)
    charges = _locked_charges(of.account_ids)
    parts = _spread(of, charges, known_at=made_at, generation=generation)
    taken = bulk_rows.Writer(
        of, made_by_id=made_by_id, made_at=made_at, generation=generation
    ).write(charges, *parts)
    idempotency.keep(
        key=key,
        content_sha256=asked_sha256,
        result={
            "payments": taken.payments,
            "total_cents": taken.total_cents,
            "allocations": taken.allocations,
            "credits": taken.credits,
        },
        made_at=made_at,
    )
    return taken


def _refuse_odd_rows(of: bulk_rows.ManyPayments, *, generation: int) -> None:
    if not len(of.account_ids):
        raise PaymentsAreOdd("There is no payment to take.")
    if (odd := np.flatnonzero(of.amount_cents <= 0)).size:
        raise PaymentsAreOdd(f"Payment {odd[0] + 1} of {len(of.account_ids)} is of nothing.")
    for place, reference in enumerate(of.references or (), start=1):
        if calculations.could_be_a_card_number(reference):
            raise PaymentsAreOdd(
                f"Payment {place} of {len(of.account_ids)} has a reference that looks like the "
                "number of a card. Ask for the file with the references of the processor."
            )
    known = np.array(sorted(queries.tender_kinds(generation=generation)), dtype=np.int64)
    if (odd := np.flatnonzero(~np.isin(of.tender_kind_ids, known))).size:
        raise PaymentsAreOdd(f"Payment {odd[0] + 1} has a tender of no kind the city takes.")


def _locked_charges(account_ids: Numbers) -> bulk_rows.Charges:
    parameters = {"account_ids": account_ids.tolist(), "never_due": _NEVER_DUE}
    names = ("item_ids", "account_ids", "code_ids", "due_on", "left")
    return bulk_rows.Charges(**bulk_copy.read_columns(_LOCKED_CHARGES, parameters, names))


def _spread(
    of: bulk_rows.ManyPayments,
    charges: bulk_rows.Charges,
    *,
    known_at: datetime.datetime,
    generation: int,
) -> tuple[Numbers, Numbers, Numbers]:
    """Return which payment settled which charge, and how much of it."""
    parts = _Parts()
    table = _PriorityTable(of, charges, known_at=known_at, generation=generation)
    for in_round in _rounds(of.account_ids):
        by_account = in_round[np.argsort(of.account_ids[in_round], kind="stable")]
        accounts = of.account_ids[by_account]
        waiting = np.flatnonzero((charges.left > 0) & np.isin(charges.account_ids, accounts))
        payment_of = by_account[np.searchsorted(accounts, charges.account_ids[waiting])]
        priority = table.priorities(charge_rows=waiting, payment_rows=payment_of)
        due_on = charges.due_on[waiting]
        order = np.lexsort(
            (charges.item_ids[waiting], due_on, -priority, charges.account_ids[waiting])
        )
        waiting = waiting[order]
        found = receivables_sums.settled_in_columns(
            payment_accounts=accounts,
            payment_cents=of.amount_cents[by_account],
            charge_accounts=charges.account_ids[waiting],
            charge_cents=charges.left[waiting],
        )
        settled = waiting[found.charge_rows]
        charges.left[settled] -= found.cents
        parts.payments.append(by_account[found.payment_rows])
        parts.charges.append(settled)
        parts.cents.append(found.cents)
    return (
        np.concatenate(parts.payments),
        np.concatenate(parts.charges),
        np.concatenate(parts.cents),
    )


def _rounds(account_ids: Numbers) -> list[Numbers]:
    """Return rows in rounds: the first payment of each account, and so on."""
    order = np.argsort(account_ids, kind="stable")
    ordered = account_ids[order]
    firsts = np.searchsorted(ordered, ordered)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - firsts
    return [np.flatnonzero(rank == nth) for nth in range(int(rank.max()) + 1)]


class _PriorityTable:
    """The city's priorities by received day, charge code and past due, as one array."""

    def __init__(
        self,
        of: bulk_rows.ManyPayments,
        charges: bulk_rows.Charges,
        *,
        known_at: datetime.datetime,
        generation: int,
    ) -> None:
        self.charges = charges
        self.received_on = of.received_on
        self.days, self.day_of_payment = np.unique(of.received_on, return_inverse=True)
        self.codes, self.code_of_charge = np.unique(charges.code_ids, return_inverse=True)
        self.table = np.zeros((len(self.days), len(self.codes), 2), dtype=np.int64)
        words = receivables.chart(generation=generation).codes
        for place, day in enumerate(self.days.tolist()):
            by_code = queries.priorities(
                day=_EPOCH + datetime.timedelta(days=day), known_at=known_at, generation=generation
            )
            for nth, code_id in enumerate(self.codes.tolist()):
                for past_due in (False, True):
                    if (code_id, past_due) not in by_code:
                        raise queries.ChargeHasNoPriority(
                            f"The allocation table gives no priority for {words.get(code_id)}."
                        )
                    self.table[place, nth, int(past_due)] = by_code[code_id, past_due]

    def priorities(self, *, charge_rows: Numbers, payment_rows: Numbers) -> Numbers:
        due_on = self.charges.due_on[charge_rows]
        is_late = (due_on < self.received_on[payment_rows]) & (due_on != _NEVER_DUE)
        found: Numbers = self.table[
            self.day_of_payment[payment_rows],
            self.code_of_charge[charge_rows],
            is_late.astype(np.int64),
        ]
        return found

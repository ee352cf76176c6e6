"""Settling charges with credits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.receivables import calculations, choices
from fisc.domain.receivables.operations import charges, writing
from fisc.plumbing import transactions

Line = ledger.Line
Origin = calculations.Origin
Part = calculations.Part
Written = calculations.Written


class NotEnoughOpen(Exception):
    """More was to be applied than a credit or a charge has open."""


@transactions.needs_transaction
def apply_credit(*, credit_item_id: int, parts: Sequence[Part], origin: Origin) -> Written:
    """Settle charges with an open credit of the same account: one entry.

    Raises NotEnoughOpen, ItemIsNotACharge.
    """
    locked = writing.locked_items([credit_item_id, *(part.charge.item_id for part in parts)])
    credit = locked[credit_item_id]
    lines: list[Line] = []
    applied: list[calculations.Applied] = []
    for part in parts:
        charge = locked[part.charge.item_id]
        if charge.kind != choices.ItemKind.CHARGE or charge.account_id != credit.account_id:
            raise charges.ItemIsNotACharge(
                f"Item {charge.item_id} is no charge of the credit's account."
            )
        lines.extend(writing.lines_of_applying(charge, part.cents))
        applied.append(
            calculations.Applied(
                account_id=charge.account_id,
                item_id=charge.item_id,
                credit_id=credit_item_id,
                credit_ordinal=None,
                cents=part.cents,
            )
        )
    settled = Counter({part.charge.item_id: part.cents for part in parts})
    settled[credit_item_id] += sum(part.cents for part in parts)
    if wanting := [each for each, cents in settled.items() if cents > locked[each].open_cents]:
        raise NotEnoughOpen(f"Items {wanting} have less open than was to be applied.")
    kind = ledger_choices.EntryKind.CREDIT_APPLIED
    return writing.write(kind=kind, lines=lines, origin=origin, applied=applied, settled=settled)

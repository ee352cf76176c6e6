"""Charging and crediting accounts, and taking charges back."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.receivables import calculations, choices, queries
from fisc.domain.receivables.operations import writing
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

Charge = calculations.Charge
Line = ledger.Line
Origin = calculations.Origin
Written = calculations.Written


class NothingToCharge(Exception):
    """A charge, credit or adjustment of nothing was asked for."""


class ItemIsNotACharge(Exception):
    """Only a charge of this account that was not reversed before can be reversed."""


@transactions.needs_transaction
def add_charges(*, charges: Sequence[Charge], origin: Origin) -> Written:
    """Charge accounts: one entry, one item a charge.

    Raises NothingToCharge, CodeMovesNoGL.
    """
    lines: list[Line] = []
    for charge in charges:
        _refuse_nothing(charge)
        receivable, revenue = writing.gl_ids_of(charge.code_id)
        lines.append(Line(receivable, charge.amount_cents, charge.account_id))
        lines.append(Line(revenue, -charge.amount_cents))
    items = [
        calculations.NewItem(
            charge=charge, kind=choices.ItemKind.CHARGE, open_cents=charge.amount_cents
        )
        for charge in charges
    ]
    return writing.write(
        kind=ledger_choices.EntryKind.CHARGE, lines=lines, origin=origin, items=items
    )


@transactions.needs_transaction
def add_credits(*, credits_: Sequence[Charge], origin: Origin) -> Written:
    """Credit accounts against the revenue of a code: one entry, one open credit each.

    Raises NothingToCharge, CodeMovesNoGL.
    """
    unapplied = queries.chart().unapplied_gl_id
    lines: list[Line] = []
    for credit in credits_:
        _refuse_nothing(credit)
        _, revenue = writing.gl_ids_of(credit.code_id)
        lines.append(Line(revenue, credit.amount_cents))
        lines.append(Line(unapplied, -credit.amount_cents, credit.account_id))
    items = [
        calculations.NewItem(
            charge=credit, kind=choices.ItemKind.CREDIT, open_cents=credit.amount_cents
        )
        for credit in credits_
    ]
    kind = ledger_choices.EntryKind.ADJUSTMENT
    return writing.write(kind=kind, lines=lines, origin=origin, items=items)


@transactions.starts_transaction
def adjust(
    *,
    account_id: int,
    code_id: int,
    amount_cents: int,
    posting_day: datetime.date,
    reason: str,
    made_by_id: int,
    made_at: datetime.datetime,
    due_on: datetime.date | None = None,
) -> Written:
    """Add a charge (more than zero) or a credit (less) that a clerk gives a reason for.

    Raises NothingToCharge, CodeMovesNoGL.
    """
    action_id = action_log.record(
        user_id=made_by_id,
        verb="adjust",
        subject_kind="account",
        subject_id=account_id,
        why=reason,
        detail={"code_id": code_id, "amount_cents": amount_cents},
        at=made_at,
    )
    origin = Origin(
        posting_day=posting_day,
        source_kind=ledger_choices.SourceKind.ADJUSTMENT,
        source_id=action_id,
        made_by_id=made_by_id,
        made_at=made_at,
    )
    item = Charge(
        account_id=account_id,
        code_id=code_id,
        amount_cents=abs(amount_cents),
        arises_on=posting_day,
        due_on=due_on if amount_cents > 0 else None,
    )
    if amount_cents < 0:
        return add_credits(credits_=[item], origin=origin)
    return add_charges(charges=[item], origin=origin)


@transactions.needs_transaction
def reverse_charge(*, item_id: int, origin: Origin) -> Written:
    """Take a charge back by a credit that names it. Raises ItemIsNotACharge."""
    return reverse_charges(item_ids=[item_id], origin=origin)


@transactions.needs_transaction
def reverse_charges(*, item_ids: Sequence[int], origin: Origin) -> Written:
    """Take charges back: one entry, and for each a credit of its amount that names it.

    A credit settles what its charge has open; what had been paid stays as an open credit.
    Raises ItemIsNotACharge.
    """
    locked = writing.locked_items(item_ids)
    lines: list[Line] = []
    items: list[calculations.NewItem] = []
    applied: list[calculations.Applied] = []
    unapplied = queries.chart().unapplied_gl_id
    for item_id in item_ids:
        charge = locked[item_id]
        if charge.kind != choices.ItemKind.CHARGE or charge.is_reversed:
            raise ItemIsNotACharge(f"Item {item_id} is no charge, or was reversed before.")
        _, revenue = writing.gl_ids_of(charge.code_id)
        lines.append(Line(revenue, charge.amount_cents))
        lines.append(Line(unapplied, -charge.amount_cents, charge.account_id))
        items.append(_credit_reversing(charge, origin=origin))
        if charge.open_cents:
            lines.extend(writing.lines_of_applying(charge, charge.open_cents))
            applied.append(
                calculations.Applied(
                    account_id=charge.account_id,
                    item_id=item_id,
                    credit_id=None,
                    credit_ordinal=len(items),
                    cents=charge.open_cents,
                )
            )
    settled = Counter({each: cents for each in item_ids if (cents := locked[each].open_cents)})
    kind = ledger_choices.EntryKind.REVERSAL
    return writing.write(
        kind=kind, lines=lines, origin=origin, items=items, applied=applied, settled=settled
    )


def _credit_reversing(charge: calculations.LockedItem, *, origin: Origin) -> calculations.NewItem:
    return calculations.NewItem(
        charge=Charge(
            account_id=charge.account_id,
            code_id=charge.code_id,
            amount_cents=charge.amount_cents,
            arises_on=origin.posting_day,
            due_on=None,
        ),
        kind=choices.ItemKind.CREDIT,
        open_cents=charge.amount_cents - charge.open_cents,
        reverses_id=charge.item_id,
    )


def _refuse_nothing(charge: Charge) -> None:
    if charge.amount_cents <= 0:
        raise NothingToCharge(
            f"Account {charge.account_id}: {charge.amount_cents} cents is no amount to charge or "
            "credit. Enter more than zero."
        )

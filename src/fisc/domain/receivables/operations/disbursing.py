"""Using open credits up for what the city pays out, and for debts of the same payee elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.receivables import calculations, choices
from fisc.domain.receivables.operations import charges, credits, writing
from fisc.plumbing import transactions

Line = ledger.Line
Origin = calculations.Origin
Written = calculations.Written


class Cents(NamedTuple):
    """An amount of an item that is there already."""

    item_id: int
    cents: int


class Borne(NamedTuple):
    """Interest of a credit: credited to its account under a code of its own, and taken whole."""

    account_id: int
    code_id: int
    cents: int


class ItemIsNotACredit(Exception):
    """Only an open credit can be paid out."""


@transactions.needs_transaction
def disburse(
    *, taken: Sequence[Cents], settles: Sequence[Cents], code_id: int, origin: Origin,
    borne: Sequence[Borne] = (),
) -> Written:  # fmt: skip
    """Take open credits, settle charges with them, and owe the rest by the GL of a charge code.

    What is taken of a credit is charged to its account under the code and settled by the credit, so
    that a payment that comes back later opens that charge again. A charge of any account is
    settled by a credit under the code. What the credits bore is an expense of its own code, taken
    as they are. One entry moves only what is left: unapplied credit, receivables, and what the
    liability is of. Raises ItemIsNotACredit, ItemIsNotACharge, NotEnoughOpen, CodeMovesNoGL.
    """
    locked = writing.locked_items(each.item_id for each in (*taken, *settles))
    _refuse_wrong(locked, taken=taken, settles=settles)
    receivable, payable = writing.gl_ids_of(code_id)
    lines, items = list[Line](), list[calculations.NewItem]()
    applied = list[calculations.Applied]()
    for credit, cents in ((locked[each.item_id], each.cents) for each in taken):
        items.append(_new(credit.account_id, cents, choices.ItemKind.CHARGE, code_id, origin))
        lines += [Line(receivable, cents, credit.account_id), Line(payable, -cents)]
        lines += writing.lines_of_applying_to(receivable, cents, credit.account_id)
        applied.append(
            calculations.Applied(
                account_id=credit.account_id,
                item_id=None,
                charge_ordinal=len(items),
                credit_id=credit.item_id,
                credit_ordinal=None,
                cents=cents,
            )
        )
    for each in borne:
        lines += _add_borne(each, items, applied, code_id=code_id, origin=origin)
    for charge, cents in ((locked[each.item_id], each.cents) for each in settles):
        items.append(_new(charge.account_id, cents, choices.ItemKind.CREDIT, code_id, origin))
        lines += writing.lines_of_crediting(payable, cents, charge.account_id)
        lines += writing.lines_of_applying(charge, cents)
        applied.append(
            calculations.Applied(
                account_id=charge.account_id,
                item_id=charge.item_id,
                credit_id=None,
                credit_ordinal=len(items),
                cents=cents,
            )
        )
    return writing.write(
        kind=ledger_choices.EntryKind.DISBURSEMENT, lines=lines, origin=origin, items=items,
        applied=applied, settled=Counter(dict([*taken, *settles])),
    )  # fmt: skip


def _add_borne(
    interest: Borne, items: list[calculations.NewItem], applied: list[calculations.Applied], *,
    code_id: int, origin: Origin,
) -> list[Line]:  # fmt: skip
    """Add interest as a credit, and the charge that takes it; return what both move."""
    of = interest.account_id
    items += [
        _new(of, interest.cents, choices.ItemKind.CREDIT, interest.code_id, origin),
        _new(of, interest.cents, choices.ItemKind.CHARGE, code_id, origin),
    ]
    applied.append(
        calculations.Applied(
            account_id=of,
            item_id=None,
            charge_ordinal=len(items),
            credit_id=None,
            credit_ordinal=len(items) - 1,
            cents=interest.cents,
        )
    )
    receivable, payable = writing.gl_ids_of(code_id)
    _, expense = writing.gl_ids_of(interest.code_id)
    return [
        *writing.lines_of_crediting(expense, interest.cents, of),
        Line(receivable, interest.cents, of),
        Line(payable, -interest.cents),
        *writing.lines_of_applying_to(receivable, interest.cents, of),
    ]


def _new(
    account_id: int, cents: int, kind: choices.ItemKind, code_id: int, origin: Origin
) -> calculations.NewItem:
    """Return an item that is settled, or spent, by the entry that makes it."""
    return calculations.NewItem(
        charge=calculations.Charge(
            account_id=account_id,
            code_id=code_id,
            amount_cents=cents,
            arises_on=origin.posting_day,
            due_on=origin.posting_day if kind == choices.ItemKind.CHARGE else None,
        ),
        kind=kind,
        open_cents=0,
    )


def _refuse_wrong(
    locked: dict[int, calculations.LockedItem],
    *,
    taken: Sequence[Cents],
    settles: Sequence[Cents],
) -> None:
    for item_id, cents in taken:
        if locked[item_id].kind != choices.ItemKind.CREDIT or cents <= 0:
            raise ItemIsNotACredit(f"Item {item_id} is no credit that something can be paid of.")
    for item_id, cents in settles:
        if locked[item_id].kind != choices.ItemKind.CHARGE or cents <= 0:
            raise charges.ItemIsNotACharge(f"Item {item_id} is no charge that can be settled.")
    wanting = [
        item_id for item_id, cents in (*taken, *settles) if cents > locked[item_id].open_cents
    ]
    if wanting:
        raise credits.NotEnoughOpen(f"Items {wanting} have less open than was to be applied.")

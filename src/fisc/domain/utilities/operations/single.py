"""One bill at a time: billed, cancelled, billed again, released. The same path as a cycle's."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection

from fisc.domain.accounts.operations import rows as accounts
from fisc.domain.disbursements.queries import credits as disbursements
from fisc.domain.ledger import choices as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.receivables import choices as receivables_choices
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import charges, credits, shares
from fisc.domain.utilities import choices, models
from fisc.domain.utilities.calculations.facts import NONE
from fisc.domain.utilities.operations import calculation, issue
from fisc.domain.utilities.queries import calculating, facts, previews
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.action_log import operations as action_log


class CannotBeBilled(Exception):
    """An account has nothing to bill, or its bill cannot be calculated or is held."""


class CannotBeCancelled(Exception):
    """A bill was cancelled before, or a later bill of the account builds on it."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, when, on whose books, and why."""

    user_id: int | None
    at: datetime.datetime
    posting_day: datetime.date
    why: str


@dataclass(frozen=True, slots=True)
class Rebilled:
    """A bill billed again: the new bill and what moved the old one's payments to it."""

    bill_id: int
    cancelled_entry_id: int
    applied_cents: int


@transactions.starts_transaction
def bill_account(*, account_id: int, by: By) -> int:
    """Calculate and issue an account's next bill now; returns the bill's id.

    Raises CannotBeBilled, previews.NothingToBill, rule_tables.NoVersionForDate.
    """
    _lock_account(account_id)
    scope = previews.scope_of(account_id=account_id, bill_day=by.posting_day)
    return _bill(scope, by=by)


@transactions.starts_transaction
def release_held_bill(*, held_id: int, by: By) -> int:
    """Issue a bill that the bill-edit table held, because a person looked at it.

    Returns the bill's id. Raises CannotBeBilled.
    """
    return release(held_id=held_id, by=by)


@transactions.needs_transaction
def release(*, held_id: int, by: By) -> int:
    """Issue a held bill as a part of something; does what `release_held_bill` does."""
    held = _still_held(held_id)
    _lock_account(held.account_id)
    scope = previews.released_scope(
        account_id=held.account_id, held_on=held.bill_day, bill_day=by.posting_day
    )
    bill_id = _bill(scope, by=by, is_released=True)
    models.HeldBill.objects.filter(id=held_id).update(
        status=choices.HeldStatus.RELEASED, settled_why=by.why
    )
    _log("release held bill", bill_id, by=by)
    return bill_id


@transactions.needs_transaction
def drop(*, held_id: int, by: By) -> None:
    """Let a held bill never go out: its days and usage wait for the account's next bill.

    Nothing was posted, so nothing is reversed. Raises CannotBeBilled when it was settled before.
    """
    _still_held(held_id)
    models.HeldBill.objects.filter(id=held_id).update(
        status=choices.HeldStatus.DROPPED, settled_why=by.why
    )
    action_log.record(
        user_id=by.user_id,
        verb="drop held bill",
        subject_kind="held bill",
        subject_id=held_id,
        why=by.why,
        detail={},
        at=by.at,
    )


@transactions.starts_transaction
def cancel_bill(*, bill_id: int, by: By) -> int:
    """Take a bill's charges back by a reversal that names it; returns the reversal's entry.

    What was paid on it becomes the account's credit. Raises CannotBeCancelled.
    """
    return _cancel(bill_id=bill_id, by=by)


@transactions.starts_transaction
def rebill(*, bill_id: int, by: By) -> Rebilled:
    """Cancel a bill, bill its period again and settle the new bill with what was paid.

    Raises CannotBeCancelled, CannotBeBilled.
    """
    old = models.Bill.objects.get(id=bill_id)
    entry_id = _cancel(bill_id=bill_id, by=by)
    scope = previews.scope_of(
        account_id=old.account_id, bill_day=by.posting_day, read_day=old.ends_before
    )
    scope = replace(
        scope, cycle_id=old.cycle_id, reads_through=old.ends_before, rebilled_id=bill_id
    )
    new_id = _bill(scope, by=by, is_released=True, rebills_id=bill_id)
    applied = _settle_with_credits(account_id=old.account_id, bill_id=new_id, by=by)
    return Rebilled(bill_id=new_id, cancelled_entry_id=entry_id, applied_cents=applied)


def _still_held(held_id: int) -> models.HeldBill:
    held = models.HeldBill.objects.select_for_update().get(id=held_id)
    if held.status != choices.HeldStatus.HELD:
        raise CannotBeBilled(f"This bill was {held.status} before: {held.settled_why}")
    return held


def _lock_account(account_id: int) -> None:
    # Two bills of one account at once would bill the same period twice.
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_account where subledger_id = %s for no key update", [account_id]
        )


def _bill(
    scope: facts.Scope, *, by: By, is_released: bool = False, rebills_id: int | None = None
) -> int:
    outcome = calculating.calculate(scope, known_at=by.at)
    calculated = outcome.calculated
    if calculated is None or outcome.rates is None:
        reasons = "; ".join(each.reason for each in outcome.not_ready)
        raise CannotBeBilled(reasons or "Nothing is due for a bill since the last one.")
    unfit = calculation.unfit(calculated, charges=len(outcome.rates.charges))
    if unfit:
        raise CannotBeBilled("; ".join(unfit.values()))
    if calculated.hold[0] != NONE and not is_released:
        reason = calculated.hold_texts[int(calculated.hold[0])]
        raise CannotBeBilled(
            f"The bill of {calculated.total_cents[0]} cents is held: {reason}. Release it."
        )
    pack = calculation.make_pack(
        calculated,
        rates_asked=outcome.rates,
        kept=np.ones(1, dtype=np.bool_),
        scope=scope,
        of=None,
        made_at=by.at,
    )
    bill_ids = issue.write(
        pack,
        ids=lambda table, count: bulk_copy.drawn_ids(table=table, count=count),
        first_number=accounts.draw_numbers(name=issue.BILL_COUNTER, count=1),
        marks=issue.Marks(
            cycle_id=scope.cycle_id,
            bill_day=scope.bill_day,
            posting_day=by.posting_day,
            at=by.at,
            made_by_id=by.user_id,
            rebills_id=rebills_id,
        ),
    )
    return int(bill_ids[0])


def _cancel(*, bill_id: int, by: By) -> int:
    bill = models.Bill.objects.get(id=bill_id)
    _lock_account(bill.account_id)
    _refuse_cancelling(bill)
    items = receivables.items_of_source(
        account_id=bill.account_id, source_kind=ledger.SourceKind.BILL, source_id=bill_id
    )
    written = charges.reverse_charges(
        item_ids=[item.item_id for item in items], origin=_origin(bill_id, by=by)
    )
    models.BillCancellation.objects.create(
        bill_id=bill_id,
        entry_id=written.entry_id,
        posting_day=by.posting_day,
        why=by.why,
        cancelled_at=by.at,
        cancelled_by_id=by.user_id,
    )
    _log("cancel bill", bill_id, by=by)
    return written.entry_id


def _refuse_cancelling(bill: models.Bill) -> None:
    if models.BillCancellation.objects.filter(bill_id=bill.id).exists():
        raise CannotBeCancelled(f"Bill {bill.number} was cancelled before.")
    later = models.Bill.objects.filter(
        account_bucket=bill.account_bucket,
        account_id=bill.account_id,
        starts_on__gte=bill.ends_before,
    ).exclude(id__in=models.BillCancellation.objects.values("bill_id"))
    if first := later.order_by("starts_on").first():
        raise CannotBeCancelled(
            f"Bill {first.number} bills the period after it. Cancel that one first."
        )


def _origin(bill_id: int, *, by: By) -> receivables_sums.Origin:
    return receivables_sums.Origin(
        posting_day=by.posting_day,
        source_kind=ledger.SourceKind.BILL_CANCELLATION,
        source_id=bill_id,
        made_by_id=by.user_id,
        made_at=by.at,
    )


def _settle_with_credits(*, account_id: int, bill_id: int, by: By) -> int:
    """Settle the charges of a bill with the account's credits, in the city's order."""
    shares.lock_open_items(account_ids=[account_id])
    items = receivables.open_items(account_id)
    open_credits = [each for each in items if each.kind == receivables_choices.ItemKind.CREDIT]
    reserved = disbursements.reserved(each.item_id for each in open_credits)
    open_charges = [
        receivables_sums.OpenCharge(
            each.item_id, account_id, each.code_id, each.due_on, each.open_cents
        )
        for each in items
        if each.source_kind == ledger.SourceKind.BILL and each.source_id == bill_id
    ]
    waiting = receivables_sums.in_order(
        open_charges, priority=payments.priority_on(day=by.posting_day, known_at=by.at)
    )
    applied = 0
    for credit in open_credits:
        free_cents = max(credit.open_cents - reserved.get(credit.item_id, 0), 0)
        parts = receivables_sums.settled_by(free_cents, charges=waiting)
        if not parts:
            continue
        credits.apply_credit(
            credit_item_id=credit.item_id, parts=parts, origin=_origin(bill_id, by=by)
        )
        settled = {part.charge.item_id: part.cents for part in parts}
        applied += sum(settled.values())
        waiting = [
            charge._replace(open_cents=charge.open_cents - settled.get(charge.item_id, 0))
            for charge in waiting
            if charge.open_cents > settled.get(charge.item_id, 0)
        ]
    return applied


def _log(verb: str, bill_id: int, *, by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="bill",
        subject_id=bill_id,
        why=by.why,
        detail={},
        at=by.at,
    )

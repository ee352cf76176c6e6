"""Approving, rejecting, withdrawing, cancelling and paying requisitions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

from fisc.basics import money
from fisc.domain.disbursements import choices, models
from fisc.domain.disbursements.calculations import offsets
from fisc.domain.disbursements.operations import checking
from fisc.domain.disbursements.queries import guards, policies, requisitions
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.receivables import calculations as receivable_sums
from fisc.domain.receivables.operations import charges, credits, disbursing
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

_KIND = choices.EventKind
# As the walls have it: disbursements_event_added in 0002_disbursements_walls.
_LOCK = "select pg_advisory_xact_lock(hashtext('disbursements_requisition'), hashint8(%s))"


class MustBeAnother(Exception):
    """Who prepared or approved a requisition would decide it again."""


class NotNow(Exception):
    """A requisition is not in the state that this needs."""


class ReasonIsMissing(Exception):
    """A requisition was to be stopped without a reason, or paid by nothing."""


class BooksHaveMoved(Exception):
    """What was prepared can no longer be posted as it was prepared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who decides, on which posting day, when and why."""

    user_id: int
    on: datetime.date
    at: datetime.datetime
    why: str = ""


@transactions.starts_transaction
def approve(*, number: int, by: By) -> str:
    """Approve a requisition and return its new state; the last approval needed posts it.

    Whoever asks twice is told the state once more. Raises NoSuchRequisition, MustBeAnother, NotNow,
    BooksHaveMoved, ledger.DayIsSealed.
    """
    found = _locked(number)
    if by.user_id in found.approved_by:
        if found.waits:
            raise MustBeAnother(
                f"You approved requisition {number} already. Another person approves it next."
            )
        return found.state
    _refuse_unless_waiting(found)
    if by.user_id == found.prepared_by_id:
        raise MustBeAnother(
            f"You prepared requisition {number}. Another person approves or rejects it."
        )
    if len(found.approved_by) + 1 < found.approvals_needed:
        return _add(found, _KIND.APPROVED_ONCE, by)
    entry_id = _post(found, by)
    _end(found)
    return _add(found, _KIND.APPROVED, by, entry_id=entry_id)


@transactions.starts_transaction
def reject(*, number: int, by: By) -> str:
    """Refuse a requisition; its credits are free again.

    Raises NoSuchRequisition, MustBeAnother, NotNow, ReasonIsMissing.
    """
    found = _locked(number)
    if _was_done(found, _KIND.REJECTED, by):
        return found.state
    _refuse_unless_waiting(found)
    if by.user_id == found.prepared_by_id:
        raise MustBeAnother(
            f"You prepared requisition {number}. Withdraw it; another person rejects it."
        )
    _refuse_without(by.why, "Say why it is rejected; the preparer reads it.")
    _end(found)
    return _add(found, _KIND.REJECTED, by)


@transactions.starts_transaction
def withdraw(*, number: int, by: By) -> str:
    """Take one's own requisition back; its credits are free again.

    Raises NoSuchRequisition, MustBeAnother, NotNow, ReasonIsMissing.
    """
    found = _locked(number)
    if _was_done(found, _KIND.WITHDRAWN, by):
        return found.state
    _refuse_unless_waiting(found)
    if by.user_id != found.prepared_by_id:
        raise MustBeAnother(
            f"Requisition {number} was prepared by another person. Only they withdraw it; you "
            "may reject it."
        )
    _refuse_without(by.why, "Say why it is withdrawn.")
    _end(found)
    return _add(found, _KIND.WITHDRAWN, by)


@transactions.starts_transaction
def cancel(*, number: int, by: By) -> str:
    """Take an approved requisition back before it is paid: what it pays is open credit again.

    Debts that it settled stay settled. Raises NoSuchRequisition, NotNow, ReasonIsMissing,
    ledger.DayIsSealed.
    """
    found = _locked(number)
    if _was_done(found, _KIND.CANCELLED, by):
        return found.state
    _refuse_unless_payable(found)
    _refuse_without(by.why, "Say why it is cancelled.")
    taken = [
        *((each.account_id, each.amount_cents) for each in found.sources),
        *((each.account_id, each.amount_cents) for each in found.interest),
    ]
    written = charges.add_credits(
        credits_=[
            receivable_sums.Charge(
                account_id=account_id,
                code_id=found.charge_id,
                amount_cents=cents,
                arises_on=by.on,
                due_on=None,
            )
            for account_id, cents in offsets.given_back(found.paid_cents, taken=taken)
        ],
        origin=_origin(found, by),
    )
    return _add(found, _KIND.CANCELLED, by, entry_id=written.entry_id)


@transactions.starts_transaction
def mark_paid(*, number: int, reference: str, by: By) -> str:
    """Record the check or transfer by which the city's finance system paid a requisition.

    Raises NoSuchRequisition, NotNow, ReasonIsMissing.
    """
    found = _locked(number)
    if found.state == _KIND.PAID and found.events[-1].reference == reference:
        return found.state
    _refuse_unless_payable(found)
    _refuse_without(reference, "Enter the number of the check or transfer.")
    return _add(found, _KIND.PAID, by, reference=reference)


def _locked(number: int) -> requisitions.Requisition:
    """Lock a requisition, so that two people decide one after the other, and return it."""
    found = requisitions.requisition(number)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [found.id])
    return requisitions.requisition(number)


def _was_done(found: requisitions.Requisition, kind: choices.EventKind, by: By) -> bool:
    """Tell whether this very person did this very thing before: asked twice, done once."""
    last = found.events[-1]
    return last.kind == kind and last.by_id == by.user_id


def _refuse_unless_waiting(found: requisitions.Requisition) -> None:
    if not found.waits:
        raise NotNow(f"Requisition {found.number} is {found.state}; nothing is left to decide.")


def _refuse_unless_payable(found: requisitions.Requisition) -> None:
    if found.state != _KIND.APPROVED:
        raise NotNow(f"Requisition {found.number} is {found.state}, not approved and unpaid.")
    if not found.paid_cents:
        raise NotNow(f"Requisition {found.number} settled debts with all of it; it pays nothing.")


def _refuse_without(words: str, what_to_do: str) -> None:
    if not words.strip():
        raise ReasonIsMissing(what_to_do)


def _post(found: requisitions.Requisition, by: By) -> int:
    """Use the credits up in the books, exactly as they were approved."""
    for account_id, number in {(each.account_id, each.account_number) for each in found.sources}:
        for hold in checking.refund_holds(account_id, on=by.on):
            raise BooksHaveMoved(
                f"Account {number} has a hold on refunds since {hold.starts_on}: {hold.why}. End "
                "the hold, or reject the requisition."
            )
    _refuse_guarded(found, by)
    _refuse_new_debts(found, by)
    try:
        written = disbursing.disburse(
            taken=[disbursing.Cents(each.credit_item_id, each.amount_cents)
                for each in found.sources],
            settles=[disbursing.Cents(each.charge_item_id, each.amount_cents)
                for each in found.offsets],
            borne=[disbursing.Borne(each.account_id, each.code_id, each.amount_cents)
                for each in found.interest],
            code_id=found.charge_id,
            origin=_origin(found, by),
        )  # fmt: skip
    except credits.NotEnoughOpen as problem:
        raise BooksHaveMoved(
            f"Requisition {found.number} was prepared from credits or debts that were settled "
            "since. Reject it, and have it prepared again from what is open now."
        ) from problem
    return written.entry_id


def _refuse_guarded(found: requisitions.Requisition, by: By) -> None:
    """Refuse to post what other subjects have something against by now."""
    problems = [
        words
        for account_id in sorted({each.account_id for each in found.sources})
        for words in guards.said(
            guards.Asked(
                account_id=account_id,
                credit_item_ids=tuple(
                    each.credit_item_id for each in found.sources if each.account_id == account_id
                ),
                on=by.on,
                known_at=by.at,
                language="en",
            )
        )
    ]
    if problems:
        raise BooksHaveMoved(" ".join((*problems, "Put that right, or reject the requisition.")))


def _refuse_new_debts(found: requisitions.Requisition, by: By) -> None:
    """Refuse to pay out what the table brings to debts that were not there when it was prepared."""
    debts = policies.debts(
        party_id=found.party_id,
        credit_accounts=sorted({each.account_id for each in found.sources}),
        on=by.on,
        known_at=by.at,
    )
    settles = {each.charge_item_id: each.amount_cents for each in found.offsets}
    left = sum(
        max(part.cents - settles.get(part.debt.item_id, 0), 0)
        for part in offsets.settled(found.taken_cents, debts=debts)
        if part.debt.settled_first
    )
    if left:
        raise BooksHaveMoved(
            f"Since requisition {found.number} was prepared, ${money.formatted(left)} more of the "
            "payee's debts comes first. Reject it, and have it prepared again: it then settles "
            "them."
        )


def _origin(found: requisitions.Requisition, by: By) -> receivable_sums.Origin:
    return receivable_sums.Origin(
        posting_day=by.on,
        source_kind=ledger_choices.SourceKind.DISBURSEMENT,
        source_id=found.id,
        made_by_id=by.user_id,
        made_at=by.at,
    )


def _end(found: requisitions.Requisition) -> None:
    models.Source.objects.filter(requisition_id=found.id).update(is_living=False)


def _add(
    found: requisitions.Requisition,
    kind: choices.EventKind,
    by: By,
    *,
    entry_id: int | None = None,
    reference: str = "",
) -> str:
    models.Event.objects.create(
        requisition_id=found.id,
        number=len(found.events) + 1,
        kind=kind,
        by_id=by.user_id,
        on=by.on,
        at=by.at,
        why=by.why,
        reference=reference,
        entry_id=entry_id,
    )
    action_log.record(
        user_id=by.user_id,
        verb=str(kind.value),
        subject_kind="requisition",
        subject_id=found.number,
        why=by.why,
        detail={"paid_cents": found.paid_cents, "reference": reference},
        at=by.at,
    )
    return str(kind.value)

"""Carrying open credits forward to the next charge by a choice, and offering them again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import choices, models
from fisc.domain.disbursements.operations import interest_rows, preparing
from fisc.domain.disbursements.queries import bearing, credits
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.receivables import calculations as receivable_sums
from fisc.domain.receivables.operations import charges, writing
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

_KIND = choices.StandingKind


@transactions.starts_transaction
def carry(
    *,
    credit_item_ids: Sequence[int],
    on: datetime.date,
    by_id: int,
    at: datetime.datetime,
    why: str,
) -> None:
    """Have credits wait for their account's next charge: they are not offered for a refund.

    That ends when something is spent of one, or by `offer`. Whoever asks twice changes nothing.
    Raises preparing.CannotBePrepared, receivables.NoSuchItem.
    """
    _decide(_KIND.CARRIED, credit_item_ids, on=on, by_id=by_id, at=at, why=why)


@transactions.starts_transaction
def offer(
    *,
    credit_item_ids: Sequence[int],
    on: datetime.date,
    by_id: int,
    at: datetime.datetime,
    why: str,
) -> None:
    """Offer credits that are carried forward for a refund again.

    Whoever asks twice changes nothing. Raises preparing.CannotBePrepared, receivables.NoSuchItem.
    """
    _decide(_KIND.OFFERED, credit_item_ids, on=on, by_id=by_id, at=at, why=why)


def _decide(
    kind: choices.StandingKind, credit_item_ids: Sequence[int], *, on: datetime.date, by_id: int,
    at: datetime.datetime, why: str,
) -> None:  # fmt: skip
    if not why.strip():
        raise preparing.CannotBePrepared(["Say why, in a few words."])
    locked = writing.locked_items(credit_item_ids)
    found = {
        each.item_id: each
        for each in credits.open_credits(
            account_ids=sorted({each.account_id for each in locked.values()})
        )
    }
    problems = _problems(kind, locked, found)
    if problems or not locked:
        raise preparing.CannotBePrepared(problems or ["Nothing is named. Choose a credit."])
    for item_id in locked:
        if (found[item_id].carried_on is not None) == (kind == _KIND.CARRIED):
            continue
        interest = _borne(locked[item_id], on=on, at=at) if kind == _KIND.CARRIED else ()
        last = models.Standing.objects.filter(credit_item_id=item_id).aggregate(Max("number"))
        standing = models.Standing.objects.create(
            credit_item_id=item_id,
            number=(last["number__max"] or 0) + 1,
            kind=kind,
            open_cents=found[item_id].open_cents,
            by_id=by_id,
            on=on,
            at=at,
            why=why,
        )
        action_id = action_log.record(
            user_id=by_id,
            verb=str(kind.value),
            subject_kind="credit",
            subject_id=item_id,
            why=why,
            detail={
                "open_cents": found[item_id].open_cents,
                "interest_cents": sum(each.cents for each in interest),
            },
            at=at,
        )
        if interest:
            interest_rows.keep(interest, standing_id=standing.id)
            _credit(interest, action_id=action_id, on=on, by_id=by_id, at=at)


def _problems(
    kind: choices.StandingKind, item_ids: Iterable[int], found: Mapping[int, credits.OpenCredit]
) -> list[str]:
    return [
        f"Credit {item_id} is asked for in requisition {found[item_id].asked_in}. Decide or "
        "withdraw that one first."
        if item_id in found
        else f"Item {item_id} is no credit with something open."
        for item_id in item_ids
        if item_id not in found or (kind == _KIND.CARRIED and found[item_id].asked_in is not None)
    ]


def _borne(
    credit: receivable_sums.LockedItem, *, on: datetime.date, at: datetime.datetime
) -> tuple[bearing.Interest, ...]:
    """Ask what a credit bears that stays with its account for the next charge."""
    taken = bearing.taken_of(
        credit,
        cents=credit.open_cents,
        is_carried=True,
        borne_through=bearing.borne_through([credit.item_id]).get(credit.item_id),
    )
    return bearing.borne(bearing.Asked(taken=(taken,), claimed_on=None, on=on, known_at=at))


def _credit(
    interest: Sequence[bearing.Interest],
    *,
    action_id: int,
    on: datetime.date,
    by_id: int,
    at: datetime.datetime,
) -> None:
    """Credit the account with what its credit bears: it settles the next charge beside it."""
    charges.add_credits(
        credits_=[
            receivable_sums.Charge(
                account_id=each.account_id,
                code_id=code_lists.code("charge", each.code).id,
                amount_cents=each.cents,
                arises_on=on,
                due_on=None,
            )
            for each in interest
        ],
        origin=receivable_sums.Origin(
            posting_day=on,
            source_kind=ledger_choices.SourceKind.ADJUSTMENT,
            source_id=action_id,
            made_by_id=by_id,
            made_at=at,
        ),
    )

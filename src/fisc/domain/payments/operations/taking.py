"""Taking one payment.

A payment is three statements: the key is claimed, the open charges are locked, and everything is
written. A till puts its own lock and receipt around the last two (decision 0031).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.payments import calculations, queries
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import shares
from fisc.plumbing import prepared, transactions
from fisc.plumbing.idempotency import calculations as idempotency_sums
from fisc.plumbing.idempotency import operations as idempotency

InBasket = calculations.InBasket
NewPayment = calculations.NewPayment
TenderGiven = calculations.TenderGiven

_CLAIM = prepared.statement(
    f"select {code_lists.GENERATION_SQL}, claim.content_sha256, claim.result"
    f" from (select) as one left join {idempotency.CLAIMED} as claim on true"
)

_WRITE_PARTS = (
    """
    with drawn as materialized (
        select nextval('ledger_journalentry_id_seq') as entry_id,
            nextval('payments_payment_id_seq') as source_id
    ),
    """
    + ledger.ENTRY_PARTS
    + """,
    payment as (
        insert into payments_payment (id, received_on, posting_day, bank_day, channel,
            source_kind, source_id, total_cents, entry_id, made_by_id, made_at, run_id)
        select source_id, %(received_on)s::date, %(posting_day)s::date, %(bank_day)s::date,
            %(channel)s::smallint, %(payment_source_kind)s::smallint,
            %(payment_source_id)s::bigint, %(total_cents)s::bigint, entry_id,
            %(made_by_id)s::bigint, %(made_at)s::timestamptz, %(run_id)s::int
        from drawn
    ),
    tendered as materialized (
        select nextval('payments_tender_id_seq') as id, part.*
        from unnest(%(tender_kind_ids)s::int[], %(tender_cents)s::bigint[],
            %(tender_given_cents)s::bigint[], %(tender_references)s::text[]) with ordinality
            as part (kind_id, cents, given_cents, reference, ordinal)
    ),
    tender as (
        insert into payments_tender (id, payment_id, kind_id, amount_cents, given_cents, reference)
        select id, source_id, kind_id, cents, given_cents, reference from tendered, drawn
    ),
    shared as materialized (
        select nextval('payments_tendershare_id_seq') as share_id, tendered.id as tender_id,
            part.account_id, part.cents, part.ordinal
        from unnest(%(share_tender_ordinals)s::int[], %(share_account_ids)s::bigint[],
            %(share_cents)s::bigint[]) with ordinality
            as part (tender_ordinal, account_id, cents, ordinal)
        join tendered on tendered.ordinal = part.tender_ordinal
    ),
    share as (
        insert into payments_tendershare (id, tender_id, account_bucket, account_id, amount_cents)
        select share_id, tender_id, account_id % 4096, account_id, cents from shared
    ),
    """
)

_KEPT_PART = (
    ", kept as ("
    + idempotency.KEPT.format(
        result="jsonb_build_object('payment_id', source_id, 'entry_id', entry_id,"
        " 'total_cents', %(total_cents)s::bigint, 'change_cents', %(change_cents)s::bigint)"
    )
    + " from drawn)"
)


def _statement(*, credits_: bool, keeps_key: bool) -> prepared.Statement:
    settle = shares.SHARES_SETTLE_AND_CREDIT_PARTS if credits_ else shares.SHARES_SETTLE_PARTS
    kept = _KEPT_PART if keeps_key else ""
    return prepared.statement(f"{_WRITE_PARTS}{settle}{kept} select source_id, entry_id from drawn")


# By whether something is left over for a credit, and whether the key is kept here.
_WRITE = {
    (credits_, keeps_key): _statement(credits_=credits_, keeps_key=keeps_key)
    for credits_ in (False, True)
    for keeps_key in (False, True)
}


class NoSuchTenderKind(Exception):
    """The city takes no such tender."""


class ReferenceIsMissing(Exception):
    """A check's number or a card's reference was not entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a payment became."""

    payment_id: int
    entry_id: int
    total_cents: int
    change_cents: int
    # True when this was the second asking and nothing was taken.
    is_repeat: bool = False


@transactions.starts_transaction
def take_payment(
    *, key: str, payment: NewPayment, made_by_id: int | None, made_at: datetime.datetime
) -> Taken:
    """Take a payment, spread it by the city's allocation table, and post it.

    Asked again with the same key and content, returns what the first asking became. Raises
    idempotency.KeyUsedForOtherContent and what `record_payment` raises.
    """
    # Before anything is made of what was entered, a hash of it too.
    calculations.refuse_card_numbers(payment.tenders)
    asked_sha256 = content_sha256(payment)
    ((generation, first_sha256, result),) = prepared.rows(_CLAIM, {"key": key})
    if first_sha256 is not None:
        first = idempotency.checked(
            key=key, content_sha256=asked_sha256, first_sha256=first_sha256, result=result
        )
        return Taken(**first, is_repeat=True)
    return _written(
        payment=payment,
        made_by_id=made_by_id,
        made_at=made_at,
        generation=generation,
        kept_under={"key": key, "content_sha256": asked_sha256},
    )


@transactions.needs_transaction
def record_payment(
    *, payment: NewPayment, made_by_id: int | None, made_at: datetime.datetime, generation: int
) -> Taken:
    """Spread and post a payment as a part of an operation that keeps a key of its own.

    Raises calculations.NothingToPay, AccountTwiceInBasket, TendersFallShort, BalanceIsAnother,
    TenderIsTooMuch, ReferenceIsACardNumber and NoChangeForThisTender; NoSuchTenderKind,
    ReferenceIsMissing,
    queries.ChargeHasNoPriority; and ledger.DayIsSealed.
    """
    return _written(payment=payment, made_by_id=made_by_id, made_at=made_at, generation=generation)


def content_sha256(payment: NewPayment) -> bytes:
    """Return what two askings for one payment share."""
    return idempotency_sums.content_sha256(calculations.content(payment))


def _written(
    *,
    payment: NewPayment,
    made_by_id: int | None,
    made_at: datetime.datetime,
    generation: int,
    kept_under: Mapping[str, prepared.Value] | None = None,
) -> Taken:
    calculations.refuse_card_numbers(payment.tenders)
    kinds = queries.tender_kinds(generation=generation)
    _refuse_odd_tenders(payment.tenders, kinds)
    kept = calculations.kept_tenders(payment.tenders, basket=payment.basket, kinds=kinds)
    spread = _spread(payment, kept, made_at=made_at, generation=generation)
    change_cents = sum(each.tender.given_cents - each.amount_cents for each in kept)
    parameters = _parameters(payment, kept, spread, generation=generation)
    parameters.update(made_by_id=made_by_id, made_at=made_at, change_cents=change_cents)
    parameters.update(kept_under or {})
    statement = _WRITE[bool(spread.credit_cents), kept_under is not None]
    ((payment_id, entry_id),) = ledger.posted(statement, parameters)
    return Taken(
        payment_id=payment_id,
        entry_id=entry_id,
        total_cents=payment.total_cents,
        change_cents=change_cents,
    )


def _spread(
    payment: NewPayment,
    kept: Sequence[calculations.Kept],
    *,
    made_at: datetime.datetime,
    generation: int,
) -> calculations.Spread:
    chart = receivables.chart(generation=generation)
    priority = queries.priority_on(day=payment.received_on, known_at=made_at, generation=generation)
    account_ids = [each.account_id for each in payment.basket]
    locked = shares.lock_open_items(account_ids=account_ids)
    calculations.refuse_another_balance(payment.basket, balance_cents=locked.balance_cents)
    charges: dict[int, list[receivables_sums.OpenCharge]] = {}
    for charge in receivables_sums.in_order(locked.charges, priority=priority):
        charges.setdefault(charge.account_id, []).append(charge)
    kinds = queries.tender_kinds(generation=generation)
    return calculations.spread(
        kept=kept,
        basket=payment.basket,
        charges=charges,
        accounts=calculations.Accounts(
            tender_gl_ids={kind.id: kind.gl_id for kind in kinds.values()},
            receivable_gl_ids=chart.receivable_gl_ids,
            unapplied_gl_id=chart.unapplied_gl_id,
        ),
    )


def _refuse_odd_tenders(
    tenders: Sequence[TenderGiven], kinds: Mapping[int, calculations.TenderKind]
) -> None:
    for tender in tenders:
        kind = kinds.get(tender.kind_id)
        if kind is None:
            raise NoSuchTenderKind(f"There is no kind of tender {tender.kind_id}.")
        if kind.needs_reference and not tender.reference.strip():
            raise ReferenceIsMissing(f"Enter the number or reference of the {kind.code}.")
    calculations.refuse_too_much(tenders, kinds=kinds)


def _parameters(
    payment: NewPayment,
    kept: Sequence[calculations.Kept],
    spread: calculations.Spread,
    *,
    generation: int,
) -> dict[str, Any]:
    parameters: dict[str, Any] = ledger.entry_parameters(
        posting_day=payment.posting_day,
        kind=ledger_choices.EntryKind.PAYMENT,
        lines=spread.lines,
    )
    parameters.update(
        entry_source_kind=int(ledger_choices.SourceKind.PAYMENT),
        received_on=payment.received_on,
        bank_day=payment.bank_day,
        channel=int(payment.channel),
        payment_source_kind=int(payment.source_kind),
        payment_source_id=payment.source_id,
        total_cents=payment.total_cents,
        run_id=payment.run_id,
        credit_code_id=receivables.chart(generation=generation).unapplied_code_id,
        tender_kind_ids=[each.tender.kind_id for each in kept],
        tender_cents=[each.amount_cents for each in kept],
        tender_given_cents=[each.tender.given_cents for each in kept],
        tender_references=[each.tender.reference for each in kept],
        share_tender_ordinals=spread.share_tender_ordinals,
        share_account_ids=spread.share_account_ids,
        share_cents=spread.share_cents,
        part_share_ordinals=spread.part_share_ordinals,
        part_item_ids=spread.part_item_ids,
        part_credit_ordinals=spread.part_credit_ordinals,
        part_cents=spread.part_cents,
        credit_account_ids=spread.credit_account_ids,
        credit_cents=spread.credit_cents,
        settled_item_ids=list(spread.settled),
        settled_cents=list(spread.settled.values()),
    )
    return parameters

"""Keeping a till: opened with a float, paid into, counted blind, closed by another person."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from fisc.domain.cashiering import calculations, choices, models, queries
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.domain.payments import calculations as payment_sums
from fisc.domain.payments import choices as payment_choices
from fisc.domain.payments import queries as payment_reads
from fisc.domain.payments.operations import returning
from fisc.domain.payments.operations import taking as payments
from fisc.plumbing import prepared, transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.idempotency import calculations as idempotency_sums
from fisc.plumbing.idempotency import operations as idempotency

InBasket = payments.InBasket
TenderGiven = payments.TenderGiven

# The key first, then the till: whoever asks twice waits for the first asking to end.
_LOCK_TILL = prepared.statement(f"""
    select till.status, till.cashier_id, till.posting_day, till.name,
        {code_lists.GENERATION_SQL}, claim.content_sha256, claim.result
    from {idempotency.CLAIMED} as claim right join cashiering_till as till on true
    where till.id = %(till_id)s::bigint for update of till
""")

_GIVE_RECEIPT = prepared.statement(
    """
    with drawn as (
        update cashiering_till set next_receipt_number = next_receipt_number + 1
        where id = %(till_id)s::bigint returning next_receipt_number - 1 as number
    ),
    receipt as (
        insert into cashiering_receipt (till_id, number, payment_id, given_at)
        select %(till_id)s::bigint, number, %(payment_id)s::bigint, %(made_at)s::timestamptz
        from drawn
    ),
    kept as (
    """
    + idempotency.KEPT.format(
        result="jsonb_build_object('till_id', %(till_id)s::bigint, 'receipt_number', number,"
        " 'payment_id', %(payment_id)s::bigint, 'total_cents', %(total_cents)s::bigint,"
        " 'change_cents', %(change_cents)s::bigint)"
    )
    + " from drawn) select number from drawn"
)


_CLOSING = ("status", "closed_at", "approved_by", "over_short_cents", "over_short_entry")


class TillIsOpenAlready(Exception):
    """A cashier keeps one till at a time, and a drawer belongs to one cashier."""


class TillIsNotOpen(Exception):
    """Money cannot go in a till that is counted or closed."""


class TillIsAnothers(Exception):
    """Only the cashier of a till pays into it, voids and counts."""


class ReceiptIsNotTheLast(Exception):
    """Only the last receipt can be voided, once, before the next customer."""


class TillIsNotCounted(Exception):
    """A till is counted before it is closed."""


class ApproverIsTheCashier(Exception):
    """Another person approves a closing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a payment at a till became."""

    till_id: int
    receipt_number: int
    payment_id: int
    total_cents: int
    change_cents: int
    # True when this was the second asking and nothing was taken.
    is_repeat: bool = False

    @property
    def number(self) -> int:
        """The receipt's number."""
        return self.receipt_number


@transactions.starts_transaction
def open_till(
    *,
    name: str,
    cashier_id: int,
    posting_day: datetime.date,
    float_cents: int,
    at: datetime.datetime,
) -> int:
    """Open a drawer with a float and return its till's id.

    Raises TillIsOpenAlready, calculations.FloatIsTooMuch.
    """
    calculations.refuse_float(float_cents, at_most_cents=queries.policy_cents("float"))
    try:
        with transactions.savepoint():
            till = models.Till.objects.create(
                name=name,
                cashier_id=cashier_id,
                posting_day=posting_day,
                float_cents=float_cents,
                opened_at=at,
            )
    except IntegrityError as problem:
        if "till_one_a" not in str(problem):
            raise
        raise TillIsOpenAlready(
            f"Drawer {name} or its cashier has a till that is not closed. Close that one first."
        ) from problem
    _record("open till", till.id, by_id=cashier_id, at=at, detail={"float_cents": float_cents})
    return till.id


@transactions.starts_transaction
def take_payment(
    *,
    till_id: int,
    key: str,
    basket: Sequence[InBasket],
    tenders: Sequence[TenderGiven],
    cashier_id: int,
    at: datetime.datetime,
) -> Taken:
    """Take a payment into a till and give it the till's next receipt number.

    Four statements: key and till are locked, open charges are locked, the payment is written, the
    receipt is given. Asked again with the same key and content, returns what the first became.
    Raises NoSuchTill, TillIsNotOpen, TillIsAnothers, and what `payments.take_payment` raises.
    """
    payment_sums.refuse_card_numbers(tenders)
    asked_sha256 = _asked_sha256(till_id=till_id, basket=basket, tenders=tenders)
    rows = prepared.rows(_LOCK_TILL, {"key": key, "till_id": till_id})
    if not rows:
        raise queries.NoSuchTill(f"There is no till {till_id}.")
    ((status, owner_id, posting_day, name, generation, first_sha256, result),) = rows
    if first_sha256 is not None:
        first = idempotency.checked(
            key=key, content_sha256=asked_sha256, first_sha256=first_sha256, result=result
        )
        return Taken(**first, is_repeat=True)
    _refuse_other_than(status=status, owner_id=owner_id, name=name, cashier_id=cashier_id)
    taken = payments.record_payment(
        payment=payments.NewPayment(
            received_on=posting_day,
            posting_day=posting_day,
            channel=payment_choices.Channel.COUNTER,
            source_kind=ledger_choices.SourceKind.TILL,
            source_id=till_id,
            tenders=tuple(tenders),
            basket=tuple(basket),
        ),
        made_by_id=cashier_id,
        made_at=at,
        generation=generation,
    )
    return _receipted(taken, till_id=till_id, key=key, asked_sha256=asked_sha256, at=at)


@transactions.starts_transaction
def void_last_receipt(
    *, till_id: int, number: int, reason_code_id: int, cashier_id: int, at: datetime.datetime
) -> int:
    """Take the last receipt back and undo its payment; returns the id of the entry that does.

    Raises NoSuchTill, TillIsNotOpen, TillIsAnothers, ReceiptIsNotTheLast.
    """
    till = _locked(till_id)
    _refuse_other_than(
        status=till.status, owner_id=till.cashier_id, name=till.name, cashier_id=cashier_id
    )
    receipt = models.Receipt.objects.filter(till=till, number=number).first()
    is_last = receipt is not None and number == till.next_receipt_number - 1
    if receipt is None or not is_last:
        raise ReceiptIsNotTheLast(
            f"Receipt {number} is not the last of till {till.name}. What was paid earlier is "
            "returned on the account's page."
        )
    if models.ReceiptVoid.objects.filter(receipt=receipt).exists():
        raise ReceiptIsNotTheLast(f"Receipt {number} of till {till.name} is void already.")
    paid = payment_reads.payment(receipt.payment_id)
    entry_id = returning.return_tenders(
        tender_ids=[tender.id for tender in paid.tenders],
        reason_code_id=reason_code_id,
        posting_day=till.posting_day,
        made_by_id=cashier_id,
        made_at=at,
    )
    models.ReceiptVoid.objects.create(
        receipt=receipt, reason_id=reason_code_id, voided_at=at, voided_by_id=cashier_id
    )
    detail = {"receipt_number": number, "reason_code_id": reason_code_id}
    _record("void receipt", till_id, by_id=cashier_id, at=at, detail=detail)
    return entry_id


@transactions.starts_transaction
def count_till(
    *,
    till_id: int,
    pieces: Mapping[str, int],
    totals: Mapping[str, int],
    cashier_id: int,
    at: datetime.datetime,
) -> int:
    """Commit a blind count: pieces by denomination, totals by other tender; returns the attempt.

    A till takes no more money once counted; it may be counted again until it is closed. Raises
    NoSuchTill, TillIsNotOpen, TillIsAnothers, calculations.CountIsOdd.
    """
    till = _locked(till_id)
    if till.status == choices.TillStatus.CLOSED:
        raise TillIsNotOpen(f"Till {till.name} is closed; its count stands.")
    _refuse_other_than(
        status=choices.TillStatus.OPEN,
        owner_id=till.cashier_id,
        name=till.name,
        cashier_id=cashier_id,
    )
    denominations = {
        code.code: int(code.attributes["cents"])
        for code in code_lists.codes("denomination").values()
    }
    counted = calculations.counted_cents(
        pieces=pieces,
        totals=totals,
        denominations=denominations,
        cash_code=queries.cash_kind().code,
    )
    attempt = models.TillCount.objects.filter(till=till).count() + 1
    models.TillCount.objects.create(
        till=till,
        attempt=attempt,
        lines={"pieces": dict(pieces), "counted": counted},
        total_cents=sum(counted.values()),
        counted_at=at,
        counted_by_id=cashier_id,
    )
    till.status = choices.TillStatus.COUNTED
    till.save(update_fields=["status"])
    return attempt


@transactions.starts_transaction
def close_till(
    *,
    till_id: int,
    approved_by_id: int,
    at: datetime.datetime,
    reason: str = "",
    posting_day: datetime.date | None = None,
) -> queries.Till:
    """Close a counted till on another person's word; over and short are posted by an entry.

    `posting_day` is the till's own unless that is sealed; `reason` says why much is over or short.
    Raises NoSuchTill, TillIsNotCounted, ApproverIsTheCashier, calculations.DifferenceNeedsReason.
    """
    till = _locked(till_id)
    if till.status != choices.TillStatus.COUNTED:
        raise TillIsNotCounted(f"Till {till.name} is {till.status}. Count it, then approve it.")
    if approved_by_id == till.cashier_id:
        raise ApproverIsTheCashier(
            f"Till {till.name} was counted by the same person. Ask a supervisor to approve it."
        )
    compared = queries.compared(till_id)
    unexplained_cents = queries.policy_cents("unexplained_difference")
    calculations.refuse_unexplained(compared, reason=reason, at_most_cents=unexplained_cents)
    if any(each.difference_cents for each in compared):
        till.over_short_entry_id = _post_over_short(
            till,
            compared=compared,
            posting_day=posting_day or till.posting_day,
            by_id=approved_by_id,
            at=at,
        )
    till.status = choices.TillStatus.CLOSED
    till.closed_at = at
    till.approved_by_id = approved_by_id
    till.over_short_cents = calculations.over_short_cents(compared)
    till.save(update_fields=_CLOSING)
    detail = {"over_short_cents": till.over_short_cents}
    _record("close till", till_id, by_id=approved_by_id, at=at, detail=detail, why=reason)
    return queries.till(till_id)


def _asked_sha256(
    *, till_id: int, basket: Sequence[InBasket], tenders: Sequence[TenderGiven]
) -> bytes:
    return idempotency_sums.content_sha256(
        {
            "till_id": till_id,
            "basket": [(each.account_id, each.amount_cents) for each in basket],
            "tenders": payment_sums.tenders_content(tenders),
        }
    )


def _receipted(
    taken: payments.Taken, *, till_id: int, key: str, asked_sha256: bytes, at: datetime.datetime
) -> Taken:
    parameters: dict[str, prepared.Value] = {
        "till_id": till_id,
        "payment_id": taken.payment_id,
        "total_cents": taken.total_cents,
        "change_cents": taken.change_cents,
        "made_at": at,
        "key": key,
        "content_sha256": asked_sha256,
    }
    ((number,),) = prepared.rows(_GIVE_RECEIPT, parameters)
    return Taken(
        till_id=till_id,
        receipt_number=number,
        payment_id=taken.payment_id,
        total_cents=taken.total_cents,
        change_cents=taken.change_cents,
    )


def _post_over_short(
    till: models.Till,
    *,
    compared: Sequence[calculations.Compared],
    posting_day: datetime.date,
    by_id: int,
    at: datetime.datetime,
) -> int:
    kinds = payment_reads.tender_kinds()
    over_short = books.the_gl_account_of(control_of="over_short").id
    lines: list[ledger.Line] = []
    for each in compared:
        lines.append(ledger.Line(kinds[each.kind_id].gl_id, each.difference_cents))
        lines.append(ledger.Line(over_short, -each.difference_cents))
    return ledger.post_entry(
        posting_day=posting_day,
        kind=ledger_choices.EntryKind.OVER_SHORT,
        source_kind=ledger_choices.SourceKind.TILL,
        source_id=till.id,
        lines=ledger.netted(lines),
        made_by_id=by_id,
        made_at=at,
    )


def _locked(till_id: int) -> models.Till:
    # Nobody pays into, voids or counts a till while another does.
    till = models.Till.objects.select_for_update().filter(id=till_id).first()
    if till is None:
        raise queries.NoSuchTill(f"There is no till {till_id}.")
    return till


def _refuse_other_than(*, status: str, owner_id: int, name: str, cashier_id: int) -> None:
    if status != choices.TillStatus.OPEN:
        raise TillIsNotOpen(f"Till {name} is {status} and takes no money. Open another till.")
    if owner_id != cashier_id:
        raise TillIsAnothers(f"Till {name} is kept by another cashier. Use your own.")


def _record(
    verb: str,
    till_id: int,
    *,
    by_id: int,
    at: datetime.datetime,
    detail: Mapping[str, Any],
    why: str = "",
) -> None:
    action_log.record(
        user_id=by_id,
        verb=verb,
        subject_kind="till",
        subject_id=till_id,
        why=why,
        detail=detail,
        at=at,
    )

"""Reading tills and receipts.

What a till should hold is not told before a count is committed: the count is blind.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.cashiering import calculations, choices, models
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.payments import queries as payments

_EVIDENCE = 100

Compared = calculations.Compared


class NoSuchTill(Exception):
    """A till was asked for that is not there."""


class NoSuchReceipt(Exception):
    """A receipt was asked for that is not there."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt in a till's list."""

    number: int
    payment_id: int
    given_at: datetime.datetime
    total_cents: int
    is_voided: bool


@dataclass(frozen=True, slots=True)
class Till:
    """A till as its page shows it. `compared` is empty until a count is committed."""

    till_id: int
    name: str
    cashier_id: int
    cashier: str
    posting_day: datetime.date
    float_cents: int
    opened_at: datetime.datetime
    status: str
    receipts: int
    closed_at: datetime.datetime | None
    compared: tuple[Compared, ...]
    last: ReceiptLine | None

    @property
    def is_open(self) -> bool:
        """Whether it takes money."""
        return self.status == choices.TillStatus.OPEN

    @property
    def is_counted(self) -> bool:
        """Whether it waits for a supervisor."""
        return self.status == choices.TillStatus.COUNTED

    @property
    def is_closed(self) -> bool:
        """Whether it is done."""
        return self.status == choices.TillStatus.CLOSED

    @property
    def counted_cents(self) -> int:
        """What was counted."""
        return sum(each.counted_cents for each in self.compared)

    @property
    def expected_cents(self) -> int:
        """What should have been there."""
        return sum(each.expected_cents for each in self.compared)

    @property
    def difference_cents(self) -> int:
        """Counted less expected."""
        return self.counted_cents - self.expected_cents


@dataclass(frozen=True, slots=True)
class ReceiptTender:
    """One means on a receipt."""

    words: str
    reference: str
    amount_cents: int
    given_cents: int


@dataclass(frozen=True, slots=True)
class ReceiptShare:
    """What a receipt says was paid on one account."""

    account_id: int
    number: int
    name: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything that a receipt prints."""

    till_id: int
    till_name: str
    number: int
    payment_id: int
    posting_day: datetime.date
    given_at: datetime.datetime
    cashier: str
    total_cents: int
    change_cents: int
    tenders: tuple[ReceiptTender, ...]
    shares: tuple[ReceiptShare, ...]
    # Why it was voided; empty for one that stands.
    voided: str


def till(till_id: int, *, language: str = "en") -> Till:
    """Return one till. Raises NoSuchTill."""
    row = models.Till.objects.select_related("cashier").filter(id=till_id).first()
    if row is None:
        raise NoSuchTill(f"There is no till {till_id}.")
    return _till(row, language=language)


def till_of(*, cashier_id: int, language: str = "en") -> Till | None:
    """Return the till that a cashier has open or counted, or null."""
    rows = models.Till.objects.select_related("cashier").filter(cashier_id=cashier_id)
    row = rows.exclude(status=choices.TillStatus.CLOSED).first()
    return None if row is None else _till(row, language=language)


def tills_of_day(posting_day: datetime.date) -> list[Till]:
    """Return the tills of a posting day, in the order they were opened."""
    rows = models.Till.objects.select_related("cashier").filter(posting_day=posting_day)
    return [_till(row, language="en") for row in rows.order_by("id")]


def tills_waiting_for_approval() -> list[Till]:
    """Return the tills that are counted and not yet approved, oldest first."""
    rows = models.Till.objects.select_related("cashier").filter(status=choices.TillStatus.COUNTED)
    return [_till(row, language="en") for row in rows.order_by("id")]


def tills_left_open(*, before: datetime.date) -> list[Till]:
    """Return the tills of earlier days that are not closed, oldest first."""
    rows = models.Till.objects.select_related("cashier").filter(posting_day__lt=before)
    open_rows = rows.exclude(status=choices.TillStatus.CLOSED).order_by("id")
    return [_till(row, language="en") for row in open_rows]


def receipts(till_id: int, *, before: int | None = None, limit: int = 50) -> list[ReceiptLine]:
    """Return a till's receipts, newest first; `before` is the last number of the page before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select receipt.number, receipt.payment_id, receipt.given_at, payment.total_cents,
                void.receipt_id is not null
            from cashiering_receipt as receipt
            join payments_payment as payment on payment.id = receipt.payment_id
            left join cashiering_receiptvoid as void on void.receipt_id = receipt.id
            where receipt.till_id = %(till_id)s
                and receipt.number < coalesce(%(before)s, 2147483647)
            order by receipt.number desc limit %(limit)s
            """,
            {"till_id": till_id, "before": before, "limit": limit},
        )
        return [ReceiptLine(*row) for row in cursor.fetchall()]


def receipt(*, till_id: int, number: int, language: str = "en") -> Receipt:
    """Return what a receipt prints. Raises NoSuchReceipt."""
    row = (
        models.Receipt.objects.select_related("till", "till__cashier")
        .filter(till_id=till_id, number=number)
        .first()
    )
    if row is None:
        raise NoSuchReceipt(f"Till {till_id} gave no receipt {number}.")
    paid = payments.payment(row.payment_id)
    kinds = code_lists.codes_by_id("tender kind")
    void = models.ReceiptVoid.objects.select_related("reason").filter(receipt=row).first()
    return Receipt(
        till_id=till_id,
        till_name=row.till.name,
        number=number,
        payment_id=row.payment_id,
        posting_day=row.till.posting_day,
        given_at=row.given_at,
        cashier=row.till.cashier.get_full_name(),
        total_cents=paid.total_cents,
        change_cents=sum(each.change_cents for each in paid.tenders),
        tenders=tuple(
            ReceiptTender(
                words=kinds[each.kind_id].label(language),
                reference=each.reference,
                amount_cents=each.amount_cents,
                given_cents=each.given_cents,
            )
            for each in paid.tenders
        ),
        shares=_shares(row.payment_id),
        voided=getattr(void.reason, "label_es" if language == "es" else "label_en") if void else "",
    )


def receipt_of_payment(payment_id: int) -> tuple[int, int] | None:
    """Return till and number of the receipt for a payment, or null if none was given."""
    found = models.Receipt.objects.filter(payment_id=payment_id).values_list("till_id", "number")
    return found.first()


def voided_tenders(tender_ids: Sequence[int]) -> set[int]:
    """Return which of some tenders are of receipts that were voided."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select tender.id from payments_tender as tender join cashiering_receipt as receipt"
            " on receipt.payment_id = tender.payment_id join cashiering_receiptvoid as void"
            " on void.receipt_id = receipt.id where tender.id = any(%s::bigint[])",
            [[*tender_ids]],
        )
        return {tender_id for (tender_id,) in cursor.fetchall()}


def compared(till_id: int, *, language: str = "en") -> tuple[Compared, ...]:
    """Return counted beside expected by kind of tender; nothing before the first count."""
    count = models.TillCount.objects.filter(till_id=till_id).order_by("-attempt").first()
    if count is None:
        return ()
    expected = expected_cents(till_id)
    kinds = code_lists.codes_by_id("tender kind")
    counted: dict[str, int] = count.lines["counted"]
    return tuple(
        Compared(
            kind_id=kind.id,
            code=kind.code,
            words=kinds[kind.id].label(language),
            counted_cents=counted.get(kind.code, 0),
            expected_cents=expected.get(kind.id, 0),
        )
        for kind in payments.tender_kinds().values()
        if kind.is_counted
    )


def expected_cents(till_id: int) -> dict[int, int]:
    """Return what a till should hold by kind of tender, its float among the cash."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select tender.kind_id, sum(tender.amount_cents)::bigint
            from cashiering_receipt as receipt
            join payments_tender as tender on tender.payment_id = receipt.payment_id
            where receipt.till_id = %s and not exists (
                select from cashiering_receiptvoid as void where void.receipt_id = receipt.id)
            group by tender.kind_id
            """,
            [till_id],
        )
        expected: dict[int, int] = dict(cursor.fetchall())
    row = models.Till.objects.get(id=till_id)
    cash = cash_kind().id
    expected[cash] = expected.get(cash, 0) + row.float_cents
    return expected


def policy_cents(name: str) -> int | None:
    """Return what a row of the list “till policy” allows at most; None where the city has none."""
    row = code_lists.codes_if_any("till policy").get(name)
    return None if row is None else int(row.attributes["at_most_cents"])


def clues(till: Till) -> list[calculations.ClueSeen]:
    """Return the receipts of a till that may explain what is over or short, once it is counted."""
    off = {each.kind_id: each for each in till.compared if each.difference_cents}
    if not off:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TENDERS_OF_TILL, {"till_id": till.till_id, "kind_ids": [*off]})
        rows = cursor.fetchall()
    return [
        calculations.ClueSeen(number, off[kind_id].words, cents, is_voided, clue)
        for number, kind_id, cents, is_voided in rows
        if (clue := calculations.clue(cents, difference_cents=off[kind_id].difference_cents))
    ]


def cash_kind() -> payments.TenderKind:
    """Return the kind of tender that floats and change are in."""
    return next(kind for kind in payments.tender_kinds().values() if kind.gives_change)


def broken_tills() -> list[str]:
    """Return tills whose receipts or closing do not add up: invariant 3. None is right."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN_RECEIPTS, {"limit": _EVIDENCE})
        broken = [
            f"Till {till_id}: {count} receipts up to number {last}, next is {following}."
            for till_id, count, last, following in cursor.fetchall()
        ]
        cursor.execute(_BROKEN_PAYMENTS, {"limit": _EVIDENCE})
        broken.extend(
            f"Payment {payment_id} was taken at till {till_id} and has no receipt there."
            for payment_id, till_id in cursor.fetchall()
        )
        cursor.execute(_BROKEN_CLOSINGS, {"limit": _EVIDENCE})
        broken.extend(
            f"Till {till_id} closed {told} cents over or short; its entry says {booked}."
            for till_id, told, booked in cursor.fetchall()
        )
    return broken


_TENDERS_OF_TILL = """
    select receipt.number, tender.kind_id, tender.amount_cents, void.receipt_id is not null
    from cashiering_receipt as receipt
    join payments_tender as tender on tender.payment_id = receipt.payment_id
    left join cashiering_receiptvoid as void on void.receipt_id = receipt.id
    where receipt.till_id = %(till_id)s and tender.kind_id = any(%(kind_ids)s::int[])
    order by receipt.number
"""

_BROKEN_RECEIPTS = """
    select till.id, coalesce(given.count, 0), coalesce(given.last, 0), till.next_receipt_number
    from cashiering_till as till left join (
        select till_id, count(*) as count, max(number) as last
        from cashiering_receipt group by till_id
    ) as given on given.till_id = till.id
    where coalesce(given.count, 0) <> till.next_receipt_number - 1
        or coalesce(given.last, 0) <> till.next_receipt_number - 1
    limit %(limit)s
"""

_BROKEN_PAYMENTS = """
    select payment.id, payment.source_id
    from payments_payment as payment
    left join cashiering_receipt as receipt
        on receipt.payment_id = payment.id and receipt.till_id = payment.source_id
    where payment.source_kind = 6 and receipt.id is null
    limit %(limit)s
"""

_BROKEN_CLOSINGS = """
    select till.id, till.over_short_cents, coalesce(-sum(posting.amount_cents), 0)::bigint
    from cashiering_till as till
    left join ledger_posting as posting on posting.entry_id = till.over_short_entry_id
        and posting.gl_account_id in (
            select id from ledger_glaccount where control_of = 'over_short')
    where till.status = 'closed'
    group by till.id
    having till.over_short_cents <> coalesce(-sum(posting.amount_cents), 0)
    limit %(limit)s
"""


def _till(row: models.Till, *, language: str) -> Till:
    given = receipts(row.id, limit=1)
    return Till(
        till_id=row.id,
        name=row.name,
        cashier_id=row.cashier_id,
        cashier=row.cashier.get_full_name(),
        posting_day=row.posting_day,
        float_cents=row.float_cents,
        opened_at=row.opened_at,
        status=row.status,
        receipts=row.next_receipt_number - 1,
        closed_at=row.closed_at,
        compared=compared(row.id, language=language),
        last=given[0] if given else None,
    )


def _shares(payment_id: int) -> tuple[ReceiptShare, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select account.subledger_id, account.number, account.name,
                sum(share.amount_cents)::bigint
            from payments_tender as tender
            join payments_tendershare as share on share.tender_id = tender.id
            join accounts_account as account on account.subledger_id = share.account_id
            where tender.payment_id = %s
            group by account.subledger_id order by min(share.id)
            """,
            [payment_id],
        )
        return tuple(ReceiptShare(*row) for row in cursor.fetchall())

"""The lists of an account's tabs, with the words and links that a person reads."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import urls
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.cashiering import queries as cashiering
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.payments import choices as payment_choices
from fisc.domain.payments import queries as payments_made
from fisc.domain.receivables import choices as receivable
from fisc.domain.receivables import queries as receivables
from fisc.domain.utilities.queries import bills as utilities

PAYMENTS_SHOWN = 12
_RETURN = ledger.SourceKind.TENDER_RETURN

_ENTRY_WORDS = {
    ledger.EntryKind.CHARGE: gettext_lazy("Charge"),
    ledger.EntryKind.PAYMENT: gettext_lazy("Payment"),
    ledger.EntryKind.ADJUSTMENT: gettext_lazy("Adjustment"),
    ledger.EntryKind.CREDIT_APPLIED: gettext_lazy("Credit applied"),
    ledger.EntryKind.TENDER_RETURNED: gettext_lazy("Payment returned"),
    ledger.EntryKind.REVERSAL: gettext_lazy("Taken back"),
    ledger.EntryKind.OPENING: gettext_lazy("Opening balance"),
    ledger.EntryKind.DISBURSEMENT: gettext_lazy("Refund"),
}
_SOURCE_WORDS = {
    ledger.SourceKind.BILL_CANCELLATION: gettext_lazy("Bill cancelled"),
    ledger.SourceKind.LATE_CHARGE: gettext_lazy("Late charge"),
    ledger.SourceKind.LICENSE: gettext_lazy("License"),
    ledger.SourceKind.TAX_RETURN: gettext_lazy("Tax return"),
    ledger.SourceKind.TAX_ASSESSMENT: gettext_lazy("Tax assessment"),
    ledger.SourceKind.WAIVER: gettext_lazy("Waiver"),
}
_CHANNEL_WORDS = {
    payment_choices.Channel.COUNTER: gettext_lazy("Counter"),
    payment_choices.Channel.MAIL: gettext_lazy("Mail"),
    payment_choices.Channel.LOCKBOX: gettext_lazy("Lockbox"),
    payment_choices.Channel.WEB: gettext_lazy("Web"),
    payment_choices.Channel.BANK_DRAFT: gettext_lazy("Bank draft"),
    payment_choices.Channel.TELEPHONE: gettext_lazy("Telephone"),
    payment_choices.Channel.CONVERSION: gettext_lazy("From the older system"),
}


@dataclasses.dataclass(frozen=True)
class OpenLine:
    """An open charge or credit; a credit's cents are below zero."""

    item_id: int
    words: str
    bill_number: int | None
    due_on: datetime.date | None
    is_past_due: bool
    amount_cents: int
    open_cents: int

    @property
    def panel(self) -> str:
        """Name the place on the page where it is explained."""
        return f"why-item-{self.item_id}"


@dataclasses.dataclass(frozen=True)
class BillPage:
    rows: Sequence[utilities.BillSummary]
    older: str


@dataclasses.dataclass(frozen=True)
class HistoryRow:
    told: receivables.HistoryLine
    words: str
    address: str
    # Where it is explained; empty for what nobody computed.
    why: str = ""

    @property
    def panel(self) -> str:
        """Name the place on the page where it is explained."""
        return f"why-{self.told.entry_id}"


@dataclasses.dataclass(frozen=True)
class HistoryPage:
    rows: Sequence[HistoryRow]
    older: str


@dataclasses.dataclass(frozen=True)
class PaymentRow:
    """A payment as far as it concerns one account."""

    payment_id: int
    account_id: int
    received_on: datetime.date
    way: str
    tenders: str
    is_returned: bool
    is_voided: bool
    spent_on: str
    amount_cents: int

    @property
    def panel(self) -> str:
        """Name the place on the page where it is explained."""
        return f"why-{self.payment_id}"


def open_items(*, account_id: int, as_of: datetime.date, language: str) -> list[OpenLine]:
    """Return what is open on an account, credits last and below zero."""
    items = receivables.open_items(account_id)
    words = _charge_words(language)
    numbers = _bill_numbers(items)
    return [
        OpenLine(
            item_id=item.item_id,
            words=words.get(item.code_id, ""),
            bill_number=numbers.get(item.source_id) if _is_of_bill(item.source_kind) else None,
            due_on=item.due_on,
            is_past_due=_owes(item) and item.due_on is not None and item.due_on < as_of,
            amount_cents=item.amount_cents if _owes(item) else -item.amount_cents,
            open_cents=item.open_cents if _owes(item) else -item.open_cents,
        )
        for item in items
    ]


def bills(*, account_id: int, before: str, limit: int) -> BillPage:
    """Return a page of an account's bills; `before` is what the page before it ended with."""
    key = _key(before)
    rows = utilities.bills_of(account_id=account_id, before=key, limit=limit + 1)
    shown = rows[:limit]
    older = f"{shown[-1].bill_day}.{shown[-1].bill_id}" if len(rows) > limit else ""
    return BillPage(rows=shown, older=older)


def history(*, account_id: int, before: str, limit: int) -> HistoryPage:
    """Return a page of what moved an account's balance."""
    key = _key(before)
    rows = receivables.history(
        account_id, before=receivables.HistoryKey(*key) if key else None, limit=limit + 1
    )
    shown = rows[:limit]
    numbers = _bill_numbers(shown)
    returned = [each.source_id for each in shown if each.source_kind == _RETURN]
    voided = cashiering.voided_tenders(returned) if returned else set()
    older = f"{shown[-1].posting_day}.{shown[-1].entry_id}" if len(rows) > limit else ""
    return HistoryPage(
        rows=[_history_row(line, numbers, voided, account_id=account_id) for line in shown],
        older=older,
    )


def payments(*, account_id: int, language: str, limit: int | None) -> list[PaymentRow]:
    """Return the latest payments of an account, or all, as far as they concern it."""
    charges = _charge_words(language)
    kinds = code_lists.codes("tender kind")
    rows = []
    for payment_id in payments_made.payments_of_account(account_id, limit=limit):
        made = payments_made.payment(payment_id)
        mine = [part for part in made.settled if part.account_id == account_id]
        spent: dict[str, None] = {}
        for part in mine:
            spent[_("credit") if part.is_credit else charges.get(part.code_id, "")] = None
        rows.append(
            PaymentRow(
                payment_id=payment_id,
                account_id=account_id,
                received_on=made.received_on,
                way=str(_CHANNEL_WORDS.get(payment_choices.Channel(made.channel), "")),
                tenders=", ".join(
                    " ".join((kinds[each.kind].label(language), each.reference)).strip()
                    for each in made.tenders
                ),
                is_returned=any(each.is_returned for each in made.tenders),
                is_voided=_is_voided(made),
                spent_on=", ".join(spent),
                amount_cents=sum(part.cents for part in mine),
            )
        )
    return rows


def _history_row(
    line: receivables.HistoryLine, numbers: dict[int, int], voided: set[int], *, account_id: int
) -> HistoryRow:
    if line.source_kind == _RETURN and line.source_id in voided:
        return HistoryRow(told=line, words=_("Receipt voided"), address="")
    if _is_of_bill(line.source_kind) and line.source_id in numbers:
        number = numbers[line.source_id]
        return HistoryRow(
            told=line,
            words=f"{_('Bill')} {number}",
            address=urls.reverse("bill", args=[number]),
            why=urls.reverse("why_total", args=[number]),
        )
    words = _SOURCE_WORDS.get(ledger.SourceKind(line.source_kind)) or _ENTRY_WORDS.get(
        ledger.EntryKind(line.entry_kind)
    )
    return HistoryRow(
        told=line, words=str(words or ""), address="", why=_why(line, account_id=account_id)
    )


def _why(line: receivables.HistoryLine, *, account_id: int) -> str:
    """Return where a line of the history is explained, or nothing of what a person decided."""
    if line.entry_kind == ledger.EntryKind.PAYMENT:
        return urls.reverse("why_payment", args=[line.source_id, account_id])
    if line.source_kind == ledger.SourceKind.LATE_CHARGE:
        return urls.reverse("why_late", args=[line.source_id])
    return ""


def _is_voided(made: payments_made.Payment) -> bool:
    returned = [each.id for each in made.tenders if each.is_returned]
    return bool(returned and cashiering.voided_tenders(returned))


def _bill_numbers(
    lines: Sequence[receivables.OpenItem] | Sequence[receivables.HistoryLine],
) -> dict[int, int]:
    wanted = {line.source_id for line in lines if _is_of_bill(line.source_kind)}
    return utilities.bill_numbers(bill_ids=sorted(wanted)) if wanted else {}


def _is_of_bill(source_kind: int) -> bool:
    return source_kind == ledger.SourceKind.BILL


def _owes(item: receivables.OpenItem) -> bool:
    return item.kind == receivable.ItemKind.CHARGE


def _charge_words(language: str) -> dict[int, str]:
    return {each.id: each.label(language) for each in code_lists.codes("charge").values()}


def _key(before: str) -> tuple[datetime.date, int] | None:
    """Read where a page ended: a day and a number. Anything else begins at the newest."""
    day, _dot, number = before.partition(".")
    try:
        return datetime.date.fromisoformat(day), int(number)
    except ValueError:
        return None

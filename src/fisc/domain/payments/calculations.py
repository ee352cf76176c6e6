"""How tenders are kept, shared over accounts, and spread over what each account owes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fisc.basics import check_digits, money
from fisc.domain.ledger import calculations as ledger
from fisc.domain.receivables import calculations as receivables

Line = ledger.Line
OpenCharge = receivables.OpenCharge


class TendersFallShort(Exception):
    """Less was handed over than is to be paid."""


class NoChangeForThisTender(Exception):
    """More was handed over than is to be paid, by something that gives no change."""


class NothingToPay(Exception):
    """A payment names no account, or an amount of nothing."""


class AccountTwiceInBasket(Exception):
    """An account is named twice in one basket."""


class TenderIsTooMuch(Exception):
    """More was given by one means than the city takes that way."""


class ReferenceIsACardNumber(Exception):
    """What was given as a check's number or a reference could be the number of a card."""


class BalanceIsAnother(Exception):
    """Accounts owe something else than was shown. Names each, with what it owes now in cents."""

    def __init__(self, now_cents: Mapping[int, int]) -> None:
        super().__init__(
            f"What is owed changed since it was shown, on {len(now_cents)} of the accounts. "
            "Look at the balances again."
        )
        self.now_cents = dict(now_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderGiven:
    """One means handed over: its kind, how much, and the check's or processor's number."""

    kind_id: int
    given_cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class InBasket:
    """What of a payment is for one account."""

    account_id: int
    amount_cents: int
    # The balance that the payer was told; None where nobody was told one, as by mail.
    seen_balance_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment to be: when, through which door, by what means, for which accounts."""

    received_on: datetime.date
    posting_day: datetime.date
    channel: int
    source_kind: int
    source_id: int
    tenders: tuple[TenderGiven, ...]
    basket: tuple[InBasket, ...]
    bank_day: datetime.date | None = None
    run_id: int | None = None

    @property
    def total_cents(self) -> int:
        """What is to be paid."""
        return sum(each.amount_cents for each in self.basket)


@dataclass(frozen=True, slots=True)
class TenderKind:
    """A kind of tender, as the city's code list has it."""

    id: int
    code: str
    gl_id: int
    gives_change: bool
    needs_reference: bool
    is_counted: bool
    # The most that one payment may have of it; None where the city sets no bound.
    at_most_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What of one tender stays in the till."""

    tender: TenderGiven
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """The GL accounts that a spread moves, by tender kind and by charge code."""

    tender_gl_ids: Mapping[int, int]
    receivable_gl_ids: Mapping[int, int]
    unapplied_gl_id: int


@dataclass(slots=True)
class Spread:
    """A payment in the columns that are written; ordinals count from 1."""

    share_tender_ordinals: list[int] = field(default_factory=list)
    share_account_ids: list[int] = field(default_factory=list)
    share_cents: list[int] = field(default_factory=list)
    part_share_ordinals: list[int] = field(default_factory=list)
    part_item_ids: list[int | None] = field(default_factory=list)
    part_credit_ordinals: list[int | None] = field(default_factory=list)
    part_cents: list[int] = field(default_factory=list)
    credit_account_ids: list[int] = field(default_factory=list)
    credit_cents: list[int] = field(default_factory=list)
    settled: dict[int, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def content(payment: NewPayment) -> dict[str, Any]:
    """Return what two askings for one payment share, in plain values."""
    return {
        "days": [payment.received_on, payment.posting_day, payment.bank_day],
        "through": [payment.channel, payment.source_kind, payment.source_id, payment.run_id],
        "tenders": tenders_content(payment.tenders),
        "basket": [(each.account_id, each.amount_cents) for each in payment.basket],
    }


def tenders_content(tenders: Iterable[TenderGiven]) -> list[tuple[int, int, str]]:
    """Return tenders in plain values."""
    return [(each.kind_id, each.given_cents, each.reference) for each in tenders]


def kept_tenders(
    tenders: Sequence[TenderGiven],
    *,
    basket: Sequence[InBasket],
    kinds: Mapping[int, TenderKind],
) -> list[Kept]:
    """Return what is kept of each tender; the change comes out of cash, the last first.

    Raises NothingToPay, AccountTwiceInBasket, TendersFallShort, NoChangeForThisTender.
    """
    _refuse_odd_basket(basket)
    if any(tender.given_cents <= 0 for tender in tenders):
        raise NothingToPay("A tender of nothing was entered. Enter its amount or leave it out.")
    total_cents = sum(each.amount_cents for each in basket)
    change_cents = sum(tender.given_cents for tender in tenders) - total_cents
    if change_cents < 0:
        raise TendersFallShort(
            f"${money.formatted(-change_cents)} is missing: take another tender, or lower what is "
            "paid."
        )
    kept: list[Kept] = []
    for tender in reversed(tenders):
        back_cents = 0
        if change_cents and kinds[tender.kind_id].gives_change:
            # A tender is never handed back whole as change for another.
            back_cents = min(change_cents, tender.given_cents - 1)
            change_cents -= back_cents
        kept.append(Kept(tender, tender.given_cents - back_cents))
    if change_cents:
        raise NoChangeForThisTender(
            f"${money.formatted(change_cents)} too much was given by means that give no change. "
            "Lower that tender, or put the rest on an account."
        )
    kept.reverse()
    return kept


def refuse_another_balance(basket: Sequence[InBasket], *, balance_cents: Mapping[int, int]) -> None:
    """Make sure that each account owes what its payer was told. Raises BalanceIsAnother."""
    changed = {
        each.account_id: balance_cents.get(each.account_id, 0)
        for each in basket
        if each.seen_balance_cents not in {None, balance_cents.get(each.account_id, 0)}
    }
    if changed:
        raise BalanceIsAnother(changed)


def could_be_a_card_number(text: str) -> bool:
    """Tell whether a text has thirteen digits or more in a row, or a card's number set apart.

    The first is what PostgreSQL refuses of a tender (`tender_reference_is_no_card_number`), with or
    without a card's check digit: one wrong digit leaves it a card's. The second is any other way to
    write 13 to 19 digits that have one.
    """
    if _DIGITS_IN_A_ROW.search(text):
        return True
    runs = ("".join(filter(str.isdigit, run)) for run in _DIGITS_SET_APART.findall(text))
    return any(len(run) <= _CARD_DIGITS_MAX and _has_check_digit(run) for run in runs)


# Digits of any script, as somebody may paste them.
_DIGITS_IN_A_ROW = re.compile(r"(?:\d[ -]?){13,}")
_DIGITS_SET_APART = re.compile(r"(?:\d[^\w]{0,2}){13,}")
_CARD_DIGITS_MAX = 19


def _has_check_digit(digits: str) -> bool:
    return check_digits.VISIBLE_NUMBER.is_right("".join(str(int(each)) for each in digits))


def refuse_card_numbers(tenders: Sequence[TenderGiven]) -> None:
    """Make sure that no reference is a card's number. Raises ReferenceIsACardNumber.

    The words do not repeat what was entered: they may be kept where it must not be.
    """
    if any(could_be_a_card_number(tender.reference) for tender in tenders):
        raise ReferenceIsACardNumber(
            "A reference looks like the number of a card, and nothing of it was kept. Enter the "
            "check's number, or the reference that the card terminal printed."
        )


def refuse_too_much(tenders: Sequence[TenderGiven], *, kinds: Mapping[int, TenderKind]) -> None:
    """Make sure that no means gives more than the city takes by it. Raises TenderIsTooMuch."""
    for tender in tenders:
        kind = kinds[tender.kind_id]
        if kind.at_most_cents is not None and tender.given_cents > kind.at_most_cents:
            raise TenderIsTooMuch(
                f"${money.formatted(tender.given_cents)} by {kind.code.replace('_', ' ')} is more "
                f"than a till takes, ${money.formatted(kind.at_most_cents)}. Look at the amount: "
                "was a number scanned into its field?"
            )


def _refuse_odd_basket(basket: Sequence[InBasket]) -> None:
    if not basket or any(each.amount_cents <= 0 for each in basket):
        raise NothingToPay("Enter for each account what is to be paid on it, more than zero.")
    if len({each.account_id for each in basket}) < len(basket):
        raise AccountTwiceInBasket(
            "One account is in the basket twice. Put the whole amount on one line."
        )


def spread(
    *,
    kept: Sequence[Kept],
    basket: Sequence[InBasket],
    charges: Mapping[int, Sequence[OpenCharge]],
    accounts: Accounts,
) -> Spread:
    """Return how kept tenders pay for a basket.

    Tenders fill accounts in the order given; on each account, charges (`charges`, in the city's
    order) are settled one after another; what is left over becomes one credit of the account.
    """
    found = Spread()
    tender_cents: dict[int, int] = {}
    for one in kept:
        gl_id = accounts.tender_gl_ids[one.tender.kind_id]
        tender_cents[gl_id] = tender_cents.get(gl_id, 0) + one.amount_cents
    found.lines.extend(Line(gl_id, cents) for gl_id, cents in tender_cents.items())
    tender_ordinal = 0
    tender_left = 0
    for in_basket in basket:
        account_left = in_basket.amount_cents
        waiting = _Waiting(charges.get(in_basket.account_id, ()))
        credited: dict[int, int] = {}
        while account_left:
            if not tender_left:
                tender_left = kept[tender_ordinal].amount_cents
                tender_ordinal += 1
            share_cents = min(account_left, tender_left)
            account_left -= share_cents
            tender_left -= share_cents
            _add_share(
                found,
                waiting=waiting,
                credited=credited,
                share=(tender_ordinal, in_basket.account_id, share_cents),
            )
        _add_lines(found, waiting, in_basket.account_id, accounts)
    return found


class _Waiting:
    """The charges of one account, being settled in their order."""

    def __init__(self, charges: Iterable[OpenCharge]) -> None:
        self.charges = list(charges)
        self.at = 0
        self.settled_cents = [0] * len(self.charges)
        self.credit_cents = 0

    def settle(self, cents: int) -> list[tuple[int, int]]:
        """Settle what an amount can; return the places of the charges and how much of each."""
        parts: list[tuple[int, int]] = []
        while cents and self.at < len(self.charges):
            left = self.charges[self.at].open_cents - self.settled_cents[self.at]
            part_cents = min(cents, left)
            if part_cents:
                parts.append((self.at, part_cents))
                self.settled_cents[self.at] += part_cents
                cents -= part_cents
            if part_cents == left:
                self.at += 1
        self.credit_cents += cents
        return parts


def _add_share(
    found: Spread,
    *,
    waiting: _Waiting,
    credited: dict[int, int],
    share: tuple[int, int, int],
) -> None:
    tender_ordinal, account_id, share_cents = share
    found.share_tender_ordinals.append(tender_ordinal)
    found.share_account_ids.append(account_id)
    found.share_cents.append(share_cents)
    share_ordinal = len(found.share_cents)
    parts = waiting.settle(share_cents)
    for place, cents in parts:
        found.part_share_ordinals.append(share_ordinal)
        found.part_item_ids.append(waiting.charges[place].item_id)
        found.part_credit_ordinals.append(None)
        found.part_cents.append(cents)
    left_cents = share_cents - sum(cents for _, cents in parts)
    if left_cents:
        if account_id not in credited:
            found.credit_account_ids.append(account_id)
            found.credit_cents.append(0)
            credited[account_id] = len(found.credit_cents)
        found.credit_cents[credited[account_id] - 1] += left_cents
        found.part_share_ordinals.append(share_ordinal)
        found.part_item_ids.append(None)
        found.part_credit_ordinals.append(credited[account_id])
        found.part_cents.append(left_cents)


def _add_lines(found: Spread, waiting: _Waiting, account_id: int, accounts: Accounts) -> None:
    settled_by_gl: dict[int, int] = {}
    for charge, cents in zip(waiting.charges, waiting.settled_cents, strict=True):
        if cents:
            gl_id = accounts.receivable_gl_ids[charge.code_id]
            settled_by_gl[gl_id] = settled_by_gl.get(gl_id, 0) + cents
            found.settled[charge.item_id] = cents
    if waiting.credit_cents:
        gl_id = accounts.unapplied_gl_id
        settled_by_gl[gl_id] = settled_by_gl.get(gl_id, 0) + waiting.credit_cents
    found.lines.extend(Line(gl_id, -cents, account_id) for gl_id, cents in settled_by_gl.items())

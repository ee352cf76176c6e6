"""What a text could mean: the number of a thing, or words of a name or an address."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator, Sequence

from django import urls
from django.utils.translation import gettext as _

from fisc.basics import identifiers
from fisc.domain.accounts import queries as accounts
from fisc.domain.cashiering import queries as cashiering
from fisc.domain.utilities.queries import bills, meters

# As it is written on a receipt, in either language or without a word; within what a number can be.
_RECEIPT = re.compile(r"(?:receipt|recibo)?#?([0-9]{1,9})-([0-9]{1,9})", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Thing:
    """Something with a number of its own."""

    kind: str
    number: str
    words: str
    address: str


@dataclasses.dataclass(frozen=True)
class Answers:
    """What was found."""

    things: Sequence[Thing] = ()
    found: Sequence[accounts.Found] = ()
    is_too_short: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not self.things and not self.found

    @property
    def only_address(self) -> str:
        """Return where the one thing is that an exact number names, or nothing."""
        if len(self.things) == 1:
            return self.things[0].address
        if len(self.found) == 1 and self.found[0].by == "number":
            return urls.reverse("account", args=[self.found[0].number])
        return ""


def find(text: str, *, as_of: datetime.date) -> Answers:
    """Return what the text names exactly, or else the accounts whose words begin like it."""
    if not text:
        return Answers()
    if things := list(_things(text, as_of=as_of)):
        return Answers(things=things)
    return Answers(
        found=accounts.search(text=text),
        is_too_short=not any(len(word) >= accounts.LETTERS_MIN for word in text.split()),
    )


def _things(text: str, *, as_of: datetime.date) -> Iterator[Thing]:
    digits = text.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        if len(digits) == identifiers.BILL_NUMBERS.digits:
            yield from _bill(int(digits))
    else:
        yield from _receipt(digits)
    if any(each.isdigit() for each in text):
        yield from _meter(text, as_of=as_of)


def _bill(number: int) -> Iterator[Thing]:
    try:
        found = bills.bill(number=number)
    except (identifiers.NumberIsWrong, bills.NoSuchBill):
        return
    yield Thing(
        kind=_("bill"),
        number=str(number),
        words=found.account_name,
        address=urls.reverse("bill", args=[number]),
    )


def _receipt(text: str) -> Iterator[Thing]:
    written = _RECEIPT.fullmatch(text)
    if written is None:
        return
    till, number = written.groups()
    try:
        found = cashiering.receipt(till_id=int(till), number=int(number))
    except cashiering.NoSuchReceipt:
        return
    yield Thing(
        kind=_("receipt"),
        number=f"{till}-{number}",
        words=", ".join(share.name for share in found.shares),
        address=urls.reverse("receipt", args=[found.till_id, found.number]),
    )


def _meter(text: str, *, as_of: datetime.date) -> Iterator[Thing]:
    try:
        account_id = meters.account_of_meter(number=text.upper(), as_of=as_of)
    except meters.NoSuchMeter:
        return
    account = accounts.account(account_id=account_id, as_of=as_of)
    yield Thing(
        kind=_("meter"),
        number=text.upper(),
        words=account.name,
        address=urls.reverse("account", args=[account.number]),
    )

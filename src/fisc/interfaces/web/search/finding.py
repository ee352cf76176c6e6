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
from fisc.domain.licensing.queries import finding
from fisc.domain.party_identifiers import queries as identifiers_of
from fisc.domain.utilities.queries import bills, meters

# As it is written on a receipt, in either language or without a word; within what a number can be.
_BUSINESS = re.compile(r"#([0-9]{1,18})")
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
    businesses: Sequence[Thing] = ()
    is_too_short: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.things or self.found or self.businesses)

    @property
    def only_address(self) -> str:
        """Return where the one thing is that an exact number names, or nothing."""
        if len(self.things) == 1:
            return self.things[0].address
        if len(self.found) == 1 and self.found[0].by == "number":
            return urls.reverse("account", args=[self.found[0].number])
        return ""


def find(text: str, *, as_of: datetime.date, with_businesses: bool = False) -> Answers:
    """Return what the text names exactly, or else what has words that begin like it.

    Businesses are looked for where whoever asks may see them.
    """
    if not text:
        return Answers()
    things = list(_things(text, as_of=as_of))
    if with_businesses:
        things += _businesses_named(text)
    if things:
        return Answers(things=things)
    return Answers(
        found=accounts.search(text=text),
        businesses=[
            _of_business(each) for each in (finding.search(text=text) if with_businesses else ())
        ],
        is_too_short=not any(len(word) >= accounts.LETTERS_MIN for word in text.split()),
    )


def _businesses_named(text: str) -> list[Thing]:
    """Return the businesses that have exactly that number: “#” and ours, or an EIN, SSN or ITIN."""
    ours = _BUSINESS.fullmatch(text)
    ids = [int(ours[1])] if ours else identifiers_of.parties_found_by(text)
    return [_of_business(each) for each in finding.found(ids)] if ids else []


def _of_business(found: finding.Found) -> Thing:
    return Thing(
        kind=_("business"),
        number=f"#{found.business_id}",
        words=f"{found.name} ({found.trade_name})" if found.trade_name else found.name,
        address=urls.reverse("business", args=[found.business_id]),
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

"""An explanation as a page shows it: in its place, or on a page of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from django import http, shortcuts, urls
from django.utils.translation import gettext as _

from fisc.basics import identifiers
from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements import explaining as refunds
from fisc.domain.disbursements.queries import requisitions
from fisc.domain.payments import explaining as payments
from fisc.domain.payments import queries as payments_made
from fisc.domain.receivables import explaining as receivables
from fisc.domain.receivables import queries as items
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import bills, held, previews
from fisc.domain.utilities.queries.explaining import bills as bill_explaining
from fisc.domain.utilities.queries.explaining import charges, lines, quotes, reads

# What is not there, or no longer: the page says so instead of failing.
NOT_THERE = (
    accounts.NoSuchAccount,
    bill_explaining.ClassIsNotKnown,
    bills.NoSuchBill,
    charges.NoSuchLateCharge,
    held.NothingIsHeld,
    identifiers.NumberIsWrong,
    items.NoSuchItem,
    lines.NoSuchLine,
    payments.NothingForThisAccount,
    payments_made.NoSuchPayment,
    previews.NothingToBill,
    quotes.NoSuchQuotedLine,
    reads.NoSuchRead,
    requisitions.NoSuchRequisition,
    refunds.NoSuchOffset,
    reads.ReadCannotBeJudged,
    receivables.NothingWasApplied,
    rule_tables.NoVersionForDate,
)

# By what a reference names: the page that explains it, which takes its numbers in order.
_PAGES = {
    "bill line": "why",
    "credit applied": "why_credit_applied",
    "item": "why_item",
    "late charge": "why_late",
    "payment": "why_payment",
    "read": "why_read",
    "requisition": "why_requisition",
}


@dataclasses.dataclass(frozen=True)
class Input:
    used: explanations.InputUsed
    address: str


@dataclasses.dataclass(frozen=True)
class Piece:
    part: explanations.Piece
    address: str


@dataclasses.dataclass(frozen=True)
class Shown:
    """An explanation with the addresses of what it rests on."""

    why: explanations.Why
    inputs: Sequence[Input]
    pieces: Sequence[Piece]


@dataclasses.dataclass(frozen=True)
class Back:
    """Where a page of its own leads back to."""

    address: str
    words: str


def page(
    request: http.HttpRequest, explain: Callable[[], explanations.Why], *, back: Back | None = None
) -> http.HttpResponse:
    """Explain, in place for htmx or on a page of its own; what is not there answers 404.

    Without `back` the page leads back to the account that it is about.
    """
    try:
        why = explain()
    except NOT_THERE as problem:
        raise http.Http404(str(problem)) from problem
    in_place = request.headers.get("HX-Request")
    template = "explain/_why.html" if in_place else "explain/why.html"
    return shortcuts.render(
        request, template, {"shown": _shown(why), "back": back or _back_of(why)}
    )


def back_to_bill(number: int) -> Back:
    """Lead back to a bill."""
    return Back(urls.reverse("bill", args=[number]), f"{_('Back to the bill')} {number}")


def back_to_account(number: int) -> Back:
    """Lead back to an account."""
    return Back(urls.reverse("account", args=[number]), f"{_('Back to the account')} {number}")


def _back_of(why: explanations.Why) -> Back:
    if why.account_id is None:
        return Back(urls.reverse("search"), _("Back to the search"))
    number, _name = accounts.names(account_ids=[why.account_id])[why.account_id]
    return back_to_account(number)


def _shown(why: explanations.Why) -> Shown:
    return Shown(
        why=why,
        inputs=[Input(each, _address(each.refers)) for each in why.inputs],
        pieces=[Piece(each, _address(each.refers)) for each in why.pieces],
    )


def _address(refers: explanations.Reference | None) -> str:
    return urls.reverse(_PAGES[refers.kind], args=refers.keys) if refers else ""

"""What the pages of a business show, laid out for them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import entering
from fisc.domain.licensing.queries import businesses, finding
from fisc.domain.party_identifiers import queries as identifiers
from fisc.domain.party_records.queries import officers, papers
from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns.queries import registrations
from fisc.interfaces.web import doors, languages
from fisc.plumbing.action_log import queries as action_log
from fisc.plumbing.users import queries as users

HISTORY_SHOWN = 50
#: Every number of so many digits is one that PostgreSQL can hold.
_ID_DIGITS = 18
_KINDS = {"license": gettext_lazy("license"), "tax": gettext_lazy("tax")}
_DONE = {
    "enter": gettext_lazy("Entered"),
    "add owner": gettext_lazy("Owner added"),
    "add place": gettext_lazy("Place added"),
    "add activity": gettext_lazy("Activity added"),
    "add officer": gettext_lazy("Officer added"),
    "end": gettext_lazy("Ended"),
    "open account": gettext_lazy("Account opened"),
    "see": gettext_lazy("Page seen"),
}


@dataclasses.dataclass(frozen=True)
class AccountRow:
    """An account of a business with what it owes."""

    account: accounts.OfParty
    kind_words: str
    balance_cents: int
    past_due_cents: int
    panel: str


@dataclasses.dataclass(frozen=True)
class Registration:
    """What an account of the business files for."""

    account_number: int
    region: str
    business_class: str
    days: object


@dataclasses.dataclass(frozen=True)
class Head:
    """What stands at the top of each page of a business."""

    business: businesses.Business
    party: accounts.Party
    place: str
    numbers: Sequence[identifiers.Identifier]
    accounts: Sequence[AccountRow]

    @property
    def balance_cents(self) -> int:
        """Return what its accounts owe together."""
        return sum(each.balance_cents for each in self.accounts)

    @property
    def past_due_cents(self) -> int:
        """Return what of that is past due."""
        return sum(each.past_due_cents for each in self.accounts)


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that was done to a business."""

    at: datetime.datetime
    words: str
    who: str
    why: str


@dataclasses.dataclass(frozen=True)
class ActivityRow:
    """What a business does, in words."""

    activity_id: int
    of: str
    code: str
    words: str
    starts_on: datetime.date
    ends_before: datetime.date | None


@dataclasses.dataclass(frozen=True)
class OfficerRow:
    """Who acts for a business, in words."""

    officer_id: int
    person_id: int
    name: str
    words: str
    starts_on: datetime.date
    ends_before: datetime.date | None


@dataclasses.dataclass(frozen=True)
class PaperRow:
    """A paper, with its kind in words."""

    paper: papers.Paper
    words: str
    is_expired: bool


def by(request: http.HttpRequest) -> entering.By:
    """Return who does it, and when."""
    return entering.By(user_id=doors.person(request), at=timezone.now(), today=timezone.localdate())


def found(number: int, *, as_of: datetime.date) -> businesses.Business:
    """Return the business of a number, or show that there is none."""
    try:
        return businesses.business(business_id=number, as_of=as_of)
    except businesses.NoSuchBusiness as problem:
        raise http.Http404(str(problem)) from problem


def head(number: int, *, as_of: datetime.date) -> Head:
    """Return the header of a business, or show that there is none."""
    business = found(number, as_of=as_of)
    return Head(
        business=business,
        party=accounts.party(party_id=number),
        place=", ".join(
            " ".join(part for part in (each.house_number, each.street, each.unit) if part)
            for each in business.addresses[:1]
        ),
        numbers=identifiers.identifiers_of(party_ids=[number]),
        accounts=[_account(each, as_of=as_of) for each in accounts.accounts_of(party_id=number)],
    )


def registered(rows: Sequence[AccountRow]) -> list[Registration]:
    """Return what the tax accounts among some file for."""
    language = languages.current()
    regions = code_lists.codes_if_any("tax region")
    classes = code_lists.codes_if_any("business class")
    return [
        Registration(
            account_number=row.account.number,
            region=regions[each.region].label(language),
            business_class=classes[each.business_class].label(language),
            days=each.days,
        )
        for row in rows
        if row.account.kind == "tax"
        for each in registrations.registrations(row.account.account_id)
    ]


def activities(number: int) -> list[ActivityRow]:
    """Return what a business does and did."""
    lists = {"naics": "NAICS", "business class": _("Class")}
    return [
        ActivityRow(
            each.activity_id,
            lists[each.of],
            each.code.code,
            each.code.label(languages.current()),
            each.starts_on,
            each.ends_before,
        )
        for each in finding.activities_of(number)
    ]


def officers_of(number: int, *, as_of: datetime.date) -> list[OfficerRow]:
    """Return who acts for a business."""
    return [
        OfficerRow(
            each.officer_id,
            each.person_id,
            each.name,
            each.title.label(languages.current()),
            each.starts_on,
            each.ends_before,
        )
        for each in officers.officers_of(party_id=number, as_of=as_of)
    ]


def papers_of(number: int, *, as_of: datetime.date) -> list[PaperRow]:
    """Return the papers of a business."""
    return [
        PaperRow(each, each.kind.label(languages.current()), each.is_expired(as_of))
        for each in papers.papers_of(party_id=number)
    ]


def history(number: int) -> list[Event]:
    """Return what was done to a business, newest first."""
    actions = action_log.actions_on(subject_kind="business", subject_id=number, limit=HISTORY_SHOWN)
    names = users.names(user_ids={each.user_id for each in actions if each.user_id})
    return [
        Event(
            at=each.at,
            words=str(_DONE.get(each.verb, each.verb)),
            who=names.get(each.user_id or 0, _("the system")),
            why=each.why,
        )
        for each in actions
    ]


def _account(account: accounts.OfParty, *, as_of: datetime.date) -> AccountRow:
    balance = receivables.account_balance(account.account_id, as_of=as_of)
    return AccountRow(
        account=account,
        kind_words=str(_KINDS.get(account.kind, account.kind)),
        balance_cents=balance.balance_cents,
        past_due_cents=balance.past_due_cents,
        panel=f"why-{account.number}",
    )


def ids(said: Sequence[str]) -> list[int]:
    """Return the numbers that a page sent; what no row can have is left out."""
    return [
        int(each)
        for each in said
        if each.isascii() and each.isdecimal() and len(each) <= _ID_DIGITS
    ]

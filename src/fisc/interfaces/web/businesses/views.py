"""Finding a business, entering one, and its page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import businesses as business_writes
from fisc.domain.licensing.operations import entering
from fisc.domain.licensing.queries import businesses as known
from fisc.domain.licensing.queries import finding
from fisc.domain.party_identifiers import calculations as identifier_forms
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as identifier_writes
from fisc.domain.party_identifiers import queries as identifiers
from fisc.domain.state_collections.queries import filers
from fisc.interfaces.web import doors, seen
from fisc.interfaces.web.businesses import forms, showing
from fisc.plumbing.users import permissions

UNPROCESSABLE: Final = 422
_NEWEST_SHOWN: Final = 20
# No row has a number of so many digits.
_LONG: Final = 10
_REFUSED: Final = (
    business_writes.NameIsMissing,
    business_writes.RecordedAlready,
    code_lists.NoSuchCode,
    identifier_forms.IdentifierIsWrong,
    identifier_writes.HeldByAnother,
    identifiers.IndexKeyIsAnother,
)


@doors.opens_with(permissions.SEE_BUSINESSES, shows="businesses")
def businesses(request: http.HttpRequest) -> http.HttpResponse:
    """Find businesses by name, place or number; without words, those entered last."""
    text = request.GET.get("q", "").strip()
    return shortcuts.render(
        request,
        "businesses/businesses.html",
        {
            "asked": text,
            "found": _found(text) if text else finding.newest(limit=_NEWEST_SHOWN),
        },
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="businesses")
@verbs.require_http_methods(["GET", "POST"])
def add(request: http.HttpRequest) -> http.HttpResponse:
    """Enter a business; what it looks like is shown first."""
    is_sent = request.method == "POST"
    form = forms.EntryForm(request.POST if is_sent else None, told=_told_by_the_state(request))
    alike: Sequence[known.LookAlike] = ()
    if form.is_valid():
        said = showing.ids(request.POST.getlist("are_others"))
        try:
            number = entering.enter_business(form.entry(), by=showing.by(request), are_others=said)
        except business_writes.LooksLikeAnother as problem:
            alike = problem.found
        except _REFUSED as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The business is entered."))
            return shortcuts.redirect("business", number=number)
    return shortcuts.render(
        request,
        "businesses/add.html",
        {"form": form, "alike": alike, "is_refused": bool(alike)},
        status=UNPROCESSABLE if form.is_bound else None,
    )


def _told_by_the_state(request: http.HttpRequest) -> Mapping[str, str]:
    """Return what a line of the state's file tells of a business; the address has no number of it.

    Only those who may see returns are told what a file of the state has.
    """
    file_id, line = (request.GET.get(name, "") for name in ("state_file", "line"))
    is_place = all(
        each.isascii() and each.isdigit() and len(each) < _LONG for each in (file_id, line)
    )
    if not is_place or not request.user.has_perm(permissions.SEE_RETURNS):
        return {}
    told = filers.told(int(file_id), int(line))
    if told is None:
        return {}
    seen.record(request, shows="state file", which={"number": file_id})
    return {
        "name": told.name,
        "house_number": told.house_number,
        "street": told.street,
        "unit": told.unit,
        "number_kind": identifier_choices.Kind.OTHER.value,
        "number": told.license_number,
        "issuer": told.issuer,
    }


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="businesses")
@verbs.require_POST
def look_alikes(request: http.HttpRequest) -> http.HttpResponse:
    """Show, while a business is typed, which known ones it looks like.

    By POST: a number that is typed stands in no address and no log of addresses.
    """
    form = forms.EntryForm(request.POST)
    form.is_valid()
    said = form.cleaned_data
    try:
        number = form.given()
    except identifier_forms.IdentifierIsWrong:
        number = None
    house, street = said.get("house_number", ""), said.get("street", "")
    alike = known.look_alikes(
        name=said.get("name", ""),
        trade_name=said.get("trade_name", ""),
        address=known.Address(house, street, said.get("unit", "")) if house and street else None,
        as_of=said.get("began_on") or timezone.localdate(),
        identifier=number,
    )
    return shortcuts.render(
        request, "businesses/_alike.html", {"alike": alike, "is_refused": False}
    )


@doors.opens_with(permissions.SEE_BUSINESSES, shows="business")
def summary(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show who owns and runs a business, where it is and what it does."""
    today = timezone.localdate()
    return _render(
        request,
        "summary",
        showing.head(number, as_of=today),
        owners=_current(finding.owners_of(number), today),
        places=_current(finding.places_of(number), today),
        activities=_current(showing.activities(number), today),
        officers=showing.officers_of(number, as_of=today),
    )


@doors.opens_with(permissions.SEE_BUSINESSES, shows="business")
def accounts(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show the accounts of a business with what they owe, and what they are registered for."""
    found = showing.head(number, as_of=timezone.localdate())
    return _render(request, "accounts", found, registrations=showing.registered(found.accounts))


@doors.opens_with(permissions.SEE_BUSINESSES, shows="business")
def papers(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show the papers and the numbers of a business."""
    today = timezone.localdate()
    return _render(
        request,
        "papers",
        showing.head(number, as_of=today),
        papers=showing.papers_of(number, as_of=today),
    )


@doors.opens_with(permissions.SEE_BUSINESSES, shows="business")
def history(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what was done to a business, and what was recorded of it before."""
    today = timezone.localdate()
    return _render(
        request,
        "history",
        showing.head(number, as_of=today),
        events=showing.history(number),
        owners=_ended(finding.owners_of(number), today),
        places=_ended(finding.places_of(number), today),
        activities=_ended(showing.activities(number), today),
    )


def _found(text: str) -> Sequence[finding.Found]:
    digits = text.removeprefix("#")
    exact = [int(digits)] if digits.isdecimal() and len(digits) <= len(str(2**62)) - 1 else []
    exact += identifiers.parties_found_by(text)
    return finding.found(exact) or finding.search(text=text)


def _current(rows: Sequence[Any], today: datetime.date) -> list[Any]:
    return [each for each in rows if each.ends_before is None or each.ends_before > today]


def _ended(rows: Sequence[Any], today: datetime.date) -> list[Any]:
    return [each for each in rows if each.ends_before is not None and each.ends_before <= today]


def _render(
    request: http.HttpRequest, tab: str, found: showing.Head, **shown: Any
) -> http.HttpResponse:
    return shortcuts.render(
        request,
        f"businesses/{tab}.html",
        {"head": found, "number": found.business.business_id, "tab": tab, **shown},
    )

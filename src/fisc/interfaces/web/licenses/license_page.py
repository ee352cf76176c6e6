"""The page of a license: whether it is valid today, what happened to it, what may be done."""

from __future__ import annotations

import datetime
from typing import Any

from django import http, shortcuts, urls
from django.utils import timezone

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices
from fisc.domain.licensing.queries import (
    applications,
    clearances,
    coverages,
    fees,
    finding,
    licenses,
    requirements,
)
from fisc.interfaces.web import doors
from fisc.interfaces.web.businesses import showing
from fisc.interfaces.web.letters import showing as letters
from fisc.interfaces.web.licenses import application_forms, change_forms, words
from fisc.plumbing.users import permissions

_Kind = choices.LicenseEventKind
#: What may happen to a license, by the name of its form.
CHANGES = {
    "suspend": _Kind.SUSPENDED,
    "reinstate": _Kind.REINSTATED,
    "revoke": _Kind.REVOKED,
    "close": _Kind.CLOSED,
    "place": _Kind.PLACE_CHANGED,
    "hand": _Kind.OWNER_CHANGED,
}
COVERS_SHOWN = 3
_OPEN = (
    choices.ApplicationStatus.STARTED,
    choices.ApplicationStatus.COMPLETE,
    choices.ApplicationStatus.APPEALED,
)


@doors.opens_with(permissions.SEE_LICENSES, shows="license")
@code_lists.at_one_generation()
def license_(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show a license."""
    return page(request, words.license_of(number))


def page(request: http.HttpRequest, found: licenses.License, **bound: Any) -> http.HttpResponse:
    """Show a license with forms for what may happen to it; `bound` are those with errors."""
    today = timezone.localdate()
    status_words, tone = words.STATUSES[found.status]
    validity = licenses.validity(found, day=today)
    number, _name = accounts.names(account_ids=[found.account_id])[found.account_id]
    context = {
        "head": showing.head(found.business_id, as_of=today),
        "number": found.business_id,
        "tab": "licenses",
        "found": found,
        "type_words": words.called(found.license_type),
        "place": words.place(found.premise_id),
        "status_words": status_words,
        "tone": tone,
        "account_number": number,
        "last_day": words.last_day(found.term.ends_before),
        "is_valid": validity.is_valid,
        "not_valid": words.NOT_VALID.get(validity.why, ""),
        "events": _events(found),
        "letters": letters.about_license(found.license_id),
        "clearances": [
            (each, words.last_day(each.holds_before))
            for each in clearances.of_business(found.business_id)
        ],
        "public": urls.reverse("public_license", args=[found.public_code]),
        **_forms(found, today=today),
        **_covers(found, today=today),
        **_renewal(found, today=today),
        **bound,
    }
    return shortcuts.render(
        request,
        "licenses/license.html",
        context,
        status=words.UNPROCESSABLE if bound else None,
    )


def places(found: licenses.License, *, today: datetime.date) -> list[tuple[str, str]]:
    """Return the places of the business that the license is not for, as a form takes them."""
    return [
        (str(each.premise_id), ", ".join(part for part in (each.address, each.city) if part))
        for each in finding.places_of(found.business_id)
        if each.premise_id != found.premise_id
        and (each.ends_before is None or each.ends_before > today)
    ]


def _forms(found: licenses.License, *, today: datetime.date) -> dict[str, Any]:
    """Return a form for each thing that may happen to a license in its state."""
    may = {name for name, kind in CHANGES.items() if found.status in choices.STATUS_BEFORE[kind]}
    known = places(found, today=today) if "place" in may else []
    asked = requirements.requirements(
        requirements.Asking(
            license_type=found.license_type.code,
            is_new=False,
            day=today,
            known_at=timezone.now(),
        )
    )
    plain = [name for name in ("suspend", "reinstate", "revoke", "close") if name in may]
    return {
        **{name: change_forms.ChangeForm(prefix=name) for name in plain},
        "place_form": change_forms.PlaceForm(places=known) if known else None,
        "hand": change_forms.HandOnForm() if "hand" in may and asked.is_transferable else None,
        "is_transferable": asked.is_transferable,
    }


def cover_kinds(found: licenses.License, *, today: datetime.date) -> list[code_lists.Code]:
    """Return the insurances and bonds that a license must have in force."""
    asking = requirements.Asking(
        license_type=found.license_type.code, is_new=False, day=today, known_at=timezone.now()
    )
    return [each.code for each in requirements.attachments(asking) if each.must_be_in_force]


def _covers(found: licenses.License, *, today: datetime.date) -> dict[str, Any]:
    """Return what must be in force, with the covers of the business, and a form for the next."""
    kinds = cover_kinds(found, today=today)
    known = coverages.of_business(found.business_id) if kinds else ()
    return {
        "covers": [
            {
                "words": words.called(kind),
                "holds": any(each.kind.id == kind.id and each.holds(today) for each in known),
                "rows": [
                    (each, words.last_day(each.ends_before), each.holds(today))
                    for each in known
                    if each.kind.id == kind.id
                ][:COVERS_SHOWN],
            }
            for kind in kinds
        ],
        "coverage": application_forms.CoverageForm(None, kinds=kinds) if kinds else None,
    }


def _renewal(found: licenses.License, *, today: datetime.date) -> dict[str, Any]:
    """Return the renewal that is under way, or from when one may be asked for."""
    under_way = next(
        (
            each
            for each in applications.of_business(found.business_id)
            if each.license_id == found.license_id and each.status in _OPEN
        ),
        None,
    )
    terms = fees.terms(license_type=found.license_type.code, day=today, known_at=timezone.now())
    last = words.last_day(found.term.ends_before)
    assert last is not None
    opens_on = None if terms.renewal_days is None else last - terms.renewal_days * words.A_DAY
    is_active = found.status == choices.LicenseStatus.ACTIVE
    may = is_active and under_way is None and (opens_on is None or today >= opens_on)
    may = may and not terms.is_of_event
    return {
        "renewal": under_way,
        "renews_from": opens_on if is_active and opens_on and today < opens_on else None,
        "renew": application_forms.RenewForm() if may else None,
        "is_of_event": terms.is_of_event,
    }


def _events(found: licenses.License) -> list[dict[str, Any]]:
    """Return what happened to a license, the newest first."""
    history = licenses.history(found.license_id)
    names = words.people(each.made_by_id for each in history)
    holders = finding.found([each.business_id for each in history if each.business_id])
    called = {each.business_id: each.name for each in holders}
    addresses = {
        each: words.place(each) for each in {one.premise_id for one in history} if each is not None
    }
    return [
        {
            "words": words.EVENTS[each.kind],
            "event": each,
            "last_day": words.last_day(each.term.ends_before) if each.term else None,
            "business": called.get(each.business_id or 0, "")
            if each.kind == _Kind.OWNER_CHANGED
            else "",
            "place": addresses.get(each.premise_id or 0, "")
            if each.kind == _Kind.PLACE_CHANGED
            else "",
            "who": names.get(each.made_by_id, ""),
        }
        for each in reversed(history)
    ]

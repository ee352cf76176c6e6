"""What applications and licenses are called on pages, where they are, and who acts on them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Final

from django import http
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import keeping
from fisc.domain.licensing.queries import applications, finding, licenses
from fisc.interfaces.web import doors, languages
from fisc.plumbing.users import queries as users

A_DAY: Final = datetime.timedelta(days=1)
UNPROCESSABLE: Final = 422

#: What an application or license is, in words and tone.
STATUSES: Final[Mapping[str, tuple[object, str]]] = {
    "started": (gettext_lazy("being filled in"), "go"),
    "complete": (gettext_lazy("being decided"), "go"),
    "issued": (gettext_lazy("issued"), "good"),
    "denied": (gettext_lazy("denied"), "bad"),
    "appealed": (gettext_lazy("appealed"), "warn"),
    "withdrawn": (gettext_lazy("withdrawn"), ""),
    "active": (gettext_lazy("active"), "good"),
    "suspended": (gettext_lazy("suspended"), "bad"),
    "revoked": (gettext_lazy("revoked"), "bad"),
    "expired": (gettext_lazy("expired"), "warn"),
    "closed": (gettext_lazy("closed"), ""),
}
#: What happened to a license.
EVENTS: Final[Mapping[str, object]] = {
    "issued": gettext_lazy("Issued"),
    "renewed": gettext_lazy("Renewed"),
    "suspended": gettext_lazy("Suspended"),
    "reinstated": gettext_lazy("Reinstated"),
    "revoked": gettext_lazy("Revoked"),
    "expired": gettext_lazy("Expired"),
    "closed": gettext_lazy("Closed"),
    "owner changed": gettext_lazy("Handed on to another business"),
    "place changed": gettext_lazy("Place changed"),
}
#: What happened to an application.
STEPS: Final[Mapping[str, object]] = {
    "started": gettext_lazy("Taken in"),
    "complete": gettext_lazy("Complete"),
    "issued": gettext_lazy("License issued"),
    "denied": gettext_lazy("Denied"),
    "appealed": gettext_lazy("Appealed"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
#: Why a license is not valid on a day.
NOT_VALID: Final[Mapping[str, object]] = {
    "suspended": gettext_lazy("It is suspended."),
    "revoked": gettext_lazy("It was revoked."),
    "expired": gettext_lazy("It has expired."),
    "closed": gettext_lazy("It was closed."),
    "term over": gettext_lazy("Its term is over."),
    "not begun": gettext_lazy("Its term has not begun."),
}


def called(code: code_lists.Code) -> str:
    """Return what a code is called in the language of the page."""
    return code.label(languages.current())


def place(premise_id: int | None) -> str:
    """Return an address on one line; empty for what has no place."""
    if premise_id is None:
        return ""
    found = finding.address_in_full(premise_id)
    street = " ".join(part for part in (found.house_number, found.street, found.unit) if part)
    return ", ".join(part for part in (street, found.city) if part)


def last_day(ends_before: datetime.date | None) -> datetime.date | None:
    """Return the last day of what ends before a day."""
    return None if ends_before is None else ends_before - A_DAY


def application(number: int) -> applications.Application:
    """Return an application, or show that there is none."""
    try:
        return applications.application(number)
    except applications.NoSuchApplication as problem:
        raise http.Http404(str(problem)) from problem


def license_of(number: int) -> licenses.License:
    """Return a license, or show that there is none."""
    try:
        return licenses.license_of(number)
    except licenses.NoSuchLicense as problem:
        raise http.Http404(str(problem)) from problem


def people(user_ids: Iterable[int | None]) -> Mapping[int | None, str]:
    """Return the names of people; nobody is the system."""
    named = users.names(user_ids={each for each in user_ids if each})
    return {None: _("the system")} | named


def by(request: http.HttpRequest, why: str = "") -> keeping.By:
    """Return who does something now, and why."""
    return keeping.By(user_id=doors.person(request), at=timezone.now(), why=why)

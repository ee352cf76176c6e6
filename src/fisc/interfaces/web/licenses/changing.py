"""What happens to a license after it is issued: each view makes one call that writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms as django_forms
from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.licensing.operations import applying, keeping
from fisc.domain.licensing.operations import changing as operations
from fisc.domain.licensing.queries import businesses, requirements
from fisc.interfaces.web import doors
from fisc.interfaces.web.licenses import acting, change_forms, license_page, words
from fisc.interfaces.web.licenses import application_forms as forms
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions

_CANNOT: Final = (
    *acting.CANNOT,
    operations.CannotBeCleared,
    operations.CannotBeHandedOn,
    requirements.NoRequirements,
    businesses.NoSuchBusiness,
    businesses.NoSuchPremise,
)
#: Of each change: who does it, and what is said once it is done.
_DONE: Final[Mapping[str, object]] = {
    "suspend": gettext_lazy("The license is suspended."),
    "reinstate": gettext_lazy("The license counts again."),
    "revoke": gettext_lazy("The license is revoked."),
    "close": gettext_lazy("The license is closed."),
}


def _change(
    request: http.HttpRequest, number: int, *, name: str, form: django_forms.Form,
    do: Callable[[Any, keeping.By], object], done: Callable[[object], str],
    to: Callable[[object], http.HttpResponse] | None = None,
) -> http.HttpResponse:  # fmt: skip
    """Do one thing that a form says, or show the license with what is wrong."""
    if form.is_valid():
        told = form.cleaned_data
        try:
            result = do(told, words.by(request, told.get("why", "")))
        except _CANNOT as problem:
            for each in acting.said(problem):
                form.add_error(None, each)
        else:
            messages.success(request, done(result))
            return to(result) if to else shortcuts.redirect("license", number=number)
    return license_page.page(request, words.license_of(number), **{name: form})


def _plain(
    request: http.HttpRequest, number: int, name: str, do: Callable[..., None]
) -> http.HttpResponse:
    words.license_of(number)
    return _change(
        request,
        number,
        name=name,
        form=change_forms.ChangeForm(request.POST, prefix=name),
        do=lambda told, by: do(number, on=told["happens_on"], by=by),
        done=lambda result: str(_DONE[name]),
    )


@doors.opens_with(permissions.SUSPEND_LICENSES)
@verbs.require_POST
def suspend(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Stop a license until it is reinstated."""
    return _plain(request, number, "suspend", operations.suspend)


@doors.opens_with(permissions.SUSPEND_LICENSES)
@verbs.require_POST
def reinstate(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have a suspended or revoked license count again."""
    return _plain(request, number, "reinstate", operations.reinstate)


@doors.opens_with(permissions.SUSPEND_LICENSES)
@verbs.require_POST
def revoke(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """End a license against its holder."""
    return _plain(request, number, "revoke", operations.revoke)


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def close(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """End a license because its business ended."""
    return _plain(request, number, "close", operations.close)


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def place(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have a license be for another place of its business."""
    known = license_page.places(words.license_of(number), today=timezone.localdate())
    return _change(
        request,
        number,
        name="place_form",
        form=change_forms.PlaceForm(request.POST, places=known),
        do=lambda told, by: operations.change_place(
            number, premise_id=int(told["premise"]), on=told["happens_on"], by=by
        ),
        done=lambda result: _("The license is for the new place."),
    )


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def clear(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Keep what the business of a license owes, for a letter before a sale."""
    words.license_of(number)
    return _change(
        request,
        number,
        name="clear",
        form=django_forms.Form(request.POST),
        do=lambda told, by: operations.clear(number, on=timezone.localdate(), by=by),
        done=_cleared,
    )


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def hand_on(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have a license be another business's, after its sale."""
    words.license_of(number)
    return _change(
        request,
        number,
        name="hand",
        form=change_forms.HandOnForm(request.POST),
        do=lambda told, by: operations.hand_on(
            number,
            to_business_id=told["to_business"],
            takes_over_debt=told["takes_over_debt"],
            on=told["happens_on"],
            by=by,
        ),
        done=lambda result: _("The license is handed on."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def renew(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Take a renewal in; asked twice, the second says that there is one."""
    words.license_of(number)
    return _change(
        request,
        number,
        name="renew",
        form=forms.RenewForm(request.POST),
        do=lambda told, by: applying.start_renewal(
            applying.Renewal(
                license_id=number,
                received_on=told["received_on"],
                units=told["units"],
                gross_receipts_cents=told["gross_receipts"],
            ),
            by=by,
        ),
        done=lambda result: _("The renewal is taken in."),
        to=lambda result: shortcuts.redirect("application", number=result),
    )


def _cleared(result: object) -> str:
    letter: Any = result
    if letter.is_clear:
        return _("Nothing is owed. The letter of clearance holds through %(day)s.") % {
            "day": figures.day(words.last_day(letter.holds_before))
        }
    return _("%(amount)s is owed: the letter clears nobody.") % {
        "amount": figures.money(letter.owed_cents)
    }


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def coverage(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Keep an insurance or bond of the holder."""
    found = words.license_of(number)
    kinds = license_page.cover_kinds(found, today=timezone.localdate())
    return _change(
        request,
        number,
        name="coverage",
        form=forms.CoverageForm(request.POST, kinds=kinds),
        do=lambda told, by: applying.add_coverage(
            business_id=found.business_id,
            kind=told["kind"],
            reference=told["number"],
            insurer=told["insurer"],
            amount_cents=told["amount"],
            starts_on=told["starts_on"],
            ends_before=told["last_day"] + words.A_DAY,
            by=by,
        ),
        done=lambda result: _("The insurance or bond is recorded."),
    )

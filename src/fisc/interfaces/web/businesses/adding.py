"""Adding an owner, place, activity, officer or account to a business, and ending one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any, Final

from django import forms as django_forms
from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as account_queries
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import amending, entering
from fisc.domain.licensing.operations import businesses as business_writes
from fisc.domain.licensing.queries import finding
from fisc.domain.party_records.operations import officers as officer_writes
from fisc.domain.party_records.queries import officers
from fisc.interfaces.web import doors
from fisc.interfaces.web.businesses import forms, showing
from fisc.plumbing.users import permissions

UNPROCESSABLE: Final = 422
#: What the form says beside its fields instead of a page of its own.
REFUSED: Final = (
    account_queries.NoSuchParty,
    business_writes.MoreThanWhole,
    business_writes.NoSuchOwnership,
    business_writes.NotRecorded,
    business_writes.OwnsItself,
    business_writes.RecordedAlready,
    business_writes.ShareIsWrong,
    code_lists.NoSuchCode,
    officer_writes.IsItself,
    officer_writes.NoSuchOfficer,
    officer_writes.OfficerAlready,
)
_KNOWN = re.compile(r"#([0-9]{1,18})\b")


def answer(
    request: http.HttpRequest,
    number: int,
    form: django_forms.Form,
    do: Callable[[entering.By], object],
    *,
    title: str,
    done: str,
    tab: str = "business",
    refused: tuple[type[Exception], ...] = REFUSED,
    **shown: Any,
) -> http.HttpResponse:
    """Show a form about a business, or do what it says and go back to the business."""
    business = showing.found(number, as_of=timezone.localdate())
    if form.is_bound and form.is_valid():
        try:
            do(showing.by(request))
        except refused as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return shortcuts.redirect(tab, number=number)
    return shortcuts.render(
        request,
        "businesses/form.html",
        {"form": form, "business": business, "title": title, "back": tab, **shown},
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def owner(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Add who holds what of the business."""
    form = forms.OwnerForm(_posted(request))
    return answer(
        request,
        number,
        form,
        lambda by: amending.add_owner(
            business_id=number,
            who=_who(form.cleaned_data),
            percent=form.cleaned_data["percent"],
            controls=form.cleaned_data["controls"],
            starts_on=form.cleaned_data["starts_on"],
            by=by,
        ),
        title=_("Add an owner"),
        done=_("The owner is added."),
        people=_people(number),
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def officer(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Add who acts for the business."""
    form = forms.OfficerForm(_posted(request))
    return answer(
        request,
        number,
        form,
        lambda by: amending.add_officer(
            business_id=number,
            who=_who(form.cleaned_data),
            title=form.cleaned_data["title"],
            starts_on=form.cleaned_data["starts_on"],
            by=by,
        ),
        title=_("Add an officer"),
        done=_("The officer is added."),
        people=_people(number),
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def place(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Add where the business is."""
    form = forms.PlaceForm(_posted(request))

    def do(by: entering.By) -> None:
        told = form.place()
        assert told is not None, "the form asks for the address"
        entering.add_place(
            business_id=number, place=told, starts_on=form.cleaned_data["starts_on"], by=by
        )

    return answer(request, number, form, do, title=_("Add a place"), done=_("The place is added."))


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def activity(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Add what the business does."""
    form = forms.ActivityForm(_posted(request))

    def do(by: entering.By) -> None:
        of, code = form.chosen()
        amending.add_activity(
            business_id=number, of=of, code=code, starts_on=form.cleaned_data["starts_on"], by=by
        )

    return answer(
        request, number, form, do, title=_("Add an activity"), done=_("The activity is added.")
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def account(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Open an account of the business."""
    form = forms.AccountForm(_posted(request), initial=_place_now(number))

    def do(by: entering.By) -> None:
        told = form.place()
        assert told is not None, "the form asks for the address"
        entering.open_account(
            business_id=number,
            kind=account_choices.AccountKind(form.cleaned_data["kind"]),
            place=told,
            language=form.cleaned_data["language"],
            by=by,
        )

    return answer(
        request,
        number,
        form,
        do,
        title=_("Open an account"),
        done=_("The account is open."),
        tab="business_accounts",
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def end(request: http.HttpRequest, number: int, what: str, row: int) -> http.HttpResponse:
    """Have an owner, place, activity or officer be so no longer."""
    titles = {
        amending.OWNER: _("End what an owner holds"),
        amending.PLACE: _("Leave a place"),
        amending.ACTIVITY: _("End an activity"),
        amending.OFFICER: _("End the time of an officer"),
    }
    if what not in titles:
        raise http.Http404(_("A business has nothing of that name."))
    form = forms.EndForm(_posted(request))
    return answer(
        request,
        number,
        form,
        lambda by: amending.end(
            business_id=number,
            what=what,
            row=row,
            ends_before=form.cleaned_data["ends_before"],
            by=by,
        ),
        title=titles[what],
        done=_("That is recorded. What was before stays in the history."),
    )


def _posted(request: http.HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _who(said: dict[str, Any]) -> amending.Who:
    if known := _KNOWN.match(said["person"].strip()):
        return amending.Who(party_id=int(known[1]))
    kinds = account_choices.PartyKind
    kind = kinds.ORGANIZATION if said.get("is_organization") else kinds.PERSON
    return amending.Who(name=said["person"].strip(), kind=kind)


def _place_now(number: int) -> dict[str, str]:
    """Return where the business is, as the form takes it; nothing where no place is recorded."""
    premises = [each.premise_id for each in finding.places_of(number) if each.ends_before is None]
    if not premises:
        return {}
    return dataclasses.asdict(finding.address_in_full(premises[0]))


def _people(number: int) -> list[str]:
    """Return who is known around the business, as the form takes them."""
    today = timezone.localdate()
    people = {each.party_id: each.name for each in finding.owners_of(number)}
    people |= {
        each.person_id: each.name for each in officers.officers_of(party_id=number, as_of=today)
    }
    return [f"#{party_id} {name}" for party_id, name in sorted(people.items())]

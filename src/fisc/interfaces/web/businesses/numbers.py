"""Numbers by which others know a business: taken in, shown whole against a reason, ended."""

from __future__ import annotations

from typing import Final

from django import http, shortcuts
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.licensing.operations import entering
from fisc.domain.licensing.queries import finding
from fisc.domain.party_identifiers import calculations
from fisc.domain.party_identifiers import operations as identifier_writes
from fisc.domain.party_identifiers import queries as identifiers
from fisc.interfaces.web import doors
from fisc.interfaces.web.businesses import adding, forms, showing
from fisc.plumbing import transactions
from fisc.plumbing.users import permissions

UNPROCESSABLE: Final = 422


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def add(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Add a number; where another party has it, that is shown first."""
    form = forms.NumberForm(request.POST if request.method == "POST" else None)
    said = showing.ids(request.POST.getlist("may_share"))

    def do(by: entering.By) -> None:
        given = form.given()
        assert given is not None, "the form asks for the number"
        with transactions.started(by="adding a number"):
            identifier_writes.add_identifier(
                party_id=number, given=given, at=by.at, user_id=by.user_id, may_share=said
            )

    holders = _holders(form, number)
    return adding.answer(
        request,
        number,
        form,
        do,
        title=_("Add a number"),
        done=_("The number is added."),
        tab="business_papers",
        refused=(
            calculations.IdentifierIsWrong,
            identifier_writes.HeldByAnother,
            identifier_writes.RecordedAlready,
            identifiers.IndexKeyIsAnother,
        ),
        holders=holders,
        shared_by=finding.found(holders),
    )


@doors.opens_with(permissions.SEE_IDENTIFIERS, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def whole(request: http.HttpRequest, number: int, row: int) -> http.HttpResponse:
    """Ask why, then show a number whole; who saw it is kept."""
    found = _of_business(number, row)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    told = ""
    if form.is_valid():
        by = showing.by(request)
        with transactions.started(by="showing a number whole"):
            told = identifier_writes.show_whole(
                identifier_id=row, why=form.cleaned_data["why"], user_id=by.user_id, at=by.at
            )
    return shortcuts.render(
        request,
        "businesses/number.html",
        {
            "business": showing.found(number, as_of=timezone.localdate()),
            "found": found,
            "form": form,
            "told": told,
        },
        status=UNPROCESSABLE if form.is_bound and not told else None,
    )


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def end(request: http.HttpRequest, number: int, row: int) -> http.HttpResponse:
    """End a number that is the business's no longer, or never was."""
    found = _of_business(number, row)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)

    def do(by: entering.By) -> None:
        with transactions.started(by="ending a number"):
            identifier_writes.end_identifier(
                identifier_id=row, why=form.cleaned_data["why"], user_id=by.user_id, at=by.at
            )

    return adding.answer(
        request,
        number,
        form,
        do,
        title=_("End the number %(number)s") % {"number": found.masked},
        done=_("The number is ended."),
        tab="business_papers",
        refused=(identifier_writes.NothingSaid, identifiers.NoSuchIdentifier),
    )


def _holders(form: forms.NumberForm, number: int) -> list[int]:
    """Return which other parties have the number that was typed."""
    if not form.is_bound or not form.is_valid():
        return []
    given = form.given()
    assert given is not None, "the form asks for the number"
    return [each for each in identifiers.parties_with(given) if each != number]


def _of_business(number: int, row: int) -> identifiers.Identifier:
    try:
        found = identifiers.identifier(identifier_id=row)
    except identifiers.NoSuchIdentifier as problem:
        raise http.Http404(str(problem)) from problem
    if found.party_id != number:
        raise http.Http404(_("That number is of another."))
    return found

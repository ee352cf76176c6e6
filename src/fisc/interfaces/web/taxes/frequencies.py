"""The yearly review of how often accounts file: what it proposes, and what people decide."""

from __future__ import annotations

import dataclasses
import datetime

from django import http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.operations import reviewing
from fisc.domain.tax_returns.queries import reviews, why_frequency
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.taxes import names, nonfilers, registering
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
SHOWN = 200
State = choices.ProposalState


@dataclasses.dataclass(frozen=True)
class Row:
    """A proposal with its account, and the form that decides it."""

    of: reviews.Proposal
    number: int
    name: str
    before: str
    frequency: str
    looked_until: datetime.date
    decided_by: str
    form: nonfilers.DecideForm

    @property
    def waits(self) -> bool:
        return self.of.state == State.PROPOSED

    @property
    def is_approved(self) -> bool:
        return self.of.state == State.APPROVED


@doors.opens_with(permissions.SEE_RETURNS, shows="filing frequency reviews")
@verbs.require_safe
def newest(request: http.HttpRequest) -> http.HttpResponse:
    """Show the newest review."""
    return _page(request, year=None)


@doors.opens_with(permissions.SEE_RETURNS, shows="filing frequency review")
@verbs.require_safe
def review(request: http.HttpRequest, year: int) -> http.HttpResponse:
    """Show the review of a year: what it proposes, those that wait first."""
    return _page(request, year=year)


@doors.opens_with(permissions.DECIDE_FREQUENCIES)
@verbs.require_POST
def decide(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Approve or reject a proposal."""
    of = _found(number)
    form = nonfilers.DecideForm(request.POST, prefix=f"decide-{number}")
    if form.is_valid():
        by = registering.by(request, why=form.cleaned_data["why"])
        try:
            if request.POST.get("action") == "approve":
                reviewing.approve(proposal_id=number, by=by)
                messages.success(request, _("Approved. The account files so from that day."))
            else:
                reviewing.reject(proposal_id=number, by=by)
                messages.success(request, _("Rejected. The account files as before."))
        except reviewing.CannotDecide as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("frequency_review", year=of.review.year)
    return _page(request, year=of.review.year, answered=(number, form))


@doors.opens_with(permissions.SEE_RETURNS, shows="filing frequency proposal")
@verbs.require_safe
@code_lists.at_one_generation()
def why(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain what a review proposes for an account."""
    of = _found(number)
    back = showing.Back(
        urls.reverse("frequency_review", args=[of.review.year]), _("Back to the review")
    )
    return showing.page(
        request, lambda: why_frequency.why(of, language=languages.current()), back=back
    )


def _found(number: int) -> reviews.Proposal:
    try:
        return reviews.proposal(number)
    except reviews.NoSuchProposal as problem:
        raise http.Http404(str(problem)) from problem


@code_lists.at_one_generation()
def _page(
    request: http.HttpRequest, *, year: int | None,
    answered: tuple[int, nonfilers.DecideForm] | None = None,
) -> http.HttpResponse:  # fmt: skip
    all_reviews = reviews.reviews()
    of = next((each for each in all_reviews if year in (None, each.year)), None)
    if of is None and year is not None:
        raise http.Http404(_("The year %(year)s was not reviewed.") % {"year": year})
    found = reviews.proposals(review_id=of.review_id, most=SHOWN + 1) if of else []
    return shortcuts.render(
        request,
        "taxes/frequencies.html",
        {
            "room": "returns",
            "review": of,
            "years": [each.year for each in all_reviews],
            "next_year": timezone.localdate().year + 1,
            "counts": reviews.counts(of.review_id) if of else {},
            "rows": _rows(found[:SHOWN], answered=answered),
            "shown": SHOWN,
            "has_more": len(found) > SHOWN,
        },
        status=UNPROCESSABLE if answered else None,
    )


def _rows(
    found: list[reviews.Proposal], *, answered: tuple[int, nonfilers.DecideForm] | None
) -> list[Row]:
    called = accounts.names(account_ids=sorted({each.account_id for each in found}))
    people = users.names(
        user_ids={each.decided_by_id for each in found if each.decided_by_id is not None}
    )
    number, form = answered or (0, None)
    return [
        Row(
            of=each,
            number=called[each.account_id][0],
            name=called[each.account_id][1],
            before=names.words(names.FREQUENCIES, each.before),
            frequency=names.words(names.FREQUENCIES, each.frequency),
            looked_until=names.last_day(each.looked.ends_before) or each.looked.starts_on,
            decided_by=people.get(each.decided_by_id or 0, ""),
            form=form
            if form is not None and each.proposal_id == number
            else nonfilers.DecideForm(prefix=f"decide-{each.proposal_id}"),
        )
        for each in found
    ]

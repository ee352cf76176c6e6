"""Returns that did not come, and what they are estimated at: the board, and one assessment."""

from __future__ import annotations

import dataclasses
import datetime

from django import forms, http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.operations import assessing
from fisc.domain.tax_returns.queries import assessments, missing, why_missing
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.taxes import names, registering
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
SHOWN = 200
State = choices.AssessmentState
# What a person can put right, said on the page; anything else is our mistake.
_CANNOT = (
    assessing.CannotAssess,
    asking.NoAnswer,
    ledger.DayIsSealed,
    missing.NoSuchNonFiling,
    rule_tables.NoVersionForDate,
)


class DecideForm(forms.Form):
    """Why something is decided so."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


@dataclasses.dataclass(frozen=True)
class Row:
    """A missing return with its account and what it is estimated at."""

    of: missing.NonFiling
    number: int
    name: str
    period: str
    days_late: int
    assessment: assessments.Assessment | None


@doors.opens_with(permissions.SEE_RETURNS, shows="missing returns")
@verbs.require_safe
def board(request: http.HttpRequest) -> http.HttpResponse:
    """Show every return that did not come, the longest missing first."""
    today = timezone.localdate()
    found = missing.still_missing(most=SHOWN + 1)
    standing = {
        each.missing.nonfiling_id: each
        for each in assessments.assessments(states=[State.PROPOSED, State.APPROVED])
    }
    called = accounts.names(account_ids=sorted({each.account_id for each in found[:SHOWN]}))
    return shortcuts.render(
        request,
        "taxes/nonfilers.html",
        {
            "room": "returns",
            "rows": [
                Row(
                    each,
                    *called[each.account_id],
                    names.period_words(each.days.starts_on, each.days.ends_before),
                    (today - each.timely_until).days,
                    standing.get(each.nonfiling_id),
                )
                for each in found[:SHOWN]
            ],
            "shown": SHOWN,
            "has_more": len(found) > SHOWN,
        },
    )


@doors.opens_with(permissions.ASSESS_TAX)
@verbs.require_POST
@code_lists.at_one_generation()
def propose(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Propose what the table estimates of a missing return."""
    try:
        made = assessing.propose(
            nonfiling_id=number,
            on=timezone.localdate(),
            by=registering.by(request, why="asked for on the board"),
        )
    except _CANNOT as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("nonfilers")
    return shortcuts.redirect("assessment", number=made)


@doors.opens_with(permissions.SEE_RETURNS, shows="tax assessment")
@verbs.require_safe
@code_lists.at_one_generation()
def assessment(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show an estimated assessment, and let another person decide it."""
    return _page(request, _found(number), form=DecideForm())


@doors.opens_with(permissions.ASSESS_TAX)
@verbs.require_POST
@code_lists.at_one_generation()
def decide(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Approve or reject an assessment that another proposed."""
    of, form = _found(number), DecideForm(request.POST)
    if form.is_valid():
        by = registering.by(request, why=form.cleaned_data["why"])
        try:
            if request.POST.get("action") == "approve":
                assessing.approve(assessment_id=number, posting_day=timezone.localdate(), by=by)
                messages.success(request, _("Approved. It is charged to the account."))
            else:
                assessing.reject(assessment_id=number, by=by)
                messages.success(request, _("Rejected. Nothing is charged."))
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("assessment", number=number)
    return _page(request, of, form=form)


@doors.opens_with(permissions.SEE_RETURNS, shows="tax assessment")
@code_lists.at_one_generation()
def why(request: http.HttpRequest, number: int, name: str) -> http.HttpResponse:
    """Explain the estimated tax, or the penalty that goes with it."""
    of = _found(number)
    if name not in ("tax", "penalty"):
        raise http.Http404(_("There is no such figure."))

    def explain() -> explanations.Why:
        if name == "tax":
            return why_missing.why_tax(of, language=languages.current())
        on, known_at, cents = _penalty(of)
        return why_missing.why_penalty(
            of, on=on, known_at=known_at, cents=cents, language=languages.current()
        )

    back = showing.Back(
        urls.reverse("assessment", args=[number]), f"{_('Back to the assessment')} {number}"
    )
    return showing.page(request, explain, back=back)


def _found(number: int) -> assessments.Assessment:
    try:
        return assessments.assessment(number)
    except assessments.NoSuchAssessment as problem:
        raise http.Http404(str(problem)) from problem


def _penalty(of: assessments.Assessment) -> tuple[datetime.date, datetime.datetime, int]:
    """Return the day and instant that its penalty is of, and cents: as posted, or today's."""
    if of.posted_on is not None and of.decided_at is not None:
        return of.posted_on, of.decided_at, of.penalty_cents
    on, known_at = timezone.localdate(), timezone.now()
    _owed, late = assessments.cost(of.missing, tax_cents=of.tax_cents, on=on, known_at=known_at)
    return on, known_at, late.late_filing_cents


def _page(
    request: http.HttpRequest, of: assessments.Assessment, *, form: DecideForm
) -> http.HttpResponse:
    number, _name = accounts.names(account_ids=[of.missing.account_id])[of.missing.account_id]
    people = users.names(
        user_ids={each for each in (of.proposed_by_id, of.decided_by_id) if each is not None}
    )
    on, _known_at, penalty_cents = _penalty(of)
    days = of.missing.days
    me = doors.person(request)
    return shortcuts.render(
        request,
        "taxes/assessment.html",
        {
            "head": names.account_of(number, as_of=timezone.localdate()),
            "tab": "tax",
            "of": of,
            "period": names.period_words(days.starts_on, days.ends_before),
            "state": State(of.state).label,
            "penalty_cents": penalty_cents,
            "penalty_on": on,
            "total_cents": of.tax_cents + penalty_cents,
            "proposer": people.get(of.proposed_by_id or 0, ""),
            "decider": people.get(of.decided_by_id or 0, ""),
            "waits": of.state == State.PROPOSED,
            "is_mine": of.proposed_by_id == me,
            "form": form,
        },
        status=UNPROCESSABLE if form.is_bound else None,
    )

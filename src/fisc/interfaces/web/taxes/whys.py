"""“Why?” of a return: a figure of a line, a total, a penalty, the interest to a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django import http, urls
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.tax_returns import explaining
from fisc.domain.tax_returns.queries import owed as periods_owed
from fisc.domain.tax_returns.queries import postings
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.taxes import names
from fisc.plumbing.users import permissions

_Explain = Callable[[str], explanations.Why]


@doors.opens_with(permissions.SEE_RETURNS, shows="tax return")
@code_lists.at_one_generation()
def line(request: http.HttpRequest, return_id: int, line_no: int, name: str) -> http.HttpResponse:
    """Explain a figure of a line, by the tables as known when the return was recorded."""
    kept = queries.one(return_id)
    lines = queries.recomputed(kept).lines
    if not 1 <= line_no <= len(lines):
        raise http.Http404(_("The return has no line %(number)s.") % {"number": line_no})
    return _page(
        request,
        kept,
        lambda language: explaining.why_line(
            lines[line_no - 1].facts,
            name=name,
            days=kept.days,
            known_at=kept.recorded_at,
            language=language,
        ),
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="tax return")
@code_lists.at_one_generation()
def total(request: http.HttpRequest, return_id: int, name: str) -> http.HttpResponse:
    """Explain a figure of the whole return."""
    kept = queries.one(return_id)
    facts = queries.recomputed(kept).facts
    return _page(
        request,
        kept,
        lambda language: explaining.why_total(
            facts, name=name, days=kept.days, known_at=kept.recorded_at, language=language
        ),
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="tax return")
@code_lists.at_one_generation()
def penalty(
    request: http.HttpRequest, return_id: int, name: str, on: datetime.date
) -> http.HttpResponse:
    """Explain a penalty on a day, past or to come."""
    kept = queries.one(return_id)
    return _page(
        request,
        kept,
        lambda language: explaining.why_penalty(
            postings.lateness_of(kept),
            on=on,
            name=name,
            known_at=timezone.now(),
            language=language,
        ),
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="tax return")
@code_lists.at_one_generation()
def interest(request: http.HttpRequest, return_id: int, on: datetime.date) -> http.HttpResponse:
    """Explain the interest to a day, past or to come, part by part."""
    kept = queries.one(return_id)
    return _page(
        request,
        kept,
        lambda language: explaining.why_interest(
            postings.lateness_of(kept), on=on, known_at=timezone.now(), language=language
        ),
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="tax account")
@code_lists.at_one_generation()
def owed(request: http.HttpRequest, number: int, starts_on: datetime.date) -> http.HttpResponse:
    """Explain what is open of a period."""
    found = names.account_of(number, as_of=timezone.localdate())
    back = showing.Back(
        urls.reverse("tax_account", args=[number]), f"{_('Back to the account')} {number}"
    )
    try:
        return showing.page(
            request,
            lambda: periods_owed.why_open(
                found.account.account_id, starts_on=starts_on, language=languages.current()
            ),
            back=back,
        )
    except postings.NoSuchPosting as problem:
        raise http.Http404(str(problem)) from problem


def _page(request: http.HttpRequest, kept: queries.Kept, explain: _Explain) -> http.HttpResponse:
    back = showing.Back(urls.reverse("tax_return", args=[kept.return_id]), _("Back to the return"))
    try:
        return showing.page(request, lambda: explain(languages.current()), back=back)
    except explaining.NoSuchFigure as problem:
        raise http.Http404(str(problem)) from problem

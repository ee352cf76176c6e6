"""What would this usage cost? The answer takes the same path as a bill."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http, shortcuts, urls
from django.utils import timezone

from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import previews, quoting
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.quotes import forms
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422


@dataclasses.dataclass(frozen=True)
class Line:
    words: str
    amount_cents: int
    # Where it is explained, and the place on the page for that.
    why: str
    panel: str


@dataclasses.dataclass(frozen=True)
class Answer:
    """What it would cost, line by line."""

    lines: Sequence[Line]
    total_cents: int
    days: int
    remark: str


@doors.opens_with(permissions.QUOTE)
def quote(request: http.HttpRequest) -> http.HttpResponse:
    """Answer what a usage would cost; asking changes nothing, so it is a GET."""
    account = _account(request)
    answer, problem = None, ""
    try:
        form = _form(request, account)
    except rule_tables.NoVersionForDate as lacking:
        # The account's own terms need a table that is not there; a usage may be asked all the same.
        form, problem = forms.QuoteForm(), str(lacking)
    if form.is_valid():
        try:
            answer = _answer(form, asked=request.GET.urlencode(), known_at=timezone.now())
        except rule_tables.NoVersionForDate as lacking:
            form.add_error(None, str(lacking))
    return shortcuts.render(
        request,
        "quotes/quote.html",
        {"form": form, "answer": answer, "account": account, "problem": problem},
        status=UNPROCESSABLE if problem or (form.is_bound and not form.is_valid()) else None,
    )


def _form(request: http.HttpRequest, account: head.Head | None) -> forms.QuoteForm:
    """Return the form as it was sent, or one that begins with an account's own terms."""
    if "rate_class" in request.GET:
        return forms.QuoteForm(request.GET)
    if account is None:
        return forms.QuoteForm()
    return forms.QuoteForm(
        of=quoting.of_account(
            account_id=account.account.account_id,
            as_of=timezone.localdate(),
            known_at=timezone.now(),
        )
    )


def _answer(form: forms.QuoteForm, *, asked: str, known_at: datetime.datetime) -> Answer:
    period = form.period()
    shown = previews.quote(
        services=form.services(),
        period=period,
        bill_day=period.ends_before or timezone.localdate(),
        inside_city=form.cleaned_data["inside_city"],
        known_at=known_at,
    )
    spanish = languages.current() == "es"
    return Answer(
        lines=[
            Line(
                words=each.label_es if spanish else each.label_en,
                amount_cents=each.amount_cents,
                why=f"{urls.reverse('why_quoted', args=[line_no])}?{asked}",
                panel=f"why-{line_no}",
            )
            for line_no, each in enumerate(shown.lines, start=1)
        ],
        total_cents=shown.total_cents,
        days=period.days,
        remark=shown.problem or shown.hold_reason,
    )


def _account(request: http.HttpRequest) -> head.Head | None:
    number = request.GET.get("account", "")
    if not (number.isascii() and number.isdigit()):
        return None
    return head.of_account(int(number), as_of=timezone.localdate())

"""What would this usage cost? The answer takes the same path as a bill."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import previews
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.quotes import forms
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422


@dataclasses.dataclass(frozen=True)
class Line:
    words: str
    amount_cents: int


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
    form = forms.QuoteForm(request.GET if "rate_class" in request.GET else None)
    answer = None
    if form.is_valid():
        try:
            answer = _answer(form, known_at=timezone.now())
        except rule_tables.NoVersionForDate as problem:
            form.add_error(None, str(problem))
    return shortcuts.render(
        request,
        "quotes/quote.html",
        {"form": form, "answer": answer, "account": _account(request)},
        status=UNPROCESSABLE if form.is_bound and not form.is_valid() else None,
    )


def _answer(form: forms.QuoteForm, *, known_at: datetime.datetime) -> Answer:
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
            Line(each.label_es if spanish else each.label_en, each.amount_cents)
            for each in shown.lines
        ],
        total_cents=shown.total_cents,
        days=period.days,
        remark=shown.problem or shown.hold_reason,
    )


def _account(request: http.HttpRequest) -> head.Head | None:
    number = request.GET.get("account", "")
    if not number.isdigit():
        return None
    return head.of_account(int(number), as_of=timezone.localdate())

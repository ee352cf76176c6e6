"""A pay-off letter: pick periods and a day, see the figures, and have the letter made."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from django import forms, http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.documents import choices as document_choices
from fisc.domain.documents import queries as documents
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.operations import payoffs
from fisc.domain.tax_returns.queries import forecasts, owed, returns
from fisc.interfaces.web import days, doors
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.taxes import names, registering
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422
Part = choices.Part
_CANNOT = (
    payoffs.CannotPromise,
    asking.NoAnswer,
    ledger.DayIsSealed,
    rule_tables.NoVersionForDate,
)


class PayoffForm(forms.Form):
    """The day that the letter is good through, and the periods that it pays off."""

    good_through = days.DayField(
        label=gettext_lazy("Good through"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    periods = forms.MultipleChoiceField(
        label=gettext_lazy("Periods"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Name at least one period.")},
    )

    def __init__(self, data: Any = None, *, periods: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            data,
            initial={"good_through": timezone.localdate(), "periods": [day for day, _ in periods]},
        )
        field = self.fields["periods"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(periods)


@dataclasses.dataclass(frozen=True)
class Row:
    """What one period costs on the day, in whole cents, and where that is explained."""

    kept: returns.Kept
    period: str
    tax_cents: int
    penalty_cents: int
    interest_cents: int
    penalty_why: str
    interest_why: str

    @property
    def total_cents(self) -> int:
        """All three together."""
        return self.tax_cents + self.penalty_cents + self.interest_cents


@doors.opens_with(permissions.SEE_RETURNS, shows="tax account")
@verbs.require_safe
@code_lists.at_one_generation()
def payoff(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what pays periods off by a day; nothing is promised yet."""
    found = names.account_of(number, as_of=timezone.localdate())
    periods = _periods(found.account.account_id)
    if "good_through" not in request.GET:
        return _page(request, found, form=PayoffForm(periods=periods))
    form = PayoffForm(request.GET, periods=periods)
    rows: list[Row] = []
    if form.is_valid():
        try:
            rows = _rows(found.account.account_id, form)
        except _CANNOT as problem:
            form.add_error(None, str(problem))
    return _page(request, found, form=form, rows=rows)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
@code_lists.at_one_generation()
def promise(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Make the letter that promises it, and show it."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = PayoffForm(request.POST, periods=_periods(found.account.account_id))
    if form.is_valid():
        try:
            made = payoffs.promise(
                account_id=found.account.account_id,
                periods=_days(form),
                good_through=form.cleaned_data["good_through"],
                on=timezone.localdate(),
                by=registering.by(request, why="asked for on the page"),
            )
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("payoff_pdf", number=made.payoff_id)
    return _page(request, found, form=form)


@doors.opens_with(permissions.SEE_RETURNS, shows="pay-off letter")
@verbs.require_safe
def letter(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give the letter as it was made."""
    del request
    document = documents.document_of(
        kind=document_choices.Kind.PAYOFF_LETTER,
        subject_kind=document_choices.Subject.PAYOFF,
        subject_id=number,
    )
    if document is None:
        raise http.Http404(f"There is no pay-off letter {number}.")
    return http.HttpResponse(
        documents.content(sha256=document.sha256),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="pay-off-{number}.pdf"'},
    )


def _page(
    request: http.HttpRequest, found: head.Head, *, form: PayoffForm, rows: Sequence[Row] = ()
) -> http.HttpResponse:
    return shortcuts.render(
        request,
        "taxes/payoff.html",
        {
            "head": found,
            "tab": "tax",
            "form": form,
            "rows": rows,
            "good_through": form.cleaned_data.get("good_through") if rows else None,
            "total_cents": sum(max(each.total_cents, 0) for each in rows),
        },
        status=UNPROCESSABLE if form.is_bound and form.errors else None,
    )


def _days(form: PayoffForm) -> list[datetime.date]:
    return [datetime.date.fromisoformat(each) for each in form.cleaned_data["periods"]]


def _periods(account_id: int) -> list[tuple[str, str]]:
    """Return the periods of which something is open."""
    kept = {each.days.starts_on: each for each in returns.newest(account_id)}
    return [
        (
            f"{each.starts_on}",
            names.period_words(each.starts_on, kept[each.starts_on].days.ends_before),
        )
        for each in owed.by_period(account_id)
        if each.open_cents > 0
    ]


def _rows(account_id: int, form: PayoffForm) -> list[Row]:
    on, wanted = form.cleaned_data["good_through"], set(_days(form))
    found = []
    for kept in returns.newest(account_id):
        if kept.days.starts_on not in wanted:
            continue
        due = forecasts.forecast(kept, on=on, known_at=timezone.now()).due
        is_late = on > kept.due_on
        found.append(
            Row(
                kept,
                names.period_words(kept.days.starts_on, kept.days.ends_before),
                due[Part.TAX],
                due[Part.PENALTY],
                due[Part.INTEREST],
                urls.reverse("why_return_penalty", args=[kept.return_id, "penalty", on])
                if is_late
                else "",
                urls.reverse("why_return_interest", args=[kept.return_id, on]) if is_late else "",
            )
        )
    return found

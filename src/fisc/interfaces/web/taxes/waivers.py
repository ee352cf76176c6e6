"""Waivers of penalty and interest: asked for on an account's page, decided by another person."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from django import forms, http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.operations import waiving
from fisc.domain.tax_returns.queries import returns
from fisc.domain.tax_returns.queries import waivers as queries
from fisc.interfaces.web import days, doors, money_fields
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.taxes import ending_forms, names, nonfilers, registering
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
PERIODS_OFFERED = 36
Part = choices.Part
State = choices.WaiverState
_CANNOT = (
    waiving.CannotWaive,
    asking.NoAnswer,
    ledger.DayIsSealed,
    rule_tables.NoVersionForDate,
)


def _day(label: Any, **options: Any) -> days.DayField:
    return days.DayField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        **options,
    )


class AskForm(forms.Form):
    """What is to be waived: so much of one period, or all of periods due from a day on."""

    part = forms.TypedChoiceField(
        label=gettext_lazy("Waive"),
        coerce=int,
        choices=[
            (int(Part.PENALTY), gettext_lazy("Penalty")),
            (int(Part.INTEREST), gettext_lazy("Interest")),
        ],
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=())
    starts_on = forms.ChoiceField(label=gettext_lazy("Of the period"), required=False, choices=())
    cents = money_fields.MoneyField(label=gettext_lazy("Amount"), required=False)
    due_from = _day(
        gettext_lazy("Or of all periods due from"),
        help_text=gettext_lazy("Leave the period and amount empty."),
    )
    due_before = _day(
        gettext_lazy("And due before"), help_text=gettext_lazy("Empty: it stands without an end.")
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )

    def __init__(self, data: Any = None, *, periods: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        reason, period = self.fields["reason"], self.fields["starts_on"]
        assert isinstance(reason, forms.ChoiceField)
        assert isinstance(period, forms.ChoiceField)
        reason.choices = [
            (each.code, each.words)
            for each in names.choices_of(queries.REASONS, on=timezone.localdate())
        ]
        period.choices = [("", _("None")), *periods]

    def asked(self, account_id: int) -> waiving.Asked:
        """Return what is asked for, once it is valid."""
        given = self.cleaned_data
        starts_on = given["starts_on"]
        return waiving.Asked(
            account_id=account_id,
            part=given["part"],
            reason=given["reason"],
            starts_on=datetime.date.fromisoformat(starts_on) if starts_on else None,
            cents=given["cents"],
            due_from=given["due_from"],
            due_before=given["due_before"],
        )


@dataclasses.dataclass(frozen=True)
class Row:
    """A waiver as a page shows it."""

    of: queries.Waiver
    number: int
    name: str
    reason: str
    asked_by: str
    decided_by: str
    is_mine: bool
    form: nonfilers.DecideForm
    ended_by: str
    # None where it cannot be ended, or nobody may see it to do so.
    end: ending_forms.EndForm | None

    @property
    def is_penalty(self) -> bool:
        """Tell penalty from interest."""
        return self.of.part == Part.PENALTY

    @property
    def waits(self) -> bool:
        """Tell whether nobody decided it yet."""
        return self.of.state == State.ASKED

    @property
    def is_granted(self) -> bool:
        """Tell whether it was granted."""
        return self.of.state == State.GRANTED


@doors.opens_with(permissions.SEE_RETURNS, shows="waivers")
@verbs.require_safe
@code_lists.at_one_generation()
def waiting(request: http.HttpRequest) -> http.HttpResponse:
    """Show the waivers that wait for a decision, the oldest first."""
    found = queries.waivers(states=[State.ASKED])
    return shortcuts.render(
        request, "taxes/waivers_waiting.html", {"room": "returns", "rows": _rows(request, found)}
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="tax account")
@verbs.require_safe
@code_lists.at_one_generation()
def waivers(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show an account's waivers, and let one be asked for."""
    return page(request, names.account_of(number, as_of=timezone.localdate()))


@doors.opens_with(permissions.ASK_WAIVERS)
@verbs.require_POST
@code_lists.at_one_generation()
def ask(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Ask for a waiver."""
    found = names.account_of(number, as_of=timezone.localdate())
    account_id = found.account.account_id
    form = AskForm(request.POST, periods=periods(account_id))
    if form.is_valid():
        try:
            waiving.ask(
                form.asked(account_id),
                on=timezone.localdate(),
                by=registering.by(request, why=form.cleaned_data["why"]),
            )
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Asked for. Another person decides it."))
            return shortcuts.redirect("account_waivers", number=number)
    return page(request, found, form=form)


@doors.opens_with(permissions.APPROVE_WAIVERS)
@verbs.require_POST
@code_lists.at_one_generation()
def decide(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Grant or deny a waiver that another person asked for."""
    try:
        of = queries.waiver(number)
    except queries.NoSuchWaiver as problem:
        raise http.Http404(str(problem)) from problem
    account_number, _name = accounts.names(account_ids=[of.account_id])[of.account_id]
    form = nonfilers.DecideForm(request.POST, prefix=f"decide-{number}")
    if form.is_valid():
        by = registering.by(request, why=form.cleaned_data["why"])
        try:
            if request.POST.get("action") == "grant":
                waiving.grant(request_id=number, posting_day=timezone.localdate(), by=by)
                messages.success(request, _("Granted. It is off what the account owes."))
            else:
                waiving.deny(request_id=number, by=by)
                messages.success(request, _("Denied. Nothing is waived."))
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("account_waivers", number=account_number)
    found = names.account_of(account_number, as_of=timezone.localdate())
    return page(request, found, decided=(number, form))


def page(
    request: http.HttpRequest,
    found: head.Head,
    *,
    form: AskForm | None = None,
    decided: tuple[int, nonfilers.DecideForm] | None = None,
    ended: tuple[int, ending_forms.EndForm] | None = None,
    limitation: ending_forms.LimitationForm | None = None,
) -> http.HttpResponse:
    """Show an account's waivers; forms that are given have errors to be shown."""
    account_id = found.account.account_id
    of_periods = periods(account_id)
    return shortcuts.render(
        request,
        "taxes/waivers.html",
        {
            "head": found,
            "tab": "tax",
            "rows": _rows(
                request, queries.waivers(account_id=account_id)[::-1], decided=decided, ended=ended
            ),
            "form": form or AskForm(periods=of_periods),
            "limitation": limitation or ending_forms.LimitationForm(periods=of_periods),
            "agreed": queries.limitations(account_id),
        },
        status=UNPROCESSABLE if form or decided or ended or limitation else None,
    )


def periods(account_id: int) -> list[tuple[str, str]]:
    """Return the newest periods of an account, as a form offers them."""
    return [
        (
            f"{each.days.starts_on}",
            names.period_words(each.days.starts_on, each.days.ends_before),
        )
        for each in returns.newest(account_id)[: -PERIODS_OFFERED - 1 : -1]
    ]


def _rows(
    request: http.HttpRequest,
    found: Sequence[queries.Waiver],
    *,
    decided: tuple[int, nonfilers.DecideForm] | None = None,
    ended: tuple[int, ending_forms.EndForm] | None = None,
) -> list[Row]:
    called = accounts.names(account_ids=sorted({each.account_id for each in found}))
    people = users.names(
        user_ids={each.asked_by_id for each in found}
        | {each.decided_by_id for each in found if each.decided_by_id is not None}
        | {each.ended_by_id for each in found if each.ended_by_id is not None}
    )
    me = doors.person(request)
    return [
        Row(
            each,
            *called[each.account_id],
            names.words(queries.REASONS, each.reason),
            people[each.asked_by_id],
            people.get(each.decided_by_id or 0, ""),
            each.asked_by_id == me,
            decided[1]
            if decided is not None and decided[0] == each.request_id
            else nonfilers.DecideForm(prefix=f"decide-{each.request_id}"),
            people.get(each.ended_by_id or 0, ""),
            _end_form(each, ended),
        )
        for each in found
    ]


def _end_form(
    of: queries.Waiver, ended: tuple[int, ending_forms.EndForm] | None
) -> ending_forms.EndForm | None:
    if not of.may_be_ended:
        return None
    if ended is not None and ended[0] == of.request_id:
        return ended[1]
    return ending_forms.EndForm(prefix=f"end-{of.request_id}")

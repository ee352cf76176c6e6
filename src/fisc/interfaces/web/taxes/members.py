"""Whom a tax account files for: its locations and member businesses, and what is of each."""

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

from fisc.basics import identifiers, periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.operations import consolidating
from fisc.domain.tax_returns.queries import members as queries
from fisc.domain.tax_returns.queries import registrations
from fisc.interfaces.web import days as of_days
from fisc.interfaces.web import doors
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.taxes import forms as tax_forms
from fisc.interfaces.web.taxes import names, registering
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422


class JoinForm(forms.Form):
    """A location or business, and from when it is filed for."""

    code = forms.CharField(
        label=gettext_lazy("Code of the location"),
        help_text=gettext_lazy("As its schedules name it: capital letters and digits."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name or address"), max_length=120)
    account = forms.IntegerField(
        label=gettext_lazy("Its own tax account"),
        help_text=gettext_lazy("Of a business with one: it owes no returns meanwhile."),
        required=False,
        min_value=1,
        max_value=10**12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    starts_on = of_days.DayField(
        label=gettext_lazy("Filed for from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="join", initial={"starts_on": timezone.localdate()})

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code.strip().upper()

    def clean_account(self) -> int | None:
        """Read the number of an account, and return its id."""
        number = self.cleaned_data["account"]
        if number is None:
            return None
        try:
            return accounts.account_id(number=number)
        except (identifiers.NumberIsWrong, accounts.NoSuchAccount) as problem:
            raise forms.ValidationError(str(problem)) from problem

    def joining(self) -> consolidating.Joining:
        """Return what is to be filed for, once it is valid."""
        given = self.cleaned_data
        return consolidating.Joining(
            code=given["code"],
            name=given["name"],
            starts_on=given["starts_on"],
            member_account_id=given["account"],
        )


@dataclasses.dataclass(frozen=True)
class Row:
    """A member with its account and the form that ends it."""

    of: queries.Member
    number: int | None
    last_day: datetime.date | None
    end: tax_forms.EndForm


@doors.opens_with(permissions.SEE_RETURNS, shows="members of a tax account")
@verbs.require_safe
def members(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show whom an account files for, and what its returns say of each."""
    return _page(request, names.account_of(number, as_of=timezone.localdate()))


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def join(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have the account file for a location or business from a day on."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            consolidating.join(
                account_id=found.account.account_id,
                of=form.joining(),
                by=registering.by(request, why=form.cleaned_data["why"]),
            )
        except consolidating.CannotJoin as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The account files for it from that day."))
            return shortcuts.redirect("tax_members", number=number)
    return _page(request, found, form=form)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def leave(request: http.HttpRequest, number: int, member_id: int) -> http.HttpResponse:
    """End a membership, and say whose return the days around that are on."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = tax_forms.EndForm(request.POST, prefix=f"leave-{member_id}")
    if form.is_valid():
        try:
            ended = consolidating.leave(
                account_id=found.account.account_id,
                member_id=member_id,
                ends_before=form.ends_before(),
                by=registering.by(request, why=form.cleaned_data["why"]),
            )
        except consolidating.CannotLeave as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _said(ended))
            return shortcuts.redirect("tax_members", number=number)
    return _page(request, found, left=(member_id, form))


def _said(ended: queries.Member) -> str:
    """Say whose return the days before and after the end are on."""
    day = ended.days.ends_before
    assert day is not None
    if ended.member_account_id is None:
        return _(
            "It ends. The return of the period with its last day still has it on the schedule."
        )
    for term in registrations.terms(ended.member_account_id):
        if term.days.holds(day) and not registrations.begins(term, day):
            return _(
                "It ends within a period: the days before %(day)s are on this account's return, "
                "and the business owes one of its own for the days from then on."
            ) % {"day": figures.day(day)}
    return _("It ends. From %(day)s the business files for itself.") % {"day": figures.day(day)}


def _page(
    request: http.HttpRequest, found: head.Head, *, form: JoinForm | None = None,
    left: tuple[int, tax_forms.EndForm] | None = None,
) -> http.HttpResponse:  # fmt: skip
    account_id, today = found.account.account_id, timezone.localdate()
    together = queries.consolidated(account_id)
    since = periods.Period(starts_on=datetime.date(today.year - 1, 1, 1))
    numbers = accounts.names(
        account_ids=sorted(
            {each.member_account_id for each in together.members if each.member_account_id}
            | {each.account_id for each in together.filed_by}
        )
    )
    return shortcuts.render(
        request,
        "taxes/members.html",
        {
            "head": found,
            "tab": "tax",
            "rows": _rows(together.members, numbers=numbers, left=left, today=today),
            "filed_by": [
                (each, *numbers[each.account_id], names.last_day(each.days.ends_before))
                for each in together.filed_by
            ],
            "placed": queries.placed(account_id, days=since),
            "since": since.starts_on,
            "form": form or JoinForm(),
        },
        status=UNPROCESSABLE if form or left else None,
    )


def _rows(
    found: Sequence[queries.Member], *, numbers: Any,
    left: tuple[int, tax_forms.EndForm] | None, today: datetime.date,
) -> list[Row]:  # fmt: skip
    member_id, form = left or (0, None)
    return [
        Row(
            of=each,
            number=numbers[each.member_account_id][0] if each.member_account_id else None,
            last_day=names.last_day(each.days.ends_before),
            end=form
            if form is not None and each.member_id == member_id
            else tax_forms.EndForm(prefix=f"leave-{each.member_id}", initial={"last_day": today}),
        )
        for each in found
    ]

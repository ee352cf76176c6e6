"""Bonds of a tax account: what it needs by the table and what it has; recording and ending them."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django import forms, http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.operations import bonding
from fisc.domain.tax_returns.queries import bonds as queries
from fisc.domain.tax_returns.queries import why_bond
from fisc.interfaces.web import days as of_days
from fisc.interfaces.web import doors, languages, money_fields
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.taxes import forms as tax_forms
from fisc.interfaces.web.taxes import names, registering
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422
_A_DAY = datetime.timedelta(days=1)


class BondForm(forms.Form):
    """A bond as its surety wrote it."""

    surety = forms.CharField(label=gettext_lazy("Surety"), max_length=120)
    number = forms.CharField(
        label=gettext_lazy("Number of the bond"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cents = money_fields.MoneyField(label=gettext_lazy("Amount"))
    effective_on = of_days.DayField(
        label=gettext_lazy("Effective from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_day = of_days.DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Empty: it goes on until it is cancelled."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="bond", initial={"effective_on": timezone.localdate()})

    def new(self) -> bonding.New:
        """Return what is to be recorded, once it is valid."""
        given = self.cleaned_data
        return bonding.New(
            surety=given["surety"],
            number=given["number"],
            amount_cents=given["cents"],
            effective_on=given["effective_on"],
            expires_before=given["last_day"] + _A_DAY if given["last_day"] else None,
        )


@dataclasses.dataclass(frozen=True)
class Row:
    """A bond with its last day, whether it is in force, and the form that cancels it."""

    of: queries.Bond
    last_day: datetime.date | None
    is_in_force: bool
    cancel: tax_forms.EndForm


@dataclasses.dataclass(frozen=True)
class NeededRow:
    """What a class asks for."""

    of: queries.Needed
    words: str


@doors.opens_with(permissions.SEE_RETURNS, shows="tax bonds")
@verbs.require_safe
def bonds(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what bond an account needs, and what it has."""
    return _page(request, names.account_of(number, as_of=timezone.localdate()))


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def record(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Record a bond of the account."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = BondForm(request.POST)
    if form.is_valid():
        try:
            bonding.record(
                account_id=found.account.account_id,
                of=form.new(),
                by=registering.by(request, why=form.cleaned_data["why"]),
            )
        except bonding.CannotBeRecorded as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The bond is recorded."))
            return shortcuts.redirect("tax_bonds", number=number)
    return _page(request, found, form=form)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def cancel(request: http.HttpRequest, number: int, bond_id: int) -> http.HttpResponse:
    """Have a bond of the account end after a day."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = tax_forms.EndForm(request.POST, prefix=f"cancel-{bond_id}")
    if form.is_valid():
        try:
            bonding.cancel(
                account_id=found.account.account_id,
                bond_id=bond_id,
                cancelled_before=form.ends_before(),
                by=registering.by(request, why=form.cleaned_data["why"]),
            )
        except bonding.CannotBeRecorded as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The bond ends with that day."))
            return shortcuts.redirect("tax_bonds", number=number)
    return _page(request, found, cancelled=(bond_id, form))


@doors.opens_with(permissions.SEE_RETURNS, shows="tax bonds")
@verbs.require_safe
@code_lists.at_one_generation()
def why(request: http.HttpRequest, number: int, business_class: str) -> http.HttpResponse:
    """Explain how much of a bond a class asks for."""
    today = timezone.localdate()
    found = names.account_of(number, as_of=today)
    try:
        cover = queries.cover(found.account.account_id, on=today, known_at=timezone.now())
    except queries.NOT_SAID as problem:
        raise http.Http404(str(problem)) from problem
    needed = [each for each in cover.needed if each.business_class == business_class]
    if not needed:
        raise http.Http404(_("The account is registered for no such class."))
    back = showing.Back(urls.reverse("tax_bonds", args=[number]), _("Back to the bonds"))
    return showing.page(
        request,
        lambda: why_bond.why(
            needed[0], on=today, known_at=timezone.now(), language=languages.current()
        ),
        back=back,
    )


@code_lists.at_one_generation()
def _page(
    request: http.HttpRequest, found: head.Head, *, form: BondForm | None = None,
    cancelled: tuple[int, tax_forms.EndForm] | None = None,
) -> http.HttpResponse:  # fmt: skip
    account_id, today = found.account.account_id, timezone.localdate()
    problem, cover = "", queries.Cover(needed=(), in_force_cents=0)
    try:
        cover = queries.cover(account_id, on=today, known_at=timezone.now())
    except queries.NOT_SAID as lacking:
        problem = str(lacking)
    bond_id, end = cancelled or (0, None)
    return shortcuts.render(
        request,
        "taxes/bonds.html",
        {
            "head": found,
            "tab": "tax",
            "problem": problem,
            "cover": cover,
            "needed": [
                NeededRow(
                    each,
                    f"{each.business_class} {names.words(names.CLASSES, each.business_class)}",
                )
                for each in cover.needed
            ],
            "rows": [
                Row(
                    each,
                    names.last_day(each.ends_before),
                    each.is_in_force(today),
                    end
                    if end is not None and each.bond_id == bond_id
                    else tax_forms.EndForm(
                        prefix=f"cancel-{each.bond_id}", initial={"last_day": today}
                    ),
                )
                for each in queries.bonds(account_id)
            ],
            "form": form or BondForm(),
        },
        status=UNPROCESSABLE if form or cancelled else None,
    )

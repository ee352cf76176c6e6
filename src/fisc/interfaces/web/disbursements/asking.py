"""Refunding, offsetting or carrying credits forward, by choice, on the account's page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.calculations import offsets
from fisc.domain.disbursements.operations import carrying, preparing
from fisc.domain.disbursements.queries import credits, requisitions
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.disbursements import forms
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422
# What the form says beside its fields.
_CANNOT = (
    preparing.CannotBePrepared,
    rule_tables.NoVersionForDate,
    receivables.NoSuchItem,
    idempotency.KeyUsedForOtherContent,
)


@dataclasses.dataclass(frozen=True)
class Debt:
    """An open charge of the payee and what of it would be settled."""

    account_number: int
    words: str
    debt: offsets.Debt
    settled_cents: int


@doors.opens_with(permissions.ASK_REFUNDS, shows="account")
@verbs.require_http_methods(["GET", "POST"])
def refund(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what a refund of the account's credits would do, prepare it, or carry them forward."""
    found = head.of_account(number, as_of=timezone.localdate())
    form = _form(found, data=request.POST if request.method == "POST" else None)
    plan = None
    if form.is_valid():
        try:
            if request.POST.get("action") == "carry":
                return _carried(request, number, form)
            if request.POST.get("action") == "prepare" and form.was_seen():
                return _prepared(request, form)
            plan = preparing.plan(
                asked=form.asked(),
                on=timezone.localdate(),
                known_at=timezone.now(),
                language=languages.current(),
            )
        except preparing.CannotBePrepared as refused:
            for problem in refused.problems:
                form.add_error(None, problem)
        except _CANNOT as refused:
            form.add_error(None, str(refused))
    return _page(request, found, form=form, plan=plan)


@doors.opens_with(permissions.ASK_REFUNDS, shows="account")
@verbs.require_POST
def offer(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Offer the credits of an account that are carried forward for a refund again."""
    found = head.of_account(number, as_of=timezone.localdate())
    refund_form = _form(found)
    form = forms.OfferForm(request.POST)
    if form.is_valid():
        if carried := [each.item_id for each in refund_form.open_credits if each.carried_on]:
            carrying.offer(
                credit_item_ids=carried,
                on=timezone.localdate(),
                by_id=doors.person(request),
                at=timezone.now(),
                why=form.cleaned_data["reason"],
            )
        messages.success(request, _("Kept. The credits are offered again."))
        return shortcuts.redirect("account_refund", number=number)
    return _page(request, found, form=refund_form, offer_form=form)


def _form(found: head.Head, *, data: http.QueryDict | None = None) -> forms.RefundForm:
    account_id = found.account.account_id
    return forms.RefundForm(
        holder=accounts.holders(account_ids=[account_id])[account_id],
        open_credits=credits.open_credits(account_ids=[account_id]),
        data=data,
    )


def _page(
    request: http.HttpRequest, found: head.Head, *, form: forms.RefundForm,
    plan: preparing.Plan | None = None, offer_form: forms.OfferForm | None = None,
) -> http.HttpResponse:  # fmt: skip
    is_wrong = (form.is_bound and not plan) or offer_form is not None
    return shortcuts.render(
        request,
        "disbursements/refund.html",
        {
            "head": found,
            "tab": "refund",
            "form": form,
            "asked_in": [each for each in form.open_credits if each.asked_in is not None],
            "carried": [each for each in form.open_credits if each.carried_on is not None],
            "offer_form": offer_form or forms.OfferForm(),
            "earlier": _earlier(form.holder),
            "plan": plan,
            "debts": _debts(plan) if plan else (),
            "seen": forms.settles_seen(form.settles()) if plan else "",
        },
        status=UNPROCESSABLE if is_wrong else None,
    )


def _carried(request: http.HttpRequest, number: int, form: forms.RefundForm) -> http.HttpResponse:
    asked = form.asked()
    carrying.carry(
        credit_item_ids=[each.credit_item_id for each in asked.takes],
        on=timezone.localdate(),
        by_id=doors.person(request),
        at=timezone.now(),
        why=asked.why,
    )
    messages.success(request, _("Carried forward. They settle what the account owes next."))
    return shortcuts.redirect("account_refund", number=number)


def _prepared(request: http.HttpRequest, form: forms.RefundForm) -> http.HttpResponse:
    kept = preparing.prepare(
        key=form.cleaned_data["key"],
        asked=form.asked(),
        on=timezone.localdate(),
        by_id=doors.person(request),
        at=timezone.now(),
        language=languages.current(),
    )
    messages.success(request, _("The requisition is prepared. Another person approves it."))
    return shortcuts.redirect("requisition", number=kept.number)


def _earlier(holder: accounts.Holder) -> Sequence[requisitions.Line]:
    if holder.party_id is None:
        return ()
    return requisitions.listed(party_id=holder.party_id, limit=10)


def _debts(plan: preparing.Plan) -> list[Debt]:
    numbers = accounts.names(account_ids=[each.account_id for each in plan.debts])
    codes = code_lists.codes_by_id("charge")
    settled = {each.debt.item_id: each.cents for each in plan.offsets}
    return [
        Debt(
            account_number=numbers[debt.account_id][0],
            words=codes[debt.code_id].label(languages.current()),
            debt=debt,
            settled_cents=settled.get(debt.item_id, 0),
        )
        for debt in plan.debts
    ]

"""“Why?” beside every amount: each view explains one kind of thing."""

from __future__ import annotations

import contextlib
import datetime

from django import http, urls
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.domain.accounts import queries as accounts
from fisc.domain.payments import explaining as payments
from fisc.domain.receivables import explaining as receivables
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.tax_returns import explaining as tax_returns
from fisc.domain.tax_returns.queries import postings
from fisc.domain.utilities.queries.explaining import (
    bills,
    charges,
    letters,
    lines,
    quotes,
    reads,
)
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.quotes import forms
from fisc.interfaces.web.work import showing as work_showing
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="bill line")
def line(request: http.HttpRequest, number: int, line_no: int) -> http.HttpResponse:
    """Explain one line of a bill."""
    return showing.page(
        request,
        lambda: (
            lines.explain_line(number=number, line_no=line_no, language=languages.current()).why
        ),
        back=showing.back_to_bill(number),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="bill")
def total(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain what a bill comes to."""
    return showing.page(
        request,
        lambda: bills.explain_total(number=number, language=languages.current()),
        back=showing.back_to_bill(number),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="bill")
def due_day(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain when a bill is due."""
    return showing.page(
        request,
        lambda: bills.explain_due_day(number=number, language=languages.current()),
        back=showing.back_to_bill(number),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="bill")
def letter(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give the letter that explains a bill, as PDF/UA-1 in the account's language."""
    del request
    try:
        data = letters.letter_data(number=number, on=timezone.localdate())
    except showing.NOT_THERE as problem:
        raise http.Http404(str(problem)) from problem
    return http.HttpResponse(
        typesetter.typeset(template=letters.template(), data=data, made_at=timezone.now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="explanation-{number}.pdf"'},
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def balance(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain what an account owes."""
    return showing.page(
        request,
        lambda: receivables.explain_balance(
            account_id=accounts.account_id(number=number),
            as_of=timezone.localdate(),
            language=languages.current(),
        ),
        back=showing.back_to_account(number),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def past_due(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain what of an account is past due."""
    return showing.page(
        request,
        lambda: receivables.explain_past_due(
            account_id=accounts.account_id(number=number),
            as_of=timezone.localdate(),
            language=languages.current(),
        ),
        back=showing.back_to_account(number),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def credit(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain what an account is owed."""
    return showing.page(
        request,
        lambda: receivables.explain_credit(
            account_id=accounts.account_id(number=number),
            as_of=timezone.localdate(),
            language=languages.current(),
        ),
        back=showing.back_to_account(number),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="credit applied")
def credit_applied(request: http.HttpRequest, number: int, account_id: int) -> http.HttpResponse:
    """Explain which charges a credit settled."""
    return showing.page(
        request,
        lambda: receivables.explain_credit_applied(
            account_id=account_id, entry_id=number, language=languages.current()
        ),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="item")
def item(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Explain a charge or a credit; what a tax return says only to those who may see returns."""

    def explain() -> explanations.Why:
        if request.user.has_perm(permissions.SEE_RETURNS):
            with contextlib.suppress(postings.NoSuchPosting):
                return tax_returns.why_item(item_id, language=languages.current())
        return charges.explain_item(item_id=item_id, language=languages.current())

    return showing.page(request, explain)


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="late charge")
def late_charge(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain a charge for paying late."""
    return showing.page(
        request,
        lambda: charges.explain_late_charge(late_charge_id=number, language=languages.current()),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="payment")
def payment(request: http.HttpRequest, number: int, account_id: int) -> http.HttpResponse:
    """Explain how a payment was spread over an account's charges."""
    return showing.page(
        request,
        lambda: payments.explain_payment(
            payment_id=number, account_id=account_id, language=languages.current()
        ),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="read")
def read(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain a read, above all an estimated one."""
    return showing.page(
        request,
        lambda: reads.explain_read(read_id=number, language=languages.current()),
    )


@doors.opens_with(permissions.QUOTE)
def quoted(request: http.HttpRequest, line_no: int) -> http.HttpResponse:
    """Explain a line of a quote, asked for again with the same words."""
    form = forms.QuoteForm(request.GET)
    if not form.is_valid():
        raise http.Http404(_("That quote cannot be calculated. Ask it again."))
    period = form.period()
    return showing.page(
        request,
        lambda: quotes.explain_quoted_line(
            services=form.services(),
            period=period,
            bill_day=period.ends_before or timezone.localdate(),
            inside_city=form.cleaned_data["inside_city"],
            known_at=timezone.now(),
            line_no=line_no,
            language=languages.current(),
        ),
        back=showing.Back(
            f"{urls.reverse('quote')}?{request.GET.urlencode()}", _("Back to the quote")
        ),
    )


@doors.opens_with(permissions.SEE_WORK, shows="work item")
def work_item(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Explain why a bill is held, or a read doubted."""
    found = work_showing.found(item_id)
    detail = found.detail

    def explain() -> explanations.Why:
        if found.kind == work_showing.HELD:
            return quotes.explain_held(
                account_id=found.subject_id,
                bill_day=datetime.date.fromisoformat(detail["bill_day"]),
                known_at=timezone.now(),
                language=languages.current(),
            )
        if found.kind != work_showing.READ or detail.get("reading") is None:
            raise http.Http404(_("No table decided this item."))
        return reads.explain_doubt(
            meter=detail["meter"],
            read_on=datetime.date.fromisoformat(detail["read_on"]),
            reading=int(detail["reading"]),
            known_at=timezone.now(),
            language=languages.current(),
        )

    back = showing.Back(urls.reverse("work_item", args=[item_id]), _("Back to the item"))
    return showing.page(request, explain, back=back)

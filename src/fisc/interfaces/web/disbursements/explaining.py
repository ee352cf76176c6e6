"""Why a requisition pays what it pays, who must approve it, and why each debt comes first."""

from __future__ import annotations

from django import http, urls
from django.utils.translation import gettext as _

from fisc.domain.disbursements import explaining
from fisc.domain.tax_returns.queries import why_credits
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_REFUNDS, shows="requisition")
def paid(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain what is left to pay."""
    return showing.page(
        request,
        lambda: explaining.explain_paid(number=number, language=languages.current()),
        back=_back(number),
    )


@doors.opens_with(permissions.SEE_REFUNDS, shows="requisition")
def approvals(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Explain how many must approve."""
    return showing.page(
        request,
        lambda: explaining.explain_approvals(number=number, language=languages.current()),
        back=_back(number),
    )


@doors.opens_with(permissions.SEE_REFUNDS, shows="requisition")
def offset(request: http.HttpRequest, number: int, item_id: int) -> http.HttpResponse:
    """Explain why a debt is settled first."""
    return showing.page(
        request,
        lambda: explaining.explain_offset(
            number=number, item_id=item_id, language=languages.current()
        ),
        back=_back(number),
    )


@doors.opens_with(permissions.SEE_REFUNDS, shows="requisition")
def interest(request: http.HttpRequest, number: int, interest_id: int) -> http.HttpResponse:
    """Explain what a part of the credits bears."""
    return showing.page(
        request,
        lambda: why_credits.why_borne(
            number=number, interest_id=interest_id, language=languages.current()
        ),
        back=_back(number),
    )


def _back(number: int) -> showing.Back:
    return showing.Back(
        urls.reverse("requisition", args=[number]), f"{_('Back to the requisition')} {number}"
    )

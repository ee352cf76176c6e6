"""What does a license cost? The answer comes from the tables that a license is charged by."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import calculations, explaining
from fisc.domain.licensing.queries import fees
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.licenses import forms
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422
_A_DAY = datetime.timedelta(days=1)
# What the form says beside its fields instead of an answer.
_REFUSED = (
    calculations.DayIsOutsideTerm,
    calculations.MonthsAreNoTerm,
    fees.EventIsWrong,
    fees.NoFee,
    fees.NoTermsOfType,
    rule_tables.NoVersionForDate,
)


@dataclasses.dataclass(frozen=True)
class Line:
    words: str
    amount_cents: int
    # Where it is explained, and the place on the page for that.
    why: str
    panel: str


@dataclasses.dataclass(frozen=True)
class Answer:
    """What it would cost, line by line, and the days it would be valid."""

    lines: Sequence[Line]
    total_cents: int
    first: datetime.date
    last: datetime.date


@doors.opens_with(permissions.QUOTE)
def fee(request: http.HttpRequest) -> http.HttpResponse:
    """Answer what a license would cost; asking changes nothing, so it is a GET."""
    form = forms.FeeForm(request.GET if "license_type" in request.GET else None)
    answer = None
    if form.is_valid():
        try:
            answer = _answer(form, asked=request.GET.urlencode())
        except fees.FactsAreMissing as missing:
            form.add_error(
                "units",
                _("This fee counts: %(unit)s. Say how many there are.")
                % {"unit": _unit(missing.unit)},
            )
        except _REFUSED as refused:
            form.add_error(None, str(refused))
    return shortcuts.render(
        request,
        "licenses/fee.html",
        {"form": form, "answer": answer},
        status=UNPROCESSABLE if form.is_bound and not form.is_valid() else None,
    )


@doors.opens_with(permissions.QUOTE)
def why(request: http.HttpRequest, line: str) -> http.HttpResponse:
    """Explain a line of a fee, asked for again with the same words."""
    form = forms.FeeForm(request.GET)
    if not form.is_valid():
        raise http.Http404(_("That fee cannot be calculated. Ask it again."))
    return showing.page(
        request,
        lambda: explaining.explain_fee_line(
            form.asked(), line=line, known_at=timezone.now(), language=languages.current()
        ),
        back=showing.Back(
            f"{urls.reverse('license_fee')}?{request.GET.urlencode()}", _("Back to the fee")
        ),
    )


def _unit(code: str) -> str:
    """Return what a kind of unit is called."""
    return code_lists.code(fees.LICENSE_UNITS, code).label(languages.current())


def _answer(form: forms.FeeForm, *, asked: str) -> Answer:
    found = fees.fee(form.asked(), known_at=timezone.now())
    assert found.term.ends_before is not None
    return Answer(
        lines=[
            Line(
                words=each.code.label(languages.current()),
                amount_cents=each.amount_cents,
                why=f"{urls.reverse('why_license_fee', args=[each.code.code])}?{asked}",
                panel=f"why-{each.code.code}",
            )
            for each in found.lines
        ],
        total_cents=found.total_cents,
        first=found.issued_on,
        last=found.term.ends_before - _A_DAY,
    )

"""What an application costs and cost, line by line, each with where it is explained."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence

from django import http, urls
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import calculations, explaining
from fisc.domain.licensing.queries import applications, charged, fees, penalties, quotes
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.explain import showing
from fisc.interfaces.web.licenses import words
from fisc.plumbing.users import permissions

#: Why there may be no quote; said on the page.
NO_QUOTE = (
    calculations.DayIsOutsideTerm,
    calculations.MonthsAreNoTerm,
    fees.EventIsWrong,
    fees.FactsAreMissing,
    fees.NoFee,
    fees.NoTermsOfType,
    rule_tables.NoVersionForDate,
)


@dataclasses.dataclass(frozen=True)
class Line:
    """A line in words; `open_cents` is None of what is only quoted."""

    words: str
    amount_cents: int
    open_cents: int | None
    why: str
    panel: str


@dataclasses.dataclass(frozen=True)
class Fee:
    """What an application costs: quoted, or as it was charged and given back."""

    lines: Sequence[Line]
    is_charged: bool
    first: datetime.date | None
    last: datetime.date | None
    problem: str = ""

    @property
    def total_cents(self) -> int:
        """Return what all lines come to."""
        return sum(each.amount_cents for each in self.lines)

    @property
    def open_cents(self) -> int:
        """Return what is not paid of it."""
        return sum(each.open_cents or 0 for each in self.lines if each.amount_cents > 0)


def of_application(found: applications.Application, *, today: datetime.date) -> Fee:
    """Return what an application costs, or why that cannot be said yet."""
    if found.term is not None:
        return _charged(found)
    try:
        return _quoted(found, quotes.quote(found, on=today, known_at=timezone.now()))
    except NO_QUOTE as problem:
        return Fee((), is_charged=False, first=None, last=None, problem=str(problem))


@doors.opens_with(permissions.SEE_LICENSES, shows="license application")
def why_quoted(request: http.HttpRequest, number: int, line: str) -> http.HttpResponse:
    """Explain a line of what an application would cost today."""
    found = words.application(number)
    today, now, language = timezone.localdate(), timezone.now(), languages.current()

    def explain() -> explanations.Why:
        if line == penalties.LATE_PENALTY:
            quoted = quotes.quote(found, on=today, known_at=now)
            return explaining.explain_penalty(quoted, on=today, known_at=now, language=language)
        return explaining.explain_fee_line(
            found.fee_asked, line=line, known_at=now, language=language
        )

    return _page(request, number, explain)


@doors.opens_with(permissions.SEE_LICENSES, shows="license application")
def why_charged(request: http.HttpRequest, number: int, item: int) -> http.HttpResponse:
    """Explain what was charged, or given back, by the rows that made it."""
    found = words.application(number)
    kept = charged.fee_item(item)
    if kept.application_id != found.application_id:
        raise http.Http404(_("The application has no such line."))
    return _page(
        request,
        number,
        lambda: explaining.explain_charged(item, language=languages.current()),
    )


def _page(
    request: http.HttpRequest, number: int, explain: Callable[[], explanations.Why]
) -> http.HttpResponse:
    back = showing.Back(urls.reverse("application", args=[number]), _("Back to the application"))
    try:
        return showing.page(request, explain, back=back)
    except explaining.NoSuchFeeLine as problem:
        raise http.Http404(str(problem)) from problem


def _quoted(found: applications.Application, quote: quotes.Quote) -> Fee:
    late = penalties.LATE_PENALTY
    amounts = [(each.code, each.amount_cents) for each in quote.fee.lines]
    if quote.penalty is not None and quote.penalty.amount_cents:
        amounts.append((code_lists.code(fees.LICENSE_LINES, late), quote.penalty.amount_cents))
    return Fee(
        lines=[
            Line(
                words=words.called(code),
                amount_cents=cents,
                open_cents=None,
                why=urls.reverse("why_application_fee", args=[found.application_id, code.code]),
                panel=f"why-{code.code}",
            )
            for code, cents in amounts
        ],
        is_charged=False,
        first=quote.fee.issued_on,
        last=words.last_day(quote.fee.term.ends_before),
    )


def _charged(found: applications.Application) -> Fee:
    assert found.term is not None
    return Fee(
        lines=[
            Line(
                words=words.called(each.line)
                if each.credits_id is None
                else _("%(line)s, given back") % {"line": words.called(each.line)},
                amount_cents=each.amount_cents if each.credits_id is None else -each.amount_cents,
                open_cents=each.open_cents if each.credits_id is None else None,
                why=urls.reverse(
                    "why_application_charged", args=[found.application_id, each.fee_item_id]
                ),
                panel=f"why-item-{each.fee_item_id}",
            )
            for each in applications.charged(found.application_id)
        ],
        is_charged=True,
        first=max(found.term.starts_on, found.begins_on),
        last=words.last_day(found.term.ends_before),
    )

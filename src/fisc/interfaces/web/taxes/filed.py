"""The page of a return: its lines and totals, its versions side by side, and what it costs late."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns.calculations import asking, returns
from fisc.domain.tax_returns.queries import governing, members, postings
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.taxes import booked, comparing, corrected, forms, names
from fisc.plumbing.users import permissions

# What a forecast cannot be made of, said beside its day.
_NOT_SAID = (asking.NoAnswer, governing.DayIsBeforeDue, rule_tables.NoVersionForDate)


@dataclasses.dataclass(frozen=True)
class Figure:
    """An amount with its name, and where it is explained."""

    words: str
    cents: int
    why: str
    panel: str


@dataclasses.dataclass(frozen=True)
class LineRow:
    number: int
    region: str
    business_class: str
    gross_cents: int
    deductions: Sequence[str]
    rate: str
    figures: Sequence[Figure]


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a return costs on a day with its lateness."""

    on: datetime.date
    unpaid_cents: int
    figures: Sequence[Figure]
    total_cents: int
    # What of penalty and interest is settled or waived already; below zero.
    less_cents: int
    # What of the tax was paid and is no longer owed, as an amendment downward leaves; below zero.
    overpaid_cents: int


@doors.opens_with(permissions.SEE_RETURNS, shows="tax return")
@verbs.require_safe
@code_lists.at_one_generation()
def filed(request: http.HttpRequest, return_id: int) -> http.HttpResponse:
    """Show a version of a return whole."""
    today = timezone.localdate()
    kept = queries.one(return_id)
    account_number, _name = accounts.names(account_ids=[kept.account_id])[kept.account_id]
    computed = queries.recomputed(kept)
    law = governing.governing(kept.days, known_at=kept.recorded_at)
    versions = queries.versions_of(kept.account_id, starts_on=kept.days.starts_on)
    form = forms.OnForm(request.GET if "on" in request.GET else None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else max(today, kept.due_on)
    cost = _cost(kept, on=on, form=form)
    has_schedule = any(line.by_location for line in kept.filing.lines)
    placed = members.of_return(return_id) if has_schedule else ()
    return shortcuts.render(
        request,
        "taxes/return.html",
        {
            "placed": placed,
            "head": names.account_of(account_number, as_of=today),
            "tab": "tax",
            "kept": kept,
            "period": names.period_words(kept.days.starts_on, kept.days.ends_before),
            "last_day": names.last_day(kept.days.ends_before),
            "newest": versions[-1],
            "versions": versions,
            "lines": _lines(kept, computed, given=_given(law.lines)),
            "entered": _entered(kept),
            "totals": _totals(kept, computed, given=_given(law.totals)),
            "form": form,
            "on": on,
            "cost": cost,
            "booked": booked.of(kept),
            "corrected": corrected.of(kept),
            "compared": comparing.rows(versions) if len(versions) > 1 else (),
            "is_equal": computed.net_due_cents == kept.net_due_cents,
        },
        status=422 if form.is_bound and not form.is_valid() else None,
    )


def _given(version: rule_tables.LoadedVersion) -> frozenset[str]:
    """Return which figures a table gives: one that has no credit has none to explain."""
    return frozenset(each.name for each in version.tables.lines)


def _lines(
    kept: queries.Kept, computed: returns.Computed, *, given: frozenset[str]
) -> list[LineRow]:
    return [
        LineRow(
            number=number,
            region=line.region,
            business_class=f"{line.business_class} "
            f"{names.words(names.CLASSES, line.business_class)}",
            gross_cents=line.gross_cents,
            deductions=[
                f"{each.code} {names.words(names.DEDUCTIONS, each.code)}: "
                f"{comparing.money(each.cents)}"
                for each in line.deductions
            ],
            rate=comparing.percent(found.rate),
            figures=[
                Figure(
                    words,
                    cents,
                    urls.reverse("why_return_line", args=[kept.return_id, number, name]),
                    f"why-{number}-{name}",
                )
                for words, name, cents in (
                    (_("Taxable"), "taxable", found.taxable_cents),
                    (_("Tax"), "tax", found.tax_cents),
                    (_("Credit"), "line_credit", found.credit_cents),
                )
                if name in given
            ],
        )
        for number, (line, found) in enumerate(
            zip(kept.filing.lines, computed.lines, strict=True), start=1
        )
    ]


def _entered(kept: queries.Kept) -> list[tuple[str, int]]:
    """Return the amounts of the whole return that were entered, or taken from earlier returns."""
    filing = kept.filing
    found = [
        (_("Excess tax collected"), filing.excess_tax_cents),
        (_("Credit carried"), filing.credit_carried_cents),
        (_("Estimated payments"), filing.estimated_payments_cents),
        (_("Accounting credit taken earlier in the year"), filing.credit_taken_in_year_cents),
    ]
    return [(words, cents) for words, cents in found if cents]


def _totals(
    kept: queries.Kept, computed: returns.Computed, *, given: frozenset[str]
) -> list[Figure]:
    return [
        Figure(
            words,
            cents,
            urls.reverse("why_return_total", args=[kept.return_id, name]),
            f"why-{name}",
        )
        for words, name, cents in (
            (_("Total tax"), "total_tax", computed.total_tax_cents),
            (_("Accounting credit"), "accounting_credit", computed.accounting_credit_cents),
            (_("Tax due"), "tax_due", computed.tax_due_cents),
            (_("Net due"), "net_due", computed.net_due_cents),
        )
        if name in given
    ]


def _cost(kept: queries.Kept, *, on: datetime.date, form: forms.OnForm) -> Cost | None:
    """Return what the tax costs on a day; None, with words beside it, where that is not known."""
    try:
        found = governing.owing_on(postings.lateness_of(kept), on=on, known_at=timezone.now())
    except _NOT_SAID as problem:
        if form.is_bound and form.is_valid():
            form.add_error("on", str(problem))
        return None
    less, overpaid = booked.to_the_good(kept)
    return Cost(
        on=on,
        unpaid_cents=found.unpaid_tax_cents,
        figures=[
            *(
                Figure(
                    words,
                    cents,
                    urls.reverse("why_return_penalty", args=[kept.return_id, name, on]),
                    f"why-{name}",
                )
                for words, name, cents in (
                    (_("Late filing penalty"), "late_filing", found.late_filing_cents),
                    (_("Late payment penalty"), "late_payment", found.late_payment_cents),
                    (_("Penalty after the cap on both"), "penalty", found.penalty_cents),
                )
            ),
            Figure(
                _("Interest"),
                found.interest_cents,
                urls.reverse("why_return_interest", args=[kept.return_id, on]),
                "why-interest",
            ),
        ],
        total_cents=found.total_cents + less + overpaid,
        less_cents=less,
        overpaid_cents=overpaid,
    )

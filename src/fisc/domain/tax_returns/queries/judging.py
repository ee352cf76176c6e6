"""A return as it came, judged by its form and the tables: everything wrong, or its figures."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from fisc.domain.accounts import queries as accounts
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import (
    checking,
    comparing,
    form_checks,
    locations,
    returns,
)
from fisc.domain.tax_returns.calculations import (
    forms as of_forms,
)
from fisc.domain.tax_returns.queries import forms, governing, registrations

# What the number of a line can hold; a form may take fewer.
_MOST_LINES = of_forms.MOST_LINES
_MOST_CENTS = points.MONEY_MAX * 100
_WHY_WORDS = {
    "not over": {
        "en": "The period is not over by then.",
        "es": "El período no ha terminado para entonces.",
    },
    "closed": {
        "en": "The account was closed on {day}.",
        "es": "La cuenta se cerró el {day}.",
    },
    "not registered": {
        "en": "The account is registered for no such period.",
        "es": "La cuenta no está registrada para tal período.",
    },
}

Judged = comparing.Settled | tuple[checking.Problem, ...]


def judged(
    filing: returns.Filing,
    *,
    owed: registrations.Owed,
    code: str,
    known_at: datetime.datetime,
) -> tuple[of_forms.Form | None, Judged]:
    """Return the form of a return with its figures, or with everything wrong with it, in order.

    `code` is the form's; empty, it is the account's own for the period. Raises
    versions.NoVersionForDate, forms.FormIsWrong.
    """
    days = owed.obligation.days
    form, found = form_checks.chosen(
        code,
        all_forms=forms.all_forms(),
        starts_on=days.starts_on,
        lines=owed.lines,
        frequency=owed.frequency,
    )
    # Of a hundred thousand lines nothing more is asked.
    if many := form_checks.too_many(form, filing, most=_MOST_LINES):
        return form, (*found, *many)
    problems = [*found, *governing.problems(filing, days=days, known_at=known_at)]
    problems += checking.unregistered(filing, lines=owed.lines)
    problems += locations.problems(
        filing,
        locations=[code for code, _ in owed.locations],
        tolerance_cents=governing.location_tolerance_cents(
            filing, locations=len(owed.locations), known_at=known_at
        ),
    )
    if form is not None or not found:
        problems += form_checks.problems(form, filing)
    law = governing.governing(days, known_at=known_at)
    tables = law.filed_figures.tables if law.filed_figures else None
    if problems:
        if form is not None:
            problems += form_checks.of_right_lines(
                form, filing, found=problems, laws=law.laws, tables=tables
            )
        return form, checking.in_order(problems)
    return form, _settled(filing, form, laws=law.laws, tables=tables)


def _settled(
    filing: returns.Filing,
    form: of_forms.Form | None,
    *,
    laws: returns.Laws,
    tables: loading.Tables | None,
) -> Judged:
    try:
        if form is None:
            return comparing.Settled(filing, returns.compute(filing, laws=laws), ())
        settled = comparing.settle(form, filing, laws=laws, tables=tables)
    except returns.NoLaw as problem:
        unlawful = checking.no_law(filing, places=problem.places)
        if form is None:
            return unlawful
        more = form_checks.of_right_lines(form, filing, found=unlawful, laws=laws, tables=tables)
        return checking.in_order([*unlawful, *more])
    refused = tuple(form_checks.refused(settled.compared))
    return checking.in_order(refused) if refused else settled


def not_owed(
    filing: returns.Filing,
    *,
    account_id: int,
    starts_on: datetime.date,
    received_on: datetime.date,
    owed: Sequence[datetime.date],
) -> tuple[checking.Problem, ...]:
    """Return why no return of a period is owed, with what its amounts have wrong besides.

    `owed` are the first days of the periods that are.
    """
    closed_on = accounts.account(account_id=account_id, as_of=received_on).closed_on
    if closed_on is not None and closed_on <= starts_on:
        why = {
            language: words.format(day=closed_on)
            for language, words in _WHY_WORDS["closed"].items()
        }
    elif owed and starts_on > owed[-1]:
        why = _WHY_WORDS["not over"]
    else:
        why = _WHY_WORDS["not registered"]
    facts = {
        "received": received_on,
        "starts": starts_on,
        "why": why,
        "periods": ", ".join(map(str, owed[-3:])) or "—",
    }
    first = checking.Problem(checking.Kind.NOT_OWED, facts=facts)
    if len(filing.lines) > _MOST_LINES:
        return (first, *form_checks.too_many(None, filing, most=_MOST_LINES))
    return (first, *checking.amounts(filing, most_cents=_MOST_CENTS))

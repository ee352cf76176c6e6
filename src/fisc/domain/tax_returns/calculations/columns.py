"""The law of a return over many at once: the same tables as one return's, asked as columns.

What is wrong with a return is said by `checking`, one by one; here only which returns have
something wrong, so that the others are computed together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fisc.dmn.columns import types
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import many, returns

Numbers = many.Numbers
Flags = many.Flags

Fact = Numbers | Flags | many.Coded
Facts = Mapping[str, Fact]

RATE_SCALE = 8
_AMOUNTS = ("excess_tax_cents", "credit_carried_cents", "estimated_payments_cents")


@dataclass(frozen=True, slots=True)
class Governed:
    """The laws of some rows; rows of no law are not asked about."""

    laws: Sequence[returns.Laws]
    # By return, the place of its laws; below zero where none govern.
    place: Numbers


@dataclass(frozen=True, slots=True)
class Codes:
    """Ids of the codes that a city's lists have for each filing period, by the period's place."""

    regions: Sequence[Mapping[str, int]]
    business_classes: Sequence[Mapping[str, int]]
    deductions: Sequence[Mapping[str, int]]
    # By return, the place of its period.
    place: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of many returns, in whole cents; rates in units of their eighth decimal."""

    taxable_cents: Numbers
    rate: Numbers
    tax_cents: Numbers
    credit_cents: Numbers
    total_tax_cents: Numbers
    accounting_credit_cents: Numbers
    tax_due_cents: Numbers
    net_due_cents: Numbers
    # Returns that a table gives no answer for; their figures mean nothing.
    unanswered: Flags


def wrong(of: many.Returns, *, governed: Governed, codes: Codes, most_cents: int) -> Flags:
    """Tell which returns have anything that `checking.problems` would name, or no law."""
    found = governed.place < 0
    for name in _AMOUNTS:
        found |= _odd_amount(getattr(of, name), most_cents)
    lines, deductions = of.lines, of.deductions
    taken = many.sums(deductions.of, deductions.cents, count=len(lines))
    odd_line = _odd_amount(lines.gross_cents, most_cents) | (taken > lines.gross_cents)
    found |= many.sums(lines.of, lines.gross_cents, count=len(of)) > most_cents
    odd_line |= _unknown(lines.region, codes.regions, codes.place[lines.of])
    odd_line |= _unknown(lines.business_class, codes.business_classes, codes.place[lines.of])
    odd_line |= _doubled(
        lines.of, lines.region.values, lines.business_class.values, len(lines.business_class.texts)
    )
    period = codes.place[lines.of[deductions.of]]
    odd_deduction = _odd_amount(deductions.cents, most_cents)
    odd_deduction |= _unknown(deductions.code, codes.deductions, period)
    odd_deduction |= _doubled(
        deductions.of, np.zeros_like(deductions.of), deductions.code.values,
        len(deductions.code.texts),
    )  # fmt: skip
    odd_line[deductions.of[odd_deduction]] = True
    found[lines.of[odd_line]] = True
    # As one by one: a table is asked only about what it is declared for.
    rows = np.flatnonzero(~found[lines.of[deductions.of]])
    refused = _refused(of, rows, taken=taken, governed=governed)
    found[lines.of[deductions.of[rows[refused]]]] = True
    return found


def _odd_amount(cents: Numbers, most_cents: int) -> Flags:
    found: Flags = (cents < 0) | (cents > most_cents)
    return found


def _unknown(column: many.Coded, known: Sequence[Mapping[str, int]], period: Numbers) -> Flags:
    table = np.array(
        [[text not in codes for text in column.texts] for codes in known] or [[]], dtype=np.bool_
    )
    if not len(column):
        return np.zeros(0, dtype=np.bool_)
    found: Flags = table[np.maximum(period, 0), column.values]
    return found


def _doubled(of: Numbers, high: Numbers, low: Numbers, most_low: int) -> Flags:
    """Tell which rows have the same owner and codes as another."""
    if not len(of):
        return np.zeros(0, dtype=np.bool_)
    most = int(high.max()) + 1
    keys = (of * most + high) * max(most_low, 1) + low
    _, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    found: Flags = counts[place] > 1
    return found


def _refused(of: many.Returns, rows: Numbers, *, taken: Numbers, governed: Governed) -> Flags:
    """Tell which of some deductions their table does not allow, or not so much."""
    lines, deductions = of.lines, of.deductions
    line = deductions.of[rows]
    others = taken[line] - deductions.cents[rows]
    facts: Facts = {
        "deduction_code": deductions.code.at(rows),
        "business_class": lines.business_class.at(line),
        "net_of_other_deductions": np.maximum(lines.gross_cents[line] - others, 0),
        "region": lines.region.at(line),
        "gross": lines.gross_cents[line],
        "amount": deductions.cents[rows],
        "period_starts_on": of.starts_on[lines.of[line]],
    }
    answers = asked(
        ("is_allowed", "limit"),
        [each.deductions for each in governed.laws],
        governed.place[lines.of[line]],
        facts,
    )
    allowed, limit = answers["is_allowed"], answers["limit"]
    found: Flags = allowed.nulls | (allowed.values == 0)
    found |= ~limit.nulls & (deductions.cents[rows] > limit.values)
    return found


def computed(
    of: many.Returns, *, governed: Governed, is_on_time: Flags, taken: Numbers, ends_before: Numbers
) -> Figures:
    """Return the figures of returns with nothing wrong; `taken` is the credit of their year.

    `ends_before` is the end of each return's period.
    """
    lines = of.lines
    months = many.months_spanned(of.starts_on, ends_before)
    by_line = asked(
        ("taxable", "rate", "tax", "line_credit"),
        [each.lines for each in governed.laws],
        governed.place[lines.of],
        _line_facts(of, months),
    )
    tax, credit = by_line["tax"], by_line["line_credit"]
    unanswered = np.zeros(len(of), dtype=np.bool_)
    taxable = by_line["taxable"]
    for name in ("taxable", "rate", "tax"):
        unanswered[lines.of[by_line[name].nulls]] = True
    summed: dict[str, Fact] = {
        "tax": many.sums(lines.of, tax.values, count=len(of)),
        "line_credits": many.sums(lines.of, credit.values, count=len(of)),
        "gross": many.sums(lines.of, lines.gross_cents, count=len(of)),
        "taxable": many.sums(lines.of, taxable.values, count=len(of)),
    }
    whole: dict[str, Fact] = {
        "is_on_time": is_on_time,
        "credit_taken_in_year": taken,
        "months_in_period": months,
    }
    totals = asked(
        ("total_tax", "accounting_credit", "tax_due", "net_due"),
        [each.totals for each in governed.laws],
        governed.place,
        _return_facts(of) | summed | whole,
    )
    for name in ("total_tax", "tax_due", "net_due"):
        unanswered |= totals[name].nulls
    return Figures(
        taxable_cents=taxable.values,
        rate=by_line["rate"].values,
        tax_cents=tax.values,
        credit_cents=credit.values,
        total_tax_cents=totals["total_tax"].values,
        accounting_credit_cents=totals["accounting_credit"].values,
        tax_due_cents=totals["tax_due"].values,
        net_due_cents=totals["net_due"].values,
        unanswered=unanswered,
    )


def _line_facts(of: many.Returns, months: Numbers) -> Facts:
    """What the table of lines is asked with, of lines that count no units and factor nothing."""
    lines, deductions = of.lines, of.deductions
    none = np.zeros(len(lines), dtype=np.int64)
    return {
        "region": lines.region,
        "business_class": lines.business_class,
        "gross": lines.gross_cents,
        "deductions": many.sums(deductions.of, deductions.cents, count=len(lines)),
        "is_electronic": of.is_electronic[lines.of],
        "units": none,
        "item_price": none,
        "months_in_period": months[lines.of],
        "period_starts_on": of.starts_on[lines.of],
    }


def _return_facts(of: many.Returns) -> dict[str, Fact]:
    """What the table of totals is asked with that was keyed."""
    return {
        "excess_tax": of.excess_tax_cents,
        "credit_carried": of.credit_carried_cents,
        "estimated_payments": of.estimated_payments_cents,
        "is_electronic": of.is_electronic,
        "period_starts_on": of.starts_on,
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line of tables answers, row by row: whole units, zero where it is null."""

    values: Numbers
    nulls: Flags


def asked(
    names: Sequence[str],
    tables: Sequence[loading.Tables],
    place: Numbers,
    facts: Facts,
) -> dict[str, Answer]:
    """Ask each row of the tables of its place for some of their lines, by name."""
    found = {
        name: Answer(np.zeros(len(place), dtype=np.int64), np.ones(len(place), dtype=np.bool_))
        for name in names
    }
    for nth, each in enumerate(tables):
        rows = np.flatnonzero(place == nth)
        if len(rows):
            _ask(each, rows, facts, found)
    return found


def _ask(
    tables: loading.Tables,
    rows: Numbers,
    facts: Facts,
    found: Mapping[str, Answer],
) -> None:
    columns = {each.name: _column(facts[each.name], rows) for each in tables.program.inputs}
    result = tables.evaluate(columns, rows=len(rows))
    for line in (each for each in tables.lines if each.name in found):
        output = result.outputs[line.decision]
        nulls = np.zeros(len(rows), dtype=np.bool_) if output.nulls is None else output.nulls
        values = np.where(nulls, 0, output.values).astype(np.int64)
        found[line.name].values[rows] = values
        found[line.name].nulls[rows] = nulls


def _column(fact: Fact, rows: Numbers) -> types.Column:
    if isinstance(fact, many.Coded):
        return types.Column(fact.values[rows], texts=fact.texts or ("",))
    return types.Column(fact[rows])

"""The figures of a return, computed from what was keyed: lines, then totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import asking


@dataclass(frozen=True, slots=True)
class Deduction:
    """A deduction under its code, in whole cents."""

    code: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as the filer wrote it: receipts of one class in one region, in whole cents."""

    region: str
    business_class: str
    gross_cents: int
    deductions: tuple[Deduction, ...] = ()

    @property
    def deducted_cents(self) -> int:
        """The sum of the deductions."""
        return sum(each.cents for each in self.deductions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A return as it came: lines, and what counts for it as a whole, in whole cents.

    A return without a line says that nothing was sold.
    """

    lines: tuple[Line, ...]
    is_on_time: bool
    is_electronic: bool = False
    excess_tax_cents: int = 0
    credit_taken_in_year_cents: int = 0
    credit_carried_cents: int = 0
    estimated_payments_cents: int = 0


@dataclass(frozen=True, slots=True)
class Laws:
    """The tables that govern the filing period."""

    deductions: loading.Tables
    lines: loading.Tables
    totals: loading.Tables


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """The figures of a line; money in whole cents, the rate a fraction."""

    taxable_cents: int
    rate: Decimal
    tax_cents: int
    credit_cents: int
    facts: asking.Facts


@dataclass(frozen=True, slots=True)
class Computed:
    """The figures of a return in whole cents; `net_due_cents` below zero is the filer's credit.

    `tax_due_cents` is what penalties and interest are computed on.
    """

    lines: tuple[ComputedLine, ...]
    total_tax_cents: int
    accounting_credit_cents: int
    tax_due_cents: int
    net_due_cents: int
    facts: asking.Facts


def compute(filing: Filing, *, laws: Laws) -> Computed:
    """Return the figures of a return that `checking.problems` finds nothing wrong with.

    Raises asking.NoAnswer for a line that no rule takes.
    """
    lines = _lines(filing, tables=laws.lines)
    facts: asking.Facts = {
        "tax": asking.money(sum(each.tax_cents for each in lines)),
        "line_credits": asking.money(sum(each.credit_cents for each in lines)),
        "excess_tax": asking.money(filing.excess_tax_cents),
        "credit_taken_in_year": asking.money(filing.credit_taken_in_year_cents),
        "credit_carried": asking.money(filing.credit_carried_cents),
        "estimated_payments": asking.money(filing.estimated_payments_cents),
        "is_on_time": filing.is_on_time,
        "is_electronic": filing.is_electronic,
    }
    (answers,) = asking.ask(laws.totals, [facts])
    asking.needed(answers, "total_tax", "tax_due", "net_due", tables=laws.totals, facts=facts)
    return Computed(
        lines=lines,
        total_tax_cents=asking.cents(answers["total_tax"]),
        accounting_credit_cents=asking.cents(answers.get("accounting_credit")),
        tax_due_cents=asking.cents(answers["tax_due"]),
        net_due_cents=asking.cents(answers["net_due"]),
        facts=facts,
    )


def _lines(filing: Filing, *, tables: loading.Tables) -> tuple[ComputedLine, ...]:
    rows = [line_facts(each, is_electronic=filing.is_electronic) for each in filing.lines]
    found = []
    for facts, answers in zip(rows, asking.ask(tables, rows), strict=True):
        asking.needed(answers, "taxable", "rate", "tax", tables=tables, facts=facts)
        found.append(
            ComputedLine(
                taxable_cents=asking.cents(answers["taxable"]),
                rate=Decimal(str(answers["rate"])),
                tax_cents=asking.cents(answers["tax"]),
                credit_cents=asking.cents(answers.get("line_credit")),
                facts=facts,
            )
        )
    return tuple(found)


def line_facts(line: Line, *, is_electronic: bool) -> asking.Facts:
    """Return what the table of lines is asked with."""
    return {
        "region": line.region,
        "business_class": line.business_class,
        "gross": asking.money(line.gross_cents),
        "deductions": asking.money(line.deducted_cents),
        "is_electronic": is_electronic,
    }


def deduction_answers(
    lines: Sequence[Line], *, tables: loading.Tables
) -> list[tuple[int, Deduction, asking.Answers]]:
    """Return what the table says of each deduction, with the place of its line."""
    asked = [
        (place, deduction, _deduction_facts(line, deduction))
        for place, line in enumerate(lines)
        for deduction in line.deductions
    ]
    answers = asking.ask(tables, [facts for _, _, facts in asked])
    return [
        (place, deduction, answer)
        for (place, deduction, _), answer in zip(asked, answers, strict=True)
    ]


def _deduction_facts(line: Line, deduction: Deduction) -> asking.Facts:
    others = sum(each.cents for each in line.deductions if each.code != deduction.code)
    return {
        "deduction_code": deduction.code,
        "business_class": line.business_class,
        "net_of_other_deductions": asking.money(max(line.gross_cents - others, 0)),
    }

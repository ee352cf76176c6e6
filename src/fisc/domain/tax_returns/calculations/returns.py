"""The figures of a return, computed from what was keyed: lines, then totals."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import asking


class NoLaw(asking.NoAnswer):
    """No rule takes some lines of a return; `places` are theirs, from 0."""

    def __init__(self, said: Sequence[str], places: Sequence[int]) -> None:
        super().__init__(" ".join(said))
        self.places = tuple(places)


@dataclass(frozen=True, slots=True)
class Deduction:
    """A deduction under its code, in whole cents."""

    code: str
    cents: int


@dataclass(frozen=True, slots=True)
class Filed:
    """A figure that the filer worked out and wrote, in whole cents.

    `key` is that of a column of the form on a line, of a box of the form on the whole return.
    """

    key: str
    cents: int


@dataclass(frozen=True, slots=True)
class AtLocation:
    """What of a line's receipts and deductions is of one location of the filer, in whole cents."""

    location: str
    gross_cents: int
    deducted_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as the filer wrote it: receipts of one class in one region, in whole cents.

    Where `includes_tax`, the tables say how much of the receipts is tax, and that is deducted as
    well; `land_cents` is then the price of land in them. `units` are gallons or nights of a tax by
    the unit, `item_price_cents` the price where the line is about one item. Deductions that are
    disallowed stay on the line and count for nothing. `by_location` is a consolidated filer's
    schedule of the line.
    """

    region: str
    business_class: str
    gross_cents: int
    deductions: tuple[Deduction, ...] = ()
    includes_tax: bool = False
    land_cents: int = 0
    units: Decimal = Decimal(0)
    item_price_cents: int = 0
    is_disallowed: bool = False
    as_filed: tuple[Filed, ...] = ()
    by_location: tuple[AtLocation, ...] = ()

    @property
    def itemized_cents(self) -> int:
        """The sum of the deductions, allowed or not."""
        return sum(each.cents for each in self.deductions)

    @property
    def deducted_cents(self) -> int:
        """The sum of the deductions that count."""
        return 0 if self.is_disallowed else self.itemized_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A return as it came: lines, and what counts for it as a whole, in whole cents.

    A return without a line says that nothing was sold. `starts_on` is the first day of its period.
    """

    lines: tuple[Line, ...]
    is_on_time: bool
    is_electronic: bool = False
    excess_tax_cents: int = 0
    credit_taken_in_year_cents: int = 0
    credit_carried_cents: int = 0
    estimated_payments_cents: int = 0
    starts_on: datetime.date | None = None
    months_in_period: int = 1
    as_filed: tuple[Filed, ...] = ()


@dataclass(frozen=True, slots=True)
class Laws:
    """The tables that govern the filing period; a city may have none for factoring."""

    deductions: loading.Tables
    lines: loading.Tables
    totals: loading.Tables
    factoring: loading.Tables | None = None


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """The figures of a line; money in whole cents, the rate a fraction.

    `deducted_cents` has the itemized deductions that count, and the tax in the receipts.
    """

    taxable_cents: int
    rate: Decimal
    tax_cents: int
    credit_cents: int
    facts: asking.Facts
    deducted_cents: int = 0
    tax_included_cents: int = 0


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
    lines = computed_lines(filing, laws=laws)
    facts: asking.Facts = {
        "tax": asking.money(sum(each.tax_cents for each in lines)),
        "line_credits": asking.money(sum(each.credit_cents for each in lines)),
        "excess_tax": asking.money(filing.excess_tax_cents),
        "credit_taken_in_year": asking.money(filing.credit_taken_in_year_cents),
        "credit_carried": asking.money(filing.credit_carried_cents),
        "estimated_payments": asking.money(filing.estimated_payments_cents),
        "is_on_time": filing.is_on_time,
        "is_electronic": filing.is_electronic,
        "gross": asking.money(sum(each.gross_cents for each in filing.lines)),
        "taxable": asking.money(sum(each.taxable_cents for each in lines)),
        "months_in_period": asking.number(filing.months_in_period),
        "period_starts_on": filing.starts_on,
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


def computed_lines(filing: Filing, *, laws: Laws) -> tuple[ComputedLine, ...]:
    """Return the figures of the lines alone. Raises NoLaw with every line that no rule takes."""
    included = taxes_included(filing, laws=laws)
    rows = [
        line_facts(each, filing=filing, tax_included_cents=tax or 0)
        for each, tax in zip(filing.lines, included, strict=True)
    ]
    answered = asking.ask(laws.lines, rows)
    _refuse_unanswered(filing, included, rows, answered, laws=laws)
    return tuple(
        ComputedLine(
            taxable_cents=asking.cents(answers["taxable"]),
            rate=Decimal(str(answers["rate"])),
            tax_cents=asking.cents(answers["tax"]),
            credit_cents=asking.cents(answers.get("line_credit")),
            facts=facts,
            deducted_cents=line.deducted_cents + (tax_included or 0),
            tax_included_cents=tax_included or 0,
        )
        for line, tax_included, facts, answers in zip(
            filing.lines, included, rows, answered, strict=True
        )
    )


def _refuse_unanswered(
    filing: Filing,
    included: Sequence[int | None],
    rows: Sequence[asking.Facts],
    answered: Sequence[asking.Answers],
    *,
    laws: Laws,
) -> None:
    said, places = [], []
    for place, (line, facts, answers) in enumerate(zip(filing.lines, rows, answered, strict=True)):
        try:
            asking.needed(answers, "taxable", "rate", "tax", tables=laws.lines, facts=facts)
        except asking.NoAnswer as problem:
            said.append(str(problem))
            places.append(place)
        if included[place] is None:
            said.append(
                f"No table of factoring says how much of receipts of class {line.business_class} "
                f"in region {line.region} is tax. Add a rule to it, or take the tax off."
            )
            places.append(place)
    if places:
        raise NoLaw(said, tuple(dict.fromkeys(places)))


def line_facts(line: Line, *, filing: Filing, tax_included_cents: int = 0) -> asking.Facts:
    """Return what the table of lines is asked with."""
    return {
        "region": line.region,
        "business_class": line.business_class,
        "gross": asking.money(line.gross_cents),
        "deductions": asking.money(line.deducted_cents + tax_included_cents),
        "is_electronic": filing.is_electronic,
        "units": line.units,
        "item_price": asking.money(line.item_price_cents),
        "months_in_period": asking.number(filing.months_in_period),
        "period_starts_on": filing.starts_on,
    }


def taxes_included(filing: Filing, *, laws: Laws) -> list[int | None]:
    """Return how much of each line's receipts is tax, in cents; null where no table says it.

    0 for a line whose receipts have no tax in them.
    """
    asked = [place for place, line in enumerate(filing.lines) if line.includes_tax]
    found: list[int | None] = [0] * len(filing.lines)
    facts = [factoring_facts(filing.lines[place], filing=filing, laws=laws) for place in asked]
    answers = asking.ask(laws.factoring, facts) if laws.factoring else [{} for _ in asked]
    for place, answer in zip(asked, answers, strict=True):
        tax = answer.get("tax_included")
        found[place] = None if tax is None else asking.cents(tax)
    return found


def factoring_facts(line: Line, *, filing: Filing, laws: Laws) -> asking.Facts:
    """Return what the table of factoring is asked with.

    A deduction with a limit of its own is a share of what is left without the tax, so that it
    cannot be taken off before the tax is known.
    """
    counting = () if line.is_disallowed else line.deductions
    asked = [_deduction_facts(line, each, filing, 0) for each in counting]
    answers = asking.ask(laws.deductions, asked)
    limited = sum(
        each.cents
        for each, answer in zip(counting, answers, strict=True)
        if answer.get("limit") is not None
    )
    return {
        "region": line.region,
        "business_class": line.business_class,
        "gross": asking.money(line.gross_cents),
        "deductions": asking.money(line.deducted_cents - limited),
        "limited_deductions": asking.money(limited),
        "land": asking.money(line.land_cents),
        "period_starts_on": filing.starts_on,
    }


def deduction_answers(filing: Filing, *, laws: Laws) -> list[tuple[int, Deduction, asking.Answers]]:
    """Return what the table says of each deduction, with the place of its line."""
    included = taxes_included(filing, laws=laws)
    asked = [
        (place, deduction, _deduction_facts(line, deduction, filing, included[place] or 0))
        for place, line in enumerate(filing.lines)
        for deduction in line.deductions
    ]
    answers = asking.ask(laws.deductions, [facts for _, _, facts in asked])
    return [
        (place, deduction, answer)
        for (place, deduction, _), answer in zip(asked, answers, strict=True)
    ]


def _deduction_facts(
    line: Line, deduction: Deduction, filing: Filing, tax_included_cents: int
) -> asking.Facts:
    others = sum(each.cents for each in line.deductions if each.code != deduction.code)
    net = line.gross_cents - tax_included_cents - others
    return {
        "deduction_code": deduction.code,
        "business_class": line.business_class,
        "net_of_other_deductions": asking.money(max(net, 0)),
        "region": line.region,
        "gross": asking.money(line.gross_cents),
        "amount": asking.money(deduction.cents),
        "period_starts_on": filing.starts_on,
    }


def without_deductions(filing: Filing, *, places: Iterable[int]) -> Filing:
    """Return a return with the deductions of some lines disallowed; places count from 0."""
    wanted = set(places)
    return replace(
        filing,
        lines=tuple(
            replace(line, is_disallowed=True) if place in wanted else line
            for place, line in enumerate(filing.lines)
        ),
    )

"""What the filer wrote on a form beside what it comes to, and what is done where they differ."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import asking, forms, returns
from fisc.domain.tax_returns.calculations.forms import Holds

Box = forms.Box
Column = forms.Column


class Treatment(enum.StrEnum):
    """What the table may say of a figure that comes out otherwise; codes of the city's list."""

    ACCEPT = "accept"
    CORRECT = "correct"
    DISALLOW = "disallow"
    REFUSE = "refuse"


# The code of each kind of figure in the list “filed figure”.
_FIGURES: Mapping[Holds, str] = {
    Holds.DEDUCTIONS: "deductions",
    Holds.SCHEDULE: "schedule",
    Holds.TAXABLE: "taxable",
    Holds.TAX: "tax",
    Holds.CREDIT: "credit",
    Holds.SUM: "sum",
}
_TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A figure as filed and as computed, in whole cents; `line` counts from 1, None is the return.

    Where the figures are the same, the treatment is to accept.
    """

    line: int | None
    key: str
    names: forms.Names
    figure: str
    filed_cents: int
    computed_cents: int
    treatment: Treatment = Treatment.ACCEPT
    section: str = ""

    @property
    def is_corrected(self) -> bool:
        """Whether the filer is told that another figure stands than was written."""
        return self.treatment in {Treatment.CORRECT, Treatment.DISALLOW}


@dataclass(frozen=True, slots=True)
class Settled:
    """A return with its figures after comparing: what was disallowed counts for nothing."""

    filing: returns.Filing
    computed: returns.Computed
    compared: tuple[Compared, ...]


def settle(
    form: forms.Form, filing: returns.Filing, *, laws: returns.Laws, tables: loading.Tables | None
) -> Settled:
    """Compute a return and compare what was written with it.

    Deductions that the table disallows are taken out and the return is computed again. Without
    tables every difference is refused. Raises asking.NoAnswer.
    """
    computed = returns.compute(filing, laws=laws)
    compared = treated(written(form, filing, computed), form=form, filing=filing, tables=tables)
    lost = [each for each in compared if each.treatment is Treatment.DISALLOW]
    if not lost:
        return Settled(filing, computed, compared)
    filing = returns.without_deductions(filing, places=_places(lost, form, filing))
    computed = returns.compute(filing, laws=laws)
    gone = {(each.line, each.key) for each in lost}
    after = treated(written(form, filing, computed), form=form, filing=filing, tables=tables)
    return Settled(
        filing,
        computed,
        (
            *(replace(each, computed_cents=0) for each in lost),
            *(each for each in after if (each.line, each.key) not in gone),
        ),
    )


def _places(lost: list[Compared], form: forms.Form, filing: returns.Filing) -> Iterator[int]:
    """The places of the lines whose deductions are disallowed: one, or all of a section."""
    whole = {each.section for each in lost if each.line is None}
    yield from (each.line - 1 for each in lost if each.line is not None)
    for place, line in enumerate(filing.lines):
        section = form.section_of(line.region, line.business_class)
        if section is not None and section.key in whole:
            yield place


def written(
    form: forms.Form, filing: returns.Filing, computed: returns.Computed
) -> tuple[Compared, ...]:
    """Return every figure that the filer worked out, beside what it comes to."""
    columns = lines_of(form, filing, computed.lines)
    found = list(written_on_lines(form, filing, columns))
    wanted = {each.key: each for each in form.boxes}
    values = boxes_of(form, filing, computed, columns)
    for filed in filing.as_filed:
        box = wanted[filed.key]
        found.append(
            Compared(
                line=None,
                key=box.key,
                names=box.names,
                figure=_FIGURES.get(box.holds, _TOTAL),
                filed_cents=filed.cents,
                computed_cents=values[box.key],
                section=box.section,
            )
        )
    return tuple(found)


def written_on_lines(
    form: forms.Form, filing: returns.Filing, columns: list[dict[str, int]]
) -> Iterator[Compared]:
    """Give the figures that the filer worked out on lines, beside what they come to."""
    for number, (line, values) in enumerate(zip(filing.lines, columns, strict=True), start=1):
        section = form.section_of(line.region, line.business_class)
        assert section is not None, "a line of no section has been refused"
        wanted = {each.key: each for each in section.columns}
        for filed in line.as_filed:
            column = wanted[filed.key]
            yield Compared(
                line=number,
                key=column.key,
                names=column.names,
                figure=_FIGURES[column.holds],
                filed_cents=filed.cents,
                computed_cents=values[column.key],
            )


def treated(
    compared: tuple[Compared, ...],
    *,
    form: forms.Form,
    filing: returns.Filing,
    tables: loading.Tables | None,
) -> tuple[Compared, ...]:
    """Ask the table what is done about each figure that differs; refused where it says nothing."""
    differ = [each for each in compared if each.filed_cents != each.computed_cents]
    rows: list[asking.Facts] = [
        {
            "form": form.code,
            "figure": each.figure,
            "difference": asking.money(abs(each.filed_cents - each.computed_cents)),
            "computed": asking.money(abs(each.computed_cents)),
            "is_electronic": filing.is_electronic,
        }
        for each in differ
    ]
    answers = asking.ask(tables, rows) if tables else [{} for _ in rows]
    said = {
        (each.line, each.key): Treatment(str(answer.get("treatment") or Treatment.REFUSE))
        for each, answer in zip(differ, answers, strict=True)
    }
    return tuple(
        replace(each, treatment=said.get((each.line, each.key), Treatment.ACCEPT))
        for each in compared
    )


def lines_of(
    form: forms.Form, filing: returns.Filing, computed: tuple[returns.ComputedLine, ...]
) -> list[dict[str, int]]:
    """Return the amounts of each line by the keys of its section's columns, in cents."""
    found = []
    for line, figures in zip(filing.lines, computed, strict=True):
        section = form.section_of(line.region, line.business_class)
        assert section is not None, "a line of no section has been refused"
        known = {
            Holds.GROSS: line.gross_cents,
            Holds.LAND: line.land_cents,
            Holds.ITEM_PRICE: line.item_price_cents,
            Holds.DEDUCTIONS: figures.deducted_cents,
            Holds.TAXABLE: figures.taxable_cents,
            Holds.TAX: figures.tax_cents,
            Holds.CREDIT: figures.credit_cents,
        }
        values: dict[str, int] = {}
        for column in section.columns:
            if column.holds is Holds.SUM:
                values[column.key] = sum(each.sign * values[each.key] for each in column.terms)
            elif column.holds in known:
                values[column.key] = known[column.holds]
        found.append(values)
    return found


def boxes_of(
    form: forms.Form,
    filing: returns.Filing,
    computed: returns.Computed,
    columns: list[dict[str, int]],
) -> dict[str, int]:
    """Return the amount of each box of a form, in cents."""
    totals: dict[tuple[str, str], int] = {}
    itemized: dict[str, int] = {}
    for line, values, figures in zip(filing.lines, columns, computed.lines, strict=True):
        section = form.section_of(line.region, line.business_class)
        assert section is not None, "a line of no section has been refused"
        itemized[section.key] = itemized.get(section.key, 0) + figures.deducted_cents
        for key, cents in values.items():
            totals[section.key, key] = totals.get((section.key, key), 0) + cents
    known = {
        Holds.EXCESS_TAX: filing.excess_tax_cents,
        Holds.CREDIT_CARRIED: filing.credit_carried_cents,
        Holds.ESTIMATED_PAYMENTS: filing.estimated_payments_cents,
        Holds.TOTAL_TAX: computed.total_tax_cents,
        Holds.ACCOUNTING_CREDIT: computed.accounting_credit_cents,
        Holds.TAX_DUE: computed.tax_due_cents,
        Holds.NET_DUE: computed.net_due_cents,
    }
    found: dict[str, int] = {}
    for box in form.boxes:
        if box.holds is Holds.SCHEDULE:
            found[box.key] = itemized.get(box.section, 0)
        elif box.holds is Holds.SUM:
            found[box.key] = sum(each.sign * _worth(each, totals, found) for each in box.terms)
        else:
            found[box.key] = known[box.holds]
    return found


def _worth(
    term: forms.Term, totals: Mapping[tuple[str, str], int], boxes: Mapping[str, int]
) -> int:
    """A column's total, which is nothing where the section has no line, or a box above."""
    return totals.get((term.section, term.key), 0) if term.section else boxes[term.key]

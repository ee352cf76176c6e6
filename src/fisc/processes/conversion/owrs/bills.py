"""A book that computes: its bytes read back as any table is, and run by both evaluators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.dmn import cases
from fisc.dmn.columns import types
from fisc.dmn.xml import reader
from fisc.domain.rule_tables.calculations import case_sheets, checking, loading, values
from fisc.processes.conversion.owrs import books, class_rules, decisions, points

Facts = Mapping[str, values.Value]
Amounts = Mapping[str, object]


class FactIsWrong(ValueError):
    """A fact given for a bill is missing or not of its kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Reckoner:
    """A book read back from its bytes, ready to compute bills."""

    book: books.Book
    tables: loading.Tables
    classes: Mapping[str, books.BookClass]

    def facts(self, customer_class: str, given: Mapping[str, str]) -> dict[str, values.Value]:
        """Turn texts into the facts that the book asks; others are left aside.

        Raises FactIsWrong for a number that is none, or a fact of the class that is not given.
        """
        facts: dict[str, values.Value] = dict.fromkeys(self.book.inputs)
        facts[books.CUSTOMER_CLASS] = customer_class
        for name in sorted(self.classes[customer_class].inputs):
            if name not in given:
                raise FactIsWrong(f"the fact {name} is not given")
            facts[name] = given[name]
            if self.book.inputs[name] is decisions.Kind.NUMBER:
                facts[name] = _number(name, given[name])
        return facts

    def amounts(self, facts: Facts, decision_names: Sequence[str]) -> dict[str, object]:
        """Compute decisions by the case evaluator."""
        prepared = cases.prepare(self.tables.model)
        return dict(prepared.evaluate_all(decision_names, facts))

    def by_columns(self, rows: Sequence[Facts]) -> list[Mapping[str, object]]:
        """Compute every line of many bills by columns. Raises types.DeclarationIsWrong."""
        written = [case_sheets.Case("", each, {}) for each in rows]
        result = self.tables.evaluate(checking.columns_of(written, tables=self.tables))
        return [
            {
                declared.name: values.from_column(
                    result.outputs[declared.name], row, declared=declared
                )
                for declared in self.tables.program.outputs
            }
            for row in range(len(rows))
        ]

    def why_none(self, facts: Facts) -> str:
        """Say why there is no bill: the first field, in the order computed, without a value."""
        outcome = cases.prepare(self.tables.model).trace(class_rules.BILL, facts)
        for step in outcome.steps:
            if step.value is None:
                asked = ", ".join(
                    f"{name} {values_text(value)}" for name, value in step.inputs.items()
                )
                return f"{step.decision} has no value for {asked}"
        return "; ".join(str(each) for each in outcome.reasons) or "the bill has no value"


def reckoner(book: books.Book) -> Reckoner:
    """Read a book back strictly and compile it.

    Raises fisc.dmn.xml.problems.ModelIsRefused, declarations.DeclarationIsWrong.
    """
    model = reader.read(book.content)
    point = points.of(model)
    tables = loading.Tables(
        point=point,
        sha256=checking.sha256(book.content),
        model=model,
        program=loading.compiled(model, point=point),
    )
    return Reckoner(book, tables, {each.name: each for each in book.classes})


def values_text(value: object) -> str:
    """A fact as a person reads it."""
    return "nothing" if value is None else str(value)


def fits_columns(facts: Facts) -> bool:
    """Whether the numbers of a row are within what columns are compiled for."""
    return all(
        0 <= each <= points.LARGEST and _decimals(each) <= points.SCALE
        for each in facts.values()
        if isinstance(each, Decimal)
    )


def _decimals(value: Decimal) -> int:
    return types.scaled(value)[1]


def _number(name: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as problem:
        raise FactIsWrong(f"the fact {name} is “{text}”, which is no number") from problem
    if not value.is_finite():
        raise FactIsWrong(f"the fact {name} is “{text}”, which is no number")
    return value

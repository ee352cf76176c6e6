"""Cases for a new book: every rule is met, and the usage steps over every boundary.

What a case expects is what the book answers when it is made, so the sheet holds what was read; it
is a reference's bills, or a person with the printed rates, that say whether it was read right.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from fisc.domain.rule_tables.calculations import values
from fisc.processes.conversion.owrs import bills, books, class_rules, decisions, ratios

MOST_CASES = 2_000

# What a fact that is a number is in a case that is not about it.
_USUAL_NUMBER = "10"
_ABOVE = Decimal(1)
_BOUNDARY = re.compile(r"> (\d+(?:\.\d+)?)")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def write(reckoner: bills.Reckoner) -> bytes:
    """Return the sheet of a book, as CSV: facts, and every line that the class has.

    Facts without a bill, where maps of a class have different keys, are no case.
    """
    lines = [each.decision for each in reckoner.tables.lines]
    facts = list(reckoner.book.inputs)
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["case", *facts, *lines])
    for given in _cases(reckoner):
        answers = reckoner.tables.answers(given)
        if answers[class_rules.BILL] is None:
            continue
        sheet.writerow(
            [
                _words(given),
                *(_cell(given[each]) for each in facts),
                *(_cell(answers[each]) for each in lines),
            ]
        )
    return text.getvalue().encode()


def _words(given: bills.Facts) -> str:
    said = [str(given[books.CUSTOMER_CLASS])]
    said += [
        f"{name} {_cell(value)}"
        for name, value in given.items()
        if value is not None and name != books.CUSTOMER_CLASS
    ]
    return ", ".join(said)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ratios.number_text(value) if isinstance(value, Decimal) else str(value)


def _cases(reckoner: bills.Reckoner) -> list[dict[str, values.Value]]:
    found: dict[tuple[object, ...], dict[str, values.Value]] = {}
    for of_class in reckoner.book.classes:
        for texts in _given(reckoner, of_class):
            facts = reckoner.facts(of_class.name, texts)
            found.setdefault(tuple(facts.values()), facts)
            if len(found) >= MOST_CASES:
                return list(found.values())
    return list(found.values())


def _given(reckoner: bills.Reckoner, of_class: books.BookClass) -> Iterator[dict[str, str]]:
    usages = _usages(of_class)
    usual = _usual(reckoner, of_class)
    for usage in usages:
        yield usual | {class_rules.USAGE: usage}
    for decision in of_class.decisions:
        if not isinstance(decision.body, decisions.Table):
            continue
        for rule in decision.body.rules:
            met = _met(reckoner, decision.body, rule)
            if met:
                yield usual | {class_rules.USAGE: usages[-1]} | met


def _usual(reckoner: bills.Reckoner, of_class: books.BookClass) -> dict[str, str]:
    """Facts that some rule of the class takes, the first that is written for each."""
    usual = {
        each: _USUAL_NUMBER if kind is decisions.Kind.NUMBER else ""
        for each, kind in reckoner.book.inputs.items()
    }
    for decision in reversed(of_class.decisions):
        if isinstance(decision.body, decisions.Table) and decision.body.rules:
            usual |= _met(reckoner, decision.body, decision.body.rules[0])
    return usual


def _met(reckoner: bills.Reckoner, table: decisions.Table, rule: decisions.Rule) -> dict[str, str]:
    """Return the facts by which a rule is met, apart from the usage."""
    met = {}
    for (name, _), test in zip(table.columns, rule.tests, strict=True):
        if name not in reckoner.book.inputs or name == class_rules.USAGE:
            continue
        literal = _LITERAL.match(test)
        met[name] = re.sub(r"\\(.)", r"\1", literal[1]) if literal else test
    return met


def _usages(of_class: books.BookClass) -> Sequence[str]:
    """Nothing, and for every boundary of a tier: it, and a unit more."""
    numbers = {Decimal(0), Decimal(_USUAL_NUMBER)}
    for decision in of_class.decisions:
        if isinstance(decision.body, decisions.Table):
            for rule in decision.body.rules:
                if found := _BOUNDARY.fullmatch(rule.tests[-1]):
                    numbers |= {Decimal(found[1]), Decimal(found[1]) + _ABOVE}
    return [ratios.number_text(each) for each in sorted(numbers)]

"""Whether each rule and each constant of a book says where it is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fisc.dmn import model as dmn
from fisc.dmn.feel import syntax
from fisc.domain.rule_tables.calculations import fitting

CITATION = "citation"
WORDS = {"en": "text_en", "es": "text_es"}

# In a description: the line that begins so, up to its end.
CITED = re.compile(r"(?im)^\s*citation:\s*(\S.*)$")

# Nothing needs a law to be one, none or a negation; 2 and 0 are what amounts are rounded to.
NEUTRAL = frozenset({Decimal(0), Decimal(1), Decimal(2)})


@dataclass(frozen=True, slots=True)
class Lacking:
    """A rule, counted from 1, or a constant of an element, that says not where it is published."""

    element: str
    rule: int | None
    words: str


def lacking(model: dmn.Model) -> tuple[str, ...]:
    """Return the place of every rule without a citation, and of every constant without one."""
    return tuple(each.words for each in each_lacking(model))


def each_lacking(model: dmn.Model) -> Iterator[Lacking]:
    """Return the same one by one, with the element and the rule."""
    for decision in model.definitions.decisions:
        yield from _of_element(decision, decision.expression)
    for knowledge in model.definitions.knowledge_models:
        yield from _of_element(knowledge, knowledge.function)


def of_description(text: str) -> str:
    """Return the citation that a description carries, or nothing."""
    match = CITED.search(text)
    return match[1].strip() if match else ""


def _of_element(
    element: dmn.Decision | dmn.BusinessKnowledgeModel, box: dmn.BoxedExpression | None
) -> Iterator[Lacking]:
    for table in _tables(box):
        for number, rule in enumerate(table.rules, start=1):
            if not rule.annotations.get(CITATION, "").strip():
                text = f"“{element.name}”, rule {number}: no citation"
                yield Lacking(element.name, number, text)
    if of_description(element.description):
        return
    for literal, node in _outside_tables(box):
        constants = [
            each.value
            for each in syntax.walk(node)
            if isinstance(each, syntax.NumberLiteral) and each.value not in NEUTRAL
        ]
        if constants:
            values = ", ".join(str(each) for each in constants)
            where = literal.place if str(literal.place) else f"“{element.name}”"
            text = f"{where}: the constant {values} has no citation in the description"
            yield Lacking(element.name, None, text)


def _tables(box: dmn.BoxedExpression | None) -> Iterator[dmn.DecisionTable]:
    waiting: list[object] = [box]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dmn.DecisionTable):
            yield here
        elif isinstance(here, dmn.Element):
            waiting.extend(fitting.parts(here))


def _outside_tables(
    box: dmn.BoxedExpression | None,
) -> Iterator[tuple[dmn.Element, syntax.Node]]:
    inside = {id(literal) for table in _tables(box) for literal, _ in fitting.expressions(table)}
    for literal, node in fitting.expressions(box):
        if id(literal) not in inside:
            yield literal, node

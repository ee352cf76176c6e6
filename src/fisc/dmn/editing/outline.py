"""What can be edited in a file, as plain data: tables with their rules, formulas, descriptions.

The addresses are those that `edits` take. Everything is as written; nothing is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fisc.dmn.editing import spans
from fisc.dmn.feel import lexer


@dataclass(frozen=True, slots=True)
class Address:
    """The n-th table, or the n-th formula outside tables, of a decision or function; from 1."""

    element: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A condition or result column: its heading, what it says, its type."""

    label: str
    text: str
    type_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    address: Address
    hit_policy: str
    aggregation: str
    conditions: tuple[Column, ...]
    results: tuple[Column, ...]
    notes: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A literal expression; `path` is the names of what it stands in, outermost first."""

    address: Address
    path: tuple[str, ...]
    type_ref: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A decision or function."""

    name: str
    is_function: bool
    question: str
    description: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class Outline:
    name: str
    elements: tuple[Element, ...]
    tables: tuple[Table, ...]
    formulas: tuple[Formula, ...]

    def element(self, name: str) -> Element:
        """Return a decision or function that is known to be there."""
        return next(each for each in self.elements if each.name == name)


def read(content: bytes) -> Outline:
    """Read what can be edited. Raises UnreadableXml."""
    return of_document(spans.document(content))


def of_document(document: spans.Document) -> Outline:
    """Read what can be edited in a file whose elements were found."""
    elements, tables, formulas = [], [], []
    for span in element_spans(document):
        elements.append(_element(span))
        name = name_of(span)
        for number, table in enumerate(table_spans(span), start=1):
            tables.append(_table(table, Address(name, number)))
        for number, (formula, path) in enumerate(formula_spans(span), start=1):
            formulas.append(
                Formula(
                    address=Address(name, number),
                    path=path,
                    type_ref=formula.attributes.get("typeRef", ""),
                    text=formula.child_text("text"),
                )
            )
    return Outline(name_of(document.root), tuple(elements), tuple(tables), tuple(formulas))


def name_of(span: spans.Span) -> str:
    """The name of an element as FEEL knows it."""
    return lexer.normalized(span.attributes.get("name", ""))


def element_spans(document: spans.Document) -> Iterator[spans.Span]:
    """Yield the decisions and functions of a file, as written."""
    return document.root.children("decision", "businessKnowledgeModel")


def table_spans(element: spans.Span) -> Iterator[spans.Span]:
    """Yield the decision tables of a decision or function, as written."""
    return (each for each in element.walk() if each.local == "decisionTable")


def formula_spans(element: spans.Span) -> Iterator[tuple[spans.Span, tuple[str, ...]]]:
    """Yield the literal expressions outside tables, each with the names it stands under."""
    waiting: list[tuple[spans.Span, tuple[str, ...]]] = [(element, ())]
    while waiting:
        here, path = waiting.pop()
        if here.local == "literalExpression":
            yield here, path
        elif here.local != "decisionTable":
            waiting.extend((each, (*path, *_step(here))) for each in reversed(here.inner))


def _step(span: spans.Span) -> tuple[str, ...]:
    named = span.child("variable") or span.child("parameter")
    if span.local in ("contextEntry", "binding") and named is not None:
        return (name_of(named),)
    return ()


def _element(span: spans.Span) -> Element:
    variable = span.child("variable")
    return Element(
        name=name_of(span),
        is_function=span.local == "businessKnowledgeModel",
        question=span.child_text("question").strip(),
        description=span.child_text("description").strip(),
        type_ref=variable.attributes.get("typeRef", "") if variable else "",
    )


def _table(span: spans.Span, address: Address) -> Table:
    return Table(
        address=address,
        hit_policy=span.attributes.get("hitPolicy", "UNIQUE"),
        aggregation=span.attributes.get("aggregation", ""),
        conditions=tuple(_condition(each) for each in span.children("input")),
        results=tuple(
            Column(
                label=each.attributes.get("label", ""),
                text=name_of(each),
                type_ref=each.attributes.get("typeRef", ""),
            )
            for each in span.children("output")
        ),
        notes=tuple(name_of(each) for each in span.children("annotation")),
        rules=tuple(_rule(each) for each in span.children("rule")),
    )


def _condition(span: spans.Span) -> Column:
    asked = span.child("inputExpression")
    return Column(
        label=span.attributes.get("label", ""),
        text=asked.child_text("text").strip() if asked else "",
        type_ref=asked.attributes.get("typeRef", "") if asked else "",
    )


def _rule(span: spans.Span) -> Rule:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(each.child_text("text") for each in span.children(name))

    return Rule(
        conditions=texts("inputEntry"),
        results=texts("outputEntry"),
        notes=texts("annotationEntry"),
    )

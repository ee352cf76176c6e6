"""A book's decisions, laid out for reading: tables as tables, formulas as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from fisc.dmn import model as dmn

# Of one table on a page; a state's rate file has thousands, and the spreadsheet has them all.
ROWS_SHOWN = 300


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of a table: its conditions, its results, why it is there."""

    number: int
    conditions: Sequence[str]
    results: Sequence[str]
    words: str
    citation: str


@dataclasses.dataclass(frozen=True)
class Entry:
    """One named step of a longer formula."""

    name: str
    text: str


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One decision or function of a book."""

    anchor: str
    name: str
    question: str
    policy: str = ""
    conditions: Sequence[str] = ()
    results: Sequence[str] = ()
    rows: Sequence[Row] = ()
    # How many rows the table has; more than `rows` holds where there are very many.
    all_rows: int = 0
    entries: Sequence[Entry] = ()
    text: str = ""


def of_model(model: dmn.Model, *, language: str) -> list[Sheet]:
    """Lay out every decision and function of a model, in the order of its file."""
    definitions = model.definitions
    sheets = [
        _sheet(each.id, each.name, each.question or each.description, each.expression, language)
        for each in definitions.decisions
    ]
    for each in definitions.knowledge_models:
        if each.function is not None:
            names = ", ".join(parameter.name for parameter in each.function.parameters)
            name = f"{each.name}({names})"
            sheets.append(_sheet(each.id, name, each.description, each.function.body, language))
    return sheets


def _sheet(
    anchor: str,
    name: str,
    question: str,
    expression: dmn.BoxedExpression | None,
    language: str,
) -> Sheet:
    match expression:
        case dmn.DecisionTable():
            return Sheet(
                anchor=anchor,
                name=name,
                question=question,
                policy=_policy(expression),
                conditions=[clause.label or clause.text for clause in expression.inputs],
                results=[clause.label or clause.name or "" for clause in expression.outputs],
                rows=[
                    _row(number, rule, language)
                    for number, rule in enumerate(expression.rules[:ROWS_SHOWN], start=1)
                ],
                all_rows=len(expression.rules),
            )
        case dmn.Context():
            entries = [
                Entry(entry.variable.name if entry.variable else "", _text(entry.expression))
                for entry in expression.entries
            ]
            return Sheet(anchor=anchor, name=name, question=question, entries=entries)
        case _:
            return Sheet(anchor=anchor, name=name, question=question, text=_text(expression))


def _row(number: int, rule: dmn.Rule, language: str) -> Row:
    words = rule.annotations.get(f"text_{language}", "") or rule.annotations.get("text_en", "")
    return Row(
        number=number,
        conditions=[entry.text for entry in rule.inputs],
        results=[entry.text for entry in rule.outputs],
        words=words or rule.description,
        citation=rule.annotations.get("citation", ""),
    )


def _policy(table: dmn.DecisionTable) -> str:
    if table.aggregation is None:
        return table.hit_policy.value
    return f"{table.hit_policy.value} {table.aggregation.value}"


def _text(expression: dmn.BoxedExpression | None) -> str:
    match expression:
        case None:
            return ""
        case dmn.LiteralExpression():
            return expression.text
        case dmn.Conditional():
            return (
                f"if {_text(expression.condition)} then {_text(expression.then)} "
                f"else {_text(expression.otherwise)}"
            )
        case dmn.Invocation():
            given = ", ".join(
                f"{each.parameter.name}: {_text(each.expression)}" for each in expression.bindings
            )
            return f"{_text(expression.function)}({given})"
        case dmn.List():
            return f"[{', '.join(_text(each) for each in expression.items)}]"
        case _:
            return type(expression).__name__

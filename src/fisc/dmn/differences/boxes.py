"""The differences of two boxed expressions: each literal text and each table by its path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fisc.dmn import model
from fisc.dmn.differences import tables
from fisc.dmn.differences.findings import Aspect, Change, Difference, Part

_Parts = list[tuple[str, model.BoxedExpression | None]]


def between(
    before: model.BoxedExpression | None, after: model.BoxedExpression | None, *, at: Difference
) -> Iterator[Difference]:
    """Yield what differs; `at` says of which element, by which path."""
    waiting = [(before, after, at)]
    while waiting:
        one, other, here = waiting.pop()
        if type(one) is not type(other):
            yield _kind_changed(one, other, here)
            continue
        yield from _own(one, other, here)
        waiting.extend(reversed(list(_inner(one, other, here))))


def _kind_changed(
    before: model.BoxedExpression | None, after: model.BoxedExpression | None, at: Difference
) -> Difference:
    change = Change.REMOVED if after is None else Change.CHANGED
    change = Change.ADDED if before is None else change
    return dataclasses.replace(
        at,
        part=Part.EXPRESSION,
        aspect=Aspect.KIND if change is Change.CHANGED else Aspect.WHOLE,
        change=change,
        before=_shown(before),
        after=_shown(after),
    )


def _shown(box: model.BoxedExpression | None) -> str:
    if box is None:
        return ""
    return box.text.strip() if isinstance(box, model.LiteralExpression) else kind(box)


def kind(box: model.BoxedExpression) -> str:
    """Return what DMN calls this kind of expression."""
    words = {model.DecisionTable: "decision table", model.FunctionDefinition: "function"}
    return words.get(type(box), type(box).__name__.removeprefix("Boxed").lower())


def _own(
    before: model.BoxedExpression | None, after: model.BoxedExpression | None, at: Difference
) -> Iterator[Difference]:
    """What differs of the two themselves, not of what they hold."""
    here = dataclasses.replace(at, part=Part.EXPRESSION, change=Change.CHANGED)
    if isinstance(before, model.DecisionTable) and isinstance(after, model.DecisionTable):
        yield from tables.between(before, after, at=at)
        return
    if before is None or after is None:
        return
    one, other = _literal_text(before), _literal_text(after)
    if one != other:
        placed = dataclasses.replace(here, aspect=Aspect.TEXT)
        yield tables.text_changed(placed, one, other)
    for aspect, one, other in (
        (Aspect.TYPE, before.type_ref or "", after.type_ref or ""),
        (Aspect.DESCRIPTION, before.description, after.description),
        (Aspect.PARAMETERS, _heads(before), _heads(after)),
    ):
        if one != other:
            yield dataclasses.replace(here, aspect=aspect, before=one, after=other)


def _literal_text(box: model.BoxedExpression) -> str:
    return box.text.strip() if isinstance(box, model.LiteralExpression) else ""


def _heads(box: model.BoxedExpression) -> str:
    """The names that an expression declares itself, with their types."""
    if isinstance(box, model.FunctionDefinition):
        return f"{box.kind}: {variables(box.parameters)}"
    if isinstance(box, model.Relation):
        return variables(box.columns)
    if isinstance(box, model.Context):
        return variables([each.variable for each in box.entries if each.variable])
    if isinstance(box, model.BoxedFor):
        return box.variable
    if isinstance(box, model.BoxedQuantified):
        return f"{box.quantifier} {box.variable}"
    return ""


def variables(found: Sequence[model.Variable]) -> str:
    """Return names with their types on one line."""
    return ", ".join(
        f"{each.name}: {each.type_ref}" if each.type_ref else each.name for each in found
    )


def _inner(
    before: model.BoxedExpression | None, after: model.BoxedExpression | None, at: Difference
) -> Iterator[tuple[model.BoxedExpression | None, model.BoxedExpression | None, Difference]]:
    """Pair what two expressions of one kind hold, by name or number."""
    left = dict(_parts(before)) if before is not None else {}
    right = dict(_parts(after)) if after is not None else {}
    for name in (*right, *(name for name in left if name not in right)):
        placed = dataclasses.replace(at, path=(*at.path, name))
        yield left.get(name), right.get(name), placed


def _parts(box: model.BoxedExpression) -> _Parts:
    reader = _READERS.get(type(box))
    return [] if reader is None else reader(box)


def _context(box: model.Context) -> _Parts:
    return [(each.variable.name if each.variable else "=", each.expression) for each in box.entries]


def _invocation(box: model.Invocation) -> _Parts:
    return [
        ("function", box.function),
        *((each.parameter.name, each.expression) for each in box.bindings),
    ]


def _list(box: model.List) -> _Parts:
    return [(str(number), item) for number, item in enumerate(box.items, start=1)]


def _relation(box: model.Relation) -> _Parts:
    return [
        (f"{number}, {column.name}", cell)
        for number, row in enumerate(box.rows, start=1)
        for column, cell in zip(box.columns, row, strict=False)
    ]


_READERS: dict[type, Callable[[Any], _Parts]] = {
    model.Context: _context,
    model.Invocation: _invocation,
    model.List: _list,
    model.Relation: _relation,
    model.FunctionDefinition: lambda box: [("body", box.body)],
    model.Conditional: lambda box: [
        ("if", box.condition), ("then", box.then), ("else", box.otherwise),
    ],
    model.BoxedFilter: lambda box: [("in", box.source), ("match", box.condition)],
    model.BoxedFor: lambda box: [("in", box.source), ("return", box.result)],
    model.BoxedQuantified: lambda box: [("in", box.source), ("satisfies", box.condition)],
}  # fmt: skip

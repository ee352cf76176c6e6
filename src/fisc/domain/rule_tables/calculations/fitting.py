"""Whether a model fits the decision point it is written for, and what differs if not."""

from __future__ import annotations

from collections.abc import Iterator

from fisc.dmn import imports
from fisc.dmn import model as dmn
from fisc.dmn.columns import types
from fisc.dmn.feel import syntax
from fisc.domain.rule_tables import declarations

CLOCKS = frozenset({"now", "today"})

# What a DMN file calls each kind; a file that names no type is taken at its word.
TYPE_NAMES = {
    types.Kind.MONEY: {"number"},
    types.Kind.NUMBER: {"number"},
    types.Kind.QUANTITY: {"number"},
    types.Kind.BOOLEAN: {"boolean"},
    types.Kind.CODE: {"string"},
    types.Kind.TEXT: {"string"},
    types.Kind.DATE: {"date"},
}
PLAIN_TYPES = frozenset({"number", "boolean", "string", "date"})


def differences(*, point: declarations.DecisionPoint, model: dmn.Model) -> tuple[str, ...]:
    """Return in words each name by which a book does not fit its decision point."""
    found = [*_inputs(point, model), *_outputs(point, model), *_clocks(model)]
    return tuple(found)


def literals(model: dmn.Model) -> Iterator[tuple[dmn.Element, syntax.Node]]:
    """Every FEEL text of a model's own file, with the element it stands in."""
    yield from literals_of(model.definitions)


def literals_of(definitions: dmn.Definitions) -> Iterator[tuple[dmn.Element, syntax.Node]]:
    """Every FEEL text of one file, with the element it stands in."""
    for decision in definitions.decisions:
        yield from expressions(decision.expression)
    for knowledge in definitions.knowledge_models:
        yield from expressions(knowledge.function)


def expressions(box: dmn.BoxedExpression | None) -> Iterator[tuple[dmn.Element, syntax.Node]]:
    """Every FEEL text below a boxed expression."""
    waiting: list[object] = [box]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dmn.LiteralExpression):
            if here.expression is not None:
                yield here, here.expression
        elif isinstance(here, dmn.InputEntry):
            yield here, here.tests
        elif isinstance(here, dmn.InputClause):
            if here.expression is not None:
                yield here, here.expression
        elif isinstance(here, dmn.Element):
            waiting.extend(parts(here))


def parts(element: dmn.Element) -> Iterator[object]:
    """Everything written directly inside an element."""
    for name in element.__dataclass_fields__:
        value = getattr(element, name)
        if isinstance(value, tuple):
            for each in value:
                yield from each if isinstance(each, tuple) else (each,)
        elif isinstance(value, dmn.Element):
            yield value


def _inputs(point: declarations.DecisionPoint, model: dmn.Model) -> Iterator[str]:
    for definitions, data in imports.inputs(model):
        where = "" if definitions is model.definitions else f" of “{definitions.name}”"
        declared = point.input_by_name.get(data.name)
        if declared is None:
            yield (
                f"input “{data.name}”{where} is asked, but {point.name} does not give it; it gives "
                f"{', '.join(sorted(point.input_by_name))}"
            )
        elif problem := _type_differs(data.variable.type_ref, declared.kind, definitions, model):
            yield f"input “{data.name}”{where} {problem}"


def _outputs(point: declarations.DecisionPoint, model: dmn.Model) -> Iterator[str]:
    written = {each.name: each for each in model.definitions.decisions}
    for line in point.outputs:
        decision = written.get(line.decision)
        if decision is None:
            if line.is_required:
                yield f"decision “{line.decision}” is missing"
        elif problem := _type_differs(
            decision.variable.type_ref, line.kind, model.definitions, model
        ):
            yield f"decision “{line.decision}” {problem}"


def _type_differs(
    type_ref: str | None, kind: types.Kind, definitions: dmn.Definitions, model: dmn.Model
) -> str:
    base = _base_type(type_ref, definitions, model)
    if base is None or base in TYPE_NAMES[kind]:
        return ""
    return f"is a {base}, but a {kind.value} is declared"


def _base_type(type_ref: str | None, definitions: dmn.Definitions, model: dmn.Model) -> str | None:
    seen: set[tuple[str, str]] = set()
    while type_ref is not None and type_ref not in PLAIN_TYPES:
        if (definitions.namespace, type_ref) in seen:
            return type_ref
        seen.add((definitions.namespace, type_ref))
        named = {each.name: each for each in definitions.item_definitions}
        definition = named.get(type_ref)
        prefix, dot, rest = type_ref.partition(".")
        namespaces = {each.name: each.namespace for each in definitions.imports}
        if definition is None and dot and prefix in namespaces:
            other = model.by_namespace(namespaces[prefix])
            if other is not None:
                definitions, type_ref = other, rest
                continue
        if definition is None or definition.is_collection or definition.components:
            return type_ref if type_ref != "Any" else None
        type_ref = definition.type_ref
    return type_ref


def _clocks(model: dmn.Model) -> Iterator[str]:
    for element, node in literals(model):
        for each in syntax.walk(node):
            if isinstance(each, syntax.Name) and each.name in CLOCKS:
                yield f"{element.place}: {each.name}() is not allowed; make the day an input"

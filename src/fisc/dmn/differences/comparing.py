"""The differences of two models, element by element and cell by cell.

The drawing, ids and what others keep in a file (extensions) are not compared: they decide nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TypeVar

from fisc.dmn import model
from fisc.dmn.differences import boxes
from fisc.dmn.differences.findings import Aspect, Change, Difference, Part

_Named = TypeVar(
    "_Named",
    model.ItemDefinition,
    model.InputData,
    model.Decision,
    model.BusinessKnowledgeModel,
    model.DecisionService,
)
_Any = (
    model.Import
    | model.ItemDefinition
    | model.InputData
    | model.Decision
    | model.BusinessKnowledgeModel
    | model.DecisionService
)


def between(before: model.Model, after: model.Model) -> tuple[Difference, ...]:
    """Return every difference of two models' own files, in the order of the later file."""
    one, other = before.definitions, after.definitions
    return (
        *_aspects(
            Difference(part=Part.FILE, aspect=Aspect.NAME, change=Change.CHANGED),
            (Aspect.NAME, one.name, other.name),
            (Aspect.NAMESPACE, one.namespace, other.namespace),
            (Aspect.STANDARD, one.written_in, other.written_in),
            (Aspect.DESCRIPTION, one.description, other.description),
        ),
        *_imports(one.imports, other.imports),
        *_types(one.item_definitions, other.item_definitions, path=()),
        *_inputs(one, other),
        *_decisions(before, after),
        *_functions(before, after),
        *_services(before, after),
    )


def _aspects(at: Difference, *compared: tuple[Aspect, str, str]) -> Iterator[Difference]:
    for aspect, before, after in compared:
        if before != after:
            yield dataclasses.replace(
                at, aspect=aspect, change=Change.CHANGED, before=before, after=after
            )


def _pairs(
    before: Sequence[_Named], after: Sequence[_Named]
) -> Iterator[tuple[_Named | None, _Named | None]]:
    """Pair elements by name, and what is left by id: that was renamed."""
    names = {each.name: each for each in before}
    later_names = {each.name for each in after}
    ids = {each.id: each for each in before if each.id and each.name not in later_names}
    kept: set[str] = set()
    for each in after:
        found = names.get(each.name) or (ids.pop(each.id, None) if each.id else None)
        if found is not None:
            kept.add(found.name)
        yield found, each
    for each in before:
        if each.name not in kept:
            yield each, None


def _found(part: Part, before: _Any | None, after: _Any | None) -> Iterator[Difference]:
    """That an element is new, gone, or called otherwise."""
    at = Difference(part=part, aspect=Aspect.WHOLE, change=Change.CHANGED)
    if before is None and after is not None:
        yield dataclasses.replace(at, change=Change.ADDED, element=after.name)
    elif after is None and before is not None:
        yield dataclasses.replace(at, change=Change.REMOVED, element=before.name)
    elif before is not None and after is not None:
        named = dataclasses.replace(at, element=after.name)
        yield from _aspects(
            named,
            (Aspect.NAME, before.name, after.name),
            (Aspect.DESCRIPTION, before.description, after.description),
        )


# --- Imports, types, inputs ----------------------------------------------------------------------


def _imports(before: Sequence[model.Import], after: Sequence[model.Import]) -> Iterator[Difference]:
    earlier = {each.namespace: each for each in before}
    later = {each.namespace: each for each in after}
    for namespace in (*later, *(each for each in earlier if each not in later)):
        one, other = earlier.get(namespace), later.get(namespace)
        yield from _found(Part.IMPORT, one, other)
        if one is not None and other is not None:
            at = Difference(
                part=Part.IMPORT, aspect=Aspect.KIND, change=Change.CHANGED, element=other.name
            )
            yield from _aspects(
                at,
                (Aspect.KIND, one.kind, other.kind),
                (Aspect.LOCATION, one.location or "", other.location or ""),
            )


def _types(
    before: Sequence[model.ItemDefinition],
    after: Sequence[model.ItemDefinition],
    *,
    path: tuple[str, ...],
) -> Iterator[Difference]:
    for one, other in _pairs(before, after):
        for each in _found(Part.TYPE, one, other):
            yield dataclasses.replace(
                each, element=path[0] if path else each.element, path=_below(path, each.element)
            )
        if one is None or other is None:
            continue
        here = (*path, other.name)
        at = Difference(
            part=Part.TYPE,
            aspect=Aspect.TYPE,
            change=Change.CHANGED,
            element=here[0],
            path=here[1:],
        )
        yield from _aspects(
            at,
            (Aspect.TYPE, _type(one), _type(other)),
            (Aspect.VALUES, one.allowed_values_text.strip(), other.allowed_values_text.strip()),
        )
        if one.constraint != other.constraint:
            yield dataclasses.replace(at, aspect=Aspect.CONSTRAINT)
        yield from _types(one.components, other.components, path=here)


def _below(path: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (*path[1:], name) if path else ()


def _type(item: model.ItemDefinition) -> str:
    if item.function_parameters is not None:
        taken = ", ".join(each or "Any" for each in item.function_parameters)
        return f"function<{taken}>->{item.function_result or 'Any'}"
    written = item.type_ref or ""
    return f"list<{written}>" if item.is_collection else written


def _inputs(before: model.Definitions, after: model.Definitions) -> Iterator[Difference]:
    for one, other in _pairs(before.inputs, after.inputs):
        yield from _found(Part.INPUT, one, other)
        if one is not None and other is not None:
            yield from _variable(Part.INPUT, one, other)


def _variable(
    part: Part,
    before: model.InputData | model.Decision | model.BusinessKnowledgeModel | model.DecisionService,
    after: model.InputData | model.Decision | model.BusinessKnowledgeModel | model.DecisionService,
) -> Iterator[Difference]:
    at = Difference(part=part, aspect=Aspect.TYPE, change=Change.CHANGED, element=after.name)
    one, other = before.variable.type_ref or "", after.variable.type_ref or ""
    yield from _aspects(at, (Aspect.TYPE, one, other))


# --- What decides --------------------------------------------------------------------------------


def _decisions(before: model.Model, after: model.Model) -> Iterator[Difference]:
    for one, other in _pairs(before.definitions.decisions, after.definitions.decisions):
        yield from _found(Part.DECISION, one, other)
        if one is None or other is None:
            continue
        yield from _variable(Part.DECISION, one, other)
        at = Difference(
            part=Part.DECISION, aspect=Aspect.NEEDS, change=Change.CHANGED, element=other.name
        )
        yield from _aspects(
            at,
            (Aspect.QUESTION, one.question, other.question),
            (Aspect.ANSWERS, one.allowed_answers, other.allowed_answers),
            (
                Aspect.NEEDS,
                _names(before, (*one.requires, *one.knows)),
                _names(after, (*other.requires, *other.knows)),
            ),
        )
        yield from boxes.between(one.expression, other.expression, at=at)


def _functions(before: model.Model, after: model.Model) -> Iterator[Difference]:
    both = before.definitions.knowledge_models, after.definitions.knowledge_models
    for one, other in _pairs(*both):
        yield from _found(Part.FUNCTION, one, other)
        if one is None or other is None:
            continue
        yield from _variable(Part.FUNCTION, one, other)
        at = Difference(
            part=Part.FUNCTION, aspect=Aspect.NEEDS, change=Change.CHANGED, element=other.name
        )
        needs = _names(before, one.knows), _names(after, other.knows)
        yield from _aspects(at, (Aspect.NEEDS, *needs))
        yield from boxes.between(one.function, other.function, at=at)


def _services(before: model.Model, after: model.Model) -> Iterator[Difference]:
    for one, other in _pairs(before.definitions.services, after.definitions.services):
        yield from _found(Part.SERVICE, one, other)
        if one is None or other is None:
            continue
        yield from _variable(Part.SERVICE, one, other)
        at = Difference(
            part=Part.SERVICE, aspect=Aspect.MEMBERS, change=Change.CHANGED, element=other.name
        )
        yield from _aspects(at, (Aspect.MEMBERS, _members(before, one), _members(after, other)))


def _members(whole: model.Model, service: model.DecisionService) -> str:
    groups = (
        service.output_decisions,
        service.encapsulated_decisions,
        service.input_decisions,
        service.input_data,
    )
    return " | ".join(_names(whole, group) for group in groups)


def _names(whole: model.Model, references: Sequence[model.Reference]) -> str:
    """The names of what is referred to; their order decides nothing."""
    return ", ".join(sorted(whole.node(each).name for each in references))

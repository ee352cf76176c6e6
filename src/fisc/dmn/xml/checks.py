"""Checks of a whole model once it is read: references, recursion, names, types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fisc.dmn import model
from fisc.dmn.feel import types
from fisc.dmn.xml.definitions import graph
from fisc.dmn.xml.problems import Problems

Nodes = Mapping[model.Reference, model.Node]


def check(definitions: model.Definitions, nodes: Nodes, problems: Problems) -> None:
    """Collect what is wrong in one file, given everything it may refer to."""
    _check_names(definitions, problems)
    for node in graph(definitions):
        for reference, kinds, what in _wanted(node):
            _check_reference(node, reference, kinds, what, nodes, problems)
    _check_recursion(definitions, nodes, problems)
    _check_types(definitions, problems)


def _check_names(definitions: model.Definitions, problems: Problems) -> None:
    names: dict[str, model.Node] = {}
    prefixes = {each.name for each in definitions.imports if each.name}
    identities: set[str] = set()
    for node in graph(definitions):
        if not node.name:
            problems.add(node.place, "It has no name.")
        elif node.name in names:
            problems.add(node.place, f'Two elements of this file are called "{node.name}".')
        elif node.name in prefixes:
            problems.add(node.place, f'An import of this file is called "{node.name}" too.')
        names[node.name] = node
        if node.id and node.id in identities:
            problems.add(node.place, f'Two elements of this file have the id "{node.id}".')
        identities.add(node.id)


def _wanted(
    node: model.Node,
) -> Iterator[tuple[model.Reference, tuple[type, ...], str]]:
    information = (model.InputData, model.Decision)
    knowledge = (model.BusinessKnowledgeModel, model.DecisionService)
    if isinstance(node, model.Decision):
        for each in node.requires:
            yield each, information, "an input or a decision"
    if isinstance(node, model.Decision | model.BusinessKnowledgeModel):
        for each in node.knows:
            yield each, knowledge, "a function or a decision service"
    if isinstance(node, model.DecisionService):
        inside = (*node.output_decisions, *node.encapsulated_decisions, *node.input_decisions)
        for each in inside:
            yield each, (model.Decision,), "a decision"
        for each in node.input_data:
            yield each, (model.InputData,), "an input"


def _check_reference(
    node: model.Node,
    reference: model.Reference,
    kinds: tuple[type, ...],
    what: str,
    nodes: Nodes,
    problems: Problems,
) -> None:
    found = nodes.get(reference)
    if found is None:
        problems.add(node.place, f'It refers to "{reference.id}", which does not exist.')
    elif not isinstance(found, kinds):
        problems.add(node.place, f'It refers to "{found.name}", which is not {what}.')


# --- Recursion -----------------------------------------------------------------------------------


def _check_recursion(definitions: model.Definitions, nodes: Nodes, problems: Problems) -> None:
    finished: set[model.Reference] = set()
    for node in definitions.decisions + definitions.knowledge_models:
        start = model.Reference(definitions.namespace, node.id)
        circle = _circle(start, nodes, finished)
        if circle:
            names = " → ".join(f'"{nodes[each].name}"' for each in circle)
            problems.add(node.place, f"It needs its own result: {names}.")


def _circle(
    start: model.Reference, nodes: Nodes, finished: set[model.Reference]
) -> list[model.Reference]:
    """A path from a node back to itself, found without recursion."""
    path: list[model.Reference] = []
    waiting: list[tuple[model.Reference, bool]] = [(start, False)]
    while waiting:
        here, is_leaving = waiting.pop()
        if is_leaving:
            finished.add(path.pop())
            continue
        if here in path:
            return [*path[path.index(here) :], here]
        if here in finished or here not in nodes:
            continue
        path.append(here)
        waiting.append((here, True))
        waiting.extend((each, False) for each in _needs(nodes[here]))
    return []


def _needs(node: model.Node) -> tuple[model.Reference, ...]:
    if isinstance(node, model.Decision):
        return node.requires + node.knows
    if isinstance(node, model.BusinessKnowledgeModel):
        return node.knows
    if isinstance(node, model.DecisionService):
        return node.output_decisions
    return ()


# --- Types ---------------------------------------------------------------------------------------


def _check_types(definitions: model.Definitions, problems: Problems) -> None:
    imported = {each.name for each in definitions.imports if each.name}
    known = {item.name for item in definitions.item_definitions}

    def is_known(name: str | None) -> bool:
        if name is None or name in types.NAMED or name in known:
            return True
        prefix, dot, _ = name.partition(".")
        has_prefix = bool(dot) and prefix in imported
        return has_prefix or any(not each.name for each in definitions.imports)

    for place, name in _type_names(definitions):
        if not is_known(name):
            problems.add_if_strict(place, f'The type "{name}" does not exist.')


def _type_names(definitions: model.Definitions) -> Iterator[tuple[model.Place, str | None]]:
    for node in graph(definitions):
        yield node.place, node.variable.type_ref
        if isinstance(node, model.Decision) and isinstance(node.expression, model.DecisionTable):
            table = node.expression
            yield from ((clause.place, clause.type_ref) for clause in table.inputs)
            yield from ((clause.place, clause.type_ref) for clause in table.outputs)
    waiting = list(definitions.item_definitions)
    while waiting:
        item = waiting.pop()
        yield item.place, item.type_ref
        waiting.extend(item.components)

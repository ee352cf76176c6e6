"""A file with the files it imports, seen as one: what has to be given, and what is called how.

An input is a fact, and the same in every file: one of an imported file is given under its own name.
Everything else of an imported file is called by the name of its import and its own: `fees.Base`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from fisc.dmn import model


@lru_cache(maxsize=256)
def inputs(whole: model.Model) -> tuple[tuple[model.Definitions, model.InputData], ...]:
    """Return the inputs to be given, each with its file.

    All of the file's own, then those of imported files that something of its own rests on.
    """
    own = whole.definitions
    found = [(own, each) for each in own.inputs]
    reached = set(_reached(whole))
    for definitions in whole.imported:
        found += [
            (definitions, each)
            for each in definitions.inputs
            if model.Reference(definitions.namespace, each.id) in reached
        ]
    return tuple(found)


@lru_cache(maxsize=256)
def input_names(whole: model.Model) -> tuple[str, ...]:
    """Return the names to be given, each once, the file's own first."""
    return tuple(dict.fromkeys(each.name for _, each in inputs(whole)))


def prefixes(whole: model.Model) -> dict[str, str]:
    """Return by namespace what stands before the names of a file's elements; nothing for ours.

    A file that only an imported file imports has both names before it.
    """
    found = {whole.definitions.namespace: ""}
    waiting = [whole.definitions]
    for here in waiting:
        for each in here.imports:
            other = whole.by_namespace(each.namespace)
            if other is not None and each.namespace not in found:
                names = (found[here.namespace], each.name)
                found[each.namespace] = ".".join(name for name in names if name)
                waiting.append(other)
    return found


def name_of(node: model.Node, *, prefix: str) -> str:
    """Return what an element is called where all files are seen as one."""
    is_plain = not prefix or isinstance(node, model.InputData)
    return node.name if is_plain else f"{prefix}.{node.name}"


def _reached(whole: model.Model) -> Iterator[model.Reference]:
    own = whole.definitions
    nodes = (*own.decisions, *own.knowledge_models, *own.services)
    waiting = [model.Reference(own.namespace, each.id) for each in nodes]
    seen: set[model.Reference] = set()
    while waiting:
        here = waiting.pop()
        if here in seen or here not in whole.nodes:
            continue
        seen.add(here)
        yield here
        waiting += _needs(whole.nodes[here])


def _needs(node: model.Node) -> tuple[model.Reference, ...]:
    if isinstance(node, model.Decision):
        return node.requires + node.knows
    if isinstance(node, model.BusinessKnowledgeModel):
        return node.knows
    if isinstance(node, model.DecisionService):
        inside = node.output_decisions + node.encapsulated_decisions
        return inside + node.input_decisions + node.input_data
    return ()

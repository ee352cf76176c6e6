"""Makes the elements of a model's graph ready to be evaluated, each once."""

from __future__ import annotations

from dataclasses import dataclass

from fisc.dmn import imports, model
from fisc.dmn.boxes import Boxes
from fisc.dmn.feel.programs.frames import Frame, Program
from fisc.dmn.feel.types import Type
from fisc.dmn.feel.values import Value
from fisc.dmn.item_types import ItemTypes


@dataclass(frozen=True, slots=True)
class Need:
    """A name in an element's text, and the element it stands for.

    With a prefix, the name is an entry of the context that an import is known by.
    """

    prefix: str
    name: str
    index: int
    # What a trace calls it, where all files are seen as one.
    label: str


@dataclass(frozen=True, slots=True)
class ReadyElement:
    """An element made ready: what it needs, and the program that gives its value."""

    node: model.Node
    label: str
    words: str
    needs: tuple[Need, ...]
    program: Program
    type: Type | None


class Graph:
    """The elements of a model, numbered, and made ready when first needed."""

    def __init__(self, whole: model.Model) -> None:
        self.model = whole
        self._prefixes = imports.prefixes(whole)
        references = list(whole.nodes)
        self.indexes = {reference: index for index, reference in enumerate(references)}
        self._references = references
        self._ready: list[ReadyElement | None] = [None] * len(references)
        self._boxes: dict[str, Boxes] = {}

    def __len__(self) -> int:
        return len(self._references)

    def ready(self, index: int) -> ReadyElement:
        """The element of a number, made ready."""
        found = self._ready[index]
        if found is None:
            found = self._ready[index] = self._make(self._references[index])
        return found

    def decision(self, name: str) -> int | None:
        """The number of the decision of a name: our own, or an imported one, prefixed or not."""
        imported: dict[str, int] = {}
        for definitions in (self.model.definitions, *self.model.imported):
            for node in definitions.decisions:
                index = self.indexes[model.Reference(definitions.namespace, node.id)]
                if definitions is self.model.definitions:
                    if node.name == name:
                        return index
                    continue
                imported.setdefault(self._label(self._references[index]), index)
                imported.setdefault(node.name, index)
        return imported.get(name)

    def function(self, name: str) -> int | None:
        """The number of the decision service or function of a name."""
        for reference, node in self.model.nodes.items():
            is_own = reference.namespace == self.model.definitions.namespace
            is_function = isinstance(node, model.DecisionService | model.BusinessKnowledgeModel)
            if is_own and is_function and node.name == name:
                return self.indexes[reference]
        return None

    def given(self, name: str) -> tuple[int, ...]:
        """The inputs that a given value stands for, in whichever file; else the decisions."""
        named = [each for each in self.model.nodes.items() if each[1].name == name]
        for kind in (model.InputData, model.Decision):
            found = tuple(self.indexes[key] for key, node in named if isinstance(node, kind))
            if found:
                return found
        return ()

    def type_of(self, service: model.DecisionService) -> Type | None:
        """The type a decision service is declared with."""
        for definitions in (self.model.definitions, *self.model.imported):
            if service in definitions.services:
                return self._boxes_of(definitions).names.find(service.variable.type_ref)
        return None

    # --- Making ready ----------------------------------------------------------------------------

    def _boxes_of(self, definitions: model.Definitions) -> Boxes:
        found = self._boxes.get(definitions.namespace)
        if found is None:
            names = ItemTypes(definitions, self.model)
            found = Boxes(names, names.surroundings())
            self._boxes[definitions.namespace] = found
        return found

    def _make(self, reference: model.Reference) -> ReadyElement:
        node = self.model.node(reference)
        definitions = self.model.by_namespace(reference.namespace)
        assert definitions is not None
        made = self._boxes_of(definitions)
        wanted = made.names.find(node.variable.type_ref)
        requires: tuple[model.Reference, ...] = ()
        if isinstance(node, model.Decision):
            program = made.program(node.expression)
            requires = node.requires + node.knows
        elif isinstance(node, model.BusinessKnowledgeModel):
            program = _function_program(node, made)
            requires = node.knows
            wanted = None
        else:
            program = _no_program
        needs = tuple(self._need(each, definitions) for each in requires)
        label = self._label(reference)
        return ReadyElement(node, label, node.place.words, needs, program, wanted)

    def _label(self, reference: model.Reference) -> str:
        prefix = self._prefixes.get(reference.namespace, "")
        return imports.name_of(self.model.node(reference), prefix=prefix)

    def _need(self, reference: model.Reference, definitions: model.Definitions) -> Need:
        name = self.model.node(reference).name
        prefix = ""
        if reference.namespace != definitions.namespace:
            prefixes = {each.namespace: each.name for each in definitions.imports}
            prefix = prefixes.get(reference.namespace, "")
        return Need(prefix, name, self.indexes[reference], self._label(reference))


def _function_program(node: model.BusinessKnowledgeModel, made: Boxes) -> Program:
    if node.function is None:
        return _no_program
    make = made.function_maker(node.function, node.name)
    name = node.name

    def run(frame: Frame) -> Value:
        # A function's own text may call it again.
        function = frame.values[name] = make(frame)
        return function

    return run


def _no_program(_: Frame) -> Value:
    return None

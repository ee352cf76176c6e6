"""Reads one file's definitions: types, inputs, decisions, functions, services.

Names come first and expressions second, because an expression can only be read when every name it
may use is known. The files it imports must therefore have been read before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from fisc.dmn import model
from fisc.dmn.feel import scopes
from fisc.dmn.feel.functions import builtins
from fisc.dmn.feel.scopes import Scope
from fisc.dmn.xml import elements, source, texts
from fisc.dmn.xml.boxes import BoxReader, variable
from fisc.dmn.xml.elements import Element
from fisc.dmn.xml.problems import Problems

_GRAPH = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


class DefinitionsReader:
    """Reads one file."""

    def __init__(
        self, root: Element, imported: Mapping[str, model.Definitions], problems: Problems
    ) -> None:
        self.root = root
        self.problems = problems
        self.boxes = BoxReader(problems)
        self.namespace = elements.attribute(root, "namespace") or ""
        self.imports = tuple(self._import(each) for each in elements.children(root, "import"))
        self.imported = imported
        self.names = dict(self._names())
        scope = scopes.scope(builtins.names(), self._members(), is_open=not problems.is_strict)
        self.scope = dataclasses.replace(scope, unconnected=frozenset(self.names.values()))

    def read(self) -> model.Definitions:
        root = self.root
        return model.Definitions(
            id=elements.identity(root),
            place=elements.place(root, "the file"),
            description=elements.description(root),
            extensions=elements.extensions(root),
            name=elements.name_of(root),
            namespace=self.namespace,
            written_in=elements.split_tag(root)[0],
            imports=self.imports,
            item_definitions=tuple(
                self._item(each, "type") for each in elements.children(root, "itemDefinition")
            ),
            inputs=tuple(self._input(each) for each in elements.children(root, "inputData")),
            decisions=tuple(self._decision(each) for each in elements.children(root, "decision")),
            knowledge_models=tuple(
                self._knowledge(each) for each in elements.children(root, "businessKnowledgeModel")
            ),
            services=tuple(
                self._service(each) for each in elements.children(root, "decisionService")
            ),
        )

    # --- Names -----------------------------------------------------------------------------------

    def _names(self) -> Iterator[tuple[model.Reference, str]]:
        """What each element of the graph is called in this file's FEEL."""
        for element in elements.children(self.root, *_GRAPH):
            reference = model.Reference(self.namespace, elements.identity_or_name(element))
            yield reference, elements.name_of(element)
        prefixes = {each.namespace: each.name for each in self.imports}
        for definitions in self.imported.values():
            prefix = prefixes.get(definitions.namespace)
            for node in graph(definitions):
                reference = model.Reference(definitions.namespace, node.id)
                # A file imported under a name is a context of its elements under that name.
                yield reference, prefix or node.name

    def _members(self) -> Iterator[str]:
        """Names that values have inside: components, columns, entries, imported elements."""
        tags = ("itemComponent", "column", "output", "variable", "parameter", "formalParameter")
        for element in self.root.iter():
            if elements.local(element) in tags and elements.name_of(element):
                yield elements.name_of(element)
        for definitions in self.imported.values():
            yield from (node.name for node in graph(definitions))
            yield from _component_names(definitions.item_definitions)

    def _known_from(self, references: Iterable[model.Reference]) -> Scope:
        names = [self.names[each] for each in references if each in self.names]
        return self.scope.with_names(*names)

    # --- Heads -----------------------------------------------------------------------------------

    def _import(self, element: Element) -> model.Import:
        name = elements.name_of(element)
        return model.Import(
            id=elements.identity(element),
            place=elements.place(element, f'import "{name}"'),
            name=name,
            namespace=elements.attribute(element, "namespace") or "",
            kind=elements.attribute(element, "importType") or "",
            location=elements.attribute(element, "locationURI"),
        )

    def _item(self, element: Element, what: str) -> model.ItemDefinition:
        name = elements.name_of(element)
        where = f'{what} "{name}"'
        place = elements.place(element, where)
        allowed = elements.child_text(elements.child(element, "allowedValues"), "text")
        constraint = elements.child_text(elements.child(element, "typeConstraint"), "text")
        function = elements.child(element, "functionItem")
        parameters = (
            None
            if function is None
            else tuple(
                elements.type_ref(each) for each in elements.children(function, "parameters")
            )
        )
        opened = self.scope.opened()
        return model.ItemDefinition(
            id=elements.identity(element),
            place=place,
            description=elements.description(element),
            extensions=elements.extensions(element),
            name=name,
            type_ref=elements.type_ref(element),
            is_collection=elements.attribute(element, "isCollection") == "true",
            allowed_values_text=allowed,
            allowed_values=texts.tests(allowed, opened, place, self.problems)
            if allowed.strip()
            else None,
            constraint=texts.tests(constraint, opened, place, self.problems)
            if constraint.strip()
            else None,
            components=tuple(
                self._item(each, f"{where}, component")
                for each in elements.children(element, "itemComponent")
            ),
            function_parameters=parameters,
            function_result=None
            if function is None
            else elements.attribute(function, "outputTypeRef"),
        )

    def _references(
        self, element: Element, holder: str, *kinds: str
    ) -> tuple[model.Reference, ...]:
        return tuple(
            self._reference(target)
            for requirement in elements.children(element, holder)
            for target in elements.children(requirement, *kinds)
        )

    def _reference(self, element: Element) -> model.Reference:
        namespace, _, identity = (elements.attribute(element, "href") or "").rpartition("#")
        return model.Reference(namespace or self.namespace, identity)

    def _variable(self, element: Element, where: str) -> model.Variable:
        declared = elements.child(element, "variable")
        found = variable(element if declared is None else declared, where)
        if declared is not None and found.name and found.name != elements.name_of(element):
            self.problems.add_if_strict(
                elements.place(declared, where),
                f'Its variable is called "{found.name}"; the two names must be the same.',
            )
        return found

    # --- The graph -------------------------------------------------------------------------------

    def _input(self, element: Element) -> model.InputData:
        name = elements.name_of(element)
        where = f'input "{name}"'
        return model.InputData(
            id=elements.identity_or_name(element),
            place=elements.place(element, where),
            description=elements.description(element),
            extensions=elements.extensions(element),
            name=name,
            variable=self._variable(element, where),
        )

    def _decision(self, element: Element) -> model.Decision:
        name = elements.name_of(element)
        where = f'decision "{name}"'
        requires = self._references(
            element, "informationRequirement", "requiredInput", "requiredDecision"
        )
        knows = self._references(element, "knowledgeRequirement", "requiredKnowledge")
        scope = self._known_from((*requires, *knows))
        return model.Decision(
            id=elements.identity_or_name(element),
            place=elements.place(element, where),
            description=elements.description(element),
            extensions=elements.extensions(element),
            name=name,
            variable=self._variable(element, where),
            requires=requires,
            knows=knows,
            question=elements.child_text(element, "question").strip(),
            allowed_answers=elements.child_text(element, "allowedAnswers").strip(),
            expression=self.boxes.read_inside(element, scope, where),
        )

    def _knowledge(self, element: Element) -> model.BusinessKnowledgeModel:
        name = elements.name_of(element)
        where = f'function "{name}"'
        knows = self._references(element, "knowledgeRequirement", "requiredKnowledge")
        logic = elements.child(element, "encapsulatedLogic")
        scope = self._known_from(knows).with_names(name)
        return model.BusinessKnowledgeModel(
            id=elements.identity_or_name(element),
            place=elements.place(element, where),
            description=elements.description(element),
            extensions=elements.extensions(element),
            name=name,
            variable=self._variable(element, where),
            knows=knows,
            function=None if logic is None else self.boxes.function(logic, scope, where),
        )

    def _service(self, element: Element) -> model.DecisionService:
        name = elements.name_of(element)
        where = f'decision service "{name}"'

        def listed(kind: str) -> tuple[model.Reference, ...]:
            return tuple(self._reference(each) for each in elements.children(element, kind))

        return model.DecisionService(
            id=elements.identity_or_name(element),
            place=elements.place(element, where),
            description=elements.description(element),
            extensions=elements.extensions(element),
            name=name,
            variable=self._variable(element, where),
            output_decisions=listed("outputDecision"),
            encapsulated_decisions=listed("encapsulatedDecision"),
            input_decisions=listed("inputDecision"),
            input_data=listed("inputData"),
        )


def graph(definitions: model.Definitions) -> tuple[model.Node, ...]:
    """Every element of a file that requirements can point at."""
    return (
        *definitions.inputs,
        *definitions.decisions,
        *definitions.knowledge_models,
        *definitions.services,
    )


def _component_names(items: Iterable[model.ItemDefinition]) -> Iterator[str]:
    for item in items:
        for component in item.components:
            yield component.name
        yield from _component_names(item.components)


def known_namespace(root: Element) -> bool:
    """Whether a file's root is DMN definitions in a version that Fisc reads."""
    return elements.split_tag(root)[0] in source.NAMESPACES

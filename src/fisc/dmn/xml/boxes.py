"""Reads boxed expressions: literal text, contexts, invocations, lists, functions, loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from fisc.dmn import model
from fisc.dmn.feel.scopes import Scope
from fisc.dmn.xml import elements, tables, texts
from fisc.dmn.xml.elements import Element
from fisc.dmn.xml.problems import Problems


class BoxReader:
    """Reads the expressions of one file, collecting what is wrong."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self._readers: dict[str, Callable[[Element, Scope, str], model.BoxedExpression]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self.function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }

    def read(self, element: Element, scope: Scope, where: str) -> model.BoxedExpression:
        """Read one boxed expression; `where` says in words which it is."""
        return self._readers[elements.local(element)](element, scope, where)

    def read_inside(
        self, element: Element | None, scope: Scope, where: str
    ) -> model.BoxedExpression | None:
        """Read the expression an element holds, if it holds one."""
        inner = elements.expression_child(element)
        return None if inner is None else self.read(inner, scope, where)

    def _required(
        self, parent: Element, name: str, scope: Scope, where: str
    ) -> model.BoxedExpression:
        """Read the expression in a named part; a missing one is a problem and reads as null."""
        found = self.read_inside(elements.child(parent, name), scope, where)
        if found is None:
            place = elements.place(parent, where)
            self.problems.add(place, f"The part “{name}” has no expression.")
            return model.LiteralExpression(text="", expression=None, place=place)
        return found

    # --- One reader for each kind ----------------------------------------------------------------

    def _literal(self, element: Element, scope: Scope, where: str) -> model.LiteralExpression:
        place = elements.place(element, where)
        language = elements.attribute(element, "expressionLanguage")
        if not texts.is_feel(language):
            self.problems.add(place, f"It is written in {language}; only FEEL is read.")
        if elements.child(element, "importedValues") is not None:
            self.problems.add(place, "Imported values are not read; write them into the model.")
        text = elements.child_text(element, "text")
        return model.LiteralExpression(
            id=elements.identity(element),
            place=place,
            description=elements.description(element),
            extensions=elements.extensions(element),
            type_ref=elements.type_ref(element),
            text=text,
            expression=texts.expression(text, scope, place, self.problems),
        )

    def _table(self, element: Element, scope: Scope, where: str) -> model.DecisionTable:
        return tables.read(element, scope, where, self.problems)

    def _context(self, element: Element, scope: Scope, where: str) -> model.Context:
        entries: list[model.ContextEntry] = []
        for child in elements.children(element, "contextEntry"):
            declared = elements.child(child, "variable")
            entry_variable = None if declared is None else variable(declared, where)
            named = entry_variable.name if entry_variable else ""
            inside = f'{where}, entry "{named}"' if named else f"{where}, result"
            entries.append(
                model.ContextEntry(
                    id=elements.identity(child),
                    place=elements.place(child, inside),
                    variable=entry_variable,
                    expression=self.read_inside(child, scope, inside),
                )
            )
            if named:
                scope = scope.with_names(named)
        return model.Context(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            entries=tuple(entries),
        )

    def _invocation(self, element: Element, scope: Scope, where: str) -> model.Invocation:
        called = self.read_inside(element, scope, f"{where}, the function called")
        place = elements.place(element, where)
        if called is None:
            self.problems.add(place, "An invocation does not say what it calls.")
            called = model.LiteralExpression(text="", expression=None, place=place)
        return model.Invocation(
            id=elements.identity(element),
            place=place,
            type_ref=elements.type_ref(element),
            function=called,
            bindings=tuple(
                self._binding(child, scope, where)
                for child in elements.children(element, "binding")
            ),
        )

    def _binding(self, element: Element, scope: Scope, where: str) -> model.Binding:
        declared = elements.child(element, "parameter")
        parameter = variable(element if declared is None else declared, where)
        inside = f'{where}, parameter "{parameter.name}"'
        if declared is None or not parameter.name:
            self.problems.add(elements.place(element, inside), "A binding names no parameter.")
        return model.Binding(
            id=elements.identity(element),
            place=elements.place(element, inside),
            parameter=parameter,
            expression=self.read_inside(element, scope, inside),
        )

    def _list(self, element: Element, scope: Scope, where: str) -> model.List:
        items = elements.children(element, *elements.EXPRESSIONS)
        return model.List(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            items=tuple(
                self.read(item, scope, f"{where}, item {number}")
                for number, item in enumerate(items, 1)
            ),
        )

    def _relation(self, element: Element, scope: Scope, where: str) -> model.Relation:
        columns = tuple(variable(each, where) for each in elements.children(element, "column"))
        rows = []
        for number, row in enumerate(elements.children(element, "row"), 1):
            cells = list(elements.children(row, *elements.EXPRESSIONS))
            inside = f"{where}, row {number}"
            if len(cells) != len(columns):
                self.problems.add(
                    elements.place(row, inside),
                    f"It has {len(cells)} cells; the table has {len(columns)} columns.",
                )
            rows.append(
                tuple(
                    self.read(cell, scope, f'{inside}, column "{column.name}"')
                    for cell, column in zip(cells, columns, strict=False)
                )
            )
        return model.Relation(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            columns=columns,
            rows=tuple(rows),
        )

    def function(self, element: Element, scope: Scope, where: str) -> model.FunctionDefinition:
        """Read a function: also the encapsulated logic of a business knowledge model."""
        kinds: dict[str, Literal["FEEL", "Java", "PMML"]] = {
            "FEEL": "FEEL", "Java": "Java", "PMML": "PMML",
        }  # fmt: skip
        written = elements.attribute(element, "kind") or "FEEL"
        kind = kinds.get(written)
        place = elements.place(element, where)
        if kind is None:
            self.problems.add(place, f"A function of kind {written} is unknown.")
        elif kind != "FEEL":
            self.problems.add_if_strict(place, f"A function in {kind} is never run; write FEEL.")
        parameters = tuple(
            variable(each, where) for each in elements.children(element, "formalParameter")
        )
        inner = scope.with_names(*(parameter.name for parameter in parameters))
        if kind != "FEEL":
            inner = inner.opened()
        return model.FunctionDefinition(
            id=elements.identity(element),
            place=place,
            type_ref=elements.type_ref(element),
            kind=kind or "FEEL",
            parameters=parameters,
            body=self.read_inside(element, inner, where),
        )

    def _conditional(self, element: Element, scope: Scope, where: str) -> model.Conditional:
        return model.Conditional(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            condition=self._required(element, "if", scope, f"{where}, if"),
            then=self._required(element, "then", scope, f"{where}, then"),
            otherwise=self._required(element, "else", scope, f"{where}, else"),
        )

    def _filter(self, element: Element, scope: Scope, where: str) -> model.BoxedFilter:
        inner = scope.with_names("item").opened()
        return model.BoxedFilter(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            source=self._required(element, "in", scope, f"{where}, in"),
            condition=self._required(element, "match", inner, f"{where}, match"),
        )

    def _for(self, element: Element, scope: Scope, where: str) -> model.BoxedFor:
        named = elements.attribute(element, "iteratorVariable") or ""
        inner = scope.with_names(named, "partial")
        return model.BoxedFor(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            variable=named,
            source=self._required(element, "in", scope, f"{where}, in"),
            result=self._required(element, "return", inner, f"{where}, return"),
        )

    def _quantified(self, element: Element, scope: Scope, where: str) -> model.BoxedQuantified:
        named = elements.attribute(element, "iteratorVariable") or ""
        inner = scope.with_names(named)
        return model.BoxedQuantified(
            id=elements.identity(element),
            place=elements.place(element, where),
            type_ref=elements.type_ref(element),
            quantifier="some" if elements.local(element) == "some" else "every",
            variable=named,
            source=self._required(element, "in", scope, f"{where}, in"),
            condition=self._required(element, "satisfies", inner, f"{where}, satisfies"),
        )


def variable(element: Element, where: str) -> model.Variable:
    """Read a declared name with its type."""
    return model.Variable(
        id=elements.identity(element),
        place=elements.place(element, where),
        description=elements.description(element),
        extensions=elements.extensions(element),
        name=elements.name_of(element),
        type_ref=elements.type_ref(element),
    )

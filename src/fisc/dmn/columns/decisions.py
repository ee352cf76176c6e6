"""The graph of decisions: each compiled once, its names bound to what it requires."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fisc.dmn import imports, model
from fisc.dmn.columns import conformity, plans, tables, types
from fisc.dmn.columns.expressions import Translator
from fisc.dmn.columns.terms import CannotTake, Sort, Term, Terms
from fisc.dmn.columns.values import Function, Record, Scope, Value, single
from fisc.dmn.feel import lexer

DEEPEST_GRAPH = 200

# Numbers of texts; a run tells apart far fewer.
MOST_TEXTS = 2**31


class NoSuchDecision(Exception):
    """An output names a decision that the model does not have."""


def decision_of(whole: model.Model, output: str) -> tuple[model.Decision, str | None]:
    """The decision an output names, and which of its results; raises NoSuchDecision."""
    decisions = whole.definitions.decisions
    for decision in decisions:
        if decision.name == output:
            return decision, None
    for decision in decisions:
        if output.startswith(f"{decision.name}."):
            return decision, output[len(decision.name) + 1 :]
    known = ", ".join(f"“{each.name}”" for each in decisions)
    raise NoSuchDecision(
        f"The model “{whole.definitions.name}” has no decision “{output}”. It has {known}. "
        "Name the output line like a decision of the model."
    )


@dataclass(slots=True)
class _Compiled:
    """A decision's value or why it has none, and the tables it and what it requires looked in."""

    value: Value | None
    reason: str
    tables: dict[str, plans.Table] = field(default_factory=dict)


class Graph:
    """Compiles decisions on demand, all into one set of terms."""

    def __init__(
        self, whole: model.Model, made: Terms, inputs: Mapping[str, types.Declared]
    ) -> None:
        self._model = whole
        self._made = made
        self._to = Translator(made)
        self._files = {
            each.namespace: conformity.Types(self._to, each, whole)
            for each in (whole.definitions, *whole.imported)
        }
        self._prefixes = imports.prefixes(whole)
        # The file whose text is being compiled.
        self._here = whole.definitions
        self._inputs = {lexer.normalized(name): each for name, each in inputs.items()}
        self._done: dict[int, _Compiled] = {}
        self._open: list[_Compiled] = []

    # --- What is asked ---------------------------------------------------------------------------

    def output(self, name: str) -> Term:
        """The term of an output; raises CannotTake."""
        decision, part = decision_of(self._model, name)
        value = self._value(decision)
        if part is not None:
            if not isinstance(value, Record) or part not in value.entries:
                raise CannotTake(f"the result “{part}” of “{decision.name}”")
            value = value.entries[part]
        return single(value)

    def tables_of(self, outputs: Iterable[str]) -> tuple[plans.Table, ...]:
        """The tables that some outputs looked in, each once, what they rest on first."""
        found: dict[str, plans.Table] = {}
        for name in outputs:
            found.update(self._done[id(decision_of(self._model, name)[0])].tables)
        return tuple(found.values())

    def scope_of(self, decision: model.Decision) -> Scope:
        """The names that a decision's own text may use; raises CannotTake."""
        return self._scope(decision.requires, decision.knows)

    @property
    def _types(self) -> conformity.Types:
        return self._files[self._here.namespace]

    @contextlib.contextmanager
    def _inside(self, definitions: model.Definitions) -> Iterator[None]:
        """While something of another file is compiled, names are that file's."""
        before, self._here = self._here, definitions
        try:
            yield
        finally:
            self._here = before

    # --- Decisions and what they require ---------------------------------------------------------

    def _value(self, decision: model.Decision) -> Value:
        done = self._done.get(id(decision))
        if done is None:
            done = self._compile(decision)
            self._done[id(decision)] = done
        if self._open:
            self._open[-1].tables.update(done.tables)
        if done.value is None:
            raise CannotTake(done.reason)
        return done.value

    def _compile(self, decision: model.Decision) -> _Compiled:
        here = _Compiled(None, "")
        if len(self._open) >= DEEPEST_GRAPH:
            raise CannotTake("decisions that rest on each other too deeply")
        self._open.append(here)
        try:
            scope = self._scope(decision.requires, decision.knows)
            value = self._boxed(decision.expression, scope, name=self._label(decision))
            here.value = self._types.bent(value, decision.variable.type_ref)
        except CannotTake as why:
            here.reason = f"decision “{self._label(decision)}”: {why}"
        finally:
            self._open.pop()
        return here

    def _scope(
        self, requires: Iterable[model.Reference], knows: Iterable[model.Reference]
    ) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        imported: dict[str, dict[str, Value]] = {}
        prefixes = {each.namespace: each.name for each in self._here.imports}
        for reference in (*requires, *knows):
            node = self._model.node(reference)
            definitions = self._model.by_namespace(reference.namespace)
            assert definitions is not None, "every reference was found when the file was read"
            with self._inside(definitions):
                value = self._required(node)
            prefix = ""
            if definitions is not self._here:
                prefix = prefixes.get(reference.namespace, "")
            entries = imported.setdefault(lexer.normalized(prefix), {}) if prefix else scope
            entries[lexer.normalized(node.name)] = value
        # A file imported under a name is a context of what is required of it.
        return {**scope, **{prefix: Record(entries) for prefix, entries in imported.items()}}

    def _label(self, node: model.Node) -> str:
        return imports.name_of(node, prefix=self._prefixes.get(self._here.namespace, ""))

    def _required(self, node: model.Node) -> Value:
        if isinstance(node, model.Decision):
            return self._value(node)
        if isinstance(node, model.InputData):
            return self._types.bent(self._input(node), node.variable.type_ref)
        if isinstance(node, model.BusinessKnowledgeModel):
            return self._function(node)
        raise CannotTake(f"the decision service “{node.name}”")

    def _input(self, node: model.InputData) -> Term:
        declared = self._inputs.get(lexer.normalized(node.name))
        if declared is None:
            raise CannotTake(f"the input “{node.name}”, which is not declared")
        return self.input(declared)

    def input(self, declared: types.Declared) -> Term:
        """The term of a declared input."""
        sort = _SORTS.get(declared.kind, Sort.NUMBER)
        bounds = (declared.low_units, declared.high_units) if sort in _BOUNDED else (0, 0)
        if sort is Sort.TEXT:
            bounds = self._text_bounds(declared)
        scale = declared.scale if declared.is_numeric else 0
        return self._made.make("input", (), sort=sort, scale=scale, bounds=bounds, detail=declared)

    def _text_bounds(self, declared: types.Declared) -> tuple[int, int]:
        if not declared.codes:
            return 0, MOST_TEXTS
        numbers = [self._made.number_of_text(each) for each in declared.codes]
        return min(numbers), max(numbers)

    def _function(self, node: model.BusinessKnowledgeModel) -> Function:
        definition = node.function
        if definition is None or definition.kind != "FEEL":
            raise CannotTake(f"the function “{node.name}”, which is not FEEL")
        names = tuple(lexer.normalized(each.name) for each in definition.parameters)
        home = self._here

        def call(arguments: tuple[Value, ...]) -> Value:
            with self._inside(home):
                return called(arguments)

        def called(arguments: tuple[Value, ...]) -> Value:
            scope = self._scope((), node.knows)
            bent = []
            for value, parameter in zip(arguments, definition.parameters, strict=True):
                if not self._types.is_plain(parameter.type_ref):
                    raise CannotTake(f"the type of “{parameter.name}” of “{node.name}”")
                bent.append(self._types.bent(value, parameter.type_ref))
            inner = {**scope, **dict(zip(names, bent, strict=True))}
            return self._boxed(definition.body, inner, name=self._label(node))

        return Function(names, call)

    # --- Boxed expressions -----------------------------------------------------------------------

    def _boxed(self, box: model.BoxedExpression | None, scope: Scope, *, name: str) -> Value:
        if box is None:
            return self._made.null()
        if isinstance(box, model.LiteralExpression):
            value = self._to.value(box.expression, scope)
        elif isinstance(box, model.DecisionTable):
            value = self._table(box, scope, name)
        elif isinstance(box, model.Context):
            value = self._context(box, scope, name)
        elif isinstance(box, model.Invocation):
            value = self._invocation(box, scope, name)
        elif isinstance(box, model.Conditional):
            value = self._conditional(box, scope, name)
        else:
            raise CannotTake(f"a boxed {type(box).__name__.lower()}")
        return self._types.bent(value, box.type_ref)

    def _table(self, box: model.DecisionTable, scope: Scope, name: str) -> Value:
        value, noted = tables.table(self._to, box, scope, name=name)
        known = self._open[-1].tables
        if name in known:
            raise CannotTake(f"the table of “{name}” asked twice")
        known[name] = noted
        return value

    def _context(self, box: model.Context, scope: Scope, name: str) -> Value:
        entries: dict[str, Value] = {}
        for entry in box.entries:
            inner = {**scope, **entries}
            if entry.variable is None:
                return self._boxed(entry.expression, inner, name=name)
            key = lexer.normalized(entry.variable.name)
            value = self._boxed(entry.expression, inner, name=f"{name}.{key}")
            entries[key] = self._types.bent(value, entry.variable.type_ref)
        return Record(entries)

    def _invocation(self, box: model.Invocation, scope: Scope, name: str) -> Value:
        function = self._boxed(box.function, scope, name=name)
        if not isinstance(function, Function):
            raise CannotTake("an invocation of what is not a function of the model")
        given = {
            lexer.normalized(each.parameter.name): self._boxed(each.expression, scope, name=name)
            for each in box.bindings
        }
        if set(given) != set(function.parameters):
            raise CannotTake("an invocation whose bindings do not fit")
        return self._to.call(function, tuple(given[each] for each in function.parameters))

    def _conditional(self, box: model.Conditional, scope: Scope, name: str) -> Value:
        condition = single(self._boxed(box.condition, scope, name=name))
        if condition.sort not in {Sort.BOOLEAN, Sort.NULL}:
            raise CannotTake("a condition that is not true or false")
        return self._made.choose(
            condition,
            single(self._boxed(box.then, scope, name=name)),
            single(self._boxed(box.otherwise, scope, name=name)),
        )


_BOUNDED = frozenset({Sort.NUMBER, Sort.DATE})

_SORTS: Mapping[types.Kind, Sort] = {
    types.Kind.BOOLEAN: Sort.BOOLEAN,
    types.Kind.CODE: Sort.TEXT,
    types.Kind.TEXT: Sort.TEXT,
    types.Kind.DATE: Sort.DATE,
}

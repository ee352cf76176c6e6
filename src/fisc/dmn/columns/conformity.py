"""What a declared type asks of a value: nothing, a test in each row, or more than columns know."""

from __future__ import annotations

from collections.abc import Mapping

from fisc.dmn import model
from fisc.dmn.columns.expressions import Translator
from fisc.dmn.columns.terms import CannotTake, Sort, Term
from fisc.dmn.columns.values import Record, Value

DEEPEST_ALIAS = 50

SORTS: Mapping[str, Sort] = {
    "number": Sort.NUMBER,
    "string": Sort.TEXT,
    "boolean": Sort.BOOLEAN,
    "date": Sort.DATE,
    "days and time duration": Sort.DAYS,
    "dayTimeDuration": Sort.DAYS,
}
_OTHERS = frozenset(
    {
        "time", "date and time", "dateTime", "years and months duration", "yearMonthDuration",
        "list", "range", "context", "function", "Null",
    }
)  # fmt: skip


def checked(value: Term, type_ref: str | None) -> Term:
    """A value that must be of a built-in type. Raises CannotTake where it may not be."""
    if type_ref is None or type_ref == "Any":
        return value
    sort = SORTS.get(type_ref)
    if sort is None:
        raise CannotTake(f"the type “{type_ref}” of a column of a table")
    if value.sort not in {sort, Sort.NULL}:
        raise CannotTake(f"{value.sort.value} where the type is {type_ref}")
    return value


class Types:
    """The types one file knows, its own and those it imports."""

    def __init__(self, to: Translator, definitions: model.Definitions, whole: model.Model) -> None:
        self._to = to
        self._items = {each.name: each for each in definitions.item_definitions}
        self._imported: dict[str, Types] = {}
        for each in definitions.imports:
            other = whole.by_namespace(each.namespace)
            if other is not None and other is not definitions:
                self._imported[each.name] = Types(to, other, whole)

    def bent(self, value: Value, type_ref: str | None, *, depth: int = 0) -> Value:
        """A value as its type lets it be: null in the rows where a constraint refuses it.

        Raises CannotTake.
        """
        if type_ref is None or type_ref == "Any":
            return value
        if type_ref in SORTS:
            if not isinstance(value, Term):
                raise CannotTake(f"several values where the type is {type_ref}")
            return checked(value, type_ref)
        if type_ref in _OTHERS or depth > DEEPEST_ALIAS:
            raise CannotTake(f"the type “{type_ref}”")
        item = self._items.get(type_ref)
        if item is not None:
            return self._of_item(value, item, depth)
        prefix, dot, rest = type_ref.partition(".")
        if dot and prefix in self._imported:
            return self._imported[prefix].bent(value, rest, depth=depth + 1)
        # Imported without a name, its types stand beside our own; an unknown name asks nothing.
        beside = self._imported.get("")
        return value if beside is None else beside.bent(value, type_ref, depth=depth + 1)

    def is_plain(self, type_ref: str | None) -> bool:
        """Whether a type is built in, so that a value either always or never fits."""
        return type_ref is None or type_ref == "Any" or type_ref in SORTS

    def _of_item(self, value: Value, item: model.ItemDefinition, depth: int) -> Value:
        if item.is_collection or item.function_parameters is not None or item.constraint:
            raise CannotTake(f"the type “{item.name}”")
        if item.components:
            return self._record(value, item)
        bent = self.bent(value, item.type_ref, depth=depth + 1)
        if item.allowed_values is None or item.allowed_values.is_anything:
            return bent
        if not isinstance(bent, Term):
            raise CannotTake(f"the type “{item.name}”")
        allowed = self._to.any_test(bent, item.allowed_values.tests, {})
        if item.allowed_values.is_negated:
            allowed = self._to.made.negation(allowed)
        return self._to.made.choose(allowed, bent, self._to.made.null())

    def _record(self, value: Value, item: model.ItemDefinition) -> Value:
        if not isinstance(value, Record):
            raise CannotTake(f"a single value where the type is “{item.name}”")
        for each in item.components:
            if each.name not in value.entries or not self.is_plain(each.type_ref):
                raise CannotTake(f"the type “{item.name}”")
            if each.is_collection or each.components or each.allowed_values is not None:
                raise CannotTake(f"the type “{item.name}”")
            self.bent(value.entries[each.name], each.type_ref)
        return value

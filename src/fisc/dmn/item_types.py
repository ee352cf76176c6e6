"""A model's own types, as types of values with their constraints."""

from __future__ import annotations

import dataclasses

from fisc.dmn import model
from fisc.dmn.feel import syntax, types
from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.programs import ready
from fisc.dmn.feel.programs.compiling import Surroundings
from fisc.dmn.feel.programs.frames import Frame
from fisc.dmn.feel.types import Check, Type
from fisc.dmn.feel.values import Value


class ItemTypes:
    """Finds types by the names one file knows: built-in, its own, and those it imports."""

    def __init__(self, definitions: model.Definitions, whole: model.Model) -> None:
        self._items: dict[str, model.ItemDefinition] = {
            item.name: item for item in definitions.item_definitions
        }
        self._imported: dict[str, ItemTypes] = {}
        for each in definitions.imports:
            other = whole.by_namespace(each.namespace)
            if other is not None and other is not definitions:
                self._imported[each.name] = ItemTypes(other, whole)
        self._made: dict[str, Type] = {}
        self._making: set[str] = set()

    def find(self, name: str | None) -> Type | None:
        """The type of a name; None when nothing is named or the name is unknown.

        A type that holds itself is any type where it comes again.
        """
        if name is None:
            return None
        if name in self._made:
            return self._made[name]
        if name in self._making:
            return types.ANY
        self._making.add(name)
        found = types.NAMED.get(name)
        if found is None and name in self._items:
            found = self._of(self._items[name])
        if found is None:
            found = self._from_imports(name)
        self._making.discard(name)
        if found is not None:
            self._made[name] = found
        return found

    def names(self) -> list[str]:
        """The names of the file's own types."""
        return list(self._items)

    def _from_imports(self, name: str) -> Type | None:
        prefix, dot, rest = name.partition(".")
        if dot and prefix in self._imported:
            return self._imported[prefix].find(rest)
        # Imported without a name: its types stand beside our own.
        return self._imported[""].find(name) if "" in self._imported else None

    def surroundings(self) -> Surroundings:
        """All named types, for FEEL that says `instance of`."""
        known = {name: found for name in self._items if (found := self.find(name))}
        for prefix, imported in self._imported.items():
            for name in imported.names():
                found = imported.find(name)
                if found is not None:
                    known[f"{prefix}.{name}" if prefix else name] = found
        return Surroundings(types=known)

    # --- Making ----------------------------------------------------------------------------------

    def _of(self, item: model.ItemDefinition) -> Type:
        found = self._constrained(self._plain(item), item.allowed_values)
        if item.is_collection:
            found = Type("list", element=found)
        return self._constrained(found, item.constraint)

    def _plain(self, item: model.ItemDefinition) -> Type:
        if item.components:
            members = tuple((each.name, self._of(each)) for each in item.components)
            return Type("context", members=members)
        if item.function_parameters is not None:
            return Type(
                "function",
                parameters=tuple(self.find(name) or types.ANY for name in item.function_parameters),
                result=self.find(item.function_result),
            )
        return self.find(item.type_ref) or types.ANY

    def _constrained(self, base: Type, tests: syntax.UnaryTests | None) -> Type:
        if tests is None:
            return base
        return dataclasses.replace(base, check=_both(base.check, _check(tests)))


def _check(tests: syntax.UnaryTests) -> Check | None:
    cell = ready.cell(tests, Surroundings())
    if cell is None:
        return None

    def allows(value: Value) -> bool:
        return cell(value, Frame({"?": value}, Evaluation()))

    return allows


def _both(one: Check | None, other: Check | None) -> Check | None:
    if one is None or other is None:
        return one or other
    return lambda value: one(value) and other(value)

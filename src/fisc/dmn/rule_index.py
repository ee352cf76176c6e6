"""Finds the rules of a long table that can match at all, by its most telling column.

A table of thousands of rules is looked up by a code in one column; testing every rule for every
bill would make the quote wait. What is found is still tested, so an index never decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from decimal import Decimal

from fisc.dmn import model
from fisc.dmn.feel import syntax
from fisc.dmn.feel.values import Value

# Below this, testing every rule is as quick.
FEWEST_RULES = 16

Key = Decimal | str


class RuleIndex:
    """Rules by the literal values one column asks for."""

    def __init__(
        self, column: int, by_value: dict[Key, list[int]], anything: list[int], count: int
    ) -> None:
        self.column = column
        self._by_value = by_value
        self._anything = anything
        self._all = range(count)
        # The most rules that one value leaves to test.
        self.longest = max(map(len, by_value.values()), default=0) + len(anything)

    def candidates(self, value: Value) -> Sequence[int]:
        """The rules that may match a value, in their order."""
        if type(value) is not str and type(value) is not Decimal:
            return self._all
        named = self._by_value.get(value, [])
        if not self._anything:
            return named
        return list(heapq.merge(named, self._anything))


def best(table: model.DecisionTable) -> RuleIndex | None:
    """The index that leaves the fewest rules to test; None where none would help."""
    if len(table.rules) < FEWEST_RULES:
        return None
    indexes = [_of_column(table, column) for column in range(len(table.inputs))]
    usable = [each for each in indexes if each is not None]
    return min(usable, key=lambda index: index.longest, default=None)


def _of_column(table: model.DecisionTable, column: int) -> RuleIndex | None:
    by_value: dict[Key, list[int]] = {}
    anything: list[int] = []
    for number, rule in enumerate(table.rules):
        keys = _keys(rule.inputs[column].tests)
        if keys is None:
            anything.append(number)
            continue
        for key in keys:
            by_value.setdefault(key, []).append(number)
    # Where most rules take anything, nothing is gained.
    if len(anything) * 2 > len(table.rules):
        return None
    return RuleIndex(column, by_value, anything, len(table.rules))


def _keys(tests: syntax.UnaryTests) -> set[Key] | None:
    """The literal values a cell names; None for a cell that may take others."""
    keys: set[Key] = set()
    for test in tests.tests:
        if not isinstance(test, syntax.Matches) or test.mentions_input:
            return None
        if not isinstance(test.expression, syntax.NumberLiteral | syntax.StringLiteral):
            return None
        keys.add(test.expression.value)
    return None if tests.is_negated or tests.is_anything else keys

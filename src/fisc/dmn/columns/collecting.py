"""COLLECT: every rule that matches counts, and an aggregation makes one value of their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from fisc.dmn import model
from fisc.dmn.columns import conformity, matching, rule_values
from fisc.dmn.columns.expressions import Translator
from fisc.dmn.columns.rule_values import States
from fisc.dmn.columns.terms import CannotTake, Sort, Term
from fisc.dmn.columns.values import Scope, must_be


def rules_of(mask: int) -> list[int]:
    """The rules of a mask, lowest first."""
    found = []
    while mask:
        found.append((mask & -mask).bit_length() - 1)
        mask &= mask - 1
    return found


def collected(
    to: Translator,
    states: States,
    walk: matching.Walk,
    written: model.DecisionTable,
    scope: Scope,
    is_refused: npt.NDArray[np.bool_],
) -> Term:
    """The aggregation of what all matching rules give; the default, or null, where none matches.

    Raises CannotTake.
    """
    if written.aggregation is None or len(written.outputs) != 1:
        raise CannotTake("COLLECT of a list, or of several results")
    by_state = [rules_of(mask) for mask in walk.masks]
    total = _total(to, states, written, by_state, scope)
    default = written.outputs[0].default
    if default is None and written.aggregation is not model.Aggregation.COUNT:
        return total
    if default is not None:
        some = [bool(rules) for rules in by_state]
        is_some = rule_values.gather(to, states, some, sort=Sort.BOOLEAN)
        total = to.made.choose(is_some, total, to.term(default.expression, scope))
    if not is_refused.any():
        return total
    refused = rule_values.gather(to, states, is_refused.tolist(), sort=Sort.BOOLEAN)
    return to.made.choose(refused, to.made.null(), total)


def _total(
    to: Translator,
    states: States,
    written: model.DecisionTable,
    by_state: Sequence[Sequence[int]],
    scope: Scope,
) -> Term:
    assert written.aggregation is not None, "a plain list has been refused"
    results = [
        must_be(to.term(rule.outputs[0].expression, scope), Sort.NUMBER) for rule in written.rules
    ]
    for each in results:
        conformity.checked(each, written.outputs[0].type_ref)
    if written.aggregation is model.Aggregation.COUNT:
        return rule_values.gather(to, states, [len(each) for each in by_state], sort=Sort.NUMBER)
    if all(each.is_constant for each in results):
        return _of_constants(to, states, by_state, results, _PYTHON[written.aggregation])
    if written.aggregation is not model.Aggregation.SUM:
        raise CannotTake("COLLECT with the least or greatest of calculated results")
    return _sum(to, states, by_state, results)


def _of_constants(
    to: Translator,
    states: States,
    by_state: Sequence[Sequence[int]],
    results: Sequence[Term],
    aggregate: Callable[[Sequence[int]], int],
) -> Term:
    """Aggregate by state before any row is seen; one null among the results makes it null."""
    aligned = to.made.align(*results) if results else ()
    values: list[int | None] = []
    for rules in by_state:
        found = [aligned[rule].detail for rule in rules]
        values.append(aggregate(found) if found and None not in found else None)
    if all(each is None for each in values):
        return to.made.null()
    scale = max(each.scale for each in aligned)
    return rule_values.gather(to, states, values, sort=Sort.NUMBER, scale=scale)


def _sum(
    to: Translator, states: States, by_state: Sequence[Sequence[int]], results: Sequence[Term]
) -> Term:
    """Add the written-out results by look-up, and each calculated one where its rule matches."""
    zero = to.made.constant(0, sort=Sort.NUMBER)
    fixed = [each if each.is_constant else zero for each in results]
    some = [rules or None for rules in by_state]
    aligned = to.made.align(*fixed)
    sums: list[int | None] = []
    for rules in some:
        found = None if rules is None else [aligned[rule].detail for rule in rules]
        sums.append(sum(found) if found is not None and None not in found else None)
    scale = max(each.scale for each in aligned)
    total = rule_values.gather(to, states, sums, sort=Sort.NUMBER, scale=scale)
    for rule, result in enumerate(results):
        if not result.is_constant:
            matches = rule_values.gather(
                to, states, [rule in rules for rules in by_state], sort=Sort.BOOLEAN
            )
            total = to.made.add(total, to.made.choose(matches, result, zero))
    return total


_PYTHON: dict[model.Aggregation, Callable[[Sequence[int]], int]] = {
    model.Aggregation.SUM: sum,
    model.Aggregation.MIN: min,
    model.Aggregation.MAX: max,
}

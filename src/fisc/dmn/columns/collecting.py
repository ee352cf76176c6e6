"""COLLECT: every rule that matches counts, and an aggregation makes one value of their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fisc.dmn import model
from fisc.dmn.columns import matching, rule_values
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
) -> Term:
    """The aggregation of what all matching rules give; null where none matches.

    Raises CannotTake.
    """
    if written.aggregation is None or len(written.outputs) != 1:
        raise CannotTake("COLLECT of a list, or of several results")
    if written.outputs[0].default is not None:
        raise CannotTake("COLLECT with a result for when no rule matches")
    by_state = [rules_of(mask) for mask in walk.masks]
    if written.aggregation is model.Aggregation.COUNT:
        return rule_values.gather(to, states, [len(each) for each in by_state], sort=Sort.NUMBER)
    results = [
        must_be(to.term(rule.outputs[0].expression, scope), Sort.NUMBER) for rule in written.rules
    ]
    if any(each.is_null for each in results):
        raise CannotTake("COLLECT over a result that is null")
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
    aligned = to.made.align(*results)
    values = [
        aggregate([aligned[rule].detail for rule in rules]) if rules else None for rules in by_state
    ]
    return rule_values.gather(to, states, values, sort=Sort.NUMBER, scale=aligned[0].scale)


def _sum(
    to: Translator, states: States, by_state: Sequence[Sequence[int]], results: Sequence[Term]
) -> Term:
    """Add the written-out results by look-up, and each calculated one where its rule matches."""
    written = [each if each.is_constant else None for each in results]
    fixed = [each for each in written if each is not None]
    zero = to.made.constant(0, sort=Sort.NUMBER)
    scale = max((each.scale for each in fixed), default=0)
    sums = [
        sum(to.made.rescale(each, scale).detail for rule in rules if (each := written[rule]))
        for rules in by_state
    ]
    total = rule_values.gather(to, states, sums, sort=Sort.NUMBER, scale=scale)
    for rule, result in enumerate(results):
        if written[rule] is None:
            matches = rule_values.gather(
                to, states, [rule in rules for rules in by_state], sort=Sort.BOOLEAN
            )
            total = to.made.add(total, to.made.choose(matches, result, zero))
    some = rule_values.gather(to, states, [bool(rules) for rules in by_state], sort=Sort.BOOLEAN)
    return to.made.choose(some, total, to.made.null())


_PYTHON: dict[model.Aggregation, Callable[[Sequence[int]], int]] = {
    model.Aggregation.SUM: sum,
    model.Aggregation.MIN: min,
    model.Aggregation.MAX: max,
}

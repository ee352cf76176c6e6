"""What the rules of a table give, as arrays by state instead of code by rule.

Rules that give written-out values become one array. Rules that calculate alike, as `usage * 2.31`
and `usage * 3.04` do, become one calculation whose numbers are looked up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import plans, types
from fisc.dmn.columns.expressions import Translator
from fisc.dmn.columns.terms import CannotTake, Sort, Term
from fisc.dmn.columns.values import Scope
from fisc.dmn.feel import syntax

# Functions whose later arguments must stay written out.
FIRST_ARGUMENT_ONLY = frozenset(
    {"decimal", "round up", "round down", "round half up", "round half down", "floor", "ceiling"}
)
NO_RULE = -1


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """The last states of a table: the term that finds them, and which can occur without nulls."""

    term: Term
    plain: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Alike:
    """Rules of one calculation, and the numbers that differ between them."""

    skeleton: syntax.Expression
    rules: tuple[int, ...]
    numbers: tuple[tuple[Decimal, ...], ...]


def by_state(
    to: Translator,
    states: States,
    entries: Sequence[syntax.Expression | None],
    rule_of_state: npt.NDArray[np.intp],
    scope: Scope,
) -> Term:
    """The value of the rule that each state means; null where it means none."""
    used = sorted(set(rule_of_state.tolist()) - {NO_RULE})
    written: dict[int, Term] = {}
    calculated: list[int] = []
    for rule in used:
        constant = _constant(to, entries[rule], scope)
        if constant is None:
            calculated.append(rule)
        else:
            written[rule] = constant
    pieces: list[tuple[Term, tuple[int, ...]]] = []
    if written or NO_RULE in rule_of_state:
        rules = (*written, NO_RULE)
        pieces.append((_looked_up(to, states, written, rule_of_state), rules))
    for rules, term in _calculations(to, states, entries, calculated, rule_of_state, scope):
        pieces.append((term, rules))
    return _picked(to, states, pieces, rule_of_state)


def _constant(to: Translator, entry: syntax.Expression | None, scope: Scope) -> Term | None:
    if isinstance(entry, syntax.NumberLiteral):
        return to.made.decimal(entry.value)
    term = to.term(entry, scope)
    return term if term.is_constant else None


def _looked_up(
    to: Translator,
    states: States,
    written: dict[int, Term],
    rule_of_state: npt.NDArray[np.intp],
) -> Term:
    sorts = {each.sort for each in written.values()} - {Sort.NULL}
    if len(sorts) > 1:
        raise CannotTake("a column of results of different kinds")
    if not sorts:
        return to.made.null()
    scale = max(each.scale for each in written.values())
    values = {
        rule: None if term.is_null else to.made.rescale(term, scale).detail
        for rule, term in written.items()
    }
    by_rule = [values.get(rule) for rule in rule_of_state.tolist()]
    irrelevant = np.array([rule not in written and rule != NO_RULE for rule in rule_of_state])
    return gather(to, states, by_rule, sort=sorts.pop(), scale=scale, irrelevant=irrelevant)


def gather(
    to: Translator,
    states: States,
    values: Sequence[Any],
    *,
    sort: Sort,
    scale: int = 0,
    irrelevant: npt.NDArray[np.bool_] | None = None,
) -> Term:
    """A value by state, None for null; where `irrelevant` nobody asks."""
    known = [int(each) for each in values if each is not None]
    low, high = (min(known), max(known)) if known else (0, 0)
    nulls = np.array([each is None for each in values], dtype=bool)
    if irrelevant is not None:
        nulls &= ~irrelevant
    is_wide = sort is Sort.NUMBER and to.made.needs_wide(low, high)
    kind: npt.DTypeLike = np.bool_ if sort is Sort.BOOLEAN else object if is_wide else np.int64
    filled = np.array([low if each is None else each for each in values], dtype=kind)
    lookup = plans.Lookup(
        values=filled,
        nulls=nulls if nulls.any() else None,
        nulls_when_plain=bool((nulls & states.plain).any()),
    )
    return to.made.make(
        "gather", (states.term,), sort=sort, scale=scale, bounds=(low, high), detail=lookup
    )


# --- Rules that calculate ------------------------------------------------------------------------


def _calculations(
    to: Translator,
    states: States,
    entries: Sequence[syntax.Expression | None],
    rules: Sequence[int],
    rule_of_state: npt.NDArray[np.intp],
    scope: Scope,
) -> list[tuple[tuple[int, ...], Term]]:
    found: list[tuple[tuple[int, ...], Term]] = []
    for group in alike(entries, rules):
        try:
            term = _with_numbers(to, states, group, rule_of_state, scope)
        except CannotTake:
            # A number that must stay written out: one calculation for each rule then.
            found += [((rule,), to.term(entries[rule], scope)) for rule in group.rules]
        else:
            found.append((group.rules, term))
    return found


def alike(entries: Sequence[syntax.Expression | None], rules: Sequence[int]) -> list[Alike]:
    """Group rules whose calculations differ in their numbers alone."""
    groups: dict[syntax.Expression, list[tuple[int, tuple[Decimal, ...]]]] = {}
    for rule in rules:
        numbers: list[Decimal] = []
        entry = entries[rule]
        assert entry is not None, "an empty entry is null, which is a constant"
        groups.setdefault(_lifted(entry, numbers), []).append((rule, tuple(numbers)))
    return [
        Alike(skeleton, tuple(rule for rule, _ in found), tuple(each for _, each in found))
        for skeleton, found in groups.items()
    ]


def _lifted(node: Any, numbers: list[Decimal]) -> Any:
    """The same expression with names where its numbers were; the numbers are added to a list."""
    if isinstance(node, syntax.NumberLiteral):
        numbers.append(node.value)
        return syntax.Name(_number_name(len(numbers) - 1))
    if isinstance(node, tuple):
        return tuple(_lifted(each, numbers) for each in node)
    if isinstance(node, syntax.Arithmetic) and node.operator in {"/", "**"}:
        return dataclasses.replace(node, left=_lifted(node.left, numbers))
    if isinstance(node, syntax.Call) and _rounds(node):
        first, *others = node.arguments
        return dataclasses.replace(node, arguments=(_lifted(first, numbers), *others))
    if not isinstance(node, syntax.Node):
        return node
    changed = {
        each.name: _lifted(getattr(node, each.name), numbers)
        for each in dataclasses.fields(node)
        if each.init and each.name not in {"at", "function"}
    }
    return dataclasses.replace(node, **changed)


def _rounds(node: syntax.Call) -> bool:
    return (
        isinstance(node.function, syntax.Name)
        and node.function.name in FIRST_ARGUMENT_ONLY
        and bool(node.arguments)
    )


def _number_name(place: int) -> str:
    # Not a name that FEEL could write.
    return f"#{place}"


def _with_numbers(
    to: Translator,
    states: States,
    group: Alike,
    rule_of_state: npt.NDArray[np.intp],
    scope: Scope,
) -> Term:
    inner = dict(scope)
    places = {rule: place for place, rule in enumerate(group.rules)}
    for number in range(len(group.numbers[0])):
        column = [types.scaled(each[number]) for each in group.numbers]
        scale = max(each for _, each in column)
        units = [value * 10 ** (scale - own) for value, own in column]
        if len(set(units)) == 1:
            inner[_number_name(number)] = to.made.constant(units[0], sort=Sort.NUMBER, scale=scale)
            continue
        # States of other rules get a number of this group, so that the bounds stay as they are.
        values = [units[places.get(rule, 0)] for rule in rule_of_state.tolist()]
        inner[_number_name(number)] = gather(to, states, values, sort=Sort.NUMBER, scale=scale)
    return to.term(group.skeleton, inner)


# --- Putting together ----------------------------------------------------------------------------


def _picked(
    to: Translator,
    states: States,
    pieces: Sequence[tuple[Term, tuple[int, ...]]],
    rule_of_state: npt.NDArray[np.intp],
) -> Term:
    if not pieces:
        return to.made.null()
    if len(pieces) == 1:
        return pieces[0][0]
    sorts = {term.sort for term, _ in pieces} - {Sort.NULL}
    if len(sorts) > 1:
        raise CannotTake("a column of results of different kinds")
    aligned = to.made.align(*(term for term, _ in pieces))
    place_of = {rule: place for place, (_, rules) in enumerate(pieces) for rule in rules}
    chosen = np.array([place_of[rule] for rule in rule_of_state.tolist()], dtype=np.int16)
    return to.made.make(
        "pick",
        (states.term, *aligned),
        sort=sorts.pop() if sorts else Sort.NULL,
        scale=max(each.scale for each in aligned),
        bounds=(min(each.low for each in aligned), max(each.high for each in aligned)),
        detail=chosen,
    )

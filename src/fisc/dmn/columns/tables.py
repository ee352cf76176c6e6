"""Decision tables as look-ups: conditions become a walk through states, results arrays by state."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fisc.dmn import model
from fisc.dmn.columns import collecting, conditions, conformity, matching, plans, rule_values
from fisc.dmn.columns.expressions import Translator
from fisc.dmn.columns.rule_values import NO_RULE, States
from fisc.dmn.columns.terms import CannotTake, Sort
from fisc.dmn.columns.values import Record, Scope, Value
from fisc.dmn.feel import syntax

TWO_RULES = "more than one rule matches where only one may"
DIFFERENT_ANSWERS = "rules that match give different results"
NOT_ALLOWED = "an input is not one of the values its column allows"

WORD_BITS = 64


@dataclass(slots=True)
class Outcome:
    """What each last state means: its rule, or NO_RULE and perhaps a reason from 1."""

    rules: npt.NDArray[np.intp]
    errors: npt.NDArray[np.int16]
    reasons: list[str] = field(default_factory=list)


def table(
    to: Translator, written: model.DecisionTable, scope: Scope, *, name: str
) -> tuple[Value, plans.Table]:
    """Compile a decision table; gives its value and what to note of its rows.

    Raises CannotTake.
    """
    walk, arguments = conditions.walk(to, written, scope)
    allowed = 1 << len(written.rules)
    is_refused = np.array([not mask & allowed for mask in walk.masks])
    walk = dataclasses.replace(
        walk, masks=tuple(mask & ~allowed if mask & allowed else 0 for mask in walk.masks)
    )
    states = States(to.made.make("state", arguments, sort=Sort.NULL, detail=walk), walk.plain)
    if written.hit_policy is model.HitPolicy.COLLECT:
        value: Value = collecting.collected(to, states, walk, written, scope, is_refused)
        hits: npt.NDArray[np.generic] = _bitmaps(walk, len(written.rules))
        outcome = _refused(_outcome([0] * len(walk.masks)), is_refused, NOT_ALLOWED)
    else:
        outcome = _refused(
            _POLICIES[written.hit_policy](to, written, walk, scope), is_refused, NOT_ALLOWED
        )
        hits = (outcome.rules + 1).astype(np.int32)
        value = _results(to, written, states, outcome, scope)
    noted = plans.Table(
        decision=name,
        table_id=written.id,
        state=states.term.slot,
        hits=hits,
        errors=outcome.errors if outcome.errors.any() else None,
        reasons=tuple(outcome.reasons),
    )
    return value, noted


def _bitmaps(walk: matching.Walk, rule_count: int) -> npt.NDArray[np.uint64]:
    words = max(1, -(-rule_count // WORD_BITS))
    full = (1 << WORD_BITS) - 1
    return np.array(
        [[(mask >> (WORD_BITS * word)) & full for word in range(words)] for mask in walk.masks],
        dtype=np.uint64,
    )


# --- Results -------------------------------------------------------------------------------------


def _results(
    to: Translator,
    written: model.DecisionTable,
    states: States,
    outcome: Outcome,
    scope: Scope,
) -> Value:
    found: dict[str, Value] = {}
    for place, clause in enumerate(written.outputs):
        entries = [rule.outputs[place].expression for rule in written.rules]
        # The default is one more rule, which stands where none matches.
        rules = outcome.rules
        if clause.default is not None:
            entries.append(clause.default.expression)
            is_gap = (rules == NO_RULE) & (outcome.errors == 0)
            rules = np.where(is_gap, len(written.rules), rules)
        value = conformity.checked(
            rule_values.by_state(to, states, entries, rules, scope), clause.type_ref
        )
        if len(written.outputs) == 1:
            return value
        found[clause.name or clause.label] = value
    return Record(found)


# --- Hit policies --------------------------------------------------------------------------------


def _first(
    _to: Translator, _written: model.DecisionTable, walk: matching.Walk, _scope: Scope
) -> Outcome:
    return _outcome([_lowest(mask) for mask in walk.masks])


def _unique(
    _to: Translator, _written: model.DecisionTable, walk: matching.Walk, _scope: Scope
) -> Outcome:
    outcome = _outcome([_lowest(mask) for mask in walk.masks])
    is_wrong = np.array([mask & (mask - 1) != 0 if mask else False for mask in walk.masks])
    return _refused(outcome, is_wrong, TWO_RULES)


def _any(
    to: Translator, written: model.DecisionTable, walk: matching.Walk, scope: Scope
) -> Outcome:
    outcome = _outcome([_lowest(mask) for mask in walk.masks])
    is_wrong = np.zeros(len(walk.masks), dtype=bool)
    for state, mask in enumerate(walk.masks):
        if mask & (mask - 1):
            first, *others = collecting.rules_of(mask)
            is_wrong[state] = not all(
                _gives_same(to, written.rules[first], written.rules[each], scope) for each in others
            )
    return _refused(outcome, is_wrong, DIFFERENT_ANSWERS)


def _gives_same(to: Translator, one: model.Rule, other: model.Rule, scope: Scope) -> bool:
    for mine, its in zip(one.outputs, other.outputs, strict=True):
        if mine.expression == its.expression:
            continue
        a, b = to.term(mine.expression, scope), to.term(its.expression, scope)
        if not (a.is_constant and b.is_constant):
            raise CannotTake("ANY where rules that can both match calculate differently")
        if a.sort is not b.sort or not to.made.same_constant(a, b):
            return False
    return True


def _priority(
    to: Translator, written: model.DecisionTable, walk: matching.Walk, scope: Scope
) -> Outcome:
    ranks = [rank(to, written, rule, scope) for rule in written.rules]
    chosen = []
    for mask in walk.masks:
        rules = collecting.rules_of(mask)
        chosen.append(min(rules, key=lambda rule: (ranks[rule], rule)) if rules else NO_RULE)
    return _outcome(chosen)


def rank(
    to: Translator, written: model.DecisionTable, rule: model.Rule, scope: Scope
) -> tuple[int, ...]:
    """How early a rule's results stand in the lists of allowed values, column by column.

    Raises CannotTake.
    """
    places = []
    for clause, entry in zip(written.outputs, rule.outputs, strict=True):
        listed = [] if clause.allowed_values is None else clause.allowed_values.tests
        value = to.term(entry.expression, scope)
        if not value.is_constant:
            raise CannotTake("PRIORITY of calculated results")
        place = len(listed)
        for number, test in enumerate(listed):
            if not isinstance(test, syntax.Matches):
                raise CannotTake("PRIORITY by anything but listed values")
            against = to.term(test.expression, scope)
            if value.sort is against.sort and to.made.same_constant(value, against):
                place = number
                break
        places.append(place)
    return tuple(places)


def _outcome(rules: Sequence[int]) -> Outcome:
    return Outcome(
        rules=np.array(rules, dtype=np.intp), errors=np.zeros(len(rules), dtype=np.int16)
    )


def _refused(outcome: Outcome, is_wrong: npt.NDArray[np.bool_], reason: str) -> Outcome:
    outcome.rules[is_wrong] = NO_RULE
    outcome.reasons.append(reason)
    outcome.errors[is_wrong] = len(outcome.reasons)
    return outcome


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _cannot(
    _to: Translator, written: model.DecisionTable, _walk: matching.Walk, _scope: Scope
) -> Outcome:
    raise CannotTake(f"the hit policy {written.hit_policy.value}, which gives a list")


Policy = Callable[[Translator, model.DecisionTable, matching.Walk, Scope], Outcome]

_POLICIES: dict[model.HitPolicy, Policy] = {
    model.HitPolicy.UNIQUE: _unique,
    model.HitPolicy.ANY: _any,
    model.HitPolicy.FIRST: _first,
    model.HitPolicy.PRIORITY: _priority,
    model.HitPolicy.RULE_ORDER: _cannot,
    model.HitPolicy.OUTPUT_ORDER: _cannot,
}

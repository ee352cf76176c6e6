"""Literals, names, arithmetic, comparison and logic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from fisc.dmn.feel import arithmetic, calendar, comparison, properties, syntax, types
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.comparison import Truth
from fisc.dmn.feel.functions import builtins
from fisc.dmn.feel.programs import calls
from fisc.dmn.feel.programs.compiling import Surroundings, constant, makes, program
from fisc.dmn.feel.programs.frames import MISSING, Frame, Program
from fisc.dmn.feel.values import Value


@makes(syntax.NumberLiteral)
def _number(node: syntax.NumberLiteral, _: Surroundings) -> Program:
    return constant(node.value)


@makes(syntax.StringLiteral)
def _string(node: syntax.StringLiteral, _: Surroundings) -> Program:
    return constant(node.value)


@makes(syntax.BooleanLiteral)
def _boolean(node: syntax.BooleanLiteral, _: Surroundings) -> Program:
    return constant(node.value)


@makes(syntax.NullLiteral)
def _null(_: syntax.NullLiteral, __: Surroundings) -> Program:
    return constant(None)


@makes(syntax.Unreadable)
def _unreadable(node: syntax.Unreadable, _: Surroundings) -> Program:
    def run(frame: Frame) -> Value:
        frame.evaluation.null(node.problem)

    return run


@makes(syntax.AtLiteral)
def _at_literal(node: syntax.AtLiteral, _: Surroundings) -> Program:
    value = calendar.read_any(node.text)
    if value is not None:
        return constant(value)

    def run(frame: Frame) -> Value:
        frame.evaluation.null(f'@"{node.text}" is no date, time or duration')

    return run


@makes(syntax.Name)
def _name(node: syntax.Name, _: Surroundings) -> Program:
    name = node.name
    is_builtin = bool(builtins.declarations(name))

    def run(frame: Frame) -> Value:
        values = frame.values
        if name in values:
            return values[name]
        found = frame.look_up(name)
        if found is not MISSING:
            return found
        if is_builtin:
            return calls.builtin_as_value(name, frame.evaluation)
        frame.evaluation.null(f'Nothing is named "{name}" here')
        return None

    return run


@makes(syntax.Path)
def _path(node: syntax.Path, surroundings: Surroundings) -> Program:
    source, member = program(node.source, surroundings), node.member

    def run(frame: Frame) -> Value:
        value = source(frame)
        found = properties.member(value, member)
        if found is None and type(value) is not list and not properties.has_member(value, member):
            frame.evaluation.null(f'A {kinds.kind(value)} has no "{member}"')
        return found

    return run


# --- Arithmetic ----------------------------------------------------------------------------------

_ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}


@makes(syntax.Arithmetic)
def _arithmetic(node: syntax.Arithmetic, surroundings: Surroundings) -> Program:
    left = program(node.left, surroundings)
    right = program(node.right, surroundings)
    operation, operator = _ARITHMETIC[node.operator], node.operator

    def run(frame: Frame) -> Value:
        one, other = left(frame), right(frame)
        result = operation(one, other)
        if result is None:
            frame.evaluation.null(_no_result(operator, one, other))
        elif type(result) is str:
            frame.evaluation.weigh(result)
        return result

    return run


def _no_result(operator: str, one: Value, other: Value) -> str:
    if operator == "/" and isinstance(other, Decimal) and not other:
        return "Division by zero has no result"
    return f"{kinds.kind(one)} {operator} {kinds.kind(other)} has no result"


@makes(syntax.Negation)
def _negation(node: syntax.Negation, surroundings: Surroundings) -> Program:
    operand = program(node.operand, surroundings)
    if isinstance(node.operand, syntax.NumberLiteral):
        return constant(arithmetic.negate(node.operand.value))

    def run(frame: Frame) -> Value:
        value = operand(frame)
        result = arithmetic.negate(value)
        if result is None:
            frame.evaluation.null(f"A {kinds.kind(value)} has no negative")
        return result

    return run


# --- Comparison ----------------------------------------------------------------------------------


def _unequal(left: Value, right: Value) -> Truth:
    answer = comparison.equal(left, right)
    return None if answer is None else not answer


def _greater(left: Value, right: Value) -> Truth:
    return comparison.less(right, left)


def _greater_or_equal(left: Value, right: Value) -> Truth:
    return comparison.less_or_equal(right, left)


COMPARISONS: dict[str, Callable[[Value, Value], Truth]] = {
    "=": comparison.equal,
    "!=": _unequal,
    "<": comparison.less,
    "<=": comparison.less_or_equal,
    ">": _greater,
    ">=": _greater_or_equal,
}


@makes(syntax.Comparison)
def _comparison(node: syntax.Comparison, surroundings: Surroundings) -> Program:
    left = program(node.left, surroundings)
    right = program(node.right, surroundings)
    compare, operator = COMPARISONS[node.operator], node.operator

    def run(frame: Frame) -> Value:
        one, other = left(frame), right(frame)
        answer = compare(one, other)
        if answer is None:
            frame.evaluation.null(
                f"{kinds.kind(one)} {operator} {kinds.kind(other)} cannot be answered"
            )
        return answer

    return run


@makes(syntax.Between)
def _between(node: syntax.Between, surroundings: Surroundings) -> Program:
    value = program(node.value, surroundings)
    low = program(node.low, surroundings)
    high = program(node.high, surroundings)

    def run(frame: Frame) -> Value:
        return comparison.between(value(frame), low(frame), high(frame))

    return run


@makes(syntax.InstanceOf)
def _instance_of(node: syntax.InstanceOf, surroundings: Surroundings) -> Program:
    value = program(node.value, surroundings)
    wanted = types.resolve(node.type, surroundings.types)

    def run(frame: Frame) -> Value:
        if wanted is None:
            frame.evaluation.null("The type after “instance of” is unknown")
            return None
        return types.is_instance(value(frame), wanted)

    return run


# --- Logic ---------------------------------------------------------------------------------------


@makes(syntax.Conjunction)
def _conjunction(node: syntax.Conjunction, surroundings: Surroundings) -> Program:
    left = program(node.left, surroundings)
    right = program(node.right, surroundings)

    def run(frame: Frame) -> Value:
        one = left(frame)
        if one is False:
            return False
        other = right(frame)
        if other is False:
            return False
        return True if one is True and other is True else None

    return run


@makes(syntax.Disjunction)
def _disjunction(node: syntax.Disjunction, surroundings: Surroundings) -> Program:
    left = program(node.left, surroundings)
    right = program(node.right, surroundings)

    def run(frame: Frame) -> Value:
        one = left(frame)
        if one is True:
            return True
        other = right(frame)
        if other is True:
            return True
        return False if one is False and other is False else None

    return run

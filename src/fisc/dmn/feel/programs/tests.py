"""Tests: the cells of a table's conditions, allowed values, and what follows `in`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from fisc.dmn.feel import comparison, syntax
from fisc.dmn.feel.comparison import Truth
from fisc.dmn.feel.programs.compiling import (
    Surroundings,
    makes,
    makes_test,
    program,
    test_program,
)
from fisc.dmn.feel.programs.frames import Frame, Program, TestProgram
from fisc.dmn.feel.programs.operators import COMPARISONS
from fisc.dmn.feel.values import Range, Value

CellProgram = Callable[[Value, Frame], bool]


@makes(syntax.In)
def _in(node: syntax.In, surroundings: Surroundings) -> Program:
    value = program(node.value, surroundings)
    tests = [test_program(test, surroundings) for test in node.tests]

    def run(frame: Frame) -> Value:
        looked_at = value(frame)
        answer: Truth = False
        for test in tests:
            holds = test(looked_at, frame)
            if holds is True:
                return True
            if holds is None:
                answer = None
        return answer

    return run


@makes_test(syntax.Compared)
def _compared(node: syntax.Compared, surroundings: Surroundings) -> TestProgram:
    compare = COMPARISONS[node.operator]
    operand = program(node.operand, surroundings)
    if isinstance(node.operand, syntax.NumberLiteral):
        limit = node.operand.value

        def run_number(value: Value, _: Frame) -> Truth:
            return compare(value, limit)

        return run_number

    def run(value: Value, frame: Frame) -> Truth:
        return compare(value, operand(frame))

    return run


@makes_test(syntax.Matches)
def _matches(node: syntax.Matches, surroundings: Surroundings) -> TestProgram:
    expression = program(node.expression, surroundings)
    if node.mentions_input:

        def run_condition(value: Value, frame: Frame) -> Truth:
            answer = expression(frame.inner({"?": value}))
            return answer if isinstance(answer, bool) else None

        return run_condition
    literal = _literal(node.expression)
    if literal is not None:
        return _equals_literal(literal)

    is_range = isinstance(node.expression, syntax.RangeLiteral)
    limits = _literal_range(node.expression)
    if limits is not None:
        return _lies_in(limits)

    def run(value: Value, frame: Frame) -> Truth:
        wanted = expression(frame)
        # A range that could not be made answers nothing; it is not the value null.
        return None if wanted is None and is_range else matches(value, wanted)

    return run


def _literal(expression: syntax.Expression) -> Value:
    if isinstance(expression, syntax.NumberLiteral | syntax.StringLiteral):
        return expression.value
    return None


def _literal_range(expression: syntax.Expression) -> Range | None:
    """The range that two plain numbers write, so that it is made only once."""
    if not isinstance(expression, syntax.RangeLiteral):
        return None
    low, high = expression.low, expression.high
    if not isinstance(low, syntax.NumberLiteral) or not isinstance(high, syntax.NumberLiteral):
        return None
    return Range(
        low.value,
        high.value,
        expression.includes_low,
        expression.includes_high,
        expression.equality,
    )


def _lies_in(limits: Range) -> TestProgram:
    def run(value: Value, _: Frame) -> Truth:
        return matches(value, limits)

    return run


def _equals_literal(literal: Decimal | str) -> TestProgram:
    kind = type(literal)

    def run(value: Value, _: Frame) -> Truth:
        return value == literal if type(value) is kind else comparison.equal(value, literal)

    return run


def matches(value: Value, wanted: Value) -> Truth:
    """Whether a value is another, or is in it when that is a list or a range."""
    if type(wanted) is list:
        if type(value) is list and comparison.is_same(value, wanted):
            return True
        return any(_is_or_is_in(value, each) for each in wanted)
    if isinstance(wanted, Range) and not isinstance(value, Range):
        return comparison.is_in(value, wanted)
    return comparison.equal(value, wanted)


def _is_or_is_in(value: Value, wanted: Value) -> bool:
    if isinstance(wanted, Range) and not isinstance(value, Range):
        return comparison.is_in(value, wanted) is True
    return comparison.is_same(value, wanted)


def cell(tests: syntax.UnaryTests, surroundings: Surroundings) -> CellProgram | None:
    """Make a cell ready: whether a value passes it. None for the dash, which all pass."""
    if tests.is_anything:
        return None
    programs = [test_program(test, surroundings) for test in tests.tests]
    if len(programs) == 1 and not tests.is_negated:
        return _only(programs[0])
    if not tests.is_negated:

        def run_any(value: Value, frame: Frame) -> bool:
            return any(test(value, frame) is True for test in programs)

        return run_any

    def run_none(value: Value, frame: Frame) -> bool:
        # A test without an answer is no proof that the value is something else.
        return all(test(value, frame) is False for test in programs)

    return run_none


def _only(test: TestProgram) -> CellProgram:
    def run(value: Value, frame: Frame) -> bool:
        return test(value, frame) is True

    return run

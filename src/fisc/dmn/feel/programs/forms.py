"""Conditions, loops, filters, lists and contexts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from fisc.dmn.feel import calendar, comparison, numbers, syntax
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.programs.compiling import Surroundings, constant, makes, program
from fisc.dmn.feel.programs.frames import Frame, Program
from fisc.dmn.feel.values import FarDate, Range, Value


@makes(syntax.If)
def _if(node: syntax.If, surroundings: Surroundings) -> Program:
    condition = program(node.condition, surroundings)
    then = program(node.then, surroundings)
    otherwise = program(node.otherwise, surroundings)

    def run(frame: Frame) -> Value:
        return then(frame) if condition(frame) is True else otherwise(frame)

    return run


@makes(syntax.ListLiteral)
def _list(node: syntax.ListLiteral, surroundings: Surroundings) -> Program:
    items = [program(item, surroundings) for item in node.items]

    def run(frame: Frame) -> Value:
        return [item(frame) for item in items]

    return run


@makes(syntax.ContextLiteral)
def _context(node: syntax.ContextLiteral, surroundings: Surroundings) -> Program:
    entries = [(entry.name, program(entry.value, surroundings)) for entry in node.entries]

    def run(frame: Frame) -> Value:
        values: dict[str, Value] = {}
        inner = frame.inner(values)
        for name, value in entries:
            values[name] = value(inner)
        return dict(values)

    return run


@makes(syntax.RangeLiteral)
def _range(node: syntax.RangeLiteral, surroundings: Surroundings) -> Program:
    low = constant(None) if node.low is None else program(node.low, surroundings)
    high = constant(None) if node.high is None else program(node.high, surroundings)
    has_low, has_high = node.low is not None, node.high is not None
    includes_low, includes_high = node.includes_low, node.includes_high
    equality = node.equality

    def run(frame: Frame) -> Value:
        start, end = low(frame), high(frame)
        if (start is None and has_low) or (end is None and has_high):
            frame.evaluation.null("A range has no value for one of its ends")
            return None
        if start is not None and end is not None and comparison.compare(start, end) is None:
            frame.evaluation.null(
                f"A range cannot go from {kinds.kind(start)} to {kinds.kind(end)}"
            )
            return None
        return Range(start, end, includes_low, includes_high, equality)

    return run


# --- Loops ---------------------------------------------------------------------------------------


def _domain(
    iteration: syntax.Iteration, surroundings: Surroundings
) -> tuple[str, Program, Program | None]:
    until = None if iteration.until is None else program(iteration.until, surroundings)
    return iteration.variable, program(iteration.source, surroundings), until


def _items(source: Program, until: Program | None, frame: Frame) -> Iterator[Value] | None:
    value = source(frame)
    if until is not None:
        return _steps(Range(value, until(frame), includes_low=True, includes_high=True))
    return items_of(value)


def items_of(value: Value) -> Iterator[Value] | None:
    """What a loop over a value goes through; None when it cannot be gone through."""
    if isinstance(value, Range):
        # A range runs upward; only `5..1` written out in the loop runs down.
        return None if comparison.less(value.high, value.low) else _steps(value)
    if value is None:
        return None
    return iter(value) if type(value) is list else iter([value])


def _steps(over: Range) -> Iterator[Value] | None:
    low, high = over.low, over.high
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        start, end = numbers.whole(low), numbers.whole(high)
        make = _number_at
    elif isinstance(low, datetime.date | FarDate) and isinstance(high, datetime.date | FarDate):
        start, end = calendar.day_number(low), calendar.day_number(high)
        make = calendar.from_day_number
    else:
        return None
    if start is None or end is None:
        return None
    step = 1 if start <= end else -1
    first = start if over.includes_low else start + step
    last = end if over.includes_high else end - step
    return map(make, range(first, last + step, step))


def _number_at(number: int) -> Value:
    return Decimal(number)


class Unbounded(Exception):
    """A loop has nothing to go over."""


def _frames(
    domains: list[tuple[str, Program, Program | None]], frame: Frame, index: int = 0
) -> Iterator[Frame]:
    """One frame for each combination of the loops' items, the last loop turning fastest."""
    variable, source, until = domains[index]
    items = _items(source, until, frame)
    if items is None:
        raise Unbounded
    for item in items:
        frame.evaluation.step()
        inner = frame.inner({variable: item})
        if index + 1 < len(domains):
            yield from _frames(domains, inner, index + 1)
        else:
            yield inner


@makes(syntax.For)
def _for(node: syntax.For, surroundings: Surroundings) -> Program:
    domains = [_domain(iteration, surroundings) for iteration in node.iterations]
    result = program(node.result, surroundings)
    asks_partial = any(
        isinstance(each, syntax.Name) and each.name == "partial"
        for each in syntax.walk(node.result)
    )

    def turn(inner: Frame, results: list[Value]) -> Value:
        # The results so far as they are at this turn, not as they grow later.
        return result(inner.inner({"partial": list(results)}) if asks_partial else inner)

    def run(frame: Frame) -> Value:
        results: list[Value] = []
        try:
            for inner in _frames(domains, frame):
                results += [turn(inner, results)]
        except Unbounded:
            frame.evaluation.null("“for” has nothing to go over")
            return None
        return results

    return run


@makes(syntax.Quantified)
def _quantified(node: syntax.Quantified, surroundings: Surroundings) -> Program:
    domains = [_domain(iteration, surroundings) for iteration in node.iterations]
    condition = program(node.condition, surroundings)
    # "some" is settled by one true, "every" by one false.
    settling = node.quantifier == "some"

    def run(frame: Frame) -> Value:
        answer: Value = not settling
        try:
            for inner in _frames(domains, frame):
                holds = condition(inner)
                if holds is settling:
                    return settling
                if not isinstance(holds, bool):
                    answer = None
        except Unbounded:
            frame.evaluation.null(f"“{node.quantifier}” has nothing to go over")
            return None
        return answer

    return run


# --- Filters -------------------------------------------------------------------------------------


@makes(syntax.Filter)
def _filter(node: syntax.Filter, surroundings: Surroundings) -> Program:
    source = program(node.source, surroundings)
    condition = program(node.condition, surroundings)

    def run(frame: Frame) -> Value:
        value = source(frame)
        items = value if type(value) is list else [] if value is None else [value]
        return filtered(items, condition, frame)

    return run


def filtered(items: list[Value], condition: Program, frame: Frame) -> Value:
    """The items a condition holds for, or the one at a position."""
    kept = []
    if not items and isinstance(_quietly(condition, frame), Decimal):
        return None
    for index, item in enumerate(items):
        frame.evaluation.step()
        answer = condition(item_frame(item, frame))
        if isinstance(answer, Decimal) and index == 0:
            return at_position(items, answer, frame)
        if answer is True:
            kept.append(item)
    return kept


def _quietly(condition: Program, frame: Frame) -> Value:
    before = len(frame.evaluation.reasons)
    answer = condition(frame)
    del frame.evaluation.reasons[before:]
    return answer


def item_frame(item: Value, frame: Frame) -> Frame:
    """The frame a filter's condition sees: the item, and its entries when it is a context."""
    if type(item) is dict:
        return frame.inner({"item": item, **item})
    return frame.inner({"item": item})


def at_position(items: list[Value], position: Decimal, frame: Frame) -> Value:
    whole = numbers.whole(position)
    if whole is None or whole == 0 or abs(whole) > len(items):
        frame.evaluation.null(f"A list of {len(items)} has nothing at {numbers.text(position)}")
        return None
    return items[whole - 1] if whole > 0 else items[whole]

"""Functions of lists: their parts, their sums, their order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from decimal import Decimal

from fisc.dmn.feel import comparison, numbers
from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.functions.registry import function
from fisc.dmn.feel.values import Function, Value

LONGEST_LIST = 1_000_000


def _contains(items: list[Value], wanted: Value) -> bool:
    return any(comparison.is_same(item, wanted) for item in items)


@function("list contains", "list: list, element: any")
def list_contains(items: list[Value], element: Value) -> bool:
    return _contains(items, element)


@function("count", "list: list")
def count(items: list[Value]) -> Decimal:
    return Decimal(len(items))


@function("sublist", "list: list, start position: number, length: number? = _")
def sublist(
    items: list[Value], start: Decimal, length: Decimal | None = None
) -> list[Value] | None:
    index = _index(items, start)
    if index is None or (length is not None and length < 0):
        return None
    if length is None:
        return items[index:]
    wanted = int(length)
    return items[index : index + wanted] if index + wanted <= len(items) else None


def _index(items: list[Value], position: Decimal) -> int | None:
    """The index of a position counted from 1, or from the end when negative."""
    whole = int(position) if abs(position) <= LONGEST_LIST else 0
    if not whole or abs(whole) > len(items):
        return None
    return whole - 1 if whole > 0 else len(items) + whole


@function("append", "list: list, *item: any")
def append(items: list[Value], *more: Value) -> list[Value]:
    return [*items, *more]


@function("concatenate", "*list: list", needs_evaluation=True)
def concatenate(evaluation: Evaluation, *lists: list[Value]) -> list[Value]:
    return _joined(evaluation, lists)


def _joined(evaluation: Evaluation, lists: Sequence[list[Value]]) -> list[Value]:
    evaluation.step(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


@function("insert before", "list: list, position: number, newItem: any")
def insert_before(items: list[Value], position: Decimal, new: Value) -> list[Value] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], new, *items[index:]]


@function("remove", "list: list, position: number")
def remove(items: list[Value], position: Decimal) -> list[Value] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], *items[index + 1 :]]


@function("list replace", "list: list, position: number, newItem: any")
def replace_at(items: list[Value], position: Decimal, new: Value) -> list[Value] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


@function("list replace", "list: list, match: function, newItem: any")
def replace_matching(items: list[Value], match: Function, new: Value) -> list[Value] | None:
    if match.parameters is not None and len(match.parameters) != 2:
        return None
    answers = [match.call([item, new]) for item in items]
    if any(not isinstance(answer, bool) for answer in answers):
        return None
    return [new if answer else item for item, answer in zip(items, answers, strict=True)]


@function("reverse", "list: list")
def reverse(items: list[Value]) -> list[Value]:
    return items[::-1]


@function("index of", "list: list, match: any")
def index_of(items: list[Value], match: Value) -> list[Decimal]:
    return [Decimal(i) for i, item in enumerate(items, 1) if comparison.is_same(item, match)]


@function("union", "*list: list", needs_evaluation=True)
def union(evaluation: Evaluation, *lists: list[Value]) -> list[Value]:
    return _distinct(evaluation, _joined(evaluation, lists))


@function("distinct values", "list: list", needs_evaluation=True)
def distinct_values(evaluation: Evaluation, items: list[Value]) -> list[Value]:
    return _distinct(evaluation, items)


def _distinct(evaluation: Evaluation, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        evaluation.step(len(found))
        if not _contains(found, item):
            found.append(item)
    return found


@function("flatten", "list: list")
def flatten(items: list[Value]) -> list[Value]:
    flat: list[Value] = []
    for item in items:
        flat.extend(flatten(item) if isinstance(item, list) else [item])
    return flat


@function("sort", "list: list, precedes: function? = _", needs_evaluation=True)
def sort(
    evaluation: Evaluation, items: list[Value], precedes: Function | None = None
) -> list[Value] | None:
    if precedes is None:
        if any(comparison.compare(items[0], item) is None for item in items):
            return None
        return sorted(items, key=functools.cmp_to_key(_order))

    def order(left: Value, right: Value) -> int:
        evaluation.step()
        return -1 if precedes.call([left, right]) is True else 1

    return sorted(items, key=functools.cmp_to_key(order))


def _order(left: Value, right: Value) -> int:
    return comparison.compare(left, right) or 0


# --- Sums ----------------------------------------------------------------------------------------


def of_items(name: str, kind: str = "") -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a function that takes one list, or its items as arguments."""

    def declare(body: Callable[[list[Value]], Value]) -> Callable[..., Value]:
        def of_arguments(*items: Value) -> Value:
            return body(list(items)) if items else None

        function(name, "list: list")(body)
        function(name, f"*item: {kind or 'any'}")(of_arguments)
        return body

    return declare


def _all_numbers(items: Sequence[Value]) -> bool:
    return all(isinstance(item, Decimal) for item in items)


@of_items("min")
def minimum(items: list[Value]) -> Value:
    return _extreme(items, -1)


@of_items("max")
def maximum(items: list[Value]) -> Value:
    return _extreme(items, 1)


def _extreme(items: list[Value], sign: int) -> Value:
    if not items:
        return None
    best = items[0]
    for item in items:
        order = comparison.compare(item, best)
        if order is None:
            return None
        if order * sign > 0:
            best = item
    return best


@of_items("sum")
def total(items: list[Value]) -> Value:
    if not items or not _all_numbers(items):
        return None
    return numbers.finite(functools.reduce(numbers.CONTEXT.add, items))


@of_items("product")
def product(items: list[Value]) -> Value:
    if not items or not _all_numbers(items):
        return None
    return numbers.finite(functools.reduce(numbers.CONTEXT.multiply, items))


@of_items("mean")
def mean(items: list[Value]) -> Value:
    whole = total(items)
    return None if whole is None else numbers.CONTEXT.divide(whole, Decimal(len(items)))


@of_items("median")
def median(items: list[Value]) -> Value:
    if not items or not _all_numbers(items):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1 : middle + 1])


@of_items("stddev")
def standard_deviation(items: list[Value]) -> Value:
    average = mean(items)
    if average is None or len(items) < 2:
        return None
    context = numbers.CONTEXT
    gaps = [context.subtract(item, average) for item in items]
    squares = functools.reduce(context.add, [context.multiply(gap, gap) for gap in gaps])
    return context.sqrt(context.divide(squares, Decimal(len(items) - 1)))


@of_items("mode")
def mode(items: list[Value]) -> Value:
    if not _all_numbers(items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


@of_items("all")
def all_true(items: list[Value]) -> bool | None:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@of_items("any")
def any_true(items: list[Value]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None

"""FEEL's own functions that columns have an exact form for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fisc.dmn.columns.terms import CannotTake, Sort, Term
from fisc.dmn.columns.values import Scope, must_be
from fisc.dmn.feel import calendar, syntax

if TYPE_CHECKING:
    from fisc.dmn.columns.expressions import Translator

Arguments = tuple[syntax.Expression, ...]
BuiltIn = Callable[["Translator", Arguments, Scope], Term]


def _rounding(mode: str) -> BuiltIn:
    def build(to: Translator, arguments: Arguments, scope: Scope) -> Term:
        if len(arguments) != 2:
            raise CannotTake("a rounding without a number of decimals")
        return to.rounding(mode, arguments, scope, scale=0)

    return build


def _whole(mode: str) -> BuiltIn:
    def build(to: Translator, arguments: Arguments, scope: Scope) -> Term:
        return to.rounding(mode, arguments, scope, scale=0)

    return build


def _minimum(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    return to.made.extreme("minimum", *to.listed(arguments, scope))


def _maximum(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    return to.made.extreme("maximum", *to.listed(arguments, scope))


def _sum(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    first, *others = to.listed(arguments, scope)
    result = must_be(first, Sort.NUMBER)
    for each in others:
        result = to.made.add(result, must_be(each, Sort.NUMBER))
    return result


def _absolute(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    (argument,) = _exactly(1, arguments)
    return to.made.absolute(to.number(argument, scope))


def _modulo(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    left, right = _exactly(2, arguments)
    return to.made.modulo(to.number(left, scope), to.number(right, scope))


def _not(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    (argument,) = _exactly(1, arguments)
    return to.made.negation(to.truth(argument, scope))


def _date(to: Translator, arguments: Arguments, scope: Scope) -> Term:
    if len(arguments) == 3:
        parts = [to.number(each, scope) for each in arguments]
        if all(each.is_constant and not each.is_null and not each.scale for each in parts):
            year, month, day = (each.detail for each in parts)
            return to.moment(calendar.date(year, month, day))
        raise CannotTake("a date made of numbers that differ from row to row")
    return to.moment(calendar.read_date(_written_text(arguments)))


def _duration(to: Translator, arguments: Arguments, _: Scope) -> Term:
    return to.moment(calendar.read_duration(_written_text(arguments)))


def _written_text(arguments: Arguments) -> str:
    (argument,) = _exactly(1, arguments)
    if not isinstance(argument, syntax.StringLiteral):
        raise CannotTake("a date or duration read from a text that differs from row to row")
    return argument.value


def _exactly(count: int, arguments: Arguments) -> Arguments:
    if len(arguments) != count:
        raise CannotTake("a function with another number of arguments than it has")
    return arguments


BUILT_INS: Mapping[str, BuiltIn] = {
    "decimal": _rounding("half even"),
    "round up": _rounding("up"),
    "round down": _rounding("down"),
    "round half up": _rounding("half up"),
    "round half down": _rounding("half down"),
    "floor": _whole("floor"),
    "ceiling": _whole("ceiling"),
    "min": _minimum,
    "max": _maximum,
    "sum": _sum,
    "abs": _absolute,
    "modulo": _modulo,
    "not": _not,
    "date": _date,
    "duration": _duration,
}

PARAMETERS: Mapping[tuple[str, int], tuple[str, ...]] = {
    **{
        (name, 2): ("n", "scale")
        for name in (
            "decimal", "round up", "round down", "round half up", "round half down", "floor",
            "ceiling",
        )
    },
    ("floor", 1): ("n",),
    ("ceiling", 1): ("n",),
    ("abs", 1): ("n",),
    ("modulo", 2): ("dividend", "divisor"),
    ("not", 1): ("negand",),
    ("date", 1): ("from",),
    ("date", 3): ("year", "month", "day"),
    ("duration", 1): ("from",),
}  # fmt: skip

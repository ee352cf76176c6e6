"""Quotients that are used before they are rounded, and the same written as one rounded division.

Thirty-four digits of a third are not a third: 210 times 1/28 is 7.4999…, and half a cent is lost.
One division at the end, rounded at once, is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fisc.dmn.columns import rule_values, types
from fisc.dmn.feel import syntax

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
_LEAF = 9


@dataclass(frozen=True, slots=True)
class Unrounded:
    """A quotient as written, and the expression around it rewritten; empty where none is known."""

    quotient: str
    rewrite: str


def unrounded(node: syntax.Node) -> Iterator[Unrounded]:
    """Every quotient of an expression that something other than a rounding takes up."""
    if isinstance(node, syntax.Call) and _rounds(node) and node.arguments:
        what = node.arguments[0]
        if inner := list(_quotients(what, is_rounded=True)):
            one = _one_quotient(what)
            whole = text(syntax.Call(node.function, (one, *node.arguments[1:])))
            yield from (Unrounded(text(each), whole if _is_one(one) else "") for each in inner)
        for argument in node.arguments[1:]:
            yield from unrounded(argument)
        return
    if isinstance(node, syntax.Arithmetic):
        if inner := list(_quotients(node, is_rounded=False)):
            one = _one_quotient(node)
            decimals = syntax.NumberLiteral(_CENTS)
            whole = text(syntax.Call(syntax.Name("round half up"), (one, decimals)))
            yield from (Unrounded(text(each), whole if _is_one(one) else "") for each in inner)
        return
    for child in syntax.children(node):
        yield from unrounded(child)


def _is_one(node: syntax.Expression) -> bool:
    """Whether a rounding around it would leave no quotient unrounded, and FEEL can be written."""
    return "…" not in text(node) and not list(_quotients(node, is_rounded=True))


_CENTS = Decimal(types.MONEY_SCALE)


def _quotients(node: syntax.Expression, *, is_rounded: bool) -> Iterator[syntax.Arithmetic]:
    """Quotients reached by arithmetic alone; the one that a rounding takes at once is left out."""
    if isinstance(node, syntax.Negation):
        yield from _quotients(node.operand, is_rounded=False)
    if not isinstance(node, syntax.Arithmetic):
        # What stands inside another form is looked at for itself.
        yield from _nested(node)
        return
    if node.operator == "/" and not is_rounded and not _is_exact(node):
        yield node
    yield from _quotients(node.left, is_rounded=False)
    yield from _quotients(node.right, is_rounded=False)


def _nested(node: syntax.Node) -> Iterator[syntax.Arithmetic]:
    if isinstance(node, syntax.Call) and _rounds(node):
        if node.arguments:
            yield from _quotients(node.arguments[0], is_rounded=True)
        return
    for child in syntax.children(node):
        if isinstance(child, syntax.Expression):
            yield from _quotients(child, is_rounded=False)
        else:
            yield from _nested(child)


def _is_exact(node: syntax.Arithmetic) -> bool:
    """Whether a division always comes out even: by 2, 5, 100 and so on."""
    if not isinstance(node.right, syntax.NumberLiteral) or not node.right.value:
        return False
    numerator, scale = types.scaled(node.right.value)
    return types.exact_quotient(10**scale, numerator) is not None


def _rounds(node: syntax.Call) -> bool:
    return (
        isinstance(node.function, syntax.Name)
        and node.function.name in rule_values.FIRST_ARGUMENT_ONLY
    )


# --- One division --------------------------------------------------------------------------------


def _one_quotient(node: syntax.Expression) -> syntax.Expression:
    numerator, divisor = _fraction(node)
    return numerator if divisor is None else syntax.Arithmetic("/", numerator, divisor)


def _fraction(
    node: syntax.Expression,
) -> tuple[syntax.Expression, syntax.Expression | None]:
    """An expression as a numerator and a divisor; None for a divisor of one."""
    if isinstance(node, syntax.Negation):
        numerator, divisor = _fraction(node.operand)
        return syntax.Negation(numerator), divisor
    if not isinstance(node, syntax.Arithmetic) or node.operator == "**":
        return node, None
    if node.operator == "/" and _is_exact(node):
        return node, None
    (a, b), (c, d) = _fraction(node.left), _fraction(node.right)
    if node.operator == "*":
        return _times(a, c), _product(b, d)
    if node.operator == "/":
        return _times(a, d), _product(b, c)
    if b == d:
        return syntax.Arithmetic(node.operator, a, c), b
    return syntax.Arithmetic(node.operator, _times(a, d), _times(c, b)), _product(b, d)


def _times(one: syntax.Expression, other: syntax.Expression | None) -> syntax.Expression:
    return one if other is None else syntax.Arithmetic("*", one, other)


def _product(
    one: syntax.Expression | None, other: syntax.Expression | None
) -> syntax.Expression | None:
    return other if one is None else _times(one, other)


# --- Text ----------------------------------------------------------------------------------------


def text(node: syntax.Node | None) -> str:
    """An expression as FEEL; `…` for a form that sums rarely have."""
    return _written(node)[0]


def _written(node: syntax.Node | None) -> tuple[str, int]:
    """The text, and how strongly it holds together."""
    if isinstance(node, syntax.Negation):
        return f"-{_within(node.operand, _LEAF)}", _LEAF - 1
    if isinstance(node, syntax.Arithmetic):
        own = _STRENGTH[node.operator]
        # What stands right of `-` and `/` keeps its parentheses, as does what was grouped.
        left, right = _within(node.left, own), _within(node.right, own + 1)
        return f"{left} {node.operator} {right}", own
    if isinstance(node, syntax.If):
        condition, then = text(node.condition), text(node.then)
        return f"if {condition} then {then} else {text(node.otherwise)}", 0
    if isinstance(node, syntax.Comparison):
        return f"{text(node.left)} {node.operator} {text(node.right)}", 0
    return _leaf(node), _LEAF


def _leaf(node: syntax.Node | None) -> str:
    if isinstance(node, syntax.NumberLiteral):
        return f"{node.value:f}"
    if isinstance(node, syntax.StringLiteral):
        return f'"{node.value}"'
    if isinstance(node, syntax.NullLiteral):
        return "null"
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Path):
        return f"{_within(node.source, _LEAF)}.{node.member}"
    if isinstance(node, syntax.Call):
        return f"{text(node.function)}({', '.join(map(text, node.arguments))})"
    return "…"


def _within(node: syntax.Expression, least: int) -> str:
    written, strength = _written(node)
    return written if strength >= least else f"({written})"

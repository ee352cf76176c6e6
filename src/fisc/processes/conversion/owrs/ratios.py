"""Formulas as FEEL text, exactly: constants that divide are kept apart and divide last.

`hhsize*gpcd*days*(1/748)` becomes `hhsize * gpcd * days / 748`: one division, so that a rounding
around it sees the exact quotient, and columns can take it.
"""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from fisc.processes.conversion.owrs import formulas

# Products and sums of written constants are exact, or refused.
_EXACT = decimal.Context(prec=200, traps=[decimal.Inexact, decimal.InvalidOperation])

_SUM, _PRODUCT, _ATOM = 0, 1, 2
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Ratio:
    """FEEL text over a constant divisor; `is_exact` where no quotient without end is in it."""

    text: str
    divisor: Decimal = _ONE
    level: int = _ATOM
    is_exact: bool = True
    # The value of the text, where it is a written number.
    constant: Decimal | None = None

    @property
    def feel(self) -> str:
        """The whole as FEEL text."""
        if self.divisor == _ONE:
            return self.text
        return f"{self.at(_PRODUCT)} / {number_text(self.divisor)}"

    @property
    def factor(self) -> str:
        """The whole as FEEL text that may stand beside a times sign."""
        return self.at(_PRODUCT) if self.divisor == _ONE else f"({self.feel})"

    @property
    def ends(self) -> bool:
        """Whether its value has an end wherever the values of its names have."""
        return self.is_exact and _divides_evenly(self.divisor)

    def at(self, level: int) -> str:
        """The text alone, in parentheses where it binds less than the level asked for."""
        return self.text if self.level >= level else f"({self.text})"


class Resolver(Protocol):
    """How a name becomes FEEL; it may be written out where its value is rounded at once."""

    def __call__(self, name: str, *, is_rounded: bool) -> Ratio:
        """Return the FEEL of a name."""


def of(node: formulas.Node, *, resolve: Resolver) -> Ratio:
    """Turn a formula into FEEL text; `resolve` gives a name's, and knows whether it is rounded."""
    if isinstance(node, formulas.Number):
        return of_number(node.value)
    if isinstance(node, formulas.Name):
        return resolve(node.name, is_rounded=False)
    if isinstance(node, formulas.Negative):
        return _product(of_number(Decimal(-1)), of(node.operand, resolve=resolve))
    if isinstance(node, formulas.Rounded):
        if isinstance(node.operand, formulas.Name):
            return rounded(resolve(node.operand.name, is_rounded=True))
        return rounded(of(node.operand, resolve=resolve))
    left, right = of(node.left, resolve=resolve), of(node.right, resolve=resolve)
    if node.sign == "*":
        return _product(left, right)
    if node.sign == "/":
        return _quotient(left, right)
    return _sum(node.sign, left, right)


def of_number(value: Decimal) -> Ratio:
    """A written number."""
    level = _ATOM if value >= 0 else _PRODUCT
    return Ratio(number_text(value), level=level, constant=value)


def rounded(inner: Ratio) -> Ratio:
    """To a whole unit, halves to the even one; a written number is rounded at once."""
    if inner.constant is not None and inner.divisor == _ONE:
        return of_number(inner.constant.quantize(_ONE, rounding=decimal.ROUND_HALF_EVEN))
    return Ratio(f"decimal({inner.feel}, 0)")


def times(factor: Decimal, inner: Ratio) -> Ratio:
    """A constant times something."""
    return _product(of_number(factor), inner)


def less_one(inner: Ratio) -> Ratio:
    """One less."""
    return _sum("-", inner, of_number(_ONE))


def number_text(value: Decimal) -> str:
    """A number as FEEL writes it: no exponent, a digit before the point."""
    return format(value, "f")


def _product(left: Ratio, right: Ratio) -> Ratio:
    divisor = _EXACT.multiply(left.divisor, right.divisor)
    is_exact = left.is_exact and right.is_exact
    if left.constant is not None and right.constant is not None:
        value = _EXACT.multiply(left.constant, right.constant)
        return Ratio(
            number_text(value), divisor, _ATOM if value >= 0 else _PRODUCT, is_exact, value
        )
    for one, other in ((left, right), (right, left)):
        if one.constant == _ONE:
            return Ratio(other.text, divisor, other.level, is_exact)
    text = f"{left.at(_PRODUCT)} * {right.at(_ATOM if right.text.startswith('-') else _PRODUCT)}"
    return Ratio(text, divisor, _PRODUCT, is_exact)


def _quotient(left: Ratio, right: Ratio) -> Ratio:
    if right.constant is not None and right.constant != 0:
        value = Ratio(
            left.text, _EXACT.multiply(left.divisor, right.constant), left.level, left.is_exact,
            left.constant,
        )  # fmt: skip
        return _product(value, of_number(right.divisor))
    if right.constant is not None:
        raise formulas.FormulaIsWrong("something is divided by zero")
    above = _product(Ratio(left.text, _ONE, left.level), of_number(right.divisor))
    text = f"{above.at(_PRODUCT)} / ({right.text})"
    return Ratio(text, left.divisor, _PRODUCT, is_exact=False)


def _sum(sign: str, left: Ratio, right: Ratio) -> Ratio:
    divisor = left.divisor
    if left.divisor != right.divisor:
        divisor = _EXACT.multiply(left.divisor, right.divisor)
        left, right = times(right.divisor, left), times(left.divisor, right)
    right_text = right.text if sign == "+" and right.level >= _SUM else right.at(_PRODUCT)
    if right_text.startswith("-"):
        right_text = f"({right_text})"
    text = f"{left.text} {sign} {right_text}"
    return Ratio(text, divisor, _SUM, left.is_exact and right.is_exact)


def _divides_evenly(divisor: Decimal) -> bool:
    numerator = abs(divisor.as_integer_ratio()[0])
    for prime in (2, 5):
        while numerator % prime == 0:
            numerator //= prime
    return numerator == 1

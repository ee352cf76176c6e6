"""What goes in and out of a compiled model: declared names, and columns of whole numbers.

A number is held in units of its last decimal: 1.250 kgal declared with scale 3 is 1250, an amount
of money is whole cents. A date is the number of days since 1 January 1970. A code is its place in
the column's dictionary of texts.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt

MONEY_SCALE = 2
FIRST_DAY = datetime.date(1970, 1, 1)

# The most digits that DMN computes with; such a number stays below ten to the 34th.
MOST_DIGITS = 34
TOO_LARGE = 10**MOST_DIGITS
# The most decimals that anything may be declared with.
MOST_DECIMALS = 30


class Kind(enum.StrEnum):
    """What a declared name holds."""

    MONEY = "money"
    NUMBER = "number"
    QUANTITY = "quantity"
    BOOLEAN = "boolean"
    CODE = "code"
    TEXT = "text"
    DATE = "date"


NUMERIC = frozenset({Kind.MONEY, Kind.NUMBER, Kind.QUANTITY})
TEXTUAL = frozenset({Kind.CODE, Kind.TEXT})

Bound = Decimal | int | datetime.date


class DeclarationIsWrong(ValueError):
    """A declared input or output says something about itself that cannot hold."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A named input or output of a decision point.

    `low` and `high` are inclusive and written as a person would: `Decimal("0.5")` kgal, a date.
    `codes` is the whole list a code may come from; without it any text may appear.
    """

    name: str
    kind: Kind
    scale: int = 0
    low: Bound | None = None
    high: Bound | None = None
    codes: tuple[str, ...] | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.kind is Kind.MONEY:
            object.__setattr__(self, "scale", MONEY_SCALE)
        if not 0 <= self.scale <= MOST_DECIMALS:
            raise DeclarationIsWrong(
                f"“{self.name}”: a scale is 0 to {MOST_DECIMALS}, not {self.scale}."
            )
        if self.low_units > self.high_units:
            raise DeclarationIsWrong(
                f"“{self.name}”: the lowest value {self.low} is above the highest, {self.high}."
            )

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def is_textual(self) -> bool:
        return self.kind in TEXTUAL

    @property
    def low_units(self) -> int:
        """The lowest value as the column holds it; the lowest of 34 digits where none is given."""
        if self.low is None:
            lowest = units(datetime.date.min, scale=0)
            return lowest if self.kind is Kind.DATE else 1 - TOO_LARGE
        return units(self.low, scale=self.scale)

    @property
    def high_units(self) -> int:
        """The highest value as the column holds it; the highest of 34 digits by default."""
        if self.high is None:
            highest = units(datetime.date.max, scale=0)
            return highest if self.kind is Kind.DATE else TOO_LARGE - 1
        return units(self.high, scale=self.scale)


@dataclass(frozen=True, slots=True)
class Column:
    """One value a row: `values` as int64, Python ints, or bool; `nulls` true where there is none.

    What `values` holds where `nulls` is true has no meaning. `texts` is the dictionary of a code.
    """

    values: npt.NDArray[np.generic]
    nulls: npt.NDArray[np.bool_] | None = None
    texts: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why some rows have no value: an input out of bounds, two rules where one may match."""

    where: str
    reason: str
    rows: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run over columns gives, row for row.

    `hits` has, by decision, the number of the rule that matched from 1, or 0 for none; for COLLECT
    a matrix of 64-bit words, rule n at bit (n - 1) % 64 of word (n - 1) // 64.
    """

    outputs: Mapping[str, Column]
    hits: Mapping[str, npt.NDArray[np.generic]]
    problems: tuple[Problem, ...] = ()
    # Rows that the case evaluator computed because a number in them passed 34 digits.
    rows_by_case: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def scaled(value: Decimal) -> tuple[int, int]:
    """A decimal as a whole number and the scale it stands on, trailing zeros dropped."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "a number written in a table is finite"
    number = int("".join(map(str, digits)))
    while exponent < 0 and number % 10 == 0:
        number //= 10
        exponent += 1
        if number == 0:
            exponent = 0
    if exponent > 0:
        number *= 10**exponent
        exponent = 0
    return (-number if sign else number), -exponent


def exact_quotient(numerator: int, divisor: int) -> tuple[int, int] | None:
    """A quotient as a whole number and its scale, where it has an end before 34 decimals."""
    for scale in range(MOST_DIGITS):
        whole, rest = divmod(numerator * 10**scale, divisor)
        if not rest:
            return whole, scale
    return None


def units(value: Bound, *, scale: int) -> int:
    """Turn a number or date as written into the whole number that a column holds.

    Raises DeclarationIsWrong when the number has more decimals than the scale keeps.
    """
    if isinstance(value, datetime.date):
        return (value - FIRST_DAY).days
    numerator, denominator = Decimal(value).as_integer_ratio()
    ten_to_scale: int = 10**scale
    whole, rest = divmod(numerator * ten_to_scale, denominator)
    if rest:
        raise DeclarationIsWrong(f"{value} has more decimals than the {scale} declared.")
    return whole

"""What stands in one place of a return as it is keyed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from fisc.basics import money
from fisc.domain.tax_returns.calculations import returns

_UNITS = re.compile(r"-?[0-9][0-9,]{0,14}(\.[0-9]{1,3})?")


@dataclass(slots=True)
class Cell:
    """One field: what stands in it, what is wrong with that, and what the version before has."""

    name: str
    text: str = ""
    was: str = ""
    wrong: list[str] = field(default_factory=list)
    is_first: bool = False
    # What is done about a figure as filed that comes out otherwise.
    note: str = ""

    def cents(self) -> int:
        """Read an amount; one that is none is said in the cell, and counts as nothing."""
        if not self.text:
            return 0
        try:
            return money.parsed(self.text)
        except money.NotAnAmount:
            self.wrong.append(
                _("“%(text)s” is no amount. Write dollars and cents, such as 1,234.56.")
                % {"text": self.text}
            )
            return 0

    def units(self) -> Decimal:
        """Read a number of gallons, rooms or nights; one that is none is said in the cell."""
        if not self.text:
            return Decimal(0)
        found = _UNITS.fullmatch(self.text)
        if found is None:
            self.wrong.append(
                _("“%(text)s” is no number of units. Write it with at most three decimals.")
                % {"text": self.text}
            )
            return Decimal(0)
        return Decimal(self.text.replace(",", ""))


@dataclass(slots=True)
class Asked:
    """A cell that the form has on a line, under the form's own name."""

    words: str
    cell: Cell
    kind: str


@dataclass(slots=True)
class Pair:
    """A deduction: its code and its amount."""

    code: Cell
    amount: Cell


@dataclass(slots=True)
class At:
    """A location: its code, and what of the line is of it."""

    code: Cell
    gross: Cell
    less: Cell
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was keyed of it."""
        return not (self.gross.text or self.less.text)

    @property
    def cells(self) -> Iterator[Cell]:
        """Give its cells."""
        yield from (self.code, self.gross, self.less)

    def read(self) -> returns.AtLocation:
        """Read what was keyed of it."""
        return returns.AtLocation(self.code.text, self.gross.cents(), self.less.cents())


@dataclass(slots=True)
class Figures:
    """What the tables give of a line, and what they gave of it in the version before."""

    taxable_cents: int
    rate: str
    tax_cents: int
    credit_cents: int

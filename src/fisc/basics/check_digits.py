"""Check digits: one method, with what differs between its users as parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle


class NotDigits(ValueError):
    """Something other than digits was to be checked."""


@dataclass(frozen=True, slots=True)
class Method:
    """Weigh each digit, add up, take the remainder of ten.

    `weights` repeat over the digits, from the left unless `from_right`. With `adds_digits` a
    product of 14 counts as 1 + 4. The check digit is what is missing to the next ten, or with
    `takes_remainder` the remainder itself.
    """

    weights: Sequence[int]
    from_right: bool = False
    adds_digits: bool = False
    takes_remainder: bool = False

    def weighed(self, digits: str) -> int:
        """Return the weighed sum. Raises NotDigits."""
        if not (digits.isascii() and digits.isdigit()):
            raise NotDigits(f"“{digits}” has something other than digits.")
        row = reversed(digits) if self.from_right else iter(digits)
        products = [int(digit) * weight for digit, weight in zip(row, cycle(self.weights))]
        if self.adds_digits:
            return sum(sum(divmod(product, 10)) for product in products)
        return sum(products)

    def check_digit(self, digits: str) -> str:
        """Return the digit that belongs after these. Raises NotDigits."""
        remainder = self.weighed(digits) % 10
        return str(remainder if self.takes_remainder else -remainder % 10)

    def is_right(self, digits: str) -> bool:
        """Tell whether the last digit is the check digit of those before it. Raises NotDigits."""
        return self.check_digit(digits[:-1]) == digits[-1:]


# Creditron's sample scanline: weights 2, 1 from the left, digits of a product added.
SCANLINE = Method(weights=(2, 1), adds_digits=True)
# What people see: the same from the right, so that the length does not matter.
VISIBLE_NUMBER = Method(weights=(2, 1), from_right=True, adds_digits=True)
# South Carolina's employer accounts: powers of two, the remainder is the digit.
SOUTH_CAROLINA = Method(weights=(2, 4, 8, 16, 32, 64), takes_remainder=True)
# Bank routing numbers: 3, 7, 1 from the left.
ROUTING_NUMBER = Method(weights=(3, 7, 1))

"""Numbers of rows written in bulk, and the numbers that people see.

A bulk row's number is made of its run (20 bits), chunk (12) and place (31), so that a chunk done
again after a kill makes the same rows. What people see is a counter sent through a permutation,
which makes it meaningless, with a check digit behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fisc.basics import check_digits

RUN_MAX = (1 << 20) - 1
CHUNK_MAX = (1 << 12) - 1
ORDINAL_MAX = (1 << 31) - 1
FIRST_BULK_ID = 1 << 43

Numbers = npt.NDArray[np.int64]


class NumberIsOutOfRange(ValueError):
    """A run, chunk, place or counter does not fit its bits."""


class NumberIsWrong(ValueError):
    """A number that somebody typed has a wrong length or check digit."""


def bulk_ids(*, run: int, chunk: int, count: int, first: int = 0) -> Numbers:
    """Return the numbers of `count` rows of a chunk, from place `first` on."""
    return bulk_id(run=run, chunk=chunk, ordinal=0) + np.arange(
        first, _within("place", first + count, ORDINAL_MAX), dtype=np.int64
    )


def bulk_id(*, run: int, chunk: int, ordinal: int) -> int:
    """Return the number of one row of a chunk. Raises NumberIsOutOfRange."""
    if run < 1:
        raise NumberIsOutOfRange(f"Runs are numbered from 1, not {run}.")
    _within("run", run, RUN_MAX)
    return (
        run << 43
        | _within("chunk", chunk, CHUNK_MAX) << 31
        | _within("place", ordinal, ORDINAL_MAX)
    )


def _within(what: str, number: int, most: int) -> int:
    if not 0 <= number <= most:
        raise NumberIsOutOfRange(f"A {what} is numbered 0 to {most:,}, not {number:,}.")
    return number


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers of `digits` digits, the first never 0, the last a check digit.

    The counter n becomes n * `multiplier` + `offset`, modulo how many there are: a permutation,
    since the multiplier shares no factor with 2, 3 or 5.
    """

    digits: int
    multiplier: int
    offset: int

    @property
    def count(self) -> int:
        """Return how many numbers there are."""
        count: int = 9 * 10 ** (self.digits - 2)
        return count

    def number(self, counter: int) -> int:
        """Return the number of one counter. Raises NumberIsOutOfRange."""
        return int(self.numbers(first=counter, count=1)[0])

    def numbers(self, *, first: int, count: int) -> Numbers:
        """Return the numbers of counters in a row. Raises NumberIsOutOfRange."""
        _within("counter", first, self.count)
        _within("counter", first + count, self.count)
        counters = np.arange(first, first + count, dtype=np.int64)
        # Multiplier below 2^30 and counter below 9 * 10^9: their product fits 63 bits.
        mixed = (counters * self.multiplier + self.offset) % self.count
        body = mixed + 10 ** (self.digits - 2)
        numbers: Numbers = body * 10 + _check_digits(body)
        return numbers

    def require(self, number: int) -> int:
        """Return a number as typed if it can be one of these. Raises NumberIsWrong."""
        text = str(number)
        if len(text) != self.digits or not check_digits.VISIBLE_NUMBER.is_right(text):
            raise NumberIsWrong(
                f"{number} is not a number of {self.digits} digits with a right check digit. "
                "Look for two digits exchanged or one mistyped."
            )
        return number


def _check_digits(bodies: Numbers) -> Numbers:
    """Do what `check_digits.VISIBLE_NUMBER` does, over a column."""
    total = np.zeros_like(bodies)
    rest, weight = bodies.copy(), 2
    while rest.any():
        product = rest % 10 * weight
        total += product // 10 + product % 10
        rest //= 10
        weight = 3 - weight
    return -total % 10


ACCOUNT_NUMBERS = Numbering(digits=10, multiplier=618_033_989, offset=271_828_183)
BILL_NUMBERS = Numbering(digits=11, multiplier=618_033_989, offset=2_718_281_829)

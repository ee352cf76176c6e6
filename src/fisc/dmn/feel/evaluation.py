"""What one evaluation carries along: its step limit, its clock if it may have one, its reasons."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import DateTime, Value

MOST_STEPS = 1_000_000
MOST_REASONS = 100
CHARACTERS_A_STEP = 256
# Calls within calls; a table's functions need a handful.
DEEPEST_CALL = 40


class TooManySteps(Exception):
    """A table went on computing past the limit, so it probably never ends."""


class ClockRefused(Exception):
    """A table asked for the current day or instant; the day is an input."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is null: what happened and in which decision."""

    words: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


class Evaluation:
    """The state of one evaluation; not shared between threads."""

    __slots__ = ("calls", "clock", "most_steps", "place", "reasons", "steps_left", "table_hits")

    def __init__(
        self, *, most_steps: int = MOST_STEPS, clock: datetime.datetime | None = None
    ) -> None:
        self.most_steps = most_steps
        self.steps_left = most_steps
        self.clock = clock
        self.reasons: list[Reason] = []
        self.place = ""
        self.calls = 0
        # Which rows matched, kept only where a trace is wanted.
        self.table_hits: list[Any] | None = None

    def step(self, count: int = 1) -> None:
        """Count work done; raises `TooManySteps` past the limit."""
        self.steps_left -= count
        if self.steps_left < 0:
            raise TooManySteps(
                f"{self.place or 'The table'} took more than {self.most_steps:,} steps and was"
                " stopped. Look for a loop over a very long range, or a function that calls itself."
            )

    def weigh(self, value: Value) -> None:
        """Count what a text or list weighs as steps, so that growing ones end too."""
        if type(value) is str:
            self.step(len(value) // CHARACTERS_A_STEP)
        elif type(value) is list:
            self.step(len(value))

    def enter_call(self) -> None:
        """Count a call of a function the tables define."""
        self.step()
        self.calls += 1
        if self.calls > DEEPEST_CALL:
            raise TooManySteps(
                f"{self.place or 'A table'} calls functions more than {DEEPEST_CALL} deep and was"
                " stopped. Look for a function that calls itself without end."
            )

    def leave_call(self) -> None:
        self.calls -= 1

    def null(self, words: str) -> None:
        """Keep the reason for a null."""
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append(Reason(words, self.place))

    def clock_reading(self) -> Value:
        """The instant the caller gave; raises `ClockRefused` when it gave none."""
        if self.clock is None:
            raise ClockRefused(
                f"{self.place or 'A table'} uses now() or today(). The same bill must come out"
                " tomorrow: take the day as an input instead."
            )
        reading = kinds.of(self.clock)
        assert isinstance(reading, DateTime)
        return reading

"""Where the bars of an analysis stand: one a quarter; drawn on the server, without script."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 200
LEFT: Final = 88
RIGHT: Final = 12
TOP: Final = 12
BOTTOM: Final = 28
_ROOM_X: Final = WIDTH - LEFT - RIGHT
_ROOM_Y: Final = HEIGHT - TOP - BOTTOM
_TICKS: Final = 4
_STEPS: Final = (1, 2, 5)
_LEAST: Final = 400


@dataclasses.dataclass(frozen=True)
class Bar:
    """A quarter; `cents` is None where its figure is kept back, and no bar is drawn."""

    label: str
    cents: int | None
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Return where its label stands."""
        return self.x + self.width // 2


@dataclasses.dataclass(frozen=True)
class Mark:
    """A line across the picture, with what it stands for."""

    y: int
    cents: int


@dataclasses.dataclass(frozen=True)
class Chart:
    """A picture and its size; the table beside it says the same."""

    bars: Sequence[Bar]
    marks: Sequence[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    label_y: int = HEIGHT - 8


def draw(quarters: Sequence[tuple[str, int | None]]) -> Chart:
    """Place a bar for each quarter, from nothing up; what is less than nothing has no height."""
    top = _round_up(max((cents or 0 for _, cents in quarters), default=0))
    slot = _ROOM_X // max(len(quarters), 1)
    bars = []
    for place, (label, cents) in enumerate(quarters):
        height = max(cents or 0, 0) * _ROOM_Y // top
        bars.append(
            Bar(
                label=label,
                cents=cents,
                x=LEFT + place * slot + slot // 6,
                y=TOP + _ROOM_Y - height,
                width=slot * 2 // 3,
                height=height,
            )
        )
    marks = [
        Mark(y=TOP + _ROOM_Y - step * _ROOM_Y // _TICKS, cents=top * step // _TICKS)
        for step in range(_TICKS + 1)
    ]
    return Chart(bars=bars, marks=marks)


def _round_up(value: int) -> int:
    """Return the next 1, 2 or 5 times a power of ten that four marks divide into whole dollars."""
    least = _LEAST
    while True:
        for step in _STEPS:
            if least * step >= value:
                return least * step
        least *= 10

"""Where the bars and dots of a usage-and-charge picture stand; drawn without script."""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Final

WIDTH: Final = 760
HEIGHT: Final = 210
LEFT: Final = 48
RIGHT: Final = 60
TOP: Final = 12
BOTTOM: Final = 30
_ROOM_X: Final = WIDTH - LEFT - RIGHT
_ROOM_Y: Final = HEIGHT - TOP - BOTTOM
_TICKS: Final = 4
_STEPS: Final = (1, 2, 5)


@dataclasses.dataclass(frozen=True)
class Period:
    """One period of one service: what was used and what it cost."""

    ends_on: datetime.date
    usage_milli: int
    charge_cents: int
    is_estimated: bool = False


@dataclasses.dataclass(frozen=True)
class Bar:
    period: Period
    x: int
    y: int
    width: int
    height: int
    dot_x: int
    dot_y: int
    shows_label: bool


@dataclasses.dataclass(frozen=True)
class Tick:
    y: int
    usage: int
    charge_cents: int


@dataclasses.dataclass(frozen=True)
class Chart:
    """A picture and its table; both say the same."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    unit: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = TOP + _ROOM_Y
    right: int = WIDTH - RIGHT
    label_y: int = HEIGHT - 12

    @property
    def trace(self) -> str:
        """Return the points of the line of charges."""
        return " ".join(f"{bar.dot_x},{bar.dot_y}" for bar in self.bars)


def draw(periods: Sequence[Period], *, unit: str) -> Chart:
    """Place the periods, oldest first, on one picture: bars for usage, a line for charges."""
    if not periods:
        return Chart(bars=(), ticks=(), unit=unit)
    usage_top = _round_up(max(period.usage_milli for period in periods), least=_TICKS * 1000)
    charge_top = _round_up(max(period.charge_cents for period in periods), least=_TICKS * 100)
    slot = _ROOM_X // len(periods)
    label_every = -(-_LABEL_WIDTH // max(slot, 1))
    bars = []
    for place, period in enumerate(periods):
        height = max(period.usage_milli, 0) * _ROOM_Y // usage_top
        from_newest = len(periods) - 1 - place
        bars.append(
            Bar(
                period=period,
                x=LEFT + place * slot + slot // 6,
                y=TOP + _ROOM_Y - height,
                width=max(slot * 2 // 3, 2),
                height=height,
                dot_x=LEFT + place * slot + slot // 2,
                dot_y=TOP + _ROOM_Y - max(period.charge_cents, 0) * _ROOM_Y // charge_top,
                shows_label=from_newest % label_every == 0,
            )
        )
    ticks = [
        Tick(
            y=TOP + _ROOM_Y - step * _ROOM_Y // _TICKS,
            usage=usage_top * step // _TICKS // 1000,
            charge_cents=charge_top * step // _TICKS,
        )
        for step in range(_TICKS + 1)
    ]
    return Chart(bars=bars, ticks=ticks, unit=unit)


_LABEL_WIDTH: Final = 52


def _round_up(value: int, *, least: int) -> int:
    """Return the next 1, 2 or 5 times a power of ten, in steps that four ticks divide evenly."""
    top = least
    while top < value:
        for step in _STEPS:
            top = least * step
            if top >= value:
                return top
        least *= 10
    return top

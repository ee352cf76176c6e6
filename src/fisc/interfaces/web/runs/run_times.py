"""The graph of run time by day: one bar a day, drawn on the server."""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Final

from fisc.plumbing.runs import queries

WIDTH: Final = 760
HEIGHT: Final = 150
_LEFT: Final = 52
_TOP: Final = 10
_BASE: Final = 122
_MARKS: Final = 3


@dataclasses.dataclass(frozen=True)
class RunTime:
    """How long a day's run took, from its beginning to its end."""

    day: datetime.date
    seconds: float


@dataclasses.dataclass(frozen=True)
class Bar:
    run_time: RunTime
    x: int
    y: int
    width: int
    height: int
    middle: int
    shows_label: bool


@dataclasses.dataclass(frozen=True)
class Mark:
    y: int
    seconds: float


@dataclasses.dataclass(frozen=True)
class Graph:
    bars: Sequence[Bar]
    marks: Sequence[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - 8
    label_y: int = HEIGHT - 8


def of_runs(runs: Sequence[queries.RunSeen]) -> list[RunTime]:
    """Return the run times of the finished runs, the oldest first."""
    return [
        RunTime(day=run.posting_day, seconds=(run.finished_at - run.instant).total_seconds())
        for run in reversed(runs)
        if run.finished_at is not None and run.finished_at >= run.instant
    ]


def draw(run_times: Sequence[RunTime]) -> Graph:
    """Place the bars."""
    if not run_times:
        return Graph(bars=(), marks=())
    top = max(*(each.seconds for each in run_times), 1.0)
    slot = min((WIDTH - _LEFT - 8) // len(run_times), 60)
    label_every = -(-64 // slot)
    bars = []
    for place, each in enumerate(run_times):
        height = max(round(each.seconds / top * (_BASE - _TOP)), 1)
        left = _LEFT + place * slot
        bars.append(
            Bar(
                run_time=each,
                x=left + slot // 6,
                y=_BASE - height,
                width=max(slot * 2 // 3, 2),
                height=height,
                middle=left + slot // 2,
                shows_label=(len(run_times) - 1 - place) % label_every == 0,
            )
        )
    marks = [
        Mark(y=_BASE - round((_BASE - _TOP) * step / _MARKS), seconds=top * step / _MARKS)
        for step in range(_MARKS + 1)
    ]
    return Graph(bars=bars, marks=marks)

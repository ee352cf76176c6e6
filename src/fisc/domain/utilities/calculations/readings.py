"""From readings of dials to what was used between them. No Django."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations.facts import NONE, Flags, Numbers

NO_PROBLEM, NO_READ, NO_FIRST_READ = 0, 1, 2
PROBLEMS = (
    "",
    "there is no read after the last one billed; enter a read or estimate it",
    "there is no read on the first day to be billed; enter the reading of that day",
)


@dataclass(frozen=True, slots=True)
class Reads:
    """Readings sorted by agreement row, register and day."""

    row: Numbers
    register: Numbers
    read_id: Numbers
    read_on: Numbers
    reading: Numbers
    kind: Numbers
    multiplier: Numbers
    digits: Numbers


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used between reads, and by agreement row: the period, its reads, what is wrong."""

    intervals: known.Intervals
    ends_before: Numbers
    from_read: Numbers
    to_read: Numbers
    is_estimated: Flags
    problem: Numbers


def steps_between(before: Numbers, after: Numbers, *, digits: Numbers) -> Numbers:
    """Return how far dials of so many digits have turned, past their end to zero and on."""
    turned: Numbers = (after - before) % 10**digits
    return turned


def used(reads: Reads, *, starts_on: Numbers, estimated_kind: int) -> Usage:
    """Return what was used between each read and the next of the same register."""
    rows = len(starts_on)
    pairs = np.flatnonzero(
        (reads.row[1:] == reads.row[:-1]) & (reads.register[1:] == reads.register[:-1])
    )
    steps = steps_between(
        reads.reading[pairs], reads.reading[pairs + 1], digits=reads.digits[pairs]
    )
    intervals = known.Intervals(
        row=reads.row[pairs],
        starts_on=reads.read_on[pairs],
        ends_before=reads.read_on[pairs + 1],
        usage=steps * reads.multiplier[pairs],
    )
    ends_before = np.full(rows, NONE, dtype=np.int64)
    np.maximum.at(ends_before, intervals.row, intervals.ends_before)
    first_day = np.full(rows, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first_day, intervals.row, intervals.starts_on)
    from_read, to_read = np.full((2, rows), NONE, dtype=np.int64)
    estimated = np.zeros(rows, dtype=np.bool_)
    is_first = reads.read_on == starts_on[reads.row]
    from_read[reads.row[is_first]] = reads.read_id[is_first]
    is_last = reads.read_on == ends_before[reads.row]
    to_read[reads.row[is_last]] = reads.read_id[is_last]
    estimated[reads.row[is_last]] = reads.kind[is_last] == estimated_kind
    problem = np.where(first_day > starts_on, NO_FIRST_READ, NO_PROBLEM)
    problem[ends_before <= starts_on] = NO_READ
    return Usage(
        intervals=intervals,
        ends_before=ends_before,
        from_read=from_read,
        to_read=to_read,
        is_estimated=estimated,
        problem=problem,
    )


def with_unmetered(
    usage: Usage,
    *,
    unmetered: Flags,
    measuring: Flags,
    account: Numbers,
    premise: Numbers,
    starts_on: Numbers,
    ends_before: Numbers,
) -> Usage:
    """Give services without a meter the period and usage of what measures them.

    Sewer follows the water of the same account and premise; without one it runs to the day given
    in `ends_before`, with no usage.
    """
    rows = np.flatnonzero(unmetered)
    water = np.flatnonzero(measuring)
    of_place = {
        key: row
        for row, key in zip(
            water.tolist(), zip(account[water].tolist(), premise[water].tolist(), strict=True),
            strict=True,
        )
    }  # fmt: skip
    found = np.array(
        [
            of_place.get(key, NONE)
            for key in zip(account[rows].tolist(), premise[rows].tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    has = found != NONE
    ends, problem, estimated = usage.ends_before.copy(), usage.problem.copy(), usage.is_estimated
    ends[rows] = np.where(has, usage.ends_before[found], ends_before[rows])
    problem[rows] = np.where(has, usage.problem[found], NO_PROBLEM)
    problem[rows[ends[rows] <= starts_on[rows]]] = NO_READ
    copied = _copied(usage.intervals, source=found[has], target=rows[has], starts_on=starts_on)
    return replace(
        usage,
        intervals=known.Intervals(
            *(
                np.concatenate([getattr(usage.intervals, name), getattr(copied, name)])
                for name in known.Intervals.__slots__
            )
        ),
        ends_before=ends,
        is_estimated=estimated,
        problem=problem,
    )


def _copied(
    intervals: known.Intervals, *, source: Numbers, target: Numbers, starts_on: Numbers
) -> known.Intervals:
    """Return the intervals of other rows as those of the target rows, from their first day on."""
    order = np.argsort(source, kind="stable")
    place = np.searchsorted(source[order], intervals.row)
    place = np.minimum(place, max(len(source) - 1, 0))
    taken = (
        np.flatnonzero(source[order][place] == intervals.row)
        if len(source)
        else np.empty(0, dtype=np.int64)
    )
    row = target[order][place[taken]] if len(taken) else taken
    first = np.maximum(intervals.starts_on[taken], starts_on[row])
    whole = intervals.ends_before[taken] - intervals.starts_on[taken]
    inside = np.maximum(intervals.ends_before[taken] - first, 0)
    copied = known.Intervals(
        row=row,
        starts_on=first,
        ends_before=intervals.ends_before[taken],
        usage=intervals.usage[taken] * inside // np.maximum(whole, 1),
    )
    return known.Intervals(**known.taken(copied, inside > 0))

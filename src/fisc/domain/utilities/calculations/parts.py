"""Cutting billed periods into parts with one version, class, size and place each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations.facts import Flags, Numbers


@dataclass(frozen=True, slots=True)
class Parts:
    """One row a part, sorted by agreement and day."""

    row: Numbers
    starts_on: Numbers
    ends_before: Numbers
    is_first: Flags
    is_last: Flags
    # Place among the service's versions, or NONE where none was in force.
    version: Numbers
    # Place among the terms, or NONE where the agreement has none that day.
    term: Numbers
    inside_city: Flags
    usage: Numbers
    period_usage: Numbers

    def __len__(self) -> int:
        return len(self.row)

    @property
    def days(self) -> Numbers:
        """Count the days of each part."""
        return self.ends_before - self.starts_on


def cut(facts: known.Facts, *, version_starts: Mapping[str, Sequence[int]]) -> Parts:
    """Cut every period where a version, class, size, place or meter changes.

    `version_starts` has, by service, the days from which its versions govern, in order.
    """
    agreements = facts.agreements
    part_keys = _part_keys(facts, version_starts=version_starts)
    row = part_keys >> known.DAY_BITS
    starts_on = part_keys & ((1 << known.DAY_BITS) - 1)
    is_last = np.ones(len(row), dtype=np.bool_)
    is_last[:-1] = row[1:] != row[:-1]
    is_first = np.roll(is_last, 1)
    ends_before = np.where(is_last, agreements.ends_before[row], np.roll(starts_on, -1))
    days = ends_before - starts_on
    usage = _split_usage(facts.intervals, part_keys=part_keys, days=days)
    period_usage = np.zeros(len(agreements), dtype=np.int64)
    np.add.at(period_usage, row, usage)
    return Parts(
        row=row,
        starts_on=starts_on,
        ends_before=ends_before,
        is_first=is_first,
        is_last=is_last,
        version=_versions(facts, row=row, starts_on=starts_on, version_starts=version_starts),
        term=_last_before(facts.terms.row, facts.terms.starts_on, part_keys),
        inside_city=_inside(facts.places, part_keys),
        usage=usage,
        period_usage=period_usage[row],
    )


def _part_keys(facts: known.Facts, *, version_starts: Mapping[str, Sequence[int]]) -> Numbers:
    agreements, intervals, places = facts.agreements, facts.intervals, facts.places
    rows = np.arange(len(agreements), dtype=np.int64)
    cuts = [
        (rows, agreements.starts_on),
        (intervals.row, intervals.starts_on),
        (intervals.row, intervals.ends_before),
        (facts.terms.row, facts.terms.starts_on),
        (places.row, places.starts_on),
        (places.row, places.ends_before),
    ]
    for place, service in enumerate(facts.services):
        served = rows[agreements.service == place]
        cuts.extend(
            (served, np.full(len(served), day, dtype=np.int64))
            for day in version_starts.get(service, ())
        )
    row = np.concatenate([each for each, _ in cuts])
    day = np.concatenate([each for _, each in cuts])
    inside = (day >= agreements.starts_on[row]) & (day < agreements.ends_before[row])
    return np.unique(known.keys(row[inside], day[inside]))


def _versions(
    facts: known.Facts,
    *,
    row: Numbers,
    starts_on: Numbers,
    version_starts: Mapping[str, Sequence[int]],
) -> Numbers:
    found = np.full(len(row), known.NONE, dtype=np.int64)
    service = facts.agreements.service[row]
    for place, name in enumerate(facts.services):
        served = service == place
        starts = np.array(version_starts.get(name, ()), dtype=np.int64)
        found[served] = np.searchsorted(starts, starts_on[served], side="right") - 1
    return found


def _last_before(row: Numbers, starts_on: Numbers, part_keys: Numbers) -> Numbers:
    """Return the place of what last began for a part's row by the part's first day."""
    place = np.searchsorted(known.keys(row, starts_on), part_keys, side="right") - 1
    if len(row) == 0:
        return np.full(len(part_keys), known.NONE, dtype=np.int64)
    is_same = (place >= 0) & (row[place] == part_keys >> known.DAY_BITS)
    return np.where(is_same, place, known.NONE)


def _inside(places: known.Places, part_keys: Numbers) -> Flags:
    place = _last_before(places.row, places.starts_on, part_keys)
    if len(places.row) == 0:
        return np.zeros(len(part_keys), dtype=np.bool_)
    day = part_keys & ((1 << known.DAY_BITS) - 1)
    inside: Flags = (place != known.NONE) & (day < places.ends_before[place])
    return inside


def _split_usage(intervals: known.Intervals, *, part_keys: Numbers, days: Numbers) -> Numbers:
    """Give each part its share of the intervals it lies in, by days."""
    usage = np.zeros(len(part_keys), dtype=np.int64)
    first = np.searchsorted(part_keys, known.keys(intervals.row, intervals.starts_on))
    end = np.searchsorted(part_keys, known.keys(intervals.row, intervals.ends_before))
    count = end - first
    whole = count == 1
    np.add.at(usage, first[whole], intervals.usage[whole])
    several = np.flatnonzero(count > 1)
    if len(several):
        group = np.repeat(np.arange(len(several)), count[several])
        place = np.arange(len(group)) - np.repeat(
            np.cumsum(count[several]) - count[several], count[several]
        )
        part = first[several][group] + place
        shares = split_in_groups(intervals.usage[several], group=group, weights=days[part])
        np.add.at(usage, part, shares)
    return usage


def split_in_groups(totals: Numbers, *, group: Numbers, weights: Numbers) -> Numbers:
    """Split each group's total by its members' weights, by largest remainder.

    Members of a group stand together; equal remainders go to the earlier member, as in
    `basics.money.split_by_largest_remainder`.
    """
    whole = np.zeros(len(totals), dtype=np.int64)
    np.add.at(whole, group, weights)
    weighed = totals[group] * weights
    shares, remainders = np.divmod(weighed, whole[group])
    left = totals.copy()
    np.subtract.at(left, group, shares)
    order = np.lexsort((np.arange(len(group)), -remainders, group))
    first_of_group = np.searchsorted(group, np.arange(len(totals)))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - first_of_group[group[order]]
    extra: Numbers = shares + (rank < left[group])
    return extra

"""What a study finds, added up while slices pass: by class and charge, by account, the largest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.processes.rate_studies import answering, asking, passing, slices
from fisc.processes.rate_studies.slices import Numbers

LARGEST = 100
# Exceptions are counted whole; this many of each reason are listed.
LISTED = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """One of the largest changes: a bill of a slice, and how much more it would be."""

    place: int
    bill: int
    difference_cents: int


@dataclass(slots=True)
class Exceptions:
    """The bills of a reason that could not be computed."""

    bills: int = 0
    billed_cents: int = 0
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OfAccounts:
    """One row an account, over all its periods; usage in thousandths of the service's unit."""

    bills: Numbers
    before_cents: Numbers
    difference_cents: Numbers
    usage_milli: Numbers
    # Whether the book was asked for it at all.
    is_asked: npt.NDArray[np.bool_]


class Counted:
    """The figures of a study so far; slices come range by range of buckets, then by month."""

    def __init__(self) -> None:
        self.bills = 0
        self.changed_bills = 0
        # In cents by class and charge: what was billed, and the difference.
        self.billed: dict[tuple[str, str], int] = {}
        self.differences: dict[tuple[str, str], int] = {}
        self.exceptions: dict[str, Exceptions] = {}
        self.largest: list[Changed] = []
        self._ranges: list[_Accounts] = []
        self._range: tuple[int, int] | None = None

    def take(self, ready: passing.Ready, *, place: int) -> None:
        """Add what the draft's answers change of the bills of a slice."""
        study, part, read, found = ready.study, ready.part, ready.read, ready.answers
        spread = asking.Spread(part, read)
        changes = asking.changes(study, part, found, read)
        self._take_revenue(part, read, found, spread, changes)
        self._take_accounts(part, read, spread, changes)
        self._take_largest(changes.total, place)
        self.bills += part.rows(slices.BILLS)
        self.changed_bills += int(np.count_nonzero(changes.total))

    def accounts(self) -> OfAccounts:
        """Return every account's figures, in no order that means anything."""
        ranges = [each.settled() for each in self._ranges]
        return OfAccounts(
            bills=_joined(each.bills for each in ranges),
            before_cents=_joined(each.before for each in ranges),
            difference_cents=_joined(each.difference for each in ranges),
            usage_milli=_joined(each.usage for each in ranges),
            is_asked=_joined(each.asked for each in ranges) > 0,
        )

    def _take_revenue(
        self, part: slices.Slice, read: Mapping[str, npt.NDArray[Any]],
        found: answering.Answers, spread: asking.Spread, changes: asking.Changes,
    ) -> None:  # fmt: skip
        for name, by_charge in part.about.billed.items():
            for charge, cents in by_charge.items():
                _add(self.billed, (name, charge), cents)
        names = dict(enumerate(part.about.texts)) | {slices.NONE: ""}
        if changes.failed:
            self._take_exceptions(part, changes, names)
        if changes.after:
            self._take_differences(changes.after, read["class"], names)
        failed = _failed_mask(changes, part.rows(slices.BILLS))
        asked = spread.question if failed is None else spread.question[~spread.of_bills(failed)]
        counts = np.bincount(asked, minlength=part.rows(slices.QUESTIONS))
        cents_of = {charge: counts * each for charge, each in found.differences.items()}
        self._take_differences(cents_of, part.questions(["class"])["class"].to_numpy(), names)

    def _take_differences(
        self,
        cents_of: Mapping[str, Numbers],
        classes: npt.NDArray[Any],
        names: Mapping[int, str],
    ) -> None:
        for rate_class, chosen in _by_class(classes):
            for charge, cents in cents_of.items():
                _add(self.differences, (names[rate_class], charge), _sum_of(cents, chosen))

    def _take_exceptions(
        self, part: slices.Slice, changes: asking.Changes, names: Mapping[int, str]
    ) -> None:
        """Count the bills that could not be computed, and leave them out of what was billed."""
        charged = [f"{letter}_{charge}" for letter in "ctm" for charge in part.about.charges]
        held = part.read(slices.BILLS, ["number", "total_cents", "class", *charged])
        counted = np.zeros(part.rows(slices.BILLS), dtype=np.bool_)
        for reason, bills in sorted(changes.failed.items()):
            new = bills[~counted[bills]]
            counted[new] = True
            kept = self.exceptions.setdefault(reason, Exceptions())
            kept.bills += len(new)
            kept.billed_cents += int(held["total_cents"][new].sum())
            kept.numbers += held["number"][new[: LISTED - len(kept.numbers)]].tolist()
        failed = np.flatnonzero(counted)
        for rate_class, chosen in _by_class(held["class"][failed]):
            for name in charged:
                cents = int(held[name][failed][chosen].sum())
                _add(self.billed, (names[rate_class], name[2:]), -cents)

    def _take_accounts(
        self, part: slices.Slice, read: Mapping[str, npt.NDArray[Any]],
        spread: asking.Spread, changes: asking.Changes,
    ) -> None:  # fmt: skip
        of = (part.about.bucket_from, part.about.bucket_before)
        if of != self._range:
            self._range = of
            self._ranges.append(_Accounts())
        usage = part.questions(["usage"])["usage"].to_numpy()
        ones = np.ones(len(usage), dtype=np.int64)
        self._ranges[-1].add(
            ids=read["account_id"],
            before=read["total_cents"],
            difference=changes.total,
            usage=spread.sums(usage),
            asked=None if spread.is_one_each else spread.sums(ones),
            failed=_failed_mask(changes, part.rows(slices.BILLS)),
        )

    def _take_largest(self, total: Numbers, place: int) -> None:
        least = abs(self.largest[-1].difference_cents) if len(self.largest) == LARGEST else 0
        if not len(total) or max(int(total.max()), -int(total.min())) <= least:
            return
        size = np.abs(total)
        rows = np.flatnonzero(size > least)
        if len(rows) > LARGEST:
            edge = np.partition(size[rows], len(rows) - LARGEST)[len(rows) - LARGEST]
            above = rows[size[rows] > edge]
            rows = np.concatenate([above, rows[size[rows] == edge][: LARGEST - len(above)]])
        self.largest += [Changed(place, int(row), int(total[row])) for row in rows.tolist()]
        # Of equals those that came first stay, so that the same facts give the same hundred.
        self.largest.sort(key=lambda each: (-abs(each.difference_cents), each.place, each.bill))
        del self.largest[LARGEST:]


class _Accounts:
    """The accounts of a range of buckets."""

    def __init__(self) -> None:
        none = np.empty(0, dtype=np.int64)
        self.ids = none
        self.bills, self.before, self.difference = none, none, none
        self.usage, self.asked = none, none
        # Bills of one part that every account here has, and that `bills` and `asked` lack yet.
        self._each = 0

    def settled(self) -> _Accounts:
        """Return the same with every bill counted."""
        self.bills += self._each
        self.asked += self._each
        self._each = 0
        return self

    def add(
        self, *, ids: npt.NDArray[Any], before: npt.NDArray[Any],
        difference: Numbers, usage: Numbers, asked: Numbers | None,
        failed: npt.NDArray[np.bool_] | None,
    ) -> None:  # fmt: skip
        """Add the bills of a month, one or more an account."""
        counted: Numbers | int = 1
        if failed is not None:
            keeps = ~failed
            counted = keeps.astype(np.int64)
            before, usage = np.where(keeps, before, 0), np.where(keeps, usage, 0)
            asked = counted if asked is None else np.where(keeps, asked, 0)
        if not len(self.ids):
            # In the order of the bills, so that the next month meets the same order.
            _, first = np.unique(ids, return_index=True)
            self._grow(ids[np.sort(first)].astype(np.int64))
        # From month to month a range has mostly the same accounts, in the same order.
        if len(ids) == len(self.ids) and np.array_equal(ids, self.ids):
            self.before += before
            self.difference += difference
            self.usage += usage
            if failed is None and asked is None:
                self._each += 1
                return
            self.bills += counted
            self.asked += 1 if asked is None else asked
            return
        places = self._places(ids.astype(np.int64))
        np.add.at(self.bills, places, counted)
        np.add.at(self.before, places, before)
        np.add.at(self.difference, places, difference)
        np.add.at(self.usage, places, usage)
        np.add.at(self.asked, places, 1 if asked is None else asked)

    def _places(self, ids: Numbers) -> Numbers:
        self._grow(np.setdiff1d(ids, self.ids))
        order = np.argsort(self.ids)
        found: Numbers = order[np.searchsorted(self.ids, ids, sorter=order)]
        return found

    def _grow(self, new: Numbers) -> None:
        self.settled()
        self.ids = np.concatenate([self.ids, new])
        more = np.zeros(len(new), dtype=np.int64)
        for name in ("bills", "before", "difference", "usage", "asked"):
            setattr(self, name, np.concatenate([getattr(self, name), more]))


def _by_class(
    rate_class: npt.NDArray[Any],
) -> Iterable[tuple[int, slice | npt.NDArray[np.bool_]]]:
    """Return each class with its rows; all rows at once where there is one class."""
    if not len(rate_class):
        return
    low, high = int(rate_class.min()), int(rate_class.max())
    if low == high:
        yield low, slice(None)
        return
    for each in range(low, high + 1):
        chosen = rate_class == each
        if chosen.any():
            yield each, chosen


def _sum_of(cents: Numbers, chosen: slice | npt.NDArray[np.bool_]) -> int:
    if isinstance(chosen, slice):
        return int(cents.sum())
    return int(np.dot(cents, chosen))


def _failed_mask(changes: asking.Changes, bills: int) -> npt.NDArray[np.bool_] | None:
    if not changes.failed:
        return None
    failed = np.zeros(bills, dtype=np.bool_)
    for each in changes.failed.values():
        failed[each] = True
    return failed


def _add(sums: dict[tuple[str, str], int], key: tuple[str, str], cents: int) -> None:
    if cents or key in sums:
        sums[key] = sums.get(key, 0) + cents


def _joined(columns: Iterable[Numbers]) -> Numbers:
    found: Sequence[Numbers] = list(columns)
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

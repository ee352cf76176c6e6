"""What a study asks: the draft in the place of what billed, then the stages after it.

The draft answers each different question once (`answering`). Taxes and the minimum are computed
again by their versions of then, for the bills whose sums change: asked with those billed and the
difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import types
from fisc.processes.rate_studies import answering, slices
from fisc.processes.rate_studies.answering import Answers, Book
from fisc.processes.rate_studies.slices import Numbers

Flags = npt.NDArray[np.bool_]

CLASS, INSIDE, TOTAL = "rate_class", "inside_city", "total_before_minimum"
# One changed bill in so many is picked out; more, and all are asked.
MOST = 2


@dataclass(frozen=True, slots=True)
class Study:
    """The draft, and the versions of the stages after it by stage and version id."""

    draft: Book
    after: Mapping[int, Mapping[int, Book]]


@dataclass(slots=True)
class Changes:
    """What each bill of a slice changes by, in cents; by charge for the stages after the draft's.

    `failed` has the bills that could not be computed, by the reason.
    """

    total: Numbers
    after: dict[str, Numbers]
    failed: dict[str, Numbers]


def columns_read(study: Study, part: slices.Slice) -> dict[str, tuple[str, ...]]:
    """Return the columns of parts and bills that a pass over a slice reads."""
    names = ["total_cents", "account_id", "class"]
    for stage in _stages(study, part):
        names += _stage_columns(study, part, stage=stage)
    return {
        slices.PARTS: ("question", "bill"),
        slices.BILLS: tuple(dict.fromkeys(names)),
    }


def changes(
    study: Study, part: slices.Slice, found: Answers, read: Mapping[str, npt.NDArray[Any]]
) -> Changes:
    """Return what each bill changes by: the draft's own stage, then the stages after it."""
    spread = Spread(part, read)
    total = spread.sums(found.total)
    failed = {
        reason: spread.bills_of(places) for reason, places in found.failed.items() if len(places)
    }
    for bills in failed.values():
        total[bills] = 0
    stages = _stages(study, part)
    by_charge = {name: each for name, each in found.differences.items() if stages and each.any()}
    # Most books move one charge: then what the bill changes by is what its charge changes by.
    sums = {
        charge: total.copy() if len(by_charge) == 1 else spread.sums(each)
        for charge, each in by_charge.items()
    }
    found_changes = Changes(total=total, after={}, failed=failed)
    for stage in stages:
        changed = _changed(sums, failed)
        if len(changed):
            _ask_stage(
                study, part, read, stage=stage, changed=changed, changes=found_changes, sums=sums
            )
    return found_changes


class Spread:
    """Figures of questions spread over the bills whose parts asked them."""

    def __init__(self, part: slices.Slice, read: Mapping[str, npt.NDArray[Any]]) -> None:
        self.question = read["question"]
        self._bills = part.rows(slices.BILLS)
        # One part a bill, in the order of the bills, where the number of the bill is left away.
        alone = not part.has(slices.PARTS, "bill") and (
            part.constant(slices.PARTS, "bill") == slices.NONE
        )
        self._bill = None if alone else read["bill"]

    def sums(self, figures: Numbers) -> Numbers:
        """Return the sum of a figure over the parts of each bill."""
        taken: Numbers = figures[self.question]
        if self._bill is None:
            return taken
        found = np.zeros(self._bills, dtype=np.int64)
        np.add.at(found, self._bill, taken)
        return found

    def bills_of(self, questions: Numbers) -> Numbers:
        """Return the bills that asked some questions."""
        rows = np.flatnonzero(np.isin(self.question, questions))
        return rows if self._bill is None else np.unique(self._bill[rows]).astype(np.int64)

    def parts_of(self, bill: int) -> Numbers:
        """Return the questions that the parts of a bill asked."""
        if self._bill is None:
            return self.question[bill : bill + 1].astype(np.int64)
        return self.question[np.flatnonzero(self._bill == bill)].astype(np.int64)

    @property
    def is_one_each(self) -> bool:
        """Tell whether each bill has one part."""
        return self._bill is None

    def of_bills(self, figures: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return for each part what its bill has."""
        return figures if self._bill is None else figures[self._bill]


# --- Inside --------------------------------------------------------------------------------------


def _changed(sums: Mapping[str, Numbers], failed: Mapping[str, Numbers]) -> Numbers:
    """Return the bills of which some charge changes, even where the changes cancel out."""
    if not sums:
        return np.empty(0, dtype=np.int64)
    each, *others = sums.values()
    is_changed = each != 0
    for other in others:
        is_changed |= other != 0
    for bills in failed.values():
        is_changed[bills] = False
    return np.flatnonzero(is_changed)


def _stages(study: Study, part: slices.Slice) -> list[int]:
    """Return the stages after the draft's that its charges reach, by what they ask for."""
    reaching = set(study.draft.charges.values())
    found = []
    for stage in sorted(study.after):
        if stage <= study.draft.point.stage:
            continue
        books = [study.after[stage][each] for each in versions(part, stage)]
        asked = {name for book in books for name in book.asked}
        if books and (TOTAL in asked or {f"{charge}_charges" for charge in reaching} & asked):
            found.append(stage)
            reaching |= {charge for book in books for charge in book.charges.values()}
    return found


def versions(part: slices.Slice, stage: int) -> list[int]:
    """Return the versions that a stage of the bills of a slice was computed by."""
    name = f"version_{stage}"
    if not part.has(slices.BILLS, name):
        only = part.constant(slices.BILLS, name)
        return [] if only is None or only == slices.NONE else [only]
    held = np.unique(part.read(slices.BILLS, [name])[name]).tolist()
    return [each for each in held if each != slices.NONE]


def _stage_columns(study: Study, part: slices.Slice, *, stage: int) -> list[str]:
    names = [f"version_{stage}"]
    for version_id in versions(part, stage):
        book = study.after[stage][version_id]
        names += [f"{'tm'[stage - 2]}_{charge}" for charge in dict.fromkeys(book.charges.values())]
        for each in book.asked:
            names += _of_input(each, stage, part.about.charges)
    return names


def _of_input(name: str, stage: int, charges: Sequence[str]) -> list[str]:
    """Return the columns of bills that a whole bill's input is made of."""
    if name == CLASS:
        return ["rate_class"]
    if name == INSIDE:
        return ["inside"]
    named = charges if name == TOTAL else [name.removesuffix("_charges")]
    return [f"{letter}_{charge}" for letter in "ct"[: stage - 1] for charge in named]


def _ask_stage(
    study: Study,
    part: slices.Slice,
    read: Mapping[str, npt.NDArray[Any]],
    *,
    stage: int,
    changed: Numbers,
    changes: Changes,
    sums: dict[str, Numbers],
) -> None:
    """Compute a stage of the changed bills again, and add what it changes."""
    asked_with = changes.total.copy()
    for version_id in versions(part, stage):
        book = study.after[stage][version_id]
        rows = _rows_of(book, version_id, part, read, stage=stage, changed=changed)
        at: slice | Numbers = slice(None) if len(rows) == len(asked_with) else rows
        result = book.evaluate(
            _whole_columns(book, part, read, stage=stage, at=at, sums=sums, total=asked_with)
        )
        stopped = answering.problems_of(result) | _missing(book, read, rows)
        for reason, places in stopped.items():
            known = changes.failed.get(reason, rows[:0])
            changes.failed[reason] = np.union1d(known, rows[places])
        for charge in dict.fromkeys(book.charges.values()):
            billed = read[f"{'tm'[stage - 2]}_{charge}"][at]
            difference = answering.sum_of(result, book, charge, len(rows)) - billed
            changes.total[at] += difference
            _add(changes.after, charge, at, difference, bills=len(asked_with))
    for charge, each in changes.after.items() if stage != max(study.after) else ():
        sums[charge] = each + sums.get(charge, 0)
    for bills in changes.failed.values():
        changes.total[bills] = 0
        for each in changes.after.values():
            each[bills] = 0


def _rows_of(
    book: Book,
    version_id: int,
    part: slices.Slice,
    read: Mapping[str, npt.NDArray[Any]],
    *,
    stage: int,
    changed: Numbers,
) -> Numbers:
    """Return the bills to compute a stage of again by a version."""
    if part.has(slices.BILLS, f"version_{stage}"):
        of_version: Numbers = changed[read[f"version_{stage}"][changed] == version_id]
        return of_version
    bills = part.rows(slices.BILLS)
    if MOST * len(changed) > bills and not _missing(book, read, slice(None)):
        # Nearly all: then all, without picking. The others come out as they were billed.
        return np.arange(bills)
    return changed


def _add(
    into: dict[str, Numbers], charge: str, at: slice | Numbers, difference: Numbers, *, bills: int
) -> None:
    if charge not in into and isinstance(at, slice):
        into[charge] = difference
        return
    if charge not in into:
        into[charge] = np.zeros(bills, dtype=np.int64)
    into[charge][at] += difference


def _whole_columns(
    book: Book, part: slices.Slice, read: Mapping[str, npt.NDArray[Any]], *, stage: int,
    at: slice | Numbers, sums: Mapping[str, Numbers], total: Numbers,
) -> dict[str, types.Column]:  # fmt: skip
    columns = {}
    for name in book.asked:
        if name == CLASS:
            texts = part.about.texts or ("",)
            held = np.maximum(read["rate_class"][at].astype(np.int64), 0)
            columns[name] = types.Column(held, texts=texts)
            continue
        if name == INSIDE:
            columns[name] = types.Column(read["inside"][at] == 1)
            continue
        parts = _of_input(name, stage, part.about.charges)
        if len(parts) == 1 and name.removesuffix("_charges") not in sums:
            # What the draft does not touch goes in as narrow as it is kept.
            columns[name] = types.Column(read[parts[0]][at])
            continue
        amounts = read[parts[0]][at].astype(np.int64)
        for each in parts[1:]:
            amounts += read[each][at]
        if name == TOTAL:
            amounts += total[at]
        elif (difference := sums.get(name.removesuffix("_charges"))) is not None:
            amounts += difference[at]
        columns[name] = types.Column(amounts)
    return columns


def _missing(
    book: Book, read: Mapping[str, npt.NDArray[Any]], rows: Numbers | slice
) -> dict[str, Numbers]:
    """Return the places of rows whose class or place no row of the bill has kept."""
    found = {}
    for name, column in ((CLASS, "rate_class"), (INSIDE, "inside")):
        if name in book.asked:
            places = np.flatnonzero(read[column][rows] == slices.NONE)
            if len(places):
                found[answering.not_kept(book, name)] = places
    return found

"""Boxes of classes, one set of classes a column: which meet, what is left, and where a hole is.

A column's values are cut into classes that no cell tells apart, so a rule is a box: for each column
the set of classes it takes, as a whole number whose bit n is class n. Everything here is exact;
what takes longer than it may raises `OutOfTime`.

A hole is found by counting. Boxes that do not meet cover a space when their volumes add up to its
volume; where they do not, some class of the first column is short of volume, within it some class
of the second, and so on to one point that no box has. That takes a walk down the columns and never
a search, however many rules there are. Boxes that do meet are first cut into pieces that do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Box = tuple[int, ...]
Clock = Callable[[], float]

_INT64_SAFE = 2**62
# Members of a set, on average, that are quicker gone through than spread out.
_FEW = 4


class OutOfTime(Exception):
    """A proof takes longer than it may."""


class Deadline:
    """Raises OutOfTime once the seconds given have passed."""

    def __init__(self, seconds: float, *, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self._until = clock() + seconds

    def check(self) -> None:
        """Raise OutOfTime if the time has run out."""
        if self._clock() > self._until:
            raise OutOfTime


def volume(box: Box) -> int:
    """How many combinations of classes a box has."""
    product = 1
    for each in box:
        product *= each.bit_count()
    return product


def meeting(one: Box, other: Box) -> Box | None:
    """What two boxes have in common; None where they do not meet."""
    common = tuple(a & b for a, b in zip(one, other, strict=True))
    return common if all(common) else None


def meetings(boxes: Sequence[Box], widths: Sequence[int]) -> list[int]:
    """For each box the set of those that it meets, itself among them; an empty box meets none."""
    found = [(1 << len(boxes)) - 1] * len(boxes)
    for column, width in enumerate(widths):
        sets = [each[column] for each in boxes]
        if _are_sparse(sets, width):
            having = turned(sets, width)
            for number, each in enumerate(sets):
                shared = 0
                for place in places(each):
                    shared |= having[place]
                found[number] &= shared
            continue
        # Floats for the speed of the product: it counts shared classes, no amounts, and only
        # whether there is one is asked.
        members = _members(sets, width).astype(np.float32)
        together = np.packbits((members @ members.T) > 0, axis=1, bitorder="little")
        for number, row in enumerate(together):
            found[number] &= int.from_bytes(row.tobytes(), "little")
    return found


def _are_sparse(sets: Sequence[int], width: int) -> bool:
    """Whether members one by one are fewer than a table of truths, as in a look-up of codes."""
    return sum(each.bit_count() for each in sets) <= _FEW * (len(sets) + width)


def _members(sets: Sequence[int], width: int) -> npt.NDArray[np.bool_]:
    """Sets of classes as a table of truths, a row a set and a column a class."""
    if not sets or not width:
        return np.zeros((len(sets), width), dtype=bool)
    size = (width + 7) // 8
    packed = np.frombuffer(b"".join(each.to_bytes(size, "little") for each in sets), dtype=np.uint8)
    bits = np.unpackbits(packed.reshape(len(sets), size), axis=1, bitorder="little")
    return bits[:, :width].astype(bool)


def turned(sets: Sequence[int], width: int) -> list[int]:
    """The same relation the other way round: for each member, the set of the sets that have it."""
    if _are_sparse(sets, width):
        found = [0] * width
        for number, each in enumerate(sets):
            for place in places(each):
                found[place] |= 1 << number
        return found
    packed = np.packbits(_members(sets, width).T, axis=1, bitorder="little")
    return [int.from_bytes(each.tobytes(), "little") for each in packed]


def places(members: int) -> list[int]:
    """The members of a set, lowest first."""
    found = []
    while members:
        found.append((members & -members).bit_length() - 1)
        members &= members - 1
    return found


def without(box: Box, other: Box) -> list[Box]:
    """What is left of a box when another is taken away, as boxes that do not meet."""
    if meeting(box, other) is None:
        return [box]
    pieces = []
    rest = list(box)
    for column, taken in enumerate(other):
        if outside := rest[column] & ~taken:
            pieces.append((*rest[:column], outside, *rest[column + 1 :]))
            rest[column] &= taken
    return pieces


def left_over(box: Box, others: Sequence[Box], deadline: Deadline) -> list[Box]:
    """What is left of a box when others are taken away. Raises OutOfTime."""
    pieces = [box]
    # The largest first: what one takes whole need not be cut by many.
    for other in sorted(others, key=lambda each: -volume(each)):
        deadline.check()
        next_pieces: list[Box] = []
        for number, piece in enumerate(pieces):
            if not number % 1024:
                deadline.check()
            next_pieces += without(piece, other)
        pieces = next_pieces
        if not pieces:
            return []
    return pieces


def apart(boxes: Sequence[Box], together: Sequence[int], deadline: Deadline) -> list[list[Box]]:
    """For each box what is left of it beside those before it: pieces that do not meet.

    A box without a piece is wholly within those before it. Raises OutOfTime.
    """
    found: list[list[Box]] = []
    for number, box in enumerate(boxes):
        if not all(box):
            found.append([])
            continue
        before = places(together[number] & ((1 << number) - 1))
        if before:
            found.append(left_over(box, [boxes[each] for each in before], deadline))
        else:
            found.append([box])
    return found


def hole(
    pieces: Sequence[Box], widths: Sequence[int], deadline: Deadline
) -> tuple[int, ...] | None:
    """A class of each column such that no piece has them all; None where the pieces cover all.

    The pieces must not meet. Raises OutOfTime.
    """
    alive = list(pieces)
    total = volume(tuple((1 << width) - 1 for width in widths))
    if sum(volume(each) for each in alive) == total:
        return None
    point: list[int] = []
    for column, width in enumerate(widths):
        deadline.check()
        total //= width
        rests = [volume(each[column + 1 :]) for each in alive]
        covered = _covered([each[column] for each in alive], rests, width, total)
        chosen = next(place for place, each in enumerate(covered) if each < total)
        point.append(chosen)
        alive = [each for each in alive if each[column] >> chosen & 1]
    return tuple(point)


def _covered(sets: Sequence[int], volumes: Sequence[int], width: int, total: int) -> list[int]:
    """For each class the volume of the pieces that have it."""
    if _are_sparse(sets, width):
        found = [0] * width
        for each, own in zip(sets, volumes, strict=True):
            for place in places(each):
                found[place] += own
        return found
    members = _members(sets, width)
    # What does not meet adds up to the total at most, so 64 bits are enough where it fits in them.
    kind: Any = np.int64 if total < _INT64_SAFE else object
    return [int(each) for each in members.T.astype(kind) @ np.array(volumes, dtype=kind)]


def grown(point: Sequence[int], boxes: Sequence[Box], widths: Sequence[int]) -> Box:
    """The largest box around a point, column after column, that meets none of the boxes."""
    here = [1 << place for place in point]
    for column, width in enumerate(widths):
        blocked = 0
        for box in boxes:
            if all(box[other] & here[other] for other in range(len(widths)) if other != column):
                blocked |= box[column]
        here[column] = ((1 << width) - 1) & ~blocked
    return tuple(here)

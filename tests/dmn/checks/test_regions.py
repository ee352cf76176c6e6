"""Boxes against brute force: every point of a small space asked of every box."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.dmn.checks import regions

PATIENT = 60.0


@st.composite
def spaces(draw: st.DrawFn) -> tuple[list[int], list[regions.Box]]:
    widths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    sets = [st.integers(0, (1 << width) - 1) for width in widths]
    boxes = draw(st.lists(st.tuples(*sets), min_size=1, max_size=8))
    return widths, boxes


def points(widths: Sequence[int]) -> itertools.product[tuple[int, ...]]:
    return itertools.product(*map(range, widths))


def holds(box: regions.Box, point: Sequence[int]) -> bool:
    return all(each >> place & 1 for each, place in zip(box, point, strict=True))


def cut(widths: Sequence[int], boxes: Sequence[regions.Box]) -> list[list[regions.Box]]:
    together = regions.meetings(boxes, widths)
    return regions.apart(boxes, together, regions.Deadline(PATIENT))


@settings(max_examples=200, deadline=None)
@given(spaces())
def test_boxes_meet_where_a_point_is_in_both(space: tuple[list[int], list[regions.Box]]) -> None:
    widths, boxes = space

    together = regions.meetings(boxes, widths)

    for one, other in itertools.product(range(len(boxes)), repeat=2):
        expected = any(holds(boxes[one], at) and holds(boxes[other], at) for at in points(widths))
        assert bool(together[one] >> other & 1) == expected
        assert (regions.meeting(boxes[one], boxes[other]) is not None) == expected


@settings(max_examples=200, deadline=None)
@given(spaces())
def test_pieces_are_the_same_points_each_once(
    space: tuple[list[int], list[regions.Box]],
) -> None:
    widths, boxes = space

    pieces = cut(widths, boxes)

    for at in points(widths):
        first = next((place for place, box in enumerate(boxes) if holds(box, at)), None)
        found = [place for place, each in enumerate(pieces) for box in each if holds(box, at)]
        assert found == ([] if first is None else [first])


@settings(max_examples=200, deadline=None)
@given(spaces())
def test_a_hole_is_found_exactly_where_there_is_one(
    space: tuple[list[int], list[regions.Box]],
) -> None:
    widths, boxes = space
    pieces = [piece for each in cut(widths, boxes) for piece in each]

    point = regions.hole(pieces, widths, regions.Deadline(PATIENT))

    free = [at for at in points(widths) if not any(holds(box, at) for box in boxes)]
    assert (point is None) == (not free)
    if point is not None:
        assert point in free
        grown = regions.grown(point, boxes, widths)
        assert holds(grown, point)
        assert all(at in free for at in points(widths) if holds(grown, at))


def test_a_proof_stops_when_its_time_is_over() -> None:
    instants = iter(range(1000))
    deadline = regions.Deadline(2.0, clock=lambda: float(next(instants)))

    with pytest.raises(regions.OutOfTime):
        regions.left_over((3, 3), [(1, 1), (2, 1), (1, 2), (2, 2)], deadline)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(0, 39), max_size=40), min_size=1, max_size=12))
def test_a_relation_turned_twice_is_itself(members: list[set[int]]) -> None:
    sets = [sum(1 << each for each in some) for some in members]

    turned = regions.turned(sets, 40)

    assert [regions.places(each) for each in sets] == [sorted(some) for some in members]
    assert regions.turned(turned, len(sets)) == sets


def test_volumes_past_64_bits_are_counted_exactly() -> None:
    widths = [2000] * 6
    full = (1 << 2000) - 1
    # All but one point of twenty sextillions and more.
    pieces = regions.without((full,) * 6, (1 << 777,) * 6)

    point = regions.hole(pieces, widths, regions.Deadline(PATIENT))

    assert point == (777,) * 6

"""Every way of finding a span finds the one that bisection finds."""

from __future__ import annotations

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from fisc.dmn.columns import searching


@hypothesis.given(
    breaks=st.sets(st.integers(-(10**12), 10**12), min_size=1, max_size=60),
    values=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20),
)
@hypothesis.settings(deadline=None)
def test_spans_are_those_of_bisection(breaks: set[int], values: list[int]) -> None:
    edges = sorted(breaks)
    asked = np.array([*values, *edges])
    found = searching.search(edges, low=-(10**12), high=10**12)

    spans = searching.classes(found, asked, len(asked))

    assert spans.tolist() == np.searchsorted(edges, asked, side="right").tolist()


@pytest.mark.parametrize(
    ("breaks", "high", "way"),
    [
        (range(1, 1000, 7), 10**9, searching.Way.TABLE),
        ([10**8, 10**9], 10**10, searching.Way.COMPARE),
        (range(10**6, 10**9, 10**6), 10**10, searching.Way.BUCKETS),
        ([*range(10**6, 10**6 + 40), 10**15], 10**16, searching.Way.BISECT),
        ([10**20], 10**30, searching.Way.COMPARE),
    ],
)
def test_the_way_follows_from_the_breaks(breaks: list[int], high: int, way: searching.Way) -> None:
    found = searching.search(list(breaks), low=0, high=high)
    numbers = [0, breaks[0] - 1, breaks[0], breaks[-1], high]
    asked = np.array(numbers, dtype=np.int64 if high < 2**63 else object)

    spans = searching.classes(found, asked, len(asked))

    assert found.way is way
    assert spans.tolist() == [sum(edge <= each for edge in breaks) for each in numbers]

"""Days that govern, cut and found again."""

from __future__ import annotations

import datetime

import hypothesis
import numpy as np
from hypothesis import strategies as st

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import standings

AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
FIRST = datetime.date(2026, 1, 1)


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


@st.composite
def some_days(draw: st.DrawFn) -> periods.Period:
    start = draw(st.integers(0, 30))
    length = draw(st.none() | st.integers(1, 20))
    return periods.Period(
        starts_on=day(start), ends_before=None if length is None else day(start + length)
    )


@hypothesis.given(some_days(), some_days())
def test_what_is_left_holds_just_the_days_not_taken(
    days: periods.Period, taken: periods.Period
) -> None:
    left = standings.remainders(days, without=taken)

    for number in range(80):
        here = day(number)
        holding = sum(piece.holds(here) for piece in left)
        assert holding == (days.holds(here) and not taken.holds(here))


@hypothesis.given(st.lists(some_days(), max_size=5))
def test_the_place_of_a_day_is_that_of_the_standing_that_holds_it(
    drawn: list[periods.Period],
) -> None:
    apart: list[periods.Period] = []
    for each in drawn:
        if all(each.overlap(other) is None for other in apart):
            apart.append(each)
    known = standings.as_known(
        [
            standings.Standing(version_id=number, days=each, known_from=AT, known_before=None)
            for number, each in enumerate(apart)
        ],
        at=AT,
    )
    numbers = np.array([standings.day_number(day(number)) for number in range(60)])

    places = standings.positions(known, numbers)

    for number, place in enumerate(places):
        holding = [at for at, each in enumerate(known) if each.days.holds(day(number))]
        assert holding == ([place] if place >= 0 else [])


def test_what_is_superseded_at_an_instant_is_not_known_from_then_on() -> None:
    later = AT + datetime.timedelta(days=1)
    days = periods.Period(starts_on=FIRST)
    one = standings.Standing(version_id=1, days=days, known_from=AT, known_before=later)
    two = standings.Standing(version_id=2, days=days, known_from=later, known_before=None)

    before = later - datetime.timedelta(microseconds=1)
    assert standings.as_known([two, one], at=before) == (one,)
    assert standings.as_known([two, one], at=later) == (two,)

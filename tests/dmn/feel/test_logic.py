"""Null, three-valued logic, lists and dates."""

from __future__ import annotations

import datetime

import pytest

from fisc.dmn.feel import evaluation
from fisc.dmn.feel import values as kinds
from tests.dmn.feel import answers


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("null = null", "true"),
        ("100 = null", "false"),
        ("null > 1", "null"),
        ('1 = "1"', "null"),
        ("true and null", "null"),
        ("false and null", "false"),
        ("true or null", "true"),
        ("not(null)", "null"),
        ("if null then 1 else 2", "2"),
        ("null + 1", "null"),
        ("null in (null, 1)", "true"),
        ("null in [1..10]", "null"),
        ("some x in [1, null] satisfies x = 1", "true"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][4]", "null"),
        ("[{a: 1}, {a: 2}][a = 2].a", "[2]"),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("every x in [] satisfies false", "true"),
        ('{name: "Ann", greeting: "Hi " + name}.greeting', "Hi Ann"),
        ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
        ("5 instance of number", "true"),
        ("[1, 2] instance of list<string>", "false"),
    ],
)
def test_values_follow_the_standard(expression: str, expected: str) -> None:
    assert answers.text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('date("2028-02-29") - duration("P1Y")', "2027-02-28"),
        ('(date("2026-03-01") - date("2026-02-01")).days', "28"),
        ('date("2026-11-22").weekday', "7"),
        ('day of week(date("2026-11-22"))', "Sunday"),
        ('date("2026-02-29")', "null"),
        ("5 in (!= 5)", "false"),
        ("[1, 5, 7][item in (!= 5)]", "[1, 7]"),
        ('years and months duration(date("2025-10-15"), date("2026-11-14"))', "P1Y"),
        ('day of year(date("2028-12-31"))', "366"),
        ('date("2026-10-01") in [date("2026-07-01")..date("2027-06-30")]', "true"),
        ('time("23:59:30") + duration("PT1M")', "00:00:30"),
        ('@"2026-11-01T01:30:00@America/New_York".time offset', "-PT4H"),
    ],
)
def test_days_are_counted_as_a_calendar_does(expression: str, expected: str) -> None:
    assert answers.text(expression) == expected


def test_a_null_says_why() -> None:
    assert answers.reasons("1 / 0") == ["Division by zero has no result"]
    assert answers.reasons("round up(null, 2)") == [
        "round up(null, number) cannot be called; it is round up(n, scale)"
    ]


class TestTheClock:
    @pytest.mark.parametrize("expression", ["today()", "now()", "[1, today()]"])
    def test_is_refused_where_none_is_given(self, expression: str) -> None:
        with pytest.raises(evaluation.ClockRefused, match="take the day as an input"):
            answers.value(expression)


class TestInputs:
    def test_refuse_floats(self) -> None:
        with pytest.raises(kinds.NotAValue, match="Give numbers as whole numbers or Decimal"):
            kinds.of(0.1)

    def test_take_pythons_own_dates(self) -> None:
        day = datetime.date(2026, 2, 28)

        assert answers.value('day + duration("P1D")', day=day) == datetime.date(2026, 3, 1)


class TestTheStepLimit:
    @pytest.mark.parametrize(
        "expression",
        [
            "for i in 1..1000000000000 return i",
            "count(for i in 1..10000, j in 1..10000 return i * j)",
            "some i in 1..100000000 satisfies i < 0",
            "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1)}.f([1], 35)",
            "{again: function(n) again(n + 1)}.again(1)",
            "{f: function(n) if n > 30 then 1 else f(n + 1) + f(n + 1)}.f(1)",
        ],
    )
    def test_stops_what_never_ends(self, expression: str) -> None:
        with pytest.raises(evaluation.TooManySteps, match="was stopped"):
            answers.limited(expression, most_steps=20_000)

    def test_leaves_a_long_sum_alone(self) -> None:
        assert answers.text("sum(for i in 1..10000 return i)") == "50005000"

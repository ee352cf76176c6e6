"""Text and its patterns."""

from __future__ import annotations

import pytest

from tests.dmn.feel import answers


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('substring("foobar", -3, 2)', "ba"),
        ('string length("🐎😀")', "2"),
        ('upper case("straße")', "STRASSE"),
        ('string(1.50) + "/" + string(date("2026-10-01"))', "1.5/2026-10-01"),
        ('string([1, "a", null])', '[1, "a", null]'),
        ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
        ('string join(["a", "b"], "-")', "a-b"),
        ('number("1.234,50", ".", ",")', "1234.5"),
        ('number("1,2,3", ".", ",")', "null"),
        ('contains("METER-5", "5")', "true"),
    ],
)
def test_functions_of_text_follow_the_standard(expression: str, expected: str) -> None:
    assert answers.text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r'matches("W-1234", "^W-[0-9]{4}$")', "true"),
        (r'matches("b", "[a-z-[aeiou]]")', "true"),
        (r'matches("e", "[a-z-[aeiou]]")', "false"),
        (r'matches("a[b", "a[\[]b")', "true"),
        (r'matches("ab", "a b", "x")', "true"),
        (r'matches("a.b", "a.b", "q")', "true"),
        (r'matches("axb", "a.b", "q")', "false"),
        (r'matches("x", "(")', "null"),
        (r'matches("x", "x", "z")', "null"),
        (r'replace("John Smith", "(\w+) (\w+)", "$2, $1")', "Smith, John"),
        (r'replace("abc", "b", "\$1")', "a$1c"),
        (r'replace("abc", "x*", "-")', "null"),
    ],
)
def test_patterns_are_those_of_xpath(expression: str, expected: str) -> None:
    assert answers.text(expression) == expected


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "a*a*a*a*a*a*b", "(x+x+)+y"])
def test_patterns_that_might_never_end_are_not_tried_on_long_texts(pattern: str) -> None:
    assert answers.text(f'matches(meter, "{pattern}")', meter="a" * 60 + "!") == "null"


def test_a_text_does_not_grow_without_end() -> None:
    doubling = "{f: function(s, n) if n = 0 then s else f(s + s, n - 1)}"

    assert answers.text(f'string length({doubling}.f("x", 16))') == "65536"
    assert answers.text(f'{doubling}.f("x", 35)') == "null"

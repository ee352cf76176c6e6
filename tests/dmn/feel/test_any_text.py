"""Whatever stands in a cell: it is refused by name, or it has a value. Nothing else happens."""

from __future__ import annotations

from hypothesis import given, settings, strategies

from fisc.dmn.feel import evaluation, lexer, parser, scopes, texts
from fisc.dmn.feel.functions import builtins
from tests.dmn.feel import answers

NAMES = sorted(builtins.names() - {"now", "today"})
PIECES = strategies.sampled_from(
    [
        *("1", "0", "-2.5", "1e3", '"a"', '"2026-10-01"', "true", "null", "[1, 2]", "{a: 1}"),
        *('@"2026-10-01"', '@"P1D"', '@"P1Y"', '@"10:00:00"', '@"2026-10-01T10:00:00Z"'),
        *("[1..5]", "(2..3)", "(< 5)", "x", "rows", "item", "?"),
        *("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in", "between"),
        *("(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "a", ".year", ".days", ".start"),
        *("if", "then", "else", "for", "i", "return", "some", "every", "satisfies"),
        *("not", "instance of", "number", "list<number>", "function(i)", "partial"),
    ]
)
VALUES = strategies.sampled_from(
    [
        *("1", "0", "-2.5", "1e30", '"a"', '""', '"2026-10-01"', "true", "null", "[]", "[1, 2]"),
        *("[null]", "{}", "{a: 1}", "[[1], [2, [3]]]", '@"2026-10-01"', '@"P1D"', '@"-P1Y"'),
        *('@"10:00:00"', '@"2026-10-01T10:00:00@Europe/Paris"', "[1..5]", "(< 5)", "[x..2]"),
        *("function(i) i", "function(i, j) i < j", "sum", '"(a|b)+"', '"$1"'),
    ]
)


def settle(text: str) -> None:
    """Evaluate a text; only the errors that have names may come out."""
    try:
        answer = answers.value(text, x=3, rows=[{"a": 1, "b": "z"}, {"a": None}])
    except (lexer.UnreadableFeel, evaluation.TooManySteps, evaluation.ClockRefused):
        return
    assert isinstance(texts.text(answer), str)


@settings(max_examples=100, deadline=None)
@given(strategies.text(max_size=60))
def test_any_characters_are_read_or_refused(text: str) -> None:
    settle(text)


@settings(max_examples=150, deadline=None)
@given(strategies.lists(PIECES, max_size=14).map(" ".join))
def test_any_row_of_words_is_read_or_refused(text: str) -> None:
    settle(text)
    try:
        parser.unary_tests(text, scopes.scope(["x", "rows"]))
    except lexer.UnreadableFeel:
        return


@settings(max_examples=200, deadline=None)
@given(
    name=strategies.sampled_from(NAMES),
    arguments=strategies.lists(VALUES, max_size=4),
)
def test_every_function_takes_anything(name: str, arguments: list[str]) -> None:
    settle(f"{name}({', '.join(arguments)})")


@settings(max_examples=200, deadline=None)
@given(
    operator=strategies.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "in"]),
    left=VALUES,
    right=VALUES,
)
def test_every_operator_takes_anything(operator: str, left: str, right: str) -> None:
    settle(f"{left} {operator} {right}")

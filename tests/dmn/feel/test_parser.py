"""FEEL text: names of several words, cells, and refusals that say what was expected."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fisc.dmn.feel import lexer, parser, scopes, syntax
from tests.dmn.feel import answers


class TestNames:
    def test_of_several_words_are_one_name(self) -> None:
        value = answers.value("monthly base rate - base rate", monthly_base_rate=5, base_rate=2)

        assert value == Decimal(3)

    @pytest.mark.parametrize(
        "name",
        [
            "Approved/Declined",
            "Größe",
            "水道料金",
            "rate 2",
            "owner's share",
            "Büro 🏠",
            "not taxed",
        ],
    )
    def test_may_hold_symbols_digits_and_any_letters(self, name: str) -> None:
        tree, unknown = parser.expression(f"{name} * 2", scopes.scope([name], is_open=False))

        assert (tree.left, unknown) == (syntax.Name(name), [])  # type: ignore[attr-defined]

    def test_unknown_ones_are_told_with_their_place(self) -> None:
        _, unknown = parser.expression("1 + usge", scopes.scope(["usage"], is_open=False))

        assert [(each.name, each.at) for each in unknown] == [("usge", 4)]

    def test_inside_a_filter_are_known_only_by_the_items(self) -> None:
        _, unknown = parser.expression("rows[age > 3]", scopes.scope(["rows"], is_open=False))

        assert unknown == []


class TestCells:
    @pytest.mark.parametrize("text", ["-", "", "  "])
    def test_a_dash_or_nothing_matches_anything(self, text: str) -> None:
        tree, _ = parser.unary_tests(text, scopes.scope())

        assert tree.is_anything

    def test_not_turns_all_its_tests_around(self) -> None:
        tree, _ = parser.unary_tests('not("A", "B")', scopes.scope())

        assert (tree.is_negated, len(tree.tests)) == (True, 2)

    @pytest.mark.parametrize(
        ("text", "ends"), [("[1..5]", (True, True)), ("(1..5)", (False, False)),
                           ("]1..5[", (False, False)), ("[1..5)", (True, False))],
    )  # fmt: skip
    def test_ranges_say_which_ends_are_in(self, text: str, ends: tuple[bool, bool]) -> None:
        tree, _ = parser.unary_tests(text, scopes.scope())
        test = tree.tests[0]

        assert isinstance(test, syntax.Matches)
        limits = test.expression
        assert isinstance(limits, syntax.RangeLiteral)
        assert (limits.includes_low, limits.includes_high) == ends


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("1 +", "Expected a value, a name or an opening parenthesis at the end"),
            ("5 %", "A percentage is written as a fraction"),
            ("a == b", 'Write a single "="'),
            ("a && b", 'Write the words "and" or "or"'),
            ('"open', "never closed"),
            ("if a then b", 'Expected the word "else"'),
            ("(1", 'Expected the sign ")" to close the parenthesis'),
            ("1 2", "Expected an operator or the end"),
            ("[1..5", 'Expected "]" or ")" to close the range'),
            ("{a: 1, a: 2}", "two entries of the same name"),
            ("1e999999", "This number is too large"),
            ("f(x", 'Expected the sign ")" after the last argument'),
        ],
    )
    def test_say_what_was_expected_and_where(self, text: str, words: str) -> None:
        with pytest.raises(lexer.UnreadableFeel) as refusal:
            parser.expression(text, scopes.scope(["a", "b", "f", "x"]))

        assert words in str(refusal.value)
        assert "character" in str(refusal.value) or "at the end" in str(refusal.value)

    @pytest.mark.parametrize(
        "text",
        ["(" * 10_000 + "1" + ")" * 10_000, "[" * 10_000, "-" * 10_000 + "1", "f(" * 10_000,
         "not(" * 10_000, "if " * 10_000, "{a: " * 10_000, "1" + " + 1" * 10_000,
         "a instance of " + "list<" * 10_000],
        ids=["parentheses", "lists", "signs", "calls", "nots", "ifs", "contexts", "sum", "types"],
    )  # fmt: skip
    def test_nesting_of_ten_thousand_is_refused(self, text: str) -> None:
        with pytest.raises(lexer.UnreadableFeel):
            parser.expression(text, scopes.scope(["a", "f"]))

    def test_a_text_of_a_million_characters_is_refused(self) -> None:
        with pytest.raises(lexer.UnreadableFeel, match="100,000 characters"):
            parser.expression("1" * 1_000_000, scopes.scope())

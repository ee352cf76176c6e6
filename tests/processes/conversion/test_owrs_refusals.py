"""Files that are damaged, hostile or doubtful: each is refused with class, field and reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.processes.conversion.owrs import books, formulas, problems, specification
from tests.factories import published_rates as rates


def reasons(**classes: str) -> str:
    return "\n".join(str(each) for each in rates.book(rates.text_of(**classes)).refused)


def refused(text: str) -> str:
    with pytest.raises(problems.RatesAreRefused) as caught:
        rates.book(text)
    return str(caught.value)


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "The file is empty"),
            ("a: b: c", "line 1, column 5: mapping values are not allowed"),
            ("a: [1, 2", "Not YAML"),
            ("x: 1\nx: 2", "“x” is written twice, line 2"),
            ("x: &a [1]\ny: *a", "“*a” repeats another place, line 2"),
            ("x: !!python/object/apply:os.system [ls]", "A type is named"),
            ("x: 1\n---\ny: 2", "A second document starts"),
            ("[1]: 2", "A key is no text"),
            ("- 1", "no mapping with metadata and rate_structure"),
            ("metadata: {}", "rate_structure is missing"),
            ("rate_structure: 7", "no mapping of customer classes"),
            ("x: " + "[" * 40 + "]" * 40, "at most 16 levels"),
            ("x: \x00", "Not YAML"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, text: str, words: str) -> None:
        assert words in refused(text)

    def test_a_bomb_of_aliases_is_not_lit(self) -> None:
        bomb = "a0: &a0 [x, x]\n" + "".join(
            f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)
        )

        assert "repeats another place" in refused(bomb)

    def test_a_file_that_is_no_text(self) -> None:
        with pytest.raises(problems.RatesAreRefused, match="not UTF-8"):
            specification.read(b"\xff\xfe\x00", file="x")

    def test_a_file_that_is_too_large(self) -> None:
        with pytest.raises(problems.RatesAreRefused, match="larger than"):
            specification.read(b"#" * 2_000_001, file="x")

    def test_a_tab_between_words_is_a_space(self) -> None:
        made = rates.book(rates.text_of(HOME="bill\t: 3"))

        assert made.refused == ()

    @settings(max_examples=150, deadline=None)
    @given(st.text(alphabet="abc: -[]{}&*!|>'\"#%\n\t,?0", max_size=60))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        try:
            made = rates.book(rates.HEAD + "  HOME:\n    bill: 1\n    x: " + text)
        except problems.RatesAreRefused as caught:
            outcome = [str(caught)]
        else:
            outcome = [str(each) for each in (*made.classes, *made.refused)]
        assert all(outcome)
        assert outcome


class TestFields:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ("rate: 1", "class HOME, field bill: the class has no bill"),
            ("bill: service_charge+2", "“service_charge” is neither a field of the class"),
            ("IR_charge: 1\nbill: IR_Charge", "is IR_charge meant?"),
            ("a: b+1\nb: a+1\nbill: a", "field a: it asks for itself: a → b → a"),
            ("bill: round(usage_ccf)", "“round(…)” in “round(usage_ccf)” is a function"),
            ("bill: usage_ccf^2", "is no formula at “^2”"),
            ("bill: $2.10", "“$2.10” is no formula"),
            ("bill: 2,10", "“2,10” is no formula"),
            ("bill: (1+2", "something is missing where it ends"),
            ("bill: 1 +", "something is missing where it ends"),
            ("bill: usage_ccf/0", "divided by zero"),
            ("bill:", "nothing is written"),
            ("bill: [1, 2]", "a list is no amount"),
            ("bill: {depends_on: x}", "a mapping of a field has depends_on and values"),
            ("bill: {depends_on: x, values: [1]}", "ranges without keys are not read"),
            ("bill: {depends_on: [x, y], values: {a: 1}}", "“a” has 1 parts for 2 facts"),
            ("bill: {depends_on: {}, values: {a: 1}}", "depends_on is neither a name"),
            ("bill: {depends_on: x, values: {a: {b: 1}}}", "neither a value nor a list"),
            ("bill: {depends_on: x.y, values: {a: 1}}", "no name that a fact can have"),
            ("bill: commodity_charge\ncommodity_charge: Tiered", "tier_starts or tier_starts_com"),
            ("bill: 0.1234567890123456789012345678901", "more than 30 digits"),
            ("bill: 1" + "+1" * 900, "more than 400 numbers, names and signs"),
            (
                "\n".join(f"a{n}: a{n + 1}+1" for n in range(90)) + "\na90: 1\nbill: a0",
                "too many fields ask each other",
            ),
            (
                "\n".join(f"a{n}: a{n + 1}" + "+1" * 199 for n in range(50)) + "\na50: 1\nbill: a0",
                "its fields ask each other too deeply",
            ),
            ("bill: " + "(" * 60 + "1" + ")" * 60, "parentheses more than 40 deep"),
        ],
    )
    def test_says_the_class_the_field_and_the_reason(self, fields: str, words: str) -> None:
        assert words in reasons(HOME=fields)

    def test_more_starts_than_prices(self) -> None:
        fields = """
        commodity_charge: Tiered
        tier_starts: [0, 5, 9]
        tier_prices: [1, 2]
        bill: commodity_charge
        """

        assert reasons(HOME=fields) == (
            "class HOME, field commodity_charge: 3 tier starts but 2 tier prices"
        )

    def test_a_class_that_is_no_mapping_leaves_the_others(self) -> None:
        made = rates.book(rates.HEAD + "  HOME: none\n  SHOP:\n    bill: 1\n")

        assert [str(each) for each in made.refused] == [
            "class HOME: the class is no mapping of fields"
        ]
        assert [each.name for each in made.classes] == ["SHOP"]

    def test_a_field_that_no_bill_has_is_left_out_and_said(self) -> None:
        made = rates.book(rates.text_of(HOME="oddity: ask us\nbill: 1"))

        assert "oddity is left out, no bill has it" in made.remarks[0]


class TestDoubts:
    def tiered(self, starts: str) -> books.Book:
        return rates.book(
            rates.text_of(
                HOME=f"""
                commodity_charge: Tiered
                tier_starts: {starts}
                tier_prices: [1, 2, 3]
                bill: commodity_charge
                """
            )
        )

    def test_tiers_out_of_order(self) -> None:
        assert self.tiered("[0, 20, 10]").doubts == (
            "class HOME, commodity_charge: the tier starts 0, 20, 10 are out of order",
        )

    def test_a_first_tier_that_starts_later(self) -> None:
        assert "the first tier starts at 5" in self.tiered("[5, 11, 21]").doubts[0]

    def test_starts_that_look_like_boundaries_are_remarked(self) -> None:
        assert "look like boundaries" in self.tiered("[0, 10, 20]").remarks[0]
        assert self.tiered("[0, 11, 21]").remarks == ()

    def test_a_date_that_is_none(self) -> None:
        text = rates.text_of(HOME="bill: 1").replace("07/01/2025", "next July")

        assert rates.book(text).doubts == ("metadata: effective_date “next July” is no date",)

    def test_maps_with_different_keys(self) -> None:
        fields = """
        a: {depends_on: size, values: {S: 1, L: 2}}
        b: {depends_on: size, values: {S: 1}}
        bill: a+b
        """

        assert "b has no value for size of L" in rates.book(rates.text_of(HOME=fields)).remarks[0]


class TestFormulas:
    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet="ab1.()+-*/ ^,eE_%", max_size=40))
    def test_any_text_is_a_formula_or_refused(self, text: str) -> None:
        try:
            outcome = str(formulas.parse(text))
        except formulas.FormulaIsWrong as problem:
            outcome = str(problem)
        assert outcome

    def test_a_name_with_a_hyphen_is_known_where_a_field_has_it(self) -> None:
        node = formulas.parse("a+turn-on_charge", names=["turn-on_charge"])

        assert formulas.names_in(node) == {"a", "turn-on_charge"}
        assert formulas.names_in(formulas.parse("turn-on_charge")) == {"turn", "on_charge"}

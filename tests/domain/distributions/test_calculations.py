"""Shares make up what is shared, to the cent, whatever the fractions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.domain.distributions import calculations
from fisc.domain.distributions.calculations import Amount, Key, Law

PRIVILEGE = Law(
    "privilege",
    80,
    {"general": 49, "transportation": 10, "preserve_land": 16, "public_safety": 5},
    "general",
)
FUNDS = ("a", "b", "c", "d", "e", "f")

laws = st.builds(
    lambda parts, named: Law(
        "any",
        sum(parts),
        dict(zip(FUNDS, parts, strict=False)),
        FUNDS[named % len(parts)] if named is not None else None,
    ),
    st.lists(st.integers(1, 5000), min_size=1, max_size=6),
    st.none() | st.integers(0, 5),
)
cents = st.integers(-(10**13), 10**13)


class TestShared:
    def test_scottsdale_s_earmarks_of_a_thousand_dollars(self) -> None:
        assert calculations.shared(100_000, PRIVILEGE) == {
            "general": 61_250,
            "transportation": 12_500,
            "preserve_land": 20_000,
            "public_safety": 6_250,
        }

    def test_odd_cents_go_to_the_named_fund(self) -> None:
        assert calculations.shared(99, PRIVILEGE) == {
            "general": 62,
            "transportation": 12,
            "preserve_land": 19,
            "public_safety": 6,
        }

    def test_or_one_each_to_the_greatest_fractions_and_ties_go_by_the_list(self) -> None:
        thirds = Law("thirds", 3, {"a": 1, "b": 1, "c": 1}, None)
        uneven = Law("uneven", 100, {"a": 33, "b": 33, "c": 34}, None)

        assert calculations.shared(100, thirds) == {"a": 34, "b": 33, "c": 33}
        assert calculations.shared(101, thirds) == {"a": 34, "b": 34, "c": 33}
        assert calculations.shared(10, uneven) == {"a": 3, "b": 3, "c": 4}

    @given(cents=cents, law=laws)
    def test_shares_always_make_up_the_amount_and_are_within_a_few_cents(
        self, cents: int, law: Law
    ) -> None:
        shares = calculations.shared(cents, law)

        assert sum(shares.values()) == cents
        most = 1 if law.odd_cents is None else len(law.parts)
        for fund, parts in law.parts.items():
            assert abs(shares[fund] * law.whole - cents * parts) < most * law.whole

    @given(cents=cents, law=laws)
    def test_what_is_taken_back_is_what_was_given(self, cents: int, law: Law) -> None:
        given, back = calculations.shared(cents, law), calculations.shared(-cents, law)

        assert {fund: given[fund] + back[fund] for fund in given} == dict.fromkeys(given, 0)

    def test_parts_that_are_not_the_whole_are_refused_by_name(self) -> None:
        with pytest.raises(calculations.PartsAreNotWhole, match=r"into 80 parts and gives 79"):
            calculations.shared(1, Law("privilege", 80, {"general": 79}, None))
        with pytest.raises(calculations.PartsAreNotWhole, match=r"“b”, which receives no part"):
            calculations.shared(1, Law("privilege", 1, {"a": 1}, "b"))


keys = st.builds(
    Key, st.integers(1, 3), st.sampled_from(("tax", "excess")), st.sampled_from(("one", "two"))
)
amounts = st.dictionaries(
    keys,
    st.dictionaries(st.sampled_from(FUNDS), st.integers(-1000, 1000), min_size=1),
    max_size=5,
).map(
    lambda found: {key: Amount(key, sum(shares.values()), shares) for key, shares in found.items()}
)


class TestDifference:
    @given(target=amounts, done=amounts)
    def test_added_to_what_was_done_it_gives_what_should_be(
        self, target: dict[Key, Amount], done: dict[Key, Amount]
    ) -> None:
        found = {each.key: each for each in calculations.difference(target, done)}

        for key in {*target, *done, *found}:
            should, was, more = (each.get(key) for each in (target, done, found))
            for fund in FUNDS:
                now = sum(each.shares.get(fund, 0) for each in (was, more) if each)
                assert now == (should.shares.get(fund, 0) if should else 0)
        assert calculations.difference(target, target) == ()

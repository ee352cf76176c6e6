from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fisc.basics import money
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations import parts, postings, readings
from tests import shared_facts

START = 20_000


def numbers(*values: int) -> known.Numbers:
    return np.array(values, dtype=np.int64)


def facts(
    *,
    days: int,
    intervals: list[tuple[int, int, int]],
    terms: tuple[int, ...] = (0,),
    inside: tuple[tuple[int, int], ...] = (),
) -> known.Facts:
    """Return one electric agreement; days are counted from the period's first."""
    one = numbers(0)
    ends = numbers(START + days)
    rows = np.zeros(len(intervals), dtype=np.int64)
    return known.Facts(
        bill_day=START + days,
        services=("electric",),
        code_texts=("residential", "single"),
        agreements=known.Agreements(
            agreement_id=one,
            account_id=one,
            account_bucket=one,
            service=one,
            starts_on=numbers(START),
            ends_before=ends,
            from_read=one,
            to_read=one,
            is_estimated=np.zeros(1, dtype=np.bool_),
            winter_average=numbers(known.NONE),
        ),
        intervals=known.Intervals(
            rows,
            numbers(*(START + first for first, _, _ in intervals)),
            numbers(*(START + end for _, end, _ in intervals)),
            numbers(*(usage for _, _, usage in intervals)),
        ),
        terms=known.Terms(
            np.zeros(len(terms), dtype=np.int64),
            numbers(*(START + day for day in terms)),
            np.zeros(len(terms), dtype=np.int64),
            np.ones(len(terms), dtype=np.int64),
        ),
        places=known.Places(
            np.zeros(len(inside), dtype=np.int64),
            numbers(*(START + first for first, _ in inside)),
            numbers(*(START + end for _, end in inside)),
        ),
        previous_total=one,
        has_previous=np.zeros(1, dtype=np.bool_),
        estimates_before=one,
    )


class TestCut:
    def test_leaves_a_plain_period_whole(self) -> None:
        cut = parts.cut(facts(days=30, intervals=[(0, 30, 900)]), version_starts={"electric": [0]})

        assert cut.days.tolist() == [30]
        assert cut.usage.tolist() == [900]
        assert cut.is_first.tolist() == cut.is_last.tolist() == [True]

    def test_splits_usage_where_the_rate_changes(self) -> None:
        cut = parts.cut(
            facts(days=45, intervals=[(0, 45, 100)]),
            version_starts={"electric": [0, START + 15]},
        )

        assert cut.days.tolist() == [15, 30]
        assert cut.usage.tolist() == [33, 67]
        assert cut.version.tolist() == [0, 1]
        assert cut.period_usage.tolist() == [100, 100]

    def test_is_what_oracle_publishes(self) -> None:
        examples = json.loads(shared_facts.path_of("facts/worked_examples.json").read_text("utf-8"))
        (example,) = [each for each in examples if each["id"] == "prorate-oracle-quantity"]

        cut = parts.cut(
            facts(days=45, intervals=[(0, 45, int(example["inputs"]["kwh"]))]),
            version_starts={"electric": [0, START + 15]},
        )

        assert [str(usage) for usage in cut.usage] == [
            example["expected"]["first_15_days_kwh"],
            example["expected"]["next_30_days_kwh"],
        ]

    def test_knows_which_part_lies_inside_the_city(self) -> None:
        cut = parts.cut(
            facts(days=30, intervals=[(0, 30, 300)], inside=((10, 1000),)),
            version_starts={"electric": [0]},
        )

        assert cut.days.tolist() == [10, 20]
        assert cut.inside_city.tolist() == [False, True]

    def test_keeps_each_meters_usage_to_its_own_days(self) -> None:
        cut = parts.cut(
            facts(days=30, intervals=[(0, 10, 500), (10, 30, 100)]),
            version_starts={"electric": [0]},
        )

        assert cut.usage.tolist() == [500, 100]

    def test_says_where_no_version_was_in_force(self) -> None:
        cut = parts.cut(
            facts(days=30, intervals=[(0, 30, 300)]), version_starts={"electric": [START + 10]}
        )

        assert cut.version.tolist() == [known.NONE, 0]

    @given(
        st.integers(min_value=2, max_value=90),
        st.integers(min_value=0, max_value=10**10),
        st.lists(st.integers(min_value=1, max_value=89), max_size=5),
        st.lists(st.integers(min_value=1, max_value=89), max_size=3),
    )
    def test_adds_up_wherever_it_is_cut(
        self, days: int, usage: int, versions: list[int], terms: list[int]
    ) -> None:
        cut = parts.cut(
            facts(days=days, intervals=[(0, days, usage)], terms=(0, *sorted(set(terms)))),
            version_starts={"electric": [0, *sorted({START + day for day in versions})]},
        )

        assert cut.usage.sum() == usage
        assert cut.days.sum() == days
        assert cut.usage.tolist() == money.split_by_largest_remainder(
            usage, weights=cut.days.tolist()
        )


class TestStepsBetween:
    def test_goes_past_the_end_of_the_dial(self) -> None:
        turned = readings.steps_between(numbers(9_990, 5), numbers(10, 7), digits=numbers(4, 4))

        assert turned.tolist() == [20, 2]


class TestPostings:
    def test_balance_each_bill(self) -> None:
        made = postings.postings(
            bill=numbers(0, 0, 1),
            charge_id=numbers(1, 2, 1),
            cents=numbers(500, 70, 30),
            account_of_bill=numbers(11, 12),
            receivable_gl=numbers(-1, 7, 7),
            revenue_gl=numbers(-1, 8, 9),
        )

        assert made.count.tolist() == [3, 2]
        assert made.line_no.tolist() == [1, 2, 3, 1, 2]
        assert made.amount_cents.tolist() == [570, -500, -70, 30, -30]
        assert made.gl_account_id.tolist() == [7, 8, 9, 7, 8]
        assert made.subledger.tolist() == [11, known.NONE, known.NONE, 12, known.NONE]

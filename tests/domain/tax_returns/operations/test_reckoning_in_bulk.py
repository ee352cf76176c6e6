"""The run over late tax: the same charges as one by one, and nothing twice."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest

from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns import choices, explaining
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, payoffs, reckoning, reckoning_in_bulk
from fisc.domain.tax_returns.queries import governing, late, postings, returns
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import BY

D = datetime.date
JULY, BEGINNING = D(2026, 7, 1), D(2026, 1, 1)
Part = choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


def filed(gross: int, *, on: datetime.date) -> returns.Kept:
    came = filing.Came(
        account_id=tax_returns.filer(),
        starts_on=JULY,
        received_on=on,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
    )
    return filing.file_return(came, by=BY, posting_day=on)


def run(number: int, on: datetime.date, *, since: datetime.date = BEGINNING) -> Mapping[str, int]:
    with transactions.started():
        return reckoning_in_bulk.bring_chunk_up_to_date(
            bucket_from=0,
            bucket_before=4096,
            since=since,
            of=reckoning_in_bulk.Of(run_id=number, chunk=1, posting_day=on, at=BY.at),
        )


def charged(account_id: int) -> list[tuple[int, int]]:
    items = postings.standing(account_id, starts_on=JULY).items
    return [(each.key.part, each.cents) for each in items if each.key.part >= Part.PENALTY]


class TestRun:
    def test_it_charges_as_one_by_one_and_nothing_twice(self) -> None:
        late_ones = [filed(gross, on=D(2026, 8, 20)) for gross in (500_000, 77_700, 1)]
        twins = [filed(gross, on=D(2026, 8, 20)) for gross in (500_000, 77_700, 1)]
        paid = filed(500_000, on=D(2026, 8, 20))
        tax_returns.paid(paid.account_id, 9_000, on=D(2026, 8, 20), posted=D(2026, 8, 20))
        for twin in twins:
            reckoning.bring_up_to_date(
                account_id=twin.account_id, starts_on=JULY, on=D(2026, 9, 30),
                posting_day=D(2026, 9, 30), by=BY,
            )  # fmt: skip

        found = run(1, D(2026, 9, 30))

        expected = [charged(each.account_id) for each in twins]
        assert [charged(each.account_id) for each in late_ones] == expected
        assert expected[0] == [(Part.PENALTY, 900), (Part.INTEREST, 180)]
        assert expected[2] == []
        assert charged(paid.account_id) == []
        assert found == {"late_returns": 2, "late_cents": 1_080 + 168, "returns_by_themselves": 0}
        assert run(2, D(2026, 9, 30))["late_returns"] == 0
        item = postings.standing(late_ones[1].account_id, starts_on=JULY).items[-1]
        assert explaining.why_item(item.item_id, language="en").is_equal
        assert receivables.broken_control_accounts() == []
        assert receivables.broken_open_items() == []

    def test_what_is_to_be_taken_back_is_done_by_itself(self) -> None:
        kept = filed(500_000, on=D(2026, 8, 20))
        run(3, D(2026, 9, 30))
        tax_returns.paid(kept.account_id, 9_000, on=D(2026, 8, 25), posted=D(2026, 10, 1))
        assert receivables.account_balance(kept.account_id, as_of=JULY).balance_cents == 1_080

        found = run(4, D(2026, 10, 1), since=D(2026, 10, 1))

        assert found["returns_by_themselves"] == 1
        assert receivables.account_balance(kept.account_id, as_of=JULY).balance_cents == 0

    def test_what_was_settled_before_is_looked_at_no_more(self) -> None:
        kept = filed(500_000, on=D(2026, 8, 20))
        tax_returns.paid(kept.account_id, 9_000, on=D(2026, 8, 20), posted=D(2026, 8, 20))

        seen = late.late(
            bucket_from=kept.account_id % 4096,
            bucket_before=kept.account_id % 4096 + 1,
            on=D(2026, 10, 1),
            since=D(2026, 9, 1),
        )

        assert seen == []

    def test_a_letter_is_kept_by_the_run(self) -> None:
        kept = filed(500_000, on=D(2026, 9, 10))
        made = payoffs.promise(
            account_id=kept.account_id, periods=[JULY], good_through=D(2026, 9, 19),
            on=D(2026, 9, 15), by=BY,
        )  # fmt: skip
        run(5, D(2026, 9, 22))
        tax_returns.paid(
            kept.account_id, made.total_cents, on=D(2026, 9, 18), posted=D(2026, 9, 22)
        )

        run(6, D(2026, 9, 23))

        assert receivables.account_balance(kept.account_id, as_of=JULY).balance_cents == 0


class TestMany:
    def test_many_at_once_cost_what_each_costs(self) -> None:
        for gross in (500_000, 123_456):
            for on in (D(2026, 8, 20), D(2026, 9, 10), D(2026, 10, 1)):
                kept = filed(gross, on=on)
                tax_returns.paid(kept.account_id, 1_000, on=D(2026, 9, 25), posted=D(2026, 10, 1))
        seen = late.late(bucket_from=0, bucket_before=4096, on=D(2028, 3, 1), since=D(2026, 1, 1))

        found = late.owings([each.owed for each in seen], on=D(2028, 3, 1), known_at=BY.at)

        assert len(seen) >= 6
        assert found == [
            governing.owing_on(each.owed, on=D(2028, 3, 1), known_at=BY.at) for each in seen
        ]

"""Due days that a declaration puts off: what is owed, what is late, and what was charged before."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import replace

import pytest

from fisc.domain.code_lists import operations as code_lists
from fisc.domain.tax_returns.calculations import extensions, obligations
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import (
    filing,
    filing_in_bulk,
    reckoning,
    reckoning_in_bulk,
)
from fisc.domain.tax_returns.queries import missing, registrations, returns
from fisc.domain.tax_returns.queries import postings as books
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
JULY = D(2026, 7, 1)
HEAD = "code,label_en,label_es,starts_on,ends_before,region,due_from,due_through,due_on,citation"


# One edition of a list comes after the other.
INSTANTS = (AT + datetime.timedelta(minutes=each) for each in itertools.count())


def declare(*rows: str) -> None:
    """Have the city's list say that what is due in a region is due later."""
    with transactions.started():
        code_lists.import_codes(
            name="due day extension",
            content="\n".join([HEAD, *rows, ""]).encode(),
            at=next(INSTANTS),
        )


def row(*, region: str = "MS", ends: str = "") -> str:
    return (
        f"flood,Flood of August,Inundación de agosto,2026-08-15,{ends},{region},2026-08-10,"
        "2026-09-10,2026-10-30,Emergency declaration 4"
    )


def came(account_id: int, *, on: datetime.date, starts_on: datetime.date = JULY) -> filing.Came:
    line = Line(region="MS", business_class="11", gross_cents=1_000_000)
    return filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=on,
        is_electronic=False,
        lines=(line,),
    )


def owed(account_id: int) -> dict[datetime.date, obligations.Obligation]:
    found = registrations.owed_returns(account_id, before=D(2026, 10, 1), known_at=AT)
    return {each.obligation.days.starts_on: each.obligation for each in found}


def lateness(kept: returns.Kept) -> int:
    standing = books.standing(kept.account_id, starts_on=kept.days.starts_on)
    return sum(each.cents for each in standing.items if each.key.part >= 10)


@pytest.mark.usefixtures("tax_city")
class TestDeclared:
    def test_only_what_is_due_in_its_days_and_region_is_due_later(self) -> None:
        account_id = tax_returns.filer()
        before = owed(account_id)

        declare(row())
        after = owed(account_id)

        assert before[JULY].due_on == D(2026, 8, 20)
        assert after[JULY].due_on == after[JULY].paper_received_by == D(2026, 10, 30)
        assert {each for each in before if before[each] != after[each]} == {JULY}

    def test_a_return_by_the_new_day_is_in_time_and_costs_nothing_late(self) -> None:
        declare(row())

        kept = filing.file_return(
            came(tax_returns.filer(), on=D(2026, 10, 20)), by=BY, posting_day=D(2026, 10, 20)
        )

        assert kept.filing.is_on_time
        assert kept.due_on == D(2026, 10, 30)
        assert lateness(kept) == 0

    def test_a_return_is_missing_after_the_new_day_only(self) -> None:
        account_id = tax_returns.filer()

        def gone(on: datetime.date) -> set[datetime.date]:
            found, _ = missing.missing(bucket_from=0, bucket_before=4096, on=on, known_at=AT)
            return {each.days.starts_on for each in found if each.account_id == account_id}

        declare(row())

        assert JULY not in gone(D(2026, 10, 30))
        assert D(2026, 6, 1) in gone(D(2026, 10, 30))
        assert JULY in gone(D(2026, 10, 31))

    def test_a_declaration_that_was_revoked_puts_nothing_off(self) -> None:
        account_id = tax_returns.filer()
        declare(row(ends="2026-08-16"))

        assert owed(account_id)[JULY].due_on == D(2026, 8, 20)

    def test_many_returns_are_due_later_as_one_is(self) -> None:
        declare(row())
        account_id = tax_returns.filer()
        of = filing_in_bulk.of_filings(
            iter(
                [
                    (1, came(account_id, on=D(2026, 10, 20)), False),
                    (2, came(account_id, on=D(2026, 10, 20), starts_on=D(2026, 6, 1)), False),
                ]
            )
        )

        with transactions.started():
            filed = filing_in_bulk.file_many(of, by=BY, posting_day=D(2026, 10, 20))

        (july,) = returns.versions_of(account_id, starts_on=JULY)
        (june,) = returns.versions_of(account_id, starts_on=D(2026, 6, 1))
        assert (filed.together, filed.alone) == (1, 1)
        assert (july.filing.is_on_time, june.filing.is_on_time) == (True, False)
        assert lateness(june) > 0 == lateness(july)


@pytest.mark.usefixtures("tax_city")
class TestDeclaredAfterwards:
    def test_what_was_charged_for_lateness_is_taken_back(self) -> None:
        alone, in_run = (
            filing.file_return(
                came(tax_returns.filer(), on=D(2026, 9, 15)), by=BY, posting_day=D(2026, 9, 15)
            )
            for _ in range(2)
        )
        assert lateness(alone) == lateness(in_run) > 0

        declare(row())
        reckoning.bring_up_to_date(
            account_id=alone.account_id, starts_on=JULY, on=D(2026, 9, 30),
            posting_day=D(2026, 9, 30), by=BY,
        )  # fmt: skip
        with transactions.started():
            reckoning_in_bulk.bring_chunk_up_to_date(
                bucket_from=0, bucket_before=4096, since=D(2026, 9, 1),
                of=reckoning_in_bulk.Of(run_id=1, chunk=1, posting_day=D(2026, 9, 30), at=AT),
            )  # fmt: skip

        assert lateness(alone) == lateness(in_run) == 0
        amended = filing.file_return(
            replace(came(in_run.account_id, on=D(2026, 9, 30)), amends_id=in_run.return_id),
            by=BY,
            posting_day=D(2026, 9, 30),
        )
        assert (in_run.filing.is_on_time, amended.filing.is_on_time) == (False, True)
        # Late by the new day too: it costs from then on only.
        reckoning.bring_up_to_date(
            account_id=alone.account_id, starts_on=JULY, on=D(2026, 11, 15),
            posting_day=D(2026, 11, 15), by=BY,
        )  # fmt: skip
        assert lateness(alone) > 0


class TestRows:
    RIGHT = {
        "region": "MS", "due_from": "2026-08-10", "due_through": "2026-09-10",
        "due_on": "2026-10-30",
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"due_on": "soon"}, "cannot be read"),
            ({"due_on": "2026-09-10"}, "a day after those"),
            ({"due_from": "2026-09-11"}, "a day after those"),
            ({"region": ""}, "Name the region"),
        ],
    )
    def test_one_that_cannot_be_is_named_with_what_to_do(
        self, wrong: dict[str, str], said: str
    ) -> None:
        with pytest.raises(extensions.ExtensionIsWrong, match=f"“flood”.*{said}"):
            extensions.read("flood", {**self.RIGHT, **wrong})

    def test_the_latest_of_several_declarations_counts_and_no_earlier_day(self) -> None:
        first = extensions.read("flood", self.RIGHT)
        later = extensions.read("storm", {**self.RIGHT, "due_on": "2026-12-01"})
        both = (first, later)

        def day(due_on: datetime.date, region: str) -> datetime.date:
            return extensions.later_day(due_on, regions={region}, extensions=both)

        assert day(D(2026, 8, 20), "MS") == D(2026, 12, 1)
        assert day(D(2026, 8, 20), "ST") == D(2026, 8, 20)
        assert day(D(2026, 9, 11), "MS") == D(2026, 9, 11)

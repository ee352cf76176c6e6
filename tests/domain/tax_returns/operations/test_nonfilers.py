"""Returns that did not come: found the day after the last day in time, until they come."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, nonfilers, registering
from fisc.domain.tax_returns.queries import missing, registrations
from fisc.domain.work_items import models as work_items
from fisc.plumbing import transactions
from fisc.plumbing.runs import models as runs
from tests.factories import tax_returns
from tests.factories.tax_returns import BY

D = datetime.date
JANUARY, JUNE, JULY = D(2026, 1, 1), D(2026, 6, 1), D(2026, 7, 1)
# The last day in time of July's return, sent electronically.
LAST_DAY = D(2026, 8, 31)
A_DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("tax_city")


def found(on: datetime.date) -> int:
    with transactions.started():
        run = runs.Run.objects.create(kind="test", posting_day=on, instant=BY.at)
        return nonfilers.find_chunk(
            bucket_from=0,
            bucket_before=4096,
            of=nonfilers.Of(run_id=run.id, chunk=1, posting_day=on, at=BY.at),
        )["missing_returns"]


def came(account_id: int, starts_on: datetime.date, gross: int = 0) -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=D(2026, 9, 10),
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
    )


def starts(account_id: int) -> list[datetime.date]:
    return [each.days.starts_on for each in missing.still_missing(account_id=account_id)]


def is_open(account_id: int, starts_on: datetime.date) -> bool:
    row = models.NonFiling.objects.get(account_id=account_id, starts_on=starts_on)
    item = work_items.WorkItem.objects.get(subject_kind=nonfilers.SUBJECT, subject_id=row.id)
    return item.status == "open"


class TestFinding:
    def test_the_day_after_the_last_day_in_time_and_once(self) -> None:
        account_id = tax_returns.filer()

        found(LAST_DAY)
        assert starts(account_id)[-1] == JUNE
        found(LAST_DAY + A_DAY)
        again = found(LAST_DAY + A_DAY)

        assert again == 0
        assert starts(account_id) == [D(2026, month, 1) for month in range(1, 8)]
        assert is_open(account_id, JULY)

    def test_what_is_found_is_what_is_owed(self) -> None:
        account_id = tax_returns.account()
        registering.register(
            account_id=account_id, region="MS", business_class="11",
            days=periods.Period(starts_on=D(2025, 2, 10), ends_before=D(2026, 3, 2)), by=BY,
        )  # fmt: skip
        registering.set_frequency(
            account_id=account_id, frequency="quarterly", from_day=D(2025, 1, 1), by=BY
        )
        registering.set_frequency(
            account_id=account_id, frequency="monthly", from_day=D(2026, 1, 1), by=BY,
            seasonal_months=[1, 3, 11],
        )  # fmt: skip

        found(D(2026, 10, 1))

        owed = registrations.owed_returns(account_id, before=D(2026, 10, 1), known_at=BY.at)
        assert starts(account_id) == [each.obligation.days.starts_on for each in owed]
        assert starts(account_id) == [
            D(2025, 1, 1), D(2025, 4, 1), D(2025, 7, 1), D(2025, 10, 1), JANUARY, D(2026, 3, 1),
        ]  # fmt: skip

    def test_what_is_found_of_a_year_from_august_cut_short_is_what_is_owed(self) -> None:
        account_id = tax_returns.account()
        registering.register(
            account_id=account_id, region="MS", business_class="11",
            days=periods.Period(starts_on=D(2024, 8, 1)), by=BY,
        )  # fmt: skip
        registering.set_frequency(
            account_id=account_id, frequency="annual", from_day=D(2024, 8, 1), by=BY,
            year_starts_in=8,
        )  # fmt: skip
        registering.set_frequency(
            account_id=account_id, frequency="quarterly", from_day=D(2025, 12, 1), by=BY,
            year_starts_in=8, seasonal_months=[1, 3], cuts_short=True,
        )  # fmt: skip

        found(D(2026, 10, 1))

        owed = registrations.owed_returns(account_id, before=D(2026, 10, 1), known_at=BY.at)
        assert starts(account_id) == [each.obligation.days.starts_on for each in owed]
        # The months to January, then the quarter from February: March is in it.
        assert starts(account_id) == [D(2024, 8, 1), D(2025, 8, 1), D(2025, 12, 1), D(2026, 2, 1)]

    def test_it_is_over_when_the_return_comes_alone_or_with_many(self) -> None:
        account_id = tax_returns.filer()
        found(LAST_DAY + A_DAY)

        filing.file_return(came(account_id, JULY), by=BY, posting_day=D(2026, 9, 10))
        with transactions.started():
            filed = filing_in_bulk.file_many(
                filing_in_bulk.of_filings(iter([(1, came(account_id, JUNE), False)])),
                by=BY,
                posting_day=D(2026, 9, 10),
            )

        assert filed.alone == 1
        assert not is_open(account_id, JULY)
        assert not is_open(account_id, JUNE)
        assert is_open(account_id, JANUARY)
        assert starts(account_id) == [D(2026, month, 1) for month in range(1, 6)]

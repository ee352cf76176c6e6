"""Amendments: taken until the limitation date, and refused with it from then on."""

from __future__ import annotations

import datetime

import pytest

from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import limitation, returns
from tests.factories import tax_returns
from tests.factories.tax_returns import BY

D = datetime.date
SINCE, JULY, LATE = D(2025, 1, 1), D(2025, 7, 1), D(2025, 10, 31)

pytestmark = pytest.mark.usefixtures("tax_city")


def filed(
    account_id: int, gross: int, *, on: datetime.date, amends: int | None = None
) -> returns.Kept:
    came = filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=on,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
        amends_id=amends,
    )
    return filing.file_return(came, by=BY, posting_day=LATE)


class TestAmending:
    def test_counts_from_the_later_of_due_day_and_coming(self) -> None:
        early = filed(tax_returns.filer(since=SINCE), 1_000, on=D(2025, 8, 10))
        late = filed(tax_returns.filer(since=SINCE), 1_000, on=LATE)

        def last(kept: returns.Kept) -> datetime.date | None:
            return limitation.last_day(kept, is_more_tax=True, known_at=BY.at)

        assert (last(early), last(late)) == (D(2029, 8, 20), D(2029, 10, 31))

    @pytest.mark.parametrize("gross", [500, 2_000])
    def test_is_refused_the_day_after(self, gross: int) -> None:
        kept = filed(tax_returns.filer(since=SINCE), 1_000, on=D(2025, 8, 10))
        with pytest.raises(filing.IsTooLate, match="until 2029-08-20"):
            filed(kept.account_id, gross, on=D(2029, 8, 21), amends=kept.return_id)

        again = filed(kept.account_id, gross, on=D(2029, 8, 20), amends=kept.return_id)

        assert again.version == 2


class TestADayBeyondTheCalendar:
    """The office's calendar ends with 2049; what was typed as 2062 is refused for what it is."""

    def test_is_refused_for_the_day_where_the_law_has_ended(self) -> None:
        kept = filed(tax_returns.filer(since=SINCE), 1_000, on=D(2025, 8, 10))

        with pytest.raises(filing.IsTooLate, match="until 2029-08-20; the amendment came on 2062"):
            filed(kept.account_id, 2_000, on=D(2062, 1, 5), amends=kept.return_id)

    def test_is_taken_where_the_period_is_owed(self) -> None:
        kept = filed(tax_returns.filer(since=SINCE), 1_000, on=D(2062, 1, 5))

        assert (kept.due_on, kept.filing.is_on_time) == (D(2025, 8, 20), False)

    def test_is_told_which_periods_there_are_where_it_is_not(self) -> None:
        account_id = tax_returns.filer(since=D(2025, 8, 1))

        with pytest.raises(filing.NoReturnIsOwed, match="2025-07-01") as refused:
            filed(account_id, 1_000, on=D(2062, 1, 5))

        assert "2027-06-01" in str(refused.value)

"""Amendments: taken until the limitation date, and refused with it from then on."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError

from fisc.basics import periods
from fisc.domain.disbursements.operations import preparing
from fisc.domain.disbursements.queries import credits
from fisc.domain.rule_tables.operations import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, limiting, registering
from fisc.domain.tax_returns.queries import limitation, refundable, returns
from fisc.plumbing import transactions
from fisc.plumbing.users import models as users
from tests import databases
from tests.factories import refunds, tax_returns
from tests.factories.tax_returns import AT, BY

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


def july_alone() -> int:
    """An account that owes the return of July 2025 and no other."""
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=JULY, ends_before=D(2025, 8, 1)),
        by=BY,
    )
    registering.set_frequency(account_id=account_id, frequency="monthly", from_day=JULY, by=BY)
    return account_id


def agreed(account_id: int, through: D, *, signed_on: D) -> int:
    gwen, _ = users.User.objects.get_or_create(
        username="gwen", defaults={"full_name": "Gwen", "made_at": AT}
    )
    by = registering.By(user_id=gwen.pk, at=AT, why="An audit goes on.")
    return limiting.extend(
        account_id=account_id, starts_on=JULY, through=through, signed_on=signed_on, by=by
    )


class TestAWaiverOfLimitation:
    """Due 20 August 2025: four years end with 20 August 2029, unless both agree on a later day."""

    def test_lets_a_period_be_amended_until_its_day_and_no_longer(self) -> None:
        kept = filed(july_alone(), 1_000, on=D(2025, 8, 10))

        agreed(kept.account_id, D(2030, 6, 30), signed_on=D(2029, 8, 20))

        with pytest.raises(filing.IsTooLate, match="until 2030-06-30"):
            filed(kept.account_id, 500, on=D(2030, 7, 1), amends=kept.return_id)
        again = filed(kept.account_id, 500, on=D(2030, 6, 30), amends=kept.return_id)
        assert again.version == 2

    def test_may_be_followed_by_another_signed_in_its_time(self) -> None:
        kept = filed(july_alone(), 1_000, on=D(2025, 8, 10))
        agreed(kept.account_id, D(2030, 6, 30), signed_on=D(2029, 8, 1))

        agreed(kept.account_id, D(2031, 6, 30), signed_on=D(2030, 6, 30))

        assert limitation.last_day(kept, is_more_tax=False, known_at=AT) == D(2031, 6, 30)

    def test_is_recorded_once(self) -> None:
        kept = filed(july_alone(), 1_000, on=D(2025, 8, 10))

        numbers = {
            agreed(kept.account_id, D(2030, 6, 30), signed_on=D(2029, 8, 1)) for _ in range(2)
        }

        assert len(numbers) == 1

    @pytest.mark.parametrize(
        ("through", "signed_on", "words"),
        [
            (D(2030, 6, 30), D(2029, 8, 21), "comes too late"),
            (D(2029, 8, 20), D(2029, 8, 1), "until 2029-08-20 anyway"),
        ],
    )
    def test_is_refused_where_it_says_nothing(self, through: D, signed_on: D, words: str) -> None:
        kept = filed(july_alone(), 1_000, on=D(2025, 8, 10))

        with pytest.raises(limiting.CannotExtend, match=words):
            agreed(kept.account_id, through, signed_on=signed_on)

    def test_is_never_changed(self) -> None:
        kept = filed(july_alone(), 1_000, on=D(2025, 8, 10))
        number = agreed(kept.account_id, D(2030, 6, 30), signed_on=D(2029, 8, 1))

        with pytest.raises(DatabaseError, match="permission denied"):
            models.LimitationWaiver.objects.filter(id=number).update(through=D(2040, 1, 1))


class TestARefund:
    """By an ordinance that becomes known later, July 2025 could be claimed until 20 August 2028."""

    KNOWN = AT + datetime.timedelta(days=2)
    ON = D(2028, 9, 1)

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def three_years(cls, tax_city: databases.CityDatabase) -> None:
        name = "tax_returns.limitation.2020-01-01.dmn"
        content = (tax_returns.CITY / "tables" / name).read_text(encoding="utf-8")
        at = AT + datetime.timedelta(days=1)
        with transactions.started():
            version_id = versions.draft(
                of=versions.Draft(
                    book="Limitation",
                    decision_point=points.LIMITATION.name,
                    file_name=name,
                    content=content.replace("<text>48</text>", "<text>36</text>").encode(),
                    effective=periods.Period(starts_on=D(2020, 1, 1)),
                    author="Ada",
                    reason="An ordinance",
                    citation="Ordinance 14",
                ),
                at=at,
            )
            versions.put_in_test(version_id=version_id, at=at)
            versions.approve(version_id=version_id, approver="Grace", at=at)

    def claimed(self, on: D) -> int:
        """An account with 1,800.00 of July given back by an amendment that came on a day."""
        account_id = july_alone()
        first = filed(account_id, 10_000_000, on=D(2025, 8, 10))
        tax_returns.paid(account_id, 180_000, on=D(2025, 8, 10), posted=LATE)
        filed(account_id, 0, on=on, amends=first.return_id)
        return account_id

    def planned(self, account_id: int) -> preparing.Plan:
        found = credits.open_credits(account_ids=[account_id])
        takes = [(each.item_id, each.open_cents) for each in found]
        return preparing.plan(asked=refunds.asked(takes), on=self.ON, known_at=self.KNOWN)

    def test_is_held_by_the_day_the_claim_came(self) -> None:
        in_time, late = (self.claimed(day) for day in (D(2028, 8, 20), D(2028, 8, 21)))

        last = refundable.claimed_by(late, starts_on=JULY, known_at=self.KNOWN)

        assert last == D(2028, 8, 20)
        assert self.planned(in_time).taken_cents == 180_000
        with pytest.raises(preparing.CannotBePrepared, match="after the last day on which"):
            self.planned(late)

    def test_is_not_held_where_the_limitation_was_waived(self) -> None:
        account_id = self.claimed(D(2028, 8, 21))
        agreed(account_id, D(2030, 12, 31), signed_on=D(2028, 8, 20))

        assert self.planned(account_id).taken_cents == 180_000

    def test_of_an_amendment_after_the_limitation_is_never_asked(self) -> None:
        with pytest.raises(filing.IsTooLate):
            self.claimed(D(2029, 8, 21))

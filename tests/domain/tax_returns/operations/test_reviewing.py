"""The yearly review of how often accounts file: what it proposes, sets, and leaves to people.

On 3 October 2026 the newest month that no return can be in time for any more is August. A shop
pays 1.5 % of its gross; below $2,000 a year it files once a year, up to $8,000 every quarter.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, registering, reviewing
from fisc.domain.tax_returns.queries import registrations, reviews, why_frequency
from fisc.domain.work_items import models as work_items
from fisc.plumbing import transactions
from fisc.plumbing.runs import engine
from fisc.plumbing.users import choices as user_choices
from fisc.plumbing.users import operations as users
from fisc.processes.frequency_reviews import operations
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
TODAY = D(2026, 10, 3)
JANUARY = D(2027, 1, 1)

pytestmark = pytest.mark.usefixtures("tax_city")


def shop(frequency: str, since: datetime.date, **term: Any) -> int:
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="17",
        days=periods.Period(starts_on=since),
        by=BY,
    )
    registering.set_frequency(
        account_id=account_id, frequency=frequency, from_day=since, by=BY, **term
    )
    return account_id


def months(first: datetime.date, count: int) -> list[datetime.date]:
    whole = first.year * 12 + first.month - 1
    return [D((whole + n) // 12, (whole + n) % 12 + 1, 1) for n in range(count)]


def file(account_id: int, starts: Iterable[datetime.date], gross_cents: int) -> None:
    came = [
        filing.Came(
            account_id=account_id,
            starts_on=day,
            received_on=TODAY,
            is_electronic=True,
            lines=(Line(region="MS", business_class="17", gross_cents=gross_cents),),
        )
        for day in starts
    ]
    with transactions.started():
        filed = filing_in_bulk.file_many(
            filing_in_bulk.of_filings((n, each, False) for n, each in enumerate(came, 1)),
            by=BY,
            posting_day=TODAY,
        )
    assert not filed.held


def review(year: int = 2027, **other: Any) -> operations.Outcome:
    asked = {"posting_day": TODAY, "at": AT, "city": "c", "who": "a test", "crew_size": 1, **other}
    return operations.review(year, **asked)


def one(account_id: int) -> reviews.Proposal:
    (found,) = reviews.proposals(account_id=account_id)
    return found


def person(name: str) -> registering.By:
    user_id = users.make_user(
        username=name,
        full_name=name.title(),
        password="mesquite and copper",
        groups=[user_choices.GroupName.SUPERVISOR],
        made_at=AT,
    )
    return registering.By(user_id=user_id, at=AT, why="as the table has it")


def to_quarters() -> int:
    """$300 a month is $3,600 a year."""
    account_id = shop("monthly", D(2025, 1, 1))
    file(account_id, months(D(2025, 9, 1), 12), 2_000_000)
    return account_id


def to_months() -> int:
    """$2,500 a quarter is $10,000 a year."""
    account_id = shop("quarterly", D(2025, 7, 1))
    file(account_id, [D(2025, 7, 1), D(2025, 10, 1), D(2026, 1, 1), D(2026, 4, 1)], 16_666_667)
    return account_id


def young() -> int:
    """Five months are too few."""
    account_id = shop("monthly", D(2026, 4, 1))
    file(account_id, months(D(2026, 4, 1), 5), 1_000)
    return account_id


def lacking() -> int:
    """$15 a month, and August is missing: $165 in eleven months."""
    account_id = shop("monthly", D(2025, 9, 1))
    file(account_id, months(D(2025, 9, 1), 11), 100_000)
    return account_id


def seasonal() -> int:
    """$500 in each of three months: $1,500 in a year whose other months have no business."""
    account_id = shop("monthly", D(2025, 1, 1), seasonal_months=(6, 7, 8))
    file(account_id, months(D(2025, 6, 1), 3), 1)
    file(account_id, months(D(2026, 6, 1), 3), 3_333_333)
    return account_id


def right() -> int:
    """As often as it should."""
    account_id = shop("annual", D(2025, 1, 1))
    file(account_id, [D(2025, 1, 1)], 100_000)
    return account_id


class TestReview:
    def test_each_account_is_treated_as_the_tables_say_and_once(self) -> None:
        ids = [to_quarters(), to_months(), lacking(), seasonal()]
        left = [young(), right()]

        outcome = review()
        again = review(posting_day=D(2026, 10, 9))

        assert outcome.counts == {"proposed": 2, "approved": 0, "rejected": 0, "automatic": 2}
        assert (outcome.came_before, again.came_before) == (False, True)
        assert (again.review, again.counts) == (outcome.review, outcome.counts)
        assert [reviews.proposals(account_id=each) for each in left] == [[], []]
        found = [one(each) for each in ids]
        assert [
            (each.before, each.frequency, each.annual_cents, each.months_known, each.is_automatic)
            for each in found
        ] == [
            ("monthly", "quarterly", 360_000, 12, True),
            ("quarterly", "monthly", 1_000_000, 12, False),
            ("monthly", "annual", 18_000, 11, False),
            ("monthly", "annual", 150_000, 12, True),
        ]
        assert {each.from_day for each in found} == {JANUARY}
        assert [each.missing_returns for each in found] == [0, 0, 1, 0]
        assert found[1].looked == periods.Period(D(2025, 7, 1), D(2026, 7, 1))
        # What is automatic is in force, with the season it had.
        assert registrations.terms(ids[3])[-1].seasonal_months == (6, 7, 8)
        assert [len(registrations.terms(each)) for each in ids] == [2, 1, 1, 2]
        self.decided(found[1], found[2])

    def decided(self, approved: reviews.Proposal, rejected: reviews.Proposal) -> None:
        (item,) = work_items.WorkItem.objects.filter(kind=reviewing.KIND)
        by = person("grace")

        reviewing.approve(proposal_id=approved.proposal_id, by=by)
        assert work_items.WorkItem.objects.get(id=item.id).status == "open"
        reviewing.reject(proposal_id=rejected.proposal_id, by=by)

        assert work_items.WorkItem.objects.get(id=item.id).status == "done"
        assert [each.days for each in registrations.terms(approved.account_id)] == [
            periods.Period(D(2025, 7, 1), JANUARY),
            periods.Period(JANUARY),
        ]
        assert len(registrations.terms(rejected.account_id)) == 1
        with pytest.raises(reviewing.CannotDecide, match="decided already"):
            reviewing.reject(proposal_id=approved.proposal_id, by=by)

    def test_a_review_is_of_this_year_or_the_next(self) -> None:
        with pytest.raises(reviewing.YearIsOver, match="for 2026 or 2027, not for 2025"):
            review(2025)
        with pytest.raises(reviewing.YearIsOver):
            review(2028)


class TestKilledAndDecided:
    @pytest.fixture
    def changing(self) -> int:
        """An account that owes $10,000 a year and files every quarter."""
        return to_months()

    def test_a_review_killed_in_its_work_goes_on_and_proposes_once(
        self, changing: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = reviewing.review_chunk

        def killed(**rest: Any) -> Any:
            real(**rest)
            raise SystemError("killed")

        monkeypatch.setattr(reviewing, "review_chunk", killed)
        with pytest.raises(engine.RunStopped, match="fisc returns review-frequency --year 2027"):
            review()
        assert reviews.proposals(account_id=changing) == []
        monkeypatch.undo()

        outcome = review()

        assert not outcome.came_before
        assert outcome.counts["proposed"] == 1
        of = one(changing)
        assert of.proposal_id >> 43 == outcome.run.run_id
        self.explains(of)
        self.decides(of)

    def explains(self, of: reviews.Proposal) -> None:
        for language, words in (("en", "$10,000.00 a year"), ("es", "$10,000.00 al año")):
            why = why_frequency.why(of, language=language)
            assert why.is_equal
            assert words in why.sentence
            assert [each.amount_cents for each in why.pieces] == [250_000] * 4

    def decides(self, of: reviews.Proposal) -> None:
        nobody = registering.By(user_id=None, at=AT, why=" ")
        with pytest.raises(reviewing.CannotDecide, match=r"Sign in\. Say why"):
            reviewing.approve(proposal_id=of.proposal_id, by=nobody)
        with pytest.raises(reviews.NoSuchProposal):
            reviewing.approve(proposal_id=1, by=nobody)
        # Somebody set it by hand meanwhile.
        registering.set_frequency(
            account_id=of.account_id, frequency="annual", from_day=JANUARY, by=BY
        )
        by = person("ada")
        with pytest.raises(reviewing.CannotDecide, match="from 2027-01-01 meanwhile"):
            reviewing.approve(proposal_id=of.proposal_id, by=by)
        reviewing.reject(proposal_id=of.proposal_id, by=by)

    @pytest.mark.parametrize(
        "statement",
        [
            "delete from tax_returns_frequency_proposal",
            "update tax_returns_frequency_proposal set from_day = now()",
            "update tax_returns_frequency_review set year = 2030",
        ],
    )
    def test_the_role_that_serves_changes_none(self, statement: str) -> None:
        with (
            pytest.raises(utils.ProgrammingError, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_the_database_keeps_an_approval_from_a_term_that_is_not_in_force(
        self, changing: int
    ) -> None:
        term = registrations.terms(changing)[-1]
        (of,) = models.FrequencyReview.objects.all()
        with (
            pytest.raises(utils.IntegrityError, match="of no filing term of its account"),
            transactions.started(),
        ):
            models.FrequencyProposal.objects.create(
                review_id=of.id,
                account_id=changing,
                term_id=term.term_id,
                frequency_id=models.FilingTerm.objects.get(id=term.term_id).frequency_id,
                from_day=JANUARY,
                looked_from=D(2025, 7, 1),
                looked_before=D(2026, 7, 1),
                tax_cents=0,
                months_known=12,
                missing_returns=0,
                estimated_annual_cents=0,
                is_automatic=True,
                recorded_at=AT,
                state=2,
                decided_at=AT,
            )

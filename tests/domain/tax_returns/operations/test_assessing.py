"""Estimated assessments: proposed by the run, decided by another, replaced by the return."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection
from django.test import utils

from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices, explaining
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import assessing, filing, nonfilers, registering
from fisc.domain.tax_returns.queries import assessments, missing, postings, returns
from fisc.plumbing import transactions
from fisc.plumbing.runs import models as runs
from fisc.plumbing.users import models as users
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
JUNE, JULY = D(2026, 6, 1), D(2026, 7, 1)
FOUND, PROPOSED, APPROVED = D(2026, 9, 1), D(2026, 9, 30), D(2026, 10, 1)
State = choices.AssessmentState
Part = choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


def person(name: str) -> registering.By:
    user, _ = users.User.objects.get_or_create(
        username=name, defaults={"full_name": name.title(), "made_at": AT}
    )
    return registering.By(user_id=user.pk, at=AT, why="no answer to two notices")


def filed(account_id: int, month: int, gross: int, *, on: datetime.date) -> returns.Kept:
    came = filing.Came(
        account_id=account_id,
        starts_on=D(2026, month, 1),
        received_on=on,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
    )
    return filing.file_return(came, by=BY, posting_day=on)


def without_july() -> int:
    """An account that filed until June, 90.00 at most and 41.40 on average, and not since."""
    account_id = tax_returns.filer()
    for month, gross in enumerate((500_000, 100_000, 100_000, 300_000, 100_000, 280_000), start=1):
        day = D(2026, month + 1, 15)
        kept = filed(account_id, month, gross, on=day)
        tax_returns.paid(account_id, kept.tax_due_cents, on=day, posted=day)
    return account_id


def run(on: datetime.date, account_id: int) -> int:
    with transactions.started():
        row = runs.Run.objects.create(kind="test", posting_day=on, instant=AT)
        of = nonfilers.Of(run_id=row.id, chunk=1, posting_day=on, at=AT)
        bucket = account_id % 4096
        nonfilers.find_chunk(bucket_from=bucket, bucket_before=bucket + 1, of=of)
        return assessing.propose_chunk(bucket_from=bucket, bucket_before=bucket + 1, on=on, at=AT)


def proposed(account_id: int) -> assessments.Assessment:
    run(FOUND, account_id)
    run(PROPOSED, account_id)
    (found,) = assessments.assessments(account_id=account_id)
    return found


def approved(account_id: int) -> assessments.Assessment:
    number = proposed(account_id).assessment_id
    assessing.approve(assessment_id=number, posting_day=APPROVED, by=person("grace"))
    return assessments.assessment(number)


def balance(account_id: int) -> int:
    return receivables.account_balance(account_id, as_of=D(2027, 1, 1)).balance_cents


class TestProposing:
    def test_after_the_days_of_the_table_and_once(self) -> None:
        account_id = without_july()

        assert run(FOUND, account_id) == 0
        assert run(D(2026, 9, 29), account_id) == 0
        assert run(PROPOSED, account_id) == 1
        assert run(PROPOSED, account_id) == 0

        (found,) = assessments.assessments(account_id=account_id)
        # 13,800.00 of receipts in six months at 1.8%.
        assert found.tax_cents == 4_140
        assert balance(account_id) == 0

    def test_the_highest_once_two_are_missing(self) -> None:
        account_id = without_july()
        run(FOUND, account_id)
        run(D(2026, 10, 1), account_id)

        july = missing.still_missing(account_id=account_id)[0]

        assert assessments.estimate(july, known_at=AT).tax_cents == 9_000

    def test_many_take_no_more_statements_than_a_few_and_are_estimated_as_each_alone(
        self,
    ) -> None:
        accounts = [without_july() for _ in range(4)]
        for account_id in accounts:
            run(FOUND, account_id)
        with transactions.started():
            with utils.CaptureQueriesContext(connection) as asked:
                made = assessing.propose_chunk(
                    bucket_from=0, bucket_before=4096, on=PROPOSED, at=AT
                )
            again = assessing.propose_chunk(bucket_from=0, bucket_before=4096, on=PROPOSED, at=AT)

        assert made >= 4
        assert again == 0
        assert len(asked.captured_queries) <= 20
        for account_id in accounts:
            (found,) = assessments.assessments(account_id=account_id)
            alone = assessments.estimate(found.missing, known_at=AT)
            assert (found.tax_cents, found.facts) == (alone.tax_cents, alone.facts)

    def test_a_day_without_a_table_proposes_nothing_and_stops_nobody(self) -> None:
        account_id = without_july()
        run(FOUND, account_id)
        before_any_table = datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC)

        with transactions.started():
            made = assessing.propose_chunk(
                bucket_from=0, bucket_before=4096, on=PROPOSED, at=before_any_table
            )

        assert made == 0
        with pytest.raises(versions.NoVersionForDate):
            assessments.estimate(
                missing.still_missing(account_id=account_id)[0], known_at=before_any_table
            )

    def test_nothing_is_made_up_without_a_return(self) -> None:
        account_id = tax_returns.filer()
        run(FOUND, account_id)
        first = missing.still_missing(account_id=account_id)[0]
        with pytest.raises(assessing.CannotAssess, match="no earlier return"):
            assessing.propose(nonfiling_id=first.nonfiling_id, on=FOUND, by=person("ada"))


class TestDeciding:
    def test_approved_it_is_charged_with_its_penalty_and_explained(self) -> None:
        account_id = without_july()

        found = approved(account_id)

        # Two months begun: 10% of 41.40 for filing late.
        assert (found.state, found.penalty_cents) == (State.APPROVED, 414)
        assert balance(account_id) == 4_140 + 414
        for item_id, _, _ in assessments.items(found.assessment_id):
            assert explaining.why_item(item_id, language="es").is_equal

    def test_who_proposed_does_not_decide(self) -> None:
        account_id = without_july()
        run(FOUND, account_id)
        july = missing.still_missing(account_id=account_id)[0]
        ada = person("ada")
        number = assessing.propose(nonfiling_id=july.nonfiling_id, on=FOUND, by=ada)

        with pytest.raises(assessing.CannotAssess, match="another person"):
            assessing.approve(assessment_id=number, posting_day=APPROVED, by=ada)
        with pytest.raises(IntegrityError, match="by_another"), connection.cursor() as cursor:
            cursor.execute(
                "update tax_returns_assessment set state = 3, decided_by_id = proposed_by_id,"
                " decided_at = now() where id = %s",
                [number],
            )
        assessing.reject(assessment_id=number, by=person("grace"))
        with pytest.raises(assessing.CannotAssess, match="was decided"):
            assessing.approve(assessment_id=number, posting_day=APPROVED, by=person("grace"))
        assert balance(account_id) == 0


class TestReplacing:
    def test_nothing_of_it_is_left_when_the_return_comes(self) -> None:
        account_id, twin = without_july(), without_july()
        found = approved(account_id)

        filed(account_id, 7, 200_000, on=D(2026, 10, 5))
        filed(twin, 7, 200_000, on=D(2026, 10, 5))

        assert balance(account_id) == balance(twin)
        assert assessments.assessment(found.assessment_id).state == State.REPLACED
        assert receivables.broken_open_items() == []
        assert receivables.broken_control_accounts() == []

    def test_what_was_paid_settles_the_return_from_its_own_day(self) -> None:
        account_id, twin = without_july(), without_july()
        approved(account_id)
        for each in (account_id, twin):
            tax_returns.paid(each, 4_554, on=D(2026, 10, 2), posted=D(2026, 10, 2))

        kept = filed(account_id, 7, 200_000, on=D(2026, 12, 5))
        other = filed(twin, 7, 200_000, on=D(2026, 12, 5))

        assert postings.lateness_of(kept).paid == postings.lateness_of(other).paid
        assert postings.lateness_of(kept).paid[0].day == D(2026, 10, 2)
        assert balance(account_id) == balance(twin)

    def test_a_proposal_is_over(self) -> None:
        account_id = without_july()
        found = proposed(account_id)

        filed(account_id, 7, 0, on=D(2026, 10, 5))

        assert assessments.assessment(found.assessment_id).state == State.REPLACED
        with pytest.raises(assessing.CannotAssess, match="replaced by its return, already"):
            assessing.approve(
                assessment_id=found.assessment_id, posting_day=APPROVED, by=person("grace")
            )

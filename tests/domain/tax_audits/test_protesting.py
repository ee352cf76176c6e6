"""Protests: a part is held, the rest is due at once; decisions by another person."""

from __future__ import annotations

import datetime

import pytest
from django.db import utils

from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.operations import keeping, posting, protesting
from fisc.domain.tax_audits.queries import assessing, cases
from fisc.domain.tax_returns import choices as tax_choices
from fisc.domain.tax_returns import explaining
from fisc.domain.tax_returns.queries import postings
from fisc.plumbing import transactions
from tests.domain.tax_returns.operations import test_posting as books
from tests.factories import audits
from tests.factories.audits import JULY, by

D = datetime.date
NOVEMBER, DECEMBER = D(2026, 11, 10), D(2026, 12, 15)
Part = tax_choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


def region(case_id: int) -> int:
    """The region of the tax that was found."""
    (period,) = assessing.newest(case_id).periods  # type: ignore[union-attr]
    (only,) = [each for each, (filed, found) in period.by_region.items() if filed != found]
    return only


def protested(
    *, tax_cents: int = 3_600, civil_cents: int = 0, on: datetime.date = NOVEMBER
) -> tuple[int, int, int, int]:
    """A case of 54.00 of tax and 5.40 of negligence of which a part is protested."""
    account_id = audits.paid_filer()
    case_id, auditor_id, supervisor_id = audits.approved(account_id)
    protesting.protest(
        case_id=case_id,
        received_on=on,
        parts=[protesting.Part(JULY, {region(case_id): tax_cents}, civil_cents)],
        by=by(auditor_id, on=on, why="catering was for resale"),
    )
    return account_id, case_id, auditor_id, supervisor_id


def decided(case_id: int, supervisor_id: int, *upheld: int) -> None:
    assessment = assessing.newest(case_id)
    assert assessment is not None
    lines = assessing.protest_lines(assessment.assessment_id)
    protesting.decide(
        case_id=case_id,
        upheld={each.line_id: cents for each, cents in zip(lines, upheld, strict=True)},
        by=by(supervisor_id, on=DECEMBER, why="invoices were shown"),
    )
    posting.finish(
        case_id=case_id, is_agreed=False, by=by(supervisor_id, on=DECEMBER, why="as decided")
    )


class TestAProtest:
    def test_holds_its_part_and_the_rest_is_due(self) -> None:
        account_id, case_id, _, _ = protested()

        # 54.00 less 36.00: 18.00, of it 10% for paying late, 3 months by 10 November, and 10%.
        assert books.amounts(account_id) == {
            Part.TAX: 9_000, Part.AUDITED: 1_800, Part.PENALTY: 180, Part.INTEREST: 54,
            Part.CIVIL_PENALTY: 180,
        }  # fmt: skip
        assert cases.case(case_id).state == "protested"
        books.assert_books_hold()

    def test_of_the_civil_penalty_alone_leaves_the_tax_due(self) -> None:
        account_id, _, _, _ = protested(tax_cents=0, civil_cents=540)

        found = books.amounts(account_id)
        assert found[Part.AUDITED] == 5_400
        assert Part.CIVIL_PENALTY not in found

    @pytest.mark.parametrize(
        ("upheld", "audited", "penalty", "interest", "civil"),
        [
            # All: 54.00; four months have begun by 15 December.
            (3_600, 5_400, 540, 216, 540),
            # Reduced to 10.00: 28.00.
            (1_000, 2_800, 280, 112, 280),
            # Cancelled: 18.00.
            (0, 1_800, 180, 72, 180),
        ],
    )
    def test_is_decided_and_what_stands_bears_interest_from_the_due_day(
        self, upheld: int, audited: int, penalty: int, interest: int, civil: int
    ) -> None:
        account_id, case_id, _, supervisor_id = protested()

        decided(case_id, supervisor_id, upheld)

        assert books.amounts(account_id) == {
            Part.TAX: 9_000, Part.AUDITED: audited, Part.PENALTY: penalty,
            Part.INTEREST: interest, Part.CIVIL_PENALTY: civil,
        }  # fmt: skip
        items = postings.standing(account_id, starts_on=JULY).items
        for language in ("en", "es"):
            whys = [explaining.why_item(each.item_id, language=language) for each in items]
            assert all(each.is_equal for each in whys)
        books.assert_books_hold()

    def test_a_reduced_civil_penalty_says_so(self) -> None:
        account_id, case_id, _, supervisor_id = protested(tax_cents=0, civil_cents=540)

        decided(case_id, supervisor_id, 100)

        item = next(
            each
            for each in postings.standing(account_id, starts_on=JULY).items
            if each.key.part == Part.CIVIL_PENALTY
        )
        why = explaining.why_item(item.item_id, language="en")
        assert (item.cents, why.is_equal) == (100, True)
        assert [each.amount_cents for each in why.pieces] == [540, -440]

    def test_asked_twice_is_one(self) -> None:
        account_id, case_id, auditor_id, _ = protested()

        protesting.protest(
            case_id=case_id,
            received_on=NOVEMBER,
            parts=[protesting.Part(JULY, {region(case_id): 3_600})],
            by=by(auditor_id, on=NOVEMBER, why="catering was for resale"),
        )

        assert books.amounts(account_id)[Part.AUDITED] == 1_800


class TestRefused:
    def protest(self, **changes: object) -> None:
        case_id, auditor_id, _ = audits.approved(audits.paid_filer())
        asked = {
            "case_id": case_id,
            "received_on": NOVEMBER,
            "parts": [protesting.Part(JULY, {region(case_id): 3_600})],
            "by": by(auditor_id, on=D(2026, 12, 1), why="x"),
            **changes,
        }
        protesting.protest(**asked)  # type: ignore[arg-type]

    def test_after_the_days_of_the_table(self) -> None:
        # 45 days after 5 October are over on 19 November.
        with pytest.raises(keeping.CannotAudit, match="until 2026-11-19"):
            self.protest(received_on=D(2026, 11, 20))

        self.protest(received_on=D(2026, 11, 19))

    def test_more_than_was_assessed_and_nothing(self) -> None:
        with pytest.raises(keeping.CannotAudit, match=r"to \$5\.40 can be protested, not \$5\.41"):
            self.protest(parts=[protesting.Part(JULY, {}, 541)])
        with pytest.raises(keeping.CannotAudit, match="Nothing is protested"):
            self.protest(parts=[])

    def test_the_database_refuses_more_than_was_assessed(self) -> None:
        case_id, _, _ = audits.approved(audits.paid_filer())
        (period,) = assessing.newest(case_id).periods  # type: ignore[union-attr]
        assert period.period_id is not None

        with (
            pytest.raises(utils.IntegrityError, match="541 cents are protested of 540"),
            transactions.started(),
        ):
            models.ProtestLine.objects.create(period_id=period.period_id, cents=541)

    def test_who_proposed_decides_no_protest(self) -> None:
        _, case_id, auditor_id, _ = protested()

        with pytest.raises(keeping.CannotAudit, match="You proposed"):
            decided(case_id, auditor_id, 0)
        with (
            pytest.raises(utils.IntegrityError, match="proposed by who would decide"),
            transactions.started(),
        ):
            keeping.add_event(case_id, 6, choices.EventKind.DECIDED, by=by(auditor_id, why="x"))

    def test_more_than_was_protested_does_not_stand(self) -> None:
        _, case_id, _, supervisor_id = protested()

        with pytest.raises(keeping.CannotAudit, match=r"\$36\.01 cannot stand"):
            decided(case_id, supervisor_id, 3_601)

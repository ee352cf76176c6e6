"""Voluntary disclosures: anonymous first, agreed by the table, void where they were found first."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import utils

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.operations import disclosing, keeping
from fisc.domain.tax_audits.queries import disclosures, selection
from fisc.domain.tax_returns import choices as tax_choices
from fisc.domain.tax_returns.operations import waiving
from fisc.domain.tax_returns.queries import postings
from fisc.plumbing import transactions
from tests.domain.tax_returns.operations import test_posting as books
from tests.factories import audits, tax_returns
from tests.factories.audits import AUDITED, JULY, by

D = datetime.date
Part = tax_choices.Part
PAID_ON = D(2026, 10, 12)

pytestmark = pytest.mark.usefixtures("tax_city")


def received(user_id: int) -> int:
    return disclosing.receive(
        disclosing.Came(
            representative="Okonkwo & Pratt, CPAs",
            contact="555-0100",
            words="A restaurant that filed nothing since July",
            received_on=AUDITED,
        ),
        key=uuid.uuid4().hex,
        by=by(user_id),
    )


def named(user_id: int, account_id: int) -> int:
    disclosure_id = received(user_id)
    number, _ = accounts.names(account_ids=[account_id])[account_id]
    disclosing.name(disclosure_id=disclosure_id, account_number=number, by=by(user_id))
    return disclosure_id


def agreed(user_id: int, account_id: int) -> int:
    disclosure_id = named(user_id, account_id)
    disclosing.agree(disclosure_id=disclosure_id, signed_by="Ana Ruiz", by=by(user_id))
    return disclosure_id


class TestAgreeing:
    def test_says_which_returns_by_when_and_that_penalties_go(self) -> None:
        user_id = audits.auditor()
        account_id = tax_returns.filer(since=JULY)

        disclosure_id = agreed(user_id, account_id)

        found = disclosures.disclosure(disclosure_id).agreement
        assert found is not None
        # July was due on 20 August; August is due on 21 September (the 20th is a Sunday).
        assert [(each.starts_on, each.due_on) for each in found.periods] == [
            (JULY, D(2026, 8, 20)),
            (D(2026, 8, 1), D(2026, 9, 21)),
        ]
        assert (found.file_by, found.is_penalty_waived) == (D(2026, 11, 4), True)

    def test_the_table_looks_back_four_years(self) -> None:
        law = disclosures.law(is_found_first=False, day=AUDITED, known_at=by(1).at)

        assert (law.is_allowed, law.months_back, law.days_to_file) == (True, 48, 30)

    def test_an_audit_before_it_had_found_it_first(self) -> None:
        user_id, account_id = audits.auditor(), audits.paid_filer()
        audits.engaged(account_id, user_id)

        assert disclosures.found_first(account_id, received_on=D(2026, 10, 6)).startswith("Audit")
        assert disclosures.found_first(account_id, received_on=AUDITED) == ""

    def test_found_first_cannot_be_agreed_and_is_made_void_with_a_reason(self) -> None:
        user_id, account_id = audits.auditor(), audits.paid_filer()
        audits.engaged(account_id, user_id)
        later = D(2026, 10, 7)
        disclosure_id = disclosing.receive(
            disclosing.Came(representative="R", contact="", words="w", received_on=later),
            key=uuid.uuid4().hex,
            by=by(user_id, on=later),
        )
        number, _ = accounts.names(account_ids=[account_id])[account_id]
        said = by(user_id, on=later)
        disclosing.name(disclosure_id=disclosure_id, account_number=number, by=said)

        with pytest.raises(keeping.CannotAudit, match="was selected before 2026-10-07"):
            disclosing.agree(disclosure_id=disclosure_id, signed_by="Ana", by=said)
        with pytest.raises(keeping.CannotAudit, match="Say why it is void"):
            disclosing.void(disclosure_id=disclosure_id, by=said)
        disclosing.void(disclosure_id=disclosure_id, by=by(user_id, on=later, why="found first"))

        assert disclosures.disclosure(disclosure_id).state == "void"

    def test_an_account_that_owes_nothing_is_refused(self) -> None:
        user_id = audits.auditor()

        with pytest.raises(keeping.CannotAudit, match="Register it"):
            agreed(user_id, tax_returns.account())

    def test_a_license_account_is_no_tax_account(self) -> None:
        user_id = audits.auditor()
        account_id = tax_returns.account(kind=account_choices.AccountKind.LICENSE)

        with pytest.raises(keeping.CannotAudit, match="no tax account"):
            named(user_id, account_id)

    def test_a_return_between_with_a_penalty_is_not_waived_along(self) -> None:
        user_id, account_id = audits.auditor(), tax_returns.filer(since=D(2026, 6, 1))
        audits.filed(account_id, 500_000, on=D(2026, 9, 30))

        with pytest.raises(keeping.CannotAudit, match="2026-07-01 was filed before and bears"):
            agreed(user_id, account_id)


class TestFulfilling:
    def filed(self, account_id: int) -> None:
        for starts_on in (JULY, D(2026, 8, 1)):
            audits.filed(account_id, 500_000, starts_on=starts_on, on=PAID_ON)

    def test_waits_for_returns_and_money_and_says_all_that_is_missing(self) -> None:
        user_id, account_id = audits.auditor(), tax_returns.filer(since=JULY)
        disclosure_id = agreed(user_id, account_id)

        with pytest.raises(keeping.CannotAudit) as refused:
            disclosing.fulfill(disclosure_id=disclosure_id, by=by(user_id, on=PAID_ON))
        assert len(refused.value.problems) == 2
        self.filed(account_id)
        with pytest.raises(keeping.CannotAudit, match="is not paid"):
            disclosing.fulfill(disclosure_id=disclosure_id, by=by(user_id, on=PAID_ON))

    def test_has_its_penalties_waived_by_another_person_and_interest_not(self) -> None:
        user_id, account_id = audits.auditor(), tax_returns.filer(since=JULY)
        disclosure_id = agreed(user_id, account_id)
        self.filed(account_id)
        # Of 90.00 each: two months of 1% and one of 1%, and penalties of 20% and 15% by then.
        tax_returns.paid(account_id, 18_000 + 270 + 3_150, on=PAID_ON, posted=PAID_ON)

        for _ in range(2):
            disclosing.fulfill(disclosure_id=disclosure_id, by=by(user_id, on=PAID_ON))
        agreement = disclosures.disclosure(disclosure_id).agreement
        assert agreement is not None
        assert agreement.waiver_id is not None
        said = by(user_id, on=PAID_ON, why="as agreed").of_returns
        with pytest.raises(waiving.CannotWaive, match="Ask another person"):
            waiving.grant(request_id=agreement.waiver_id, posting_day=PAID_ON, by=said)
        waiving.grant(
            request_id=agreement.waiver_id,
            posting_day=PAID_ON,
            by=by(audits.supervisor(), on=PAID_ON, why="as agreed").of_returns,
        )

        for starts_on in (JULY, D(2026, 8, 1)):
            there = postings.standing(account_id, starts_on=starts_on)
            assert there.charged(Part.PENALTY) > 0
            assert there.charged(Part.PENALTY, Part.WAIVED_PENALTY) == 0
            assert there.charged(Part.INTEREST) > 0
            assert there.charged(Part.WAIVED_INTEREST) == 0
        assert disclosures.disclosure(disclosure_id).state == "fulfilled"
        books.assert_books_hold()


class TestOrder:
    def test_asked_twice_is_taken_in_once(self) -> None:
        user_id = audits.auditor()
        came = disclosing.Came(representative="R", contact="", words="w", received_on=AUDITED)

        first = disclosing.receive(came, key="disclosed", by=by(user_id))

        assert disclosing.receive(came, key="disclosed", by=by(user_id)) == first

    def test_nothing_is_agreed_with_somebody_unnamed(self) -> None:
        user_id = audits.auditor()
        disclosure_id = received(user_id)

        with pytest.raises(keeping.CannotAudit, match="“received” and cannot be “agreed” now"):
            disclosing.agree(disclosure_id=disclosure_id, signed_by="Ana", by=by(user_id))

    def test_the_database_refuses_what_the_words_refuse(self) -> None:
        user_id = audits.auditor()
        disclosure_id = received(user_id)

        for kind in choices.DisclosureKind:
            if kind in choices.DISCLOSURE_FOLLOWS["received"]:
                continue
            with (
                pytest.raises(utils.IntegrityError, match="cannot be"),
                transactions.started(),
            ):
                disclosing._event(disclosure_id, 2, kind, by=by(user_id, why="x"))


class TestSelection:
    def test_points_are_the_tables_and_the_most_come_first(self) -> None:
        small, late = audits.paid_filer(), tax_returns.filer()
        # 1.8% of 100,000 is 1,800.00 of tax, and it came late.
        audits.filed(late, 10_000_000, on=D(2026, 9, 30))

        found = {
            each.account_id: each
            for each in selection.scored(on=AUDITED, known_at=by(1).at, most=1_000)
        }

        # Never audited: 20 points for time; $1,000 or more: 10; a late return: 10.
        assert found[small].score == 20
        assert found[late].score == 40
        ordered = [each.score for each in found.values()]
        assert ordered == sorted(ordered, reverse=True)

    def test_what_is_under_audit_is_left_out(self) -> None:
        account_id = audits.paid_filer()
        audits.engaged(account_id, audits.auditor())

        found = selection.score_of(account_id, on=AUDITED, known_at=by(1).at)

        assert found is None

"""Refunds: asked for by one, approved by others, and in the books to the cent."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection

from fisc.basics.periods import Period
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.disbursements import models
from fisc.domain.disbursements.operations import deciding, preparing
from fisc.domain.disbursements.queries import proofs, requisitions
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import transactions
from fisc.plumbing.idempotency import operations as idempotency
from tests.factories import money, refunds

pytestmark = pytest.mark.usefixtures("books")
KIND = account_choices.AccountKind


def _gl_cents(code: str) -> int:
    lines = ledger.trial_balance(datetime.date.max)
    return sum(each.balance_cents for each in lines if each.gl_account.code == code)


def _nothing_is_broken() -> None:
    assert proofs.broken_requisitions() == []
    assert receivables.broken_open_items() == []
    assert receivables.broken_control_accounts() == []
    assert ledger.broken_entries() == []


class TestOneApproval:
    def test_pays_out_a_credit_through_refunds_payable(self) -> None:
        preparer, approver = refunds.person("ana"), refunds.person("ben")
        account_id = refunds.account(refunds.party())
        credit = refunds.credit(account_id, 50_000)
        payable = _gl_cents("202000")

        asked = refunds.prepared([(credit, 30_000)], by=preparer)
        state = deciding.approve(number=asked.number, by=refunds.by(approver))

        found = requisitions.requisition(asked.number)
        assert (state, found.state, found.paid_cents) == ("approved", "approved", 30_000)
        assert _gl_cents("202000") - payable == -30_000
        assert receivables.account_balance(account_id, as_of=refunds.DAY).balance_cents == -20_000
        entry_id = found.events[-1].entry_id
        assert entry_id is not None
        assert sorted(each.amount_cents for each in ledger.entry(entry_id).postings) == [
            -30_000,
            30_000,
        ]
        _nothing_is_broken()

    def test_what_is_left_of_the_credit_can_be_asked_again(self) -> None:
        preparer, approver = refunds.person("ana2"), refunds.person("ben2")
        credit = refunds.credit(refunds.account(refunds.party()), 50_000)
        first = refunds.prepared([(credit, 30_000)], by=preparer)
        deciding.approve(number=first.number, by=refunds.by(approver))

        second = refunds.prepared([(credit, 20_000)], by=preparer)

        assert second.paid_cents == 20_000


class TestTwoApprovals:
    def test_need_two_others_and_post_with_the_second(self) -> None:
        preparer, first, second = (refunds.person(each) for each in ("cal", "dee", "eva"))
        credit = refunds.credit(refunds.account(refunds.party()), 100_001)
        payable = _gl_cents("202000")
        number = refunds.prepared([(credit, 100_001)], by=preparer).number

        with pytest.raises(deciding.MustBeAnother):
            deciding.approve(number=number, by=refunds.by(preparer))
        assert deciding.approve(number=number, by=refunds.by(first)) == "approved once"
        with pytest.raises(deciding.MustBeAnother):
            deciding.approve(number=number, by=refunds.by(first))
        assert _gl_cents("202000") == payable
        assert deciding.approve(number=number, by=refunds.by(second)) == "approved"

        assert _gl_cents("202000") - payable == -100_001
        _nothing_is_broken()

    def test_postgresql_refuses_the_preparer_and_the_same_person_twice(self) -> None:
        preparer, first = refunds.person("fay"), refunds.person("gus")
        credit = refunds.credit(refunds.account(refunds.party()), 200_000)
        number = refunds.prepared([(credit, 200_000)], by=preparer).number
        deciding.approve(number=number, by=refunds.by(first))
        row = models.Requisition.objects.get(number=number)

        with connection.cursor() as cursor:
            cursor.execute("select min(id) from ledger_journalentry")
            (entry_id,) = cursor.fetchone()

        def add(user_id: int, kind: str, *, entry: int | None) -> None:
            with transactions.started():
                models.Event.objects.create(
                    requisition=row, number=3, kind=kind, by_id=user_id, on=refunds.DAY,
                    at=refunds.AT, reference="1", entry_id=entry,
                )  # fmt: skip

        with pytest.raises(IntegrityError, match="prepared by who would decide"):
            add(preparer, "approved", entry=entry_id)
        with pytest.raises(IntegrityError, match="requisition_approved_once_by_a_person"):
            add(first, "approved", entry=entry_id)
        with pytest.raises(IntegrityError, match="cannot be paid"):
            add(first, "paid", entry=None)


class TestDebtsFirst:
    def test_settles_what_is_past_due_on_other_accounts(self) -> None:
        preparer, approver = refunds.person("hal"), refunds.person("ida")
        party_id = refunds.party()
        tax, water = refunds.account(party_id), refunds.account(party_id, KIND.UTILITY)
        credit = refunds.credit(tax, 50_000)
        late = datetime.date(2026, 2, 1)
        money.charge(water, "water", 12_000, due_on=late, day=late)
        money.charge(water, "sewer", 9_000, due_on=datetime.date(2026, 4, 1))
        payable = _gl_cents("202000")

        asked = refunds.prepared([(credit, 50_000)], by=preparer)
        deciding.approve(number=asked.number, by=refunds.by(approver))

        assert (asked.offset_cents, asked.paid_cents) == (12_000, 38_000)
        assert _gl_cents("202000") - payable == -38_000
        assert receivables.account_balance(tax, as_of=refunds.DAY).balance_cents == 0
        assert receivables.account_balance(water, as_of=refunds.DAY).balance_cents == 9_000
        _nothing_is_broken()

    def test_pays_nothing_where_debts_take_all_of_it(self) -> None:
        preparer, approver = refunds.person("jon"), refunds.person("kim")
        party_id = refunds.party()
        tax, license_ = refunds.account(party_id), refunds.account(party_id, KIND.LICENSE)
        credit = refunds.credit(tax, 5_000)
        late = datetime.date(2026, 1, 31)
        money.charge(license_, "license_fee", 7_500, due_on=late, day=late)

        asked = refunds.prepared([(credit, 5_000)], by=preparer)
        deciding.approve(number=asked.number, by=refunds.by(approver))

        assert asked.paid_cents == 0
        assert receivables.account_balance(license_, as_of=refunds.DAY).balance_cents == 2_500
        with pytest.raises(deciding.NotNow):
            deciding.mark_paid(number=asked.number, reference="1", by=refunds.by(approver))
        _nothing_is_broken()

    def test_refuses_to_post_when_a_debt_was_paid_meanwhile(self) -> None:
        preparer, approver = refunds.person("lea"), refunds.person("max")
        party_id = refunds.party()
        tax, water = refunds.account(party_id), refunds.account(party_id, KIND.UTILITY)
        credit = refunds.credit(tax, 50_000)
        late = datetime.date(2026, 2, 1)
        money.charge(water, "water", 12_000, due_on=late, day=late)
        number = refunds.prepared([(credit, 50_000)], by=preparer).number
        money.pay({water: 12_000})

        with pytest.raises(deciding.BooksHaveMoved):
            deciding.approve(number=number, by=refunds.by(approver))

        assert requisitions.requisition(number).state == "prepared"
        _nothing_is_broken()

    def test_refuses_to_post_when_a_debt_came_meanwhile(self) -> None:
        preparer, approver = refunds.person("lea2"), refunds.person("max2")
        party_id = refunds.party()
        tax, water = refunds.account(party_id), refunds.account(party_id, KIND.UTILITY)
        credit = refunds.credit(tax, 50_000)
        number = refunds.prepared([(credit, 50_000)], by=preparer).number
        late = datetime.date(2026, 2, 1)
        money.charge(water, "water", 12_000, due_on=late, day=late)

        with pytest.raises(deciding.BooksHaveMoved, match=r"\$120\.00 more"):
            deciding.approve(number=number, by=refunds.by(approver))

        assert requisitions.requisition(number).state == "prepared"
        deciding.reject(number=number, by=refunds.by(approver, "A debt came."))
        again = refunds.prepared([(credit, 50_000)], by=preparer)
        assert deciding.approve(number=again.number, by=refunds.by(approver)) == "approved"
        assert again.paid_cents == 38_000
        _nothing_is_broken()

    def test_a_debt_that_is_not_past_due_keeps_nothing(self) -> None:
        preparer, approver = refunds.person("lea3"), refunds.person("max3")
        account_id = refunds.account(refunds.party())
        credit = refunds.credit(account_id, 50_000)
        number = refunds.prepared([(credit, 50_000)], by=preparer).number
        money.charge(account_id, "privilege_tax", 12_000, due_on=datetime.date(2026, 4, 1))

        assert deciding.approve(number=number, by=refunds.by(approver)) == "approved"


class TestPreparing:
    def test_says_everything_that_is_wrong_at_once(self) -> None:
        preparer = refunds.person("nat")
        account_id = refunds.account(refunds.party())
        credit = refunds.credit(account_id, 1_000)
        charge = money.charge(account_id, "privilege_tax", 500)

        with pytest.raises(preparing.CannotBePrepared) as refused:
            refunds.prepared([(credit, 1_001), (charge, 5)], by=preparer)

        assert len(refused.value.problems) == 2

    def test_keeps_one_credit_in_one_living_requisition(self) -> None:
        preparer, approver = refunds.person("oda"), refunds.person("pam")
        credit = refunds.credit(refunds.account(refunds.party()), 9_000)
        first = refunds.prepared([(credit, 4_000)], by=preparer)

        with pytest.raises(preparing.CannotBePrepared, match=f"requisition {first.number}"):
            refunds.prepared([(credit, 100)], by=preparer)

        deciding.reject(number=first.number, by=refunds.by(approver, "No claim."))
        assert refunds.prepared([(credit, 9_000)], by=preparer).paid_cents == 9_000

    def test_asked_twice_with_one_key_is_one(self) -> None:
        preparer = refunds.person("qui")
        credit = refunds.credit(refunds.account(refunds.party()), 9_000)

        first = refunds.prepared([(credit, 4_000)], by=preparer, key="one")
        again = refunds.prepared([(credit, 4_000)], by=preparer, key="one")

        assert again == first
        with pytest.raises(idempotency.KeyUsedForOtherContent):
            refunds.prepared([(credit, 4_001)], by=preparer, key="one")

    def test_respects_a_hold_on_refunds_then_and_later(self) -> None:
        preparer, approver = refunds.person("ray"), refunds.person("sue")
        account_id = refunds.account(refunds.party())
        credit = refunds.credit(account_id, 9_000)
        number = refunds.prepared([(credit, 9_000)], by=preparer).number
        with transactions.started():
            accounts.place_hold(
                account_id=account_id,
                kind=account_choices.HoldKind.REFUND,
                reason_id=money.code_id("REFUND_REVIEW", of="hold reason"),
                period=Period(starts_on=refunds.DAY, ends_before=None),
                at=refunds.AT,
            )

        with pytest.raises(deciding.BooksHaveMoved, match="hold on refunds"):
            deciding.approve(number=number, by=refunds.by(approver))
        deciding.withdraw(number=number, by=refunds.by(preparer, "Held."))
        with pytest.raises(preparing.CannotBePrepared, match="hold on refunds"):
            refunds.prepared([(credit, 9_000)], by=preparer)

    def test_less_than_a_dollar_is_paid_only_when_asked_for(self) -> None:
        preparer = refunds.person("tim")
        credit = refunds.credit(refunds.account(refunds.party()), 99)

        with pytest.raises(preparing.CannotBePrepared, match="less than one dollar"):
            refunds.prepared([(credit, 99)], by=preparer, was_asked_for=False)

        assert refunds.prepared([(credit, 99)], by=preparer).paid_cents == 99


class TestAfterwards:
    def test_a_check_that_bounces_has_the_refund_owed_back(self) -> None:
        preparer, approver = refunds.person("uma"), refunds.person("val")
        account_id = refunds.account(refunds.party())
        taken = money.pay(
            {account_id: 40_000}, tenders=[money.tender("check", 40_000)], day=refunds.DAY
        )
        (credit,) = (each.item_id for each in receivables.open_items(account_id))
        number = refunds.prepared([(credit, 40_000)], by=preparer).number
        deciding.approve(number=number, by=refunds.by(approver))

        money.return_tender(taken.payment_id)

        assert receivables.account_balance(account_id, as_of=refunds.DAY).balance_cents == 40_000
        _nothing_is_broken()

    def test_cancelling_gives_the_credit_back(self) -> None:
        preparer, approver = refunds.person("wim"), refunds.person("xia")
        account_id = refunds.account(refunds.party())
        credit = refunds.credit(account_id, 40_000)
        payable = _gl_cents("202000")
        number = refunds.prepared([(credit, 40_000)], by=preparer).number
        deciding.approve(number=number, by=refunds.by(approver))

        deciding.cancel(number=number, by=refunds.by(approver, "The address was wrong."))

        assert _gl_cents("202000") == payable
        assert receivables.account_balance(account_id, as_of=refunds.DAY).balance_cents == -40_000
        _nothing_is_broken()

    def test_is_paid_once_by_one_reference(self) -> None:
        preparer, approver = refunds.person("yan"), refunds.person("zoe")
        credit = refunds.credit(refunds.account(refunds.party()), 40_000)
        number = refunds.prepared([(credit, 40_000)], by=preparer).number
        deciding.approve(number=number, by=refunds.by(approver))

        for _ in range(2):
            deciding.mark_paid(number=number, reference="check 1001", by=refunds.by(approver))

        assert len(requisitions.requisition(number).events) == 3
        with pytest.raises(deciding.NotNow):
            deciding.mark_paid(number=number, reference="check 1002", by=refunds.by(approver))

    def test_the_proof_sees_an_approval_that_was_never_posted(self) -> None:
        preparer, approver = refunds.person("abe"), refunds.person("bea")
        credit = refunds.credit(refunds.account(refunds.party()), 40_000)
        number = refunds.prepared([(credit, 40_000)], by=preparer).number
        row = models.Requisition.objects.get(number=number)
        with connection.cursor() as cursor:
            cursor.execute("select min(id) from ledger_journalentry")
            (entry_id,) = cursor.fetchone()
        with transactions.started():
            models.Event.objects.create(
                requisition=row, number=2, kind="approved", by_id=approver, on=refunds.DAY,
                at=refunds.AT, entry_id=entry_id,
            )  # fmt: skip

        broken = proofs.broken_requisitions()

        assert any("the books owe 0 cents" in each for each in broken)
        assert any("0 cents of its credits were used" in each for each in broken)

"""Interest on what is given back: in the requisition, in the books, and never twice.

Mesquite Springs: 1% for each month begun, from four months after the claim or the payment,
whichever is later; nothing on penalties and interest that are given back, nothing when carried.
"""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import DatabaseError

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import explaining, models
from fisc.domain.disbursements.operations import carrying, deciding, preparing
from fisc.domain.disbursements.queries import credits, proofs, requisitions
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.operations import versions
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.decision_points import credit_points
from fisc.domain.tax_returns.operations import filing, registering
from fisc.domain.tax_returns.queries import why_credits
from fisc.plumbing import transactions
from tests.factories import money, refunds, tax_returns, users

D = datetime.date
JULY, PAID, ON = D(2026, 7, 1), D(2026, 9, 30), D(2027, 5, 5)
# Runs after 30 January 2027; 30 March and 30 April end months, so by 5 May the fourth has begun.
AFTER = D(2027, 1, 30)

pytestmark = pytest.mark.usefixtures("tax_city")


def filed(account_id: int, gross: int, *, amends: int | None = None) -> int:
    came = filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=PAID,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
        amends_id=amends,
    )
    return filing.file_return(came, by=tax_returns.BY, posting_day=PAID).return_id


def overpaid(*, party_id: int | None = None) -> int:
    """An account whose July was paid with 2,196.00 and amended down to a fifth.

    Credits: 1,440.00 of tax, 288.00 of penalty, 28.80 of interest.
    """
    account_id = refunds.account(party_id) if party_id else tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=JULY, ends_before=D(2026, 8, 1)),
        by=tax_returns.BY,
    )
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=JULY, by=tax_returns.BY
    )
    first = filed(account_id, 10_000_000)
    tax_returns.paid(account_id, 219_600, on=PAID, posted=PAID)
    filed(account_id, 2_000_000, amends=first)
    return account_id


def prepared(
    account_id: int, *, by: int, on: D = ON, claimed_on: D | None = None, settles: int | None = None
) -> requisitions.Requisition:
    found = credits.open_credits(account_ids=[account_id])
    asked = dataclasses.replace(
        refunds.asked([(each.item_id, each.open_cents) for each in found]),
        claimed_on=claimed_on,
        settles=(settles,) if settles else (),
    )
    made = preparing.prepare(
        key=f"{account_id}/{on}", asked=asked, on=on, by_id=by, at=tax_returns.AT
    )
    return requisitions.requisition(made.number)


def approved(number: int, *people: str) -> None:
    for each in people:
        by = deciding.By(user_id=users.person(each), on=ON, at=tax_returns.AT)
        deciding.approve(number=number, by=by)


def booked(code: str) -> int:
    lines = ledger.trial_balance(D.max)
    return sum(each.balance_cents for each in lines if each.gl_account.code == code)


def everything_holds() -> None:
    assert proofs.broken_requisitions() == []
    assert receivables.broken_open_items() == []
    assert receivables.broken_control_accounts() == []
    assert ledger.broken_entries() == []


def carried_bears_too() -> None:
    """Put a table in force by which what is carried forward bears interest as well."""
    name = "tax_returns.credit_interest_start.2020-01-01.dmn"
    content = (tax_returns.CITY / "tables" / name).read_text(encoding="utf-8")
    first, rest = content.split("<text>true</text>\n        </inputEntry>", 1)
    changed = f"{first}<text>true</text>\n        </inputEntry>{rest.replace('false', 'true', 1)}"
    with transactions.started():
        version_id = versions.draft(
            of=versions.Draft(
                book="First day of interest of credits",
                decision_point=credit_points.CREDIT_INTEREST_START.name,
                file_name=name,
                content=changed.encode(),
                effective=periods.Period(starts_on=D(2027, 1, 1)),
                author="Ada",
                reason="An ordinance",
                citation="Ordinance 13",
            ),
            at=tax_returns.AT,
        )
        versions.put_in_test(version_id=version_id, at=tax_returns.AT)
        versions.approve(version_id=version_id, approver="Grace", at=tax_returns.AT)


class TestARefund:
    def test_is_paid_with_interest_from_the_fourth_month_after_the_claim(self) -> None:
        account_id = overpaid()
        spent, payable = booked("549300"), booked("202000")

        found = prepared(account_id, by=users.person("ana"))
        approved(found.number, "ben", "cai")

        # 4% of 1,440.00; none of the 316.80 that are penalty and interest.
        assert [
            (each.of_cents, each.runs_after, each.through, each.amount_cents)
            for each in found.interest
        ] == [(144_000, AFTER, ON, 5_760)]
        assert (found.taken_cents, found.interest_cents, found.paid_cents) == (
            175_680, 5_760, 181_440,
        )  # fmt: skip
        assert booked("549300") - spent == 5_760
        assert booked("202000") - payable == -181_440
        assert receivables.account_balance(account_id, as_of=ON).balance_cents == 0
        everything_holds()

    def test_is_explained_to_the_cent(self) -> None:
        found = prepared(overpaid(), by=users.person("dee"))
        (part,) = found.interest

        for language, words in (("en", "four months later"), ("es", "cuatro meses después")):
            why = why_credits.why_borne(
                number=found.number, interest_id=part.interest_id, language=language
            )
            assert (why.value, why.is_equal) == ("$57.60", True)
            assert words in why.sentence
            assert any("Portland" in each.citation for each in why.rows)
        paid = explaining.explain_paid(number=found.number)
        assert paid.is_equal
        assert "bears $57.60 of interest" in paid.sentence
        with pytest.raises(why_credits.NoSuchInterest):
            why_credits.why_borne(number=found.number, interest_id=0, language="en")

    @pytest.mark.parametrize(("on", "cents"), [(AFTER, 0), (D(2027, 1, 31), 1_440)])
    def test_bears_nothing_until_then(self, on: D, cents: int) -> None:
        account_id = overpaid()

        found = prepared(account_id, by=users.person(f"eva{on}"), on=on)

        assert found.interest_cents == cents

    def test_counts_from_a_letter_where_one_came_later(self) -> None:
        found = prepared(overpaid(), by=users.person("fay"), claimed_on=D(2026, 12, 15))

        # Runs after 15 April 2027: one month begun.
        assert (found.claimed_on, found.interest_cents) == (D(2026, 12, 15), 1_440)

    def test_refuses_a_claim_that_is_still_to_come(self) -> None:
        with pytest.raises(preparing.CannotBePrepared, match="still to come"):
            prepared(overpaid(), by=users.person("gus"), claimed_on=D(2027, 5, 6))

    def test_that_is_cancelled_gives_the_interest_back_with_the_credit(self) -> None:
        account_id = overpaid()
        found = prepared(account_id, by=users.person("hal"))
        approved(found.number, "ida", "jon")
        by = deciding.By(
            user_id=users.person("kim"), on=ON, at=tax_returns.AT, why="Sent to a wrong address."
        )

        deciding.cancel(number=found.number, by=by)

        found_credits = credits.open_credits(account_ids=[account_id])
        assert sum(each.open_cents for each in found_credits) == 181_440
        everything_holds()

    def test_that_is_rejected_spends_nothing(self) -> None:
        spent = booked("549300")
        found = prepared(overpaid(), by=users.person("lea"))

        deciding.reject(
            number=found.number,
            by=deciding.By(user_id=users.person("max"), on=ON, at=tax_returns.AT, why="Wrong."),
        )

        assert booked("549300") == spent
        everything_holds()


class TestADebt:
    def test_is_settled_with_the_interest_too(self) -> None:
        party_id = refunds.party()
        account_id = overpaid(party_id=party_id)
        license_ = refunds.account(party_id, account_choices.AccountKind.LICENSE)
        due = D(2027, 4, 1)
        debt = money.charge(license_, "license_fee", 180_000, due_on=due, day=due)

        found = prepared(account_id, by=users.person("nat"), settles=debt)
        approved(found.number, "oda")

        # Of 1,814.40 the debt takes 1,800.00; all 1,440.00 of tax settle it, and bear as a refund.
        assert (found.offset_cents, found.interest_cents, found.paid_cents) == (
            180_000, 5_760, 1_440,
        )  # fmt: skip
        assert [each.is_offset for each in found.interest] == [True]
        assert receivables.account_balance(license_, as_of=ON).balance_cents == 0
        everything_holds()


class TestCarrying:
    def test_bears_nothing_by_this_citys_table(self) -> None:
        account_id = overpaid()
        before = len(credits.open_credits(account_ids=[account_id]))

        carried(account_id, by=users.person("pam"))

        assert len(credits.open_credits(account_ids=[account_id])) == before

    def test_bears_where_the_table_says_so_once_and_not_again_when_refunded(self) -> None:
        carried_bears_too()
        account_id = overpaid()
        person = users.person("qui")

        for _ in range(2):
            carried(account_id, by=person)

        code = code_lists.code("charge", "refund_interest").id
        found = credits.open_credits(account_ids=[account_id])
        assert [each.open_cents for each in found if each.code_id == code] == [5_760]
        assert [each.through for each in models.Interest.objects.filter(account_id=account_id)] == [
            ON
        ]
        carrying.offer(
            credit_item_ids=[each.item_id for each in found if each.carried_on],
            on=ON, by_id=person, at=tax_returns.AT, why="Asked for after all.",
        )  # fmt: skip
        again = prepared(account_id, by=person)
        assert (again.interest_cents, again.paid_cents) == (0, 181_440)
        everything_holds()


class TestTheWalls:
    def test_refuse_interest_that_comes_later_and_any_change(self) -> None:
        found = prepared(overpaid(), by=users.person("ray"))
        row = models.Interest.objects.filter(requisition_id=found.id)

        with pytest.raises(DatabaseError, match="permission denied"):
            row.update(amount_cents=1)
        (kept,) = row
        kept.pk = None
        with pytest.raises(DatabaseError, match="does not come with"):
            kept.save()


def carried(account_id: int, *, by: int) -> None:
    carrying.carry(
        credit_item_ids=[
            each.item_id
            for each in credits.open_credits(account_ids=[account_id])
            if each.code_id != code_lists.code("charge", "refund_interest").id
        ],
        on=ON, by_id=by, at=tax_returns.AT, why="To be used for the next return.",
    )  # fmt: skip

"""Licenses after they are issued: history, validity, renewal in time and late, sale."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.db import DatabaseError, connection

from fisc.domain.licensing.operations import applying, changing, charging, issuing, keeping
from fisc.domain.licensing.queries import applications, fees, licenses, penalties, standing
from fisc.plumbing import transactions
from tests import shared_facts
from tests.factories import licenses as made
from tests.factories import money

DAY = made.DAY
EXAMPLES: dict[str, dict[str, Any]] = {
    each["id"]: each
    for each in json.loads(shared_facts.path_of("facts/worked_examples.json").read_text())
}
pytestmark = pytest.mark.usefixtures("license_city")
_ADDED = (
    "insert into licensing_license_event (license_id, kind, happened_on, reason, made_at)"
    " values (%s, '{}', '{}', 'x', now())"
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def valid(public_code: str, text: str) -> tuple[bool, str]:
    found = licenses.is_valid_on(public_code, day(text))
    return found.is_valid, found.why


def renewal(license_id: int, text: str, **told: Any) -> int:
    application_id = applying.start_renewal(
        applying.Renewal(license_id=license_id, received_on=day(text), **told), by=made.by()
    )
    made.bring(application_id)
    applying.complete(application_id, on=day(text), by=made.by())
    made.sign(application_id, on=day(text))
    return application_id


class TestHistory:
    def test_says_what_a_license_was_on_each_day(self) -> None:
        issued = made.issued()
        changing.suspend(issued.license_id, on=day("2026-04-01"), by=made.by(why="Complaints."))
        changing.reinstate(issued.license_id, on=day("2026-04-11"), by=made.by(why="Remedied."))
        changing.revoke(issued.license_id, on=day("2026-06-01"), by=made.by(why="Fraud."))

        said = [
            valid(issued.public_code, each)
            for each in ("2026-03-01", "2026-03-02", "2026-04-10", "2026-04-11", "2026-06-01")
        ]

        assert said == [
            (False, "not begun"),
            (True, "active"),
            (False, "suspended"),
            (True, "active"),
            (False, "revoked"),
        ]
        assert licenses.license_of(issued.license_id).status == "revoked"

    def test_ends_with_its_term(self) -> None:
        issued = made.issued()

        assert valid(issued.public_code, "2026-12-31") == (True, "active")
        assert valid(issued.public_code, "2027-01-01") == (False, "term over")

    def test_is_in_the_order_of_its_days_and_makes_sense(self) -> None:
        issued = made.issued()
        changing.suspend(issued.license_id, on=day("2026-04-01"), by=made.by(why="Complaints."))

        with pytest.raises(keeping.IsNotSo, match="active can be suspended"):
            changing.suspend(issued.license_id, on=day("2026-04-02"), by=made.by(why="Again."))
        with pytest.raises(keeping.IsNotSo, match="suspended on 2026-04-01"):
            changing.reinstate(issued.license_id, on=day("2026-03-31"), by=made.by(why="Back."))
        with pytest.raises(keeping.ReasonIsMissing):
            changing.reinstate(issued.license_id, on=day("2026-04-02"), by=made.by(why=""))

    @pytest.mark.parametrize(
        ("statement", "refusal"),
        [
            ("update licensing_license set status = 'active' where id = %s", "permission denied"),
            ("delete from licensing_license where id = %s", "permission denied"),
            (
                "update licensing_license_event set reason = 'x' where license_id = %s",
                "permission denied",
            ),
            ("delete from licensing_license_event where license_id = %s", "permission denied"),
            (_ADDED.format("suspended", "2026-02-01"), "not suspended on 2026-02-01"),
            (_ADDED.format("reinstated", "2026-05-01"), "not reinstated on 2026-05-01"),
        ],
    )
    def test_is_kept_by_the_database_itself(self, statement: str, refusal: str) -> None:
        issued = made.issued()

        with (
            pytest.raises(DatabaseError, match=refusal),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [issued.license_id])

        assert licenses.license_of(issued.license_id).status == "active"


class TestRenewal:
    def test_in_time_follows_the_term_without_a_penalty(self) -> None:
        issued = made.issued("general_merchant", gross_receipts_cents=200_000_000)
        application_id = renewal(issued.license_id, "2026-09-30", gross_receipts_cents=200_000_000)
        quoted = charging.charge(application_id, on=day("2026-09-30"), by=made.by())
        made.pay(application_id, on=day("2026-09-30"))
        issuing.issue(application_id, on=day("2026-09-30"), by=made.by())

        found = licenses.license_of(issued.license_id)

        assert (quoted.total_cents, quoted.penalty) == (30_000, None)
        assert found.term.starts_on == day("2026-10-01")
        assert valid(issued.public_code, "2026-09-30") == (True, "active")
        assert valid(issued.public_code, "2027-09-30") == (True, "active")

    def test_late_costs_the_ladder_of_its_type(self) -> None:
        issued = made.issued("general_merchant", gross_receipts_cents=200_000_000)
        application_id = renewal(issued.license_id, "2026-11-02", gross_receipts_cents=200_000_000)

        charging.charge(application_id, on=day("2026-11-02"), by=made.by())

        lines = {each.line.code: each.amount_cents for each in applications.charged(application_id)}
        assert lines == {"receipts_tax": 30_000, "late_penalty": 4_500}

    def test_is_one_at_a_time_and_within_its_window(self) -> None:
        issued = made.issued()
        renewal(issued.license_id, "2026-12-01")
        with pytest.raises(applying.CannotApply, match="not done yet"):
            renewal(issued.license_id, "2026-12-02")

        business_id = made.business()
        other = made.issued("secondhand_dealer", business_id=business_id)
        with pytest.raises(applying.CannotApply, match="2026-12-01 or later"):
            renewal(other.license_id, "2026-11-30")

    def test_is_refused_to_a_suspended_license(self) -> None:
        issued = made.issued()
        changing.suspend(issued.license_id, on=DAY, by=made.by(why="Complaints."))

        with pytest.raises(applying.CannotApply, match="is suspended"):
            renewal(issued.license_id, "2026-12-01")


class TestWorkedExample:
    @pytest.mark.parametrize(
        ("name", "on"),
        [
            ("lic-fl-205.053-Nov", "2026-11-15"),
            ("lic-fl-205.053-Jan", "2027-01-15"),
            ("lic-fl-205.053-Feb", "2027-02-15"),
        ],
    )
    def test_of_a_late_renewal_comes_out_of_the_citys_table(self, name: str, on: str) -> None:
        example = EXAMPLES[name]
        # A business whose tax is that of the example: $0.15 for each $1,000 of sales.
        sales_cents = round(float(example["inputs"]["tax"]) * 100) * 1000 * 100 // 15
        fee = fees.fee(
            fees.Asked(
                license_type="general_merchant",
                issued_on=day("2026-10-01"),
                is_new=False,
                gross_receipts_cents=sales_cents,
            ),
            known_at=made.AT,
        )

        found = penalties.penalty(
            fee, term_ends_before=day("2026-10-01"), on=day(on), known_at=made.AT
        )

        assert f"{fee.total_cents / 100:.2f}" == example["inputs"]["tax"]
        assert found is not None
        assert f"{found.amount_cents / 100:.2f}" == example["expected"]["penalty"]


class TestSale:
    def test_needs_a_letter_of_clearance(self) -> None:
        issued, buyer = made.issued("general_merchant"), made.business()
        seller = licenses.license_of(issued.license_id)
        money.charge(seller.account_id, "license_fee", 700, day=DAY)

        letter = changing.clear(issued.license_id, on=DAY, by=made.by())
        with pytest.raises(changing.CannotBeHandedOn, match=r"\$7.00 is owed"):
            changing.hand_on(
                issued.license_id,
                to_business_id=buyer,
                takes_over_debt=False,
                on=DAY,
                by=made.by(why="Sold."),
            )
        money.pay({seller.account_id: 700}, day=DAY)
        cleared = changing.clear(issued.license_id, on=DAY, by=made.by())
        changing.hand_on(
            issued.license_id,
            to_business_id=buyer,
            takes_over_debt=False,
            on=day("2026-03-31"),
            by=made.by(why="Sold."),
        )

        found = licenses.license_of(issued.license_id)
        assert (letter.owed_cents, letter.is_clear, cleared.is_clear) == (700, False, True)
        assert cleared.holds_before == day("2026-04-01")
        assert found.business_id == buyer
        assert found.account_id != seller.account_id
        assert valid(found.public_code, "2026-03-31") == (True, "active")

    def test_makes_a_successor_liable_for_what_is_taken_over(self) -> None:
        issued, buyer = made.issued("general_merchant"), made.business()
        seller = licenses.license_of(issued.license_id)
        money.charge(seller.account_id, "license_fee", 700, due_on=day("2026-03-01"), day=DAY)

        changing.hand_on(
            issued.license_id,
            to_business_id=buyer,
            takes_over_debt=True,
            on=DAY,
            by=made.by(why="Sold."),
        )

        assert standing.standing(business_id=buyer, as_of=DAY).past_due_cents == 700

    def test_of_a_type_that_is_not_handed_on_is_refused_with_every_reason(self) -> None:
        issued = made.issued()
        seller = licenses.license_of(issued.license_id).business_id

        with pytest.raises(changing.CannotBeHandedOn) as refused:
            changing.hand_on(
                issued.license_id,
                to_business_id=seller,
                takes_over_debt=False,
                on=DAY,
                by=made.by(why="Sold."),
            )

        assert "is not handed on" in str(refused.value)
        assert "already" in str(refused.value)
        assert "No letter of clearance" in str(refused.value)


class TestLists:
    def test_go_page_by_page(self) -> None:
        ids = [made.issued("residential_rental", units=3).license_id for _ in range(3)]

        first = licenses.listed(license_type="residential_rental", status="active", limit=2)
        second = licenses.listed(
            license_type="residential_rental", before_id=first[-1].license_id, limit=2
        )

        assert [each.license_id for each in (*first, *second)] == ids[::-1]

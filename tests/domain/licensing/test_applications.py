"""From an application to a license: all that is missing at once, sign-offs, fee, issue."""

from __future__ import annotations

import datetime

import pytest

from fisc.domain.licensing import choices, explaining
from fisc.domain.licensing.operations import applying, charging, issuing, keeping, signing_off
from fisc.domain.licensing.queries import applications, fees, hindrances, licenses, quotes
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work
from fisc.plumbing import transactions
from tests.domain.payments import test_concurrency
from tests.factories import licenses as made
from tests.factories import money

DAY = made.DAY
APPROVED = choices.SignOffOutcome.APPROVED
REFUSED = choices.SignOffOutcome.REFUSED
pytestmark = pytest.mark.usefixtures("license_city")


def asked(application_id: int) -> dict[str, datetime.date | None]:
    found = applications.standing_sign_offs(application_id)
    return {each.department.code: each.due_on for each in found}


def sign_off_of(application_id: int, department: str) -> int:
    found = applications.standing_sign_offs(application_id)
    return next(each.sign_off_id for each in found if each.department.code == department)


def about(application_id: int, *, on: datetime.date = DAY) -> list[str]:
    found = hindrances.hindrances(applications.application(application_id), on=on)
    return [each.about for each in found]


class TestApplication:
    def test_goes_from_start_to_an_issued_license(self) -> None:
        application_id = made.completed("general_merchant", gross_receipts_cents=120_000_000)
        made.sign(application_id)
        quoted = charging.charge(application_id, on=DAY, by=made.by())
        made.pay(application_id)

        issued = issuing.issue(application_id, on=DAY, by=made.by())

        found = licenses.license_of(issued.license_id)
        assert quoted.total_cents == 18_000
        assert (found.number, found.status) == (1, "active")
        assert found.term.ends_before == datetime.date(2026, 10, 1)
        assert licenses.is_valid_on(found.public_code, DAY).is_valid
        assert applications.application(application_id).status == "issued"
        assert [each.status for each in applications.events(application_id)] == [
            "started",
            "complete",
            "issued",
        ]

    def test_says_all_that_is_missing_at_once(self) -> None:
        application_id = made.application("pool_hall")

        with pytest.raises(applying.NotComplete) as refused:
            applying.complete(application_id, on=DAY, by=made.by())

        assert [(each.about, each.code) for each in refused.value.problems] == [
            ("question", "activity"),
            ("question", "control"),
            ("units", "pool_table"),
        ]
        assert "¿Qué se hará en el lugar?" in refused.value.problems[0].said("es")

    def test_takes_an_answer_back(self) -> None:
        application_id = made.application()
        made.bring(application_id)
        applying.tell(application_id, answers={"activity": " "}, by=made.by())

        missing = hindrances.missing(applications.application(application_id))

        assert [each.code for each in missing] == ["activity"]

    def test_is_refused_with_all_that_is_wrong(self) -> None:
        with pytest.raises(applying.CannotApply) as refused:
            made.application(
                "of_no_kind", begins_on=datetime.date(2026, 1, 1), units=-1, business_id=10**9
            )

        assert len(refused.value.problems) == 4

    def test_is_numbered_within_its_type_though_another_failed(self) -> None:
        first = applications.application(made.application("mechanical_rides")).number
        with pytest.raises(ZeroDivisionError):
            _draw_and_fail()
        second = applications.application(made.application("mechanical_rides")).number

        assert (first, second) == (1, 2)

    def test_is_not_completed_twice(self) -> None:
        application_id = made.completed()

        with pytest.raises(keeping.IsNotSo, match="complete, not started"):
            applying.complete(application_id, on=DAY, by=made.by())


class TestSignOffs:
    def test_are_asked_step_by_step_and_at_once_within_a_step(self) -> None:
        application_id = made.completed("pool_hall", units=8)
        first = asked(application_id)
        signing_off.sign_off(
            sign_off_of(application_id, "zoning"),
            outcome=APPROVED,
            on=datetime.date(2026, 3, 4),
            by=made.by(made.person()),
        )
        later = asked(application_id)

        assert first == {
            "zoning": datetime.date(2026, 3, 7),
            "fire": None,
            "police": None,
            "health": None,
        }
        due = datetime.date(2026, 3, 14)
        assert (later["fire"], later["police"], later["health"]) == (due, due, due)

    def test_stand_in_the_queue_of_their_department_until_decided(self) -> None:
        application_id = made.completed("pool_hall", units=8)
        kind = signing_off.kind_of("zoning")
        zoner = made.person()
        item_id = work_items.take_next(user_id=zoner, today=DAY, kinds=[kind])
        assert item_id is not None
        subject_id = work.item(item_id=item_id).subject_id

        with pytest.raises(work_items.NotYours):
            signing_off.sign_off(subject_id, outcome=APPROVED, on=DAY, by=made.by(made.person()))
        signing_off.sign_off(subject_id, outcome=APPROVED, on=DAY, by=made.by(zoner))

        assert work.item(item_id=item_id).status == "done"
        assert application_id

    def test_that_refuse_say_why_and_may_be_asked_again(self) -> None:
        application_id = made.completed("general_merchant")
        zoning = sign_off_of(application_id, "zoning")
        with pytest.raises(keeping.ReasonIsMissing):
            signing_off.sign_off(zoning, outcome=REFUSED, on=DAY, by=made.by(made.person(), ""))
        signing_off.sign_off(
            zoning, outcome=REFUSED, on=DAY, by=made.by(made.person(), "No parking.")
        )
        charging.charge(application_id, on=DAY, by=made.by())
        made.pay(application_id)
        with pytest.raises(issuing.CannotBeIssued, match="Zoning refused: No parking"):
            issuing.issue(application_id, on=DAY, by=made.by())

        signing_off.ask_again(zoning, on=DAY, by=made.by())
        made.sign(application_id)

        assert issuing.issue(application_id, on=DAY, by=made.by()).number

    def test_are_nobodys_own_work(self) -> None:
        clerk = made.person()
        business_id = made.business()
        application_id = applying.start(
            applying.Application(
                license_type="general_merchant",
                business_id=business_id,
                received_on=DAY,
                begins_on=DAY,
            ),
            by=made.by(clerk),
        )
        made.bring(application_id)
        applying.complete(application_id, on=DAY, by=made.by())

        with pytest.raises(keeping.IsOwnWork):
            signing_off.sign_off(
                sign_off_of(application_id, "zoning"),
                outcome=APPROVED,
                on=DAY,
                by=made.by(clerk),
            )

    def test_are_decided_once(self) -> None:
        application_id = made.completed("general_merchant")
        zoning = sign_off_of(application_id, "zoning")
        made.sign(application_id)

        with pytest.raises(signing_off.IsDecided):
            signing_off.sign_off(zoning, outcome=REFUSED, on=DAY, by=made.by(made.person(), "x"))


class TestFee:
    def test_is_the_quote_line_by_line_and_explained_later(self) -> None:
        application_id = made.completed("auction_house")
        found = applications.application(application_id)
        quoted = quotes.quote(found, on=DAY, known_at=made.AT)
        charging.charge(application_id, on=DAY, by=made.by())

        charged = applications.charged(application_id)

        assert {each.line.code: each.amount_cents for each in charged} == {
            "application_fee": 13_500,
            "license_fee": 2_500,
        }
        assert sum(each.amount_cents for each in charged) == quoted.total_cents
        for each in charged:
            why = explaining.explain_charged(each.fee_item_id, language="es")
            assert why.is_equal
            assert "phoenix" in " ".join(explanations.paragraphs(why, language="es"))

    def test_is_on_the_account_as_any_other_charge(self) -> None:
        application_id = made.completed("auction_house")
        charging.charge(application_id, on=DAY, by=made.by())
        account_id = applications.application(application_id).account_id

        items = receivables.open_items(account_id)

        assert sum(each.open_cents for each in items) == 16_000
        assert {each.source_id for each in items} == {application_id}
        assert receivables.broken_control_accounts() == []

    def test_is_charged_once_whoever_asks_at_once(self) -> None:
        application_id = made.completed()

        found = test_concurrency.at_once(
            *[lambda: charging.charge(application_id, on=DAY, by=made.by())] * 3
        )

        assert sum(isinstance(each, charging.IsCharged) for each in found) == 2
        assert len(applications.charged(application_id)) == 1


class TestIssue:
    def test_is_refused_with_every_reason(self) -> None:
        business_id = made.business()
        application_id = made.completed("auction_house", business_id=business_id)
        account_id = applications.application(application_id).account_id
        money.charge(account_id, "license_fee", 500, due_on=datetime.date(2026, 2, 1), day=DAY)

        found = about(application_id)

        assert found == ["sign-off", "fee", "coverage", "standing"]

    def test_needs_a_tax_account_where_the_type_does(self) -> None:
        business_id = made.business()
        application_id = made.completed("privilege", business_id=business_id)
        charging.charge(application_id, on=DAY, by=made.by())
        made.pay(application_id)
        before = about(application_id)
        made.tax_account(business_id)

        assert before == ["tax account"]
        assert about(application_id) == []

    def test_waits_until_all_is_paid(self) -> None:
        application_id = made.completed()
        charging.charge(application_id, on=DAY, by=made.by())
        made.pay(application_id, cents=100)

        with pytest.raises(issuing.CannotBeIssued, match=r"License fee: \$61.50 is not paid"):
            issuing.issue(application_id, on=DAY, by=made.by())

    def test_needs_insurance_that_holds_on_the_day(self) -> None:
        business_id = made.business()
        application_id = made.completed("mechanical_rides", units=2, business_id=business_id)
        made.sign(application_id)
        charging.charge(application_id, on=DAY, by=made.by())
        made.pay(application_id)
        applying.add_coverage(
            business_id=business_id,
            kind="liability_insurance",
            reference="P-1",
            starts_on=datetime.date(2025, 3, 3),
            ends_before=datetime.date(2026, 3, 3),
            by=made.by(),
        )

        assert about(application_id, on=DAY) == []
        assert about(application_id, on=datetime.date(2026, 3, 3)) == ["coverage"]

    def test_gives_one_license_whoever_asks_at_once_and_numbers_without_gaps(self) -> None:
        application_ids = []
        for _ in range(3):
            application_id = made.completed()
            made.sign(application_id)
            charging.charge(application_id, on=DAY, by=made.by())
            made.pay(application_id)
            application_ids.append(application_id)

        found = test_concurrency.at_once(
            *[
                lambda each=each: issuing.issue(each, on=DAY, by=made.by())
                for each in application_ids * 2
            ]
        )

        issued = [each for each in found if isinstance(each, issuing.Issued)]
        assert len(issued) == 3
        assert len({each.public_code for each in issued}) == 3
        assert licenses.numbers_with_gaps() == ()


def _draw_and_fail() -> None:
    with transactions.started():
        keeping.draw_number(
            license_type_id=money.code_id("mechanical_rides", of=fees.LICENSE_TYPES),
            of=choices.NumberOf.APPLICATION,
        )
        raise ZeroDivisionError

"""Denied, appealed, withdrawn: what is open for how long, and what is given back."""

from __future__ import annotations

import datetime

import pytest

from fisc.domain.licensing import explaining
from fisc.domain.licensing.operations import charging, deciding, keeping
from fisc.domain.licensing.queries import applications, hindrances
from fisc.domain.receivables import queries as receivables
from tests.factories import licenses as made

DAY = made.DAY
pytestmark = pytest.mark.usefixtures("license_city")


def charged(license_type: str = "pool_hall", *, paid: bool = True, units: int | None = 8) -> int:
    application_id = made.completed(license_type, units=units)
    charging.charge(application_id, on=DAY, by=made.by())
    if paid:
        made.pay(application_id)
    return application_id


def balance(application_id: int) -> int:
    account_id = applications.application(application_id).account_id
    return receivables.account_balance(account_id, as_of=DAY).balance_cents


class TestWithdrawal:
    def test_gives_back_what_the_table_says_as_a_credit(self) -> None:
        application_id = charged()

        given = deciding.withdraw(application_id, on=DAY, by=made.by())

        assert given == 32_000 - 2_500
        assert balance(application_id) == -given
        assert receivables.broken_control_accounts() == []

    def test_settles_what_was_not_paid_first(self) -> None:
        application_id = charged(paid=False)

        deciding.withdraw(application_id, on=DAY, by=made.by())

        # The application and what is kept of the fee are still owed.
        assert balance(application_id) == 15_000 + 2_500
        open_items = receivables.open_items(applications.application(application_id).account_id)
        assert sorted(each.open_cents for each in open_items) == [2_500, 15_000]

    def test_is_explained_by_the_kept_rows(self) -> None:
        application_id = charged()
        deciding.withdraw(application_id, on=DAY, by=made.by())

        (credit,) = [
            each for each in applications.charged(application_id) if each.credits_id is not None
        ]
        why = explaining.explain_charged(credit.fee_item_id)

        assert why.is_equal
        assert why.value == "$295.00"
        assert "less $25 for the work" in why.sentence

    def test_is_final(self) -> None:
        application_id = charged()
        deciding.withdraw(application_id, on=DAY, by=made.by())

        with pytest.raises(keeping.IsNotSo, match="withdrawn"):
            deciding.withdraw(application_id, on=DAY, by=made.by())

    def test_gives_back_nothing_of_a_fee_that_is_not_refundable(self) -> None:
        application_id = charged("privilege", units=None)

        assert deciding.withdraw(application_id, on=DAY, by=made.by()) == 0
        assert balance(application_id) == 0


class TestDenial:
    def test_is_open_to_appeal_for_the_days_of_the_table(self) -> None:
        application_id = charged()

        until = deciding.deny(application_id, on=DAY, by=made.by(why="No exit."))

        assert until == datetime.date(2026, 3, 12)
        with pytest.raises(deciding.AppealIsOpen, match="2026-03-12"):
            deciding.settle_denial(application_id, on=until, by=made.by())
        with pytest.raises(deciding.AppealIsLate, match="2026-03-12"):
            deciding.appeal(
                application_id, on=until + datetime.timedelta(days=1), by=made.by(why="There is.")
            )

    def test_gives_back_once_it_stands_and_only_once(self) -> None:
        application_id = charged()
        until = deciding.deny(application_id, on=DAY, by=made.by(why="No exit."))
        after = until + datetime.timedelta(days=1)

        first = deciding.settle_denial(application_id, on=after, by=made.by())
        second = deciding.settle_denial(application_id, on=after, by=made.by())

        assert (first, second) == (29_500, 0)
        assert balance(application_id) == -29_500

    def test_needs_a_reason(self) -> None:
        application_id = made.completed()

        with pytest.raises(keeping.ReasonIsMissing):
            deciding.deny(application_id, on=DAY, by=made.by(why=" "))

    def test_is_judged_by_another_than_who_denied(self) -> None:
        application_id, clerk, judge = charged(), made.person(), made.person()
        deciding.deny(application_id, on=DAY, by=made.by(clerk, "No exit."))
        deciding.appeal(application_id, on=DAY, by=made.by(why="There is one."))

        with pytest.raises(keeping.IsOwnWork):
            deciding.decide_appeal(
                application_id, is_granted=False, on=DAY, by=made.by(clerk, "No.")
            )
        given = deciding.decide_appeal(
            application_id, is_granted=False, on=DAY, by=made.by(judge, "There is none.")
        )

        assert given == 29_500
        with pytest.raises(deciding.AppealIsLate):
            deciding.appeal(application_id, on=DAY, by=made.by(why="Again."))

    def test_that_is_granted_goes_on_where_it_was(self) -> None:
        application_id = charged()
        deciding.deny(application_id, on=DAY, by=made.by(made.person(), "No exit."))
        deciding.appeal(application_id, on=DAY, by=made.by(why="There is one."))
        deciding.decide_appeal(
            application_id, is_granted=True, on=DAY, by=made.by(made.person(), "There is.")
        )
        made.sign(application_id)

        found = applications.application(application_id)

        assert found.status == "complete"
        assert hindrances.hindrances(found, on=DAY) == ()

"""Owners and later terms of many businesses at once: as one by one, and refused as one by one."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pytest
from django.db import DatabaseError

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import amending, entering, loading_terms
from fisc.domain.licensing.queries import applications, businesses, licenses
from fisc.plumbing import bulk_copy, transactions
from tests.factories import licenses as made

pytestmark = pytest.mark.usefixtures("license_city")
EPOCH = datetime.date(1970, 1, 1)
SINCE = datetime.date(2021, 5, 1)


def days(*of: datetime.date) -> bulk_copy.Numbers:
    return np.array([(each - EPOCH).days for each in of], dtype=np.int64)


def owners(*of: tuple[int, int, int, bool]) -> loading_terms.Owners:
    """Business, owner, hundredths of a percent, whether it controls; all since one day."""
    business, owner, share, controls = zip(*of, strict=True)
    return loading_terms.Owners(
        business_ids=np.array(business, dtype=np.int64),
        owner_ids=np.array(owner, dtype=np.int64),
        hundredths_percent=np.array(share, dtype=np.int64),
        controls=np.array(controls, dtype=np.bool_),
        starts_on=days(*[SINCE for _ in of]),
    )


def load_owners(of: loading_terms.Owners) -> None:
    with transactions.started():
        loading_terms.load_owners(of, at=made.AT)


def held(business_id: int, *, on: datetime.date = SINCE) -> list[tuple[int, Decimal, bool]]:
    found = businesses.business(business_id=business_id, as_of=on).owners
    return [(each.party_id, each.percent, each.controls) for each in found]


class TestOwners:
    def test_of_many_businesses_are_held_from_their_day_on(self) -> None:
        first, second, ada, grace = (made.business() for _ in range(4))

        load_owners(
            owners((first, ada, 6_000, True), (first, grace, 4_000, False), (second, ada, 25, True))
        )

        assert held(first) == [(ada, Decimal(60), True), (grace, Decimal(40), False)]
        assert held(second) == [(ada, Decimal("0.25"), True)]
        assert held(first, on=SINCE - datetime.timedelta(days=1)) == []

    def test_more_than_the_whole_of_one_leaves_none_of_any(self) -> None:
        first, second, ada, grace = (made.business() for _ in range(4))

        with pytest.raises(DatabaseError):
            load_owners(
                owners(
                    (first, ada, 10_000, True), (second, ada, 6_000, True),
                    (second, grace, 4_001, False),
                )
            )  # fmt: skip

        assert held(first) == held(second) == []

    def test_nobody_owns_itself_less_than_nothing_or_more_than_all(self) -> None:
        first, ada = made.business(), made.business()

        for wrong in (
            (first, first, 100, True),
            (first, ada, -1, True),
            (first, ada, 10_001, True),
        ):
            with pytest.raises(DatabaseError):
                load_owners(owners(wrong))

        assert held(first) == []

    def test_loaded_twice_is_refused_and_one_more_may_be_added_by_hand(self) -> None:
        business, ada, grace = (made.business() for _ in range(3))
        load_owners(owners((business, ada, 7_000, True)))

        with pytest.raises(DatabaseError):
            load_owners(owners((business, ada, 7_000, True)))
        amending.add_owner(
            business_id=business,
            who=amending.Who(party_id=grace),
            percent=Decimal(30),
            controls=False,
            starts_on=SINCE,
            by=entering.By(user_id=made.person(), at=made.AT, today=SINCE),
        )

        assert [percent for _, percent, _ in held(business)] == [Decimal(70), Decimal(30)]


def a_year_later(day: datetime.date) -> datetime.date:
    return day.replace(year=day.year + 1)


def renewals(*of: licenses.License) -> loading_terms.Renewals:
    """The year after the last term of some licenses, renewed three weeks before it."""
    begins = [each.term.ends_before or datetime.date.max for each in of]
    none = np.zeros(len(of), dtype=np.int64)
    return loading_terms.Renewals(
        license_ids=np.array([each.license_id for each in of], dtype=np.int64),
        license_type_ids=np.array([each.license_type.id for each in of], dtype=np.int64),
        business_ids=np.array([each.business_id for each in of], dtype=np.int64),
        premise_ids=np.array([each.premise_id for each in of], dtype=np.int64),
        account_ids=np.array([each.account_id for each in of], dtype=np.int64),
        renewed_on=days(*[each - datetime.timedelta(days=21) for each in begins]),
        term_starts_on=days(*begins),
        term_ends_before=days(*[a_year_later(each) for each in begins]),
        units=bulk_copy.Nullable(none, np.ones(len(of), dtype=np.bool_)),
        gross_receipts_cents=bulk_copy.Nullable(none + 5_000_000, np.zeros(len(of), np.bool_)),
    )


def load_renewals(of: loading_terms.Renewals) -> list[int]:
    with transactions.started():
        found = loading_terms.load_renewals(of, at=made.AT, user_id=None, why="another system")
    return [int(each) for each in found]


def placed() -> licenses.License:
    """A merchant's license at a place."""
    business = made.business()
    made.tax_account(business)
    with transactions.started():
        premise = entering.premise_of(
            entering.Place(
                house_number="12",
                street="Oak Street",
                unit="",
                city="Mesquite Springs",
                state="FL",
                zip="00001",
            )
        )
    issued = made.issued(
        "general_merchant", business_id=business, premise_id=premise, gross_receipts_cents=4_000_000
    )
    return licenses.license_of(issued.license_id)


def now(license_: licenses.License) -> licenses.License:
    return licenses.license_of(license_.license_id)


class TestRenewals:
    def test_each_license_has_the_later_term_and_the_application_it_rests_on(self) -> None:
        first, second = placed(), placed()

        numbers = load_renewals(renewals(first, second))

        for before, application_id in zip((first, second), numbers, strict=True):
            assert now(before).term.starts_on == before.term.ends_before
            rests_on = applications.application(application_id)
            assert (rests_on.status, rests_on.kind) == ("issued", "renewal")
            assert rests_on.gross_receipts_cents == 5_000_000
            last = licenses.history(before.license_id)[-1]
            assert (last.kind, last.application_id) == ("renewed", application_id)

    def test_terms_follow_one_another_year_after_year(self) -> None:
        before = placed()

        for _ in range(2):
            load_renewals(renewals(now(before)))

        assert before.term.ends_before is not None
        later = a_year_later(a_year_later(before.term.ends_before))
        assert now(before).term.ends_before == later
        assert licenses.is_valid_on(before.public_code, later - datetime.timedelta(days=1)).is_valid

    def test_a_term_that_was_had_leaves_nothing_of_the_load(self) -> None:
        first, second = placed(), placed()
        load_renewals(renewals(first))
        count = self.counted()

        with pytest.raises(DatabaseError):
            load_renewals(renewals(second, first))

        assert now(second).term == second.term
        assert self.counted() == count

    def test_numbers_of_applications_have_no_gap_after_a_refusal(self) -> None:
        license_ = placed()
        (first,) = load_renewals(renewals(license_))
        with pytest.raises(DatabaseError):
            load_renewals(renewals(license_))

        (second,) = load_renewals(renewals(now(license_)))

        one, two = (applications.application(each).number for each in (first, second))
        assert two == one + 1

    @staticmethod
    def counted() -> int:
        number = code_lists.code("license type", "general_merchant").id
        found = bulk_copy.read_columns(
            "select id from licensing_application where license_type_id = %s", [number], ["id"]
        )
        return len(found["id"])

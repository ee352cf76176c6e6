"""Insurances and bonds that end: asked for before, and what the table does once they are out."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection

from fisc.domain.licensing.operations import applying, changing, charging, issuing
from fisc.domain.licensing.queries import licenses
from tests.domain.licensing import test_renewing as renewing
from tests.factories import licenses as made

pytestmark = pytest.mark.usefixtures("license_city")
D = datetime.date
# The policy holds through June 9; 30 days before that is May 10.
LAST = D(2026, 6, 9)


def cover(business_id: int, first: datetime.date, last: datetime.date, *, kind: str = "") -> int:
    return applying.add_coverage(
        business_id=business_id,
        kind=kind or "liability_insurance",
        reference=f"P-{first}",
        starts_on=first,
        ends_before=last + datetime.timedelta(days=1),
        by=made.by(),
    )


def rides(last: datetime.date = LAST, **told: object) -> tuple[int, int]:
    """Return a business and its license for rides of a year, insured until a day."""
    business_id = made.business()
    cover(business_id, D(2026, 1, 1), last)
    application_id = made.completed("mechanical_rides", units=1, business_id=business_id)
    made.sign(application_id)
    charging.charge(application_id, on=made.DAY, by=made.by())
    made.pay(application_id)
    return business_id, issuing.issue(application_id, on=made.DAY, by=made.by()).license_id


def said(on: datetime.date, license_id: int) -> tuple[int, int]:
    found = renewing.run(f"{on}", license_id)
    return found["covers_ending"], found["suspended"]


def items(business_id: int) -> list[tuple[str, str, datetime.date]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select item.status, item.reason, item.due_on from work_items_workitem as item"
            " join licensing_coverage as coverage on coverage.id = item.subject_id"
            " where item.subject_kind = 'coverage' and coverage.business_id = %s order by item.id",
            [business_id],
        )
        found: list[tuple[str, str, datetime.date]] = cursor.fetchall()
        return found


class TestWork:
    def test_is_raised_once_so_many_days_before_the_last(self) -> None:
        business_id, license_id = rides()

        assert said(D(2026, 5, 9), license_id) == (0, 0)
        assert said(D(2026, 5, 10), license_id) == (1, 0)
        assert said(D(2026, 5, 10), license_id) == (0, 0)
        assert said(D(2026, 5, 20), license_id) == (0, 0)

        ((status, reason, due_on),) = items(business_id)
        assert (status, due_on) == ("open", LAST)
        assert "ends on 2026-06-09" in reason

    def test_is_done_when_the_next_one_is_recorded(self) -> None:
        business_id, license_id = rides()
        said(D(2026, 5, 10), license_id)

        cover(business_id, D(2026, 6, 10), D(2027, 6, 9))

        assert [status for status, _reason, _due in items(business_id)] == ["done"]
        assert said(D(2026, 6, 10), license_id) == (0, 0)
        assert licenses.license_of(license_id).status == "active"

    def test_looks_no_further_than_the_term(self) -> None:
        # Issued for a year from March 2; insured through its last day.
        _, license_id = rides(D(2027, 3, 1))

        assert said(D(2027, 2, 20), license_id) == (0, 0)

    def test_is_raised_again_for_the_next_cover_that_ends(self) -> None:
        business_id, license_id = rides()
        said(D(2026, 5, 10), license_id)
        cover(business_id, D(2026, 6, 10), D(2026, 9, 9))

        assert said(D(2026, 8, 10), license_id) == (1, 0)


class TestSuspending:
    def test_is_the_day_after_the_last_and_once(self) -> None:
        _, license_id = rides()

        assert said(LAST, license_id) == (1, 0)
        assert licenses.license_of(license_id).status == "active"
        assert said(D(2026, 6, 10), license_id) == (0, 1)
        assert said(D(2026, 6, 10), license_id) == (0, 0)

        assert licenses.license_of(license_id).status == "suspended"
        last = licenses.history(license_id)[-1]
        assert last.reason == "Liability insurance P-2026-01-01 ran out on 2026-06-09."
        assert last.made_by_id is None

    def test_is_not_done_again_after_somebody_reinstated_it(self) -> None:
        business_id, license_id = rides()
        said(D(2026, 6, 10), license_id)
        changing.reinstate(license_id, on=D(2026, 6, 11), by=made.by(made.person()))

        assert said(D(2026, 6, 12), license_id) == (0, 0)

        # A new policy that runs out in turn is another matter.
        cover(business_id, D(2026, 6, 13), D(2026, 7, 1))
        assert said(D(2026, 7, 2), license_id) == (1, 1)

    def test_is_only_of_types_that_the_table_says(self) -> None:
        business_id = made.business()
        cover(business_id, D(2026, 1, 1), LAST, kind="surety_bond")
        application_id = made.completed("auction_house", business_id=business_id)
        made.sign(application_id)
        charging.charge(application_id, on=made.DAY, by=made.by())
        made.pay(application_id)
        license_id = issuing.issue(application_id, on=made.DAY, by=made.by()).license_id

        assert said(D(2026, 6, 10), license_id) == (1, 0)
        assert licenses.license_of(license_id).status == "active"

    def test_of_what_happened_to_the_license_since_it_is_left_to_people(self) -> None:
        _, license_id = rides()
        changing.suspend(license_id, on=D(2026, 6, 20), by=made.by(made.person()))
        changing.reinstate(license_id, on=D(2026, 6, 21), by=made.by(made.person()))

        # A run of an earlier day comes late: the history goes on from its last day only.
        assert said(D(2026, 6, 15), license_id) == (1, 0)

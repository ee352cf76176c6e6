"""Licenses for an event, from a day to a day: quoted, charged, issued, over, and never renewed."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.licensing.operations import applying, charging, issuing
from fisc.domain.licensing.queries import applications, estimates, fees, licenses, notices, renewals
from fisc.plumbing import transactions
from fisc.processes.letters import writing
from tests.domain.licensing import test_renewing as renewing
from tests.factories import licenses as made

pytestmark = pytest.mark.usefixtures("license_city")
D = datetime.date
# Applications of the factory come in on March 2.
FIRST, ENDS_BEFORE = D(2026, 3, 20), D(2026, 3, 24)


def fee(**asked: object) -> fees.Fee:
    given: dict[str, object] = {
        "license_type": "carnival",
        "issued_on": FIRST,
        "event_ends_before": ENDS_BEFORE,
        "asked_on": made.DAY,
        "units": 5,
        **asked,
    }
    return fees.fee(fees.Asked(**given), known_at=made.AT)  # type: ignore[arg-type]


def insured() -> int:
    business_id = made.business()
    applying.add_coverage(
        business_id=business_id,
        kind="liability_insurance",
        reference="P-1",
        starts_on=D(2026, 1, 1),
        ends_before=D(2027, 1, 1),
        by=made.by(),
    )
    return business_id


def issued() -> tuple[int, issuing.Issued]:
    """Return the application and license of a carnival of four days with five rides."""
    application_id = made.completed(
        "carnival",
        business_id=insured(),
        begins_on=FIRST,
        event_ends_before=ENDS_BEFORE,
        units=5,
    )
    made.sign(application_id)
    charging.charge(application_id, on=made.DAY, by=made.by())
    made.pay(application_id)
    return application_id, issuing.issue(application_id, on=made.DAY, by=made.by())


class TestQuote:
    @pytest.mark.parametrize(
        ("asked_on", "cents"),
        [
            # $110 and five rides of $40; within 30 days before it $65 more.
            (D(2026, 2, 17), 31_000),
            (D(2026, 2, 18), 37_500),
            (D(2026, 3, 20), 37_500),
        ],
    )
    def test_is_of_rides_and_of_asking_late(self, asked_on: datetime.date, cents: int) -> None:
        found = fee(asked_on=asked_on)

        assert found.total_cents == cents
        assert found.term == periods.Period(starts_on=FIRST, ends_before=ENDS_BEFORE)
        assert (found.facts["event_days"], found.left.months_begun) == (4, 1)

    @pytest.mark.parametrize(
        ("ends_before", "said"),
        [
            (None, "Say the last day of the event"),
            (FIRST, "not 0"),
            (D(2026, 4, 4), "lasts from 1 to 14 days, not 15"),
        ],
    )
    def test_is_refused_outside_the_days_of_the_table(
        self, ends_before: datetime.date | None, said: str
    ) -> None:
        with pytest.raises(fees.EventIsWrong, match=said):
            fee(event_ends_before=ends_before)

    def test_of_29_february_and_the_most_days(self) -> None:
        # 14 days from 16 February of a leap year end with the 29th.
        first, after = D(2028, 2, 16), D(2028, 3, 1)

        assert fee(issued_on=first, event_ends_before=after).term.days == 14


class TestApplying:
    @pytest.mark.parametrize(
        ("license_type", "ends_before", "said"),
        [
            ("carnival", None, "Say the last day"),
            ("carnival", D(2026, 4, 30), "not 41"),
            ("peddler", ENDS_BEFORE, "is for no event"),
        ],
    )
    def test_says_what_is_wrong_with_its_days(
        self, license_type: str, ends_before: datetime.date | None, said: str
    ) -> None:
        with pytest.raises(applying.CannotApply, match=said):
            made.application(license_type, begins_on=FIRST, event_ends_before=ends_before)


class TestLicense:
    def test_is_of_the_days_of_the_event_and_is_charged_as_quoted(self) -> None:
        application_id, found = issued()

        license_ = licenses.license_of(found.license_id)
        assert license_.term == periods.Period(starts_on=FIRST, ends_before=ENDS_BEFORE)
        assert {
            each.line.code: each.amount_cents for each in applications.charged(application_id)
        } == {"application_fee": 11_000, "late_application_fee": 6_500, "unit_fee": 20_000}
        assert not licenses.validity(license_, day=D(2026, 3, 19)).is_valid
        assert licenses.validity(license_, day=D(2026, 3, 23)).is_valid
        assert not licenses.validity(license_, day=ENDS_BEFORE).is_valid

    def test_is_not_issued_once_the_event_is_over(self) -> None:
        application_id = made.completed(
            "carnival",
            business_id=insured(),
            begins_on=FIRST,
            event_ends_before=ENDS_BEFORE,
            units=1,
        )
        made.sign(application_id)
        charging.charge(application_id, on=made.DAY, by=made.by())
        made.pay(application_id)

        with pytest.raises(issuing.CannotBeIssued, match="over on 2026-03-23"):
            issuing.issue(application_id, on=ENDS_BEFORE, by=made.by())
        issuing.issue(application_id, on=D(2026, 3, 23), by=made.by())

    def test_is_never_renewed_and_nobody_is_told(self) -> None:
        _, found = issued()
        with pytest.raises(applying.CannotApply, match="for one event and is not renewed"):
            applying.start_renewal(
                applying.Renewal(license_id=found.license_id, received_on=D(2026, 3, 22), units=5),
                by=made.by(),
            )
        days = [FIRST - datetime.timedelta(days=3) + datetime.timedelta(days=n) for n in range(90)]

        said = [renewing.run(f"{each}", found.license_id) for each in days]

        assert sum(each["told"] for each in said) == 0
        assert [day for day, each in zip(days, said, strict=True) if each["lapsed"]] == [
            ENDS_BEFORE
        ]
        license_ = licenses.license_of(found.license_id)
        assert license_.status == "expired"
        on, bucket = days[-1], license_.account_id % 4096
        with transactions.started():
            wrote = writing.write_chunk(
                bucket_from=bucket, bucket_before=bucket + 1, since=days[0], on=on, at=made.AT
            )
        assert sum(wrote.values()) == 0
        for name in (notices.LAPSED, notices.WITHOUT):
            listed = notices.listed(name, on=on, known_at=made.AT, limit=None)
            assert found.license_id not in {each.license_id for each in listed}

    def test_does_not_stop_the_estimates_of_others(self) -> None:
        issued()
        on = D(2026, 3, 25)

        due = renewals.due(renewals.Scope(), on=on, known_at=made.AT)

        assert len(estimates.estimate(due, on=on, known_at=made.AT).fee_cents) == len(
            due["license_id"]
        )

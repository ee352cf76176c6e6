"""The run over renewals: told once, lapsed once, renewed once, whatever happens to it."""

from __future__ import annotations

import contextlib
import datetime
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection

from fisc.domain.licensing import explaining
from fisc.domain.licensing.operations import applying, changing, charging, issuing, renewing
from fisc.domain.licensing.queries import fees, licenses, notices, penalties, renewals
from fisc.plumbing import transactions
from tests.factories import licenses as made

pytestmark = pytest.mark.usefixtures("license_city")
_runs = itertools.count(1)
# Each step of terms that end with December 31 and with March 1 has one of these days.
DAYS = (
    "2026-11-17",
    "2026-12-02",
    "2026-12-22",
    "2027-01-06",
    "2027-01-20",
    "2027-02-22",
    "2027-03-08",
    "2027-05-05",
)


class Undone(Exception):
    """The end of a try that leaves nothing."""


class Killed(Exception):
    """The end of a chunk before it was kept."""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def run(on: str, *license_ids: int) -> Mapping[str, int]:
    """Do a day's renewals of some licenses, and return what their chunks say together."""
    number, said = next(_runs), dict[str, int]()
    buckets = [(bucket_of(each), bucket_of(each) + 1) for each in license_ids]
    for chunk, (bucket_from, bucket_before) in enumerate(buckets, start=1):
        with transactions.started():
            found = renewing.renew_chunk(
                bucket_from=bucket_from, bucket_before=bucket_before, of=of(number, chunk, on)
            )
        said = {name: said.get(name, 0) + value for name, value in found.items()}
    return said


def issued_to_somebody(license_type: str, **told: Any) -> issuing.Issued:
    """Return a license of a business that has a tax account, as some types ask."""
    business_id = made.business()
    made.tax_account(business_id)
    return made.issued(license_type, business_id=business_id, **told)


def bucket_of(license_id: int) -> int:
    return licenses.license_of(license_id).account_id % 4096


def of(number: int, chunk: int, on: str) -> renewing.Of:
    return renewing.Of(run_id=number, chunk=chunk, posting_day=day(on), at=made.AT)


def killed(bucket_from: int, bucket_before: int, *, of: renewing.Of) -> None:
    """Do a chunk that is gone before it is kept."""
    with contextlib.suppress(Killed), transactions.savepoint():
        renewing.renew_chunk(bucket_from=bucket_from, bucket_before=bucket_before, of=of)
        raise Killed


def told(license_id: int) -> list[tuple[str, datetime.date, int | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select code.code, made_on, fee_cents, penalty_cents from licensing_renewal_notice"
            " join code_lists_code as code on code.id = step_id where license_id = %s"
            " order by made_on",
            [license_id],
        )
        found: list[tuple[str, datetime.date, int | None, int]] = cursor.fetchall()
        return found


def renewal(license_id: int, on: str, **said: Any) -> int:
    application_id = applying.start_renewal(
        applying.Renewal(license_id=license_id, received_on=day(on), **said), by=made.by()
    )
    made.bring(application_id)
    applying.complete(application_id, on=day(on), by=made.by())
    made.sign(application_id, on=day(on))
    return application_id


class TestYear:
    def test_of_a_license_that_nobody_renews(self) -> None:
        issued = issued_to_somebody("general_merchant", gross_receipts_cents=200_000_000)

        assert run("2026-08-15", issued.license_id)["told"] == 0
        assert run("2026-08-16", issued.license_id)["told"] == 1
        assert run("2026-08-17", issued.license_id)["told"] == 0
        assert run("2026-09-20", issued.license_id)["told"] == 1
        assert run("2026-09-30", issued.license_id) == {
            "renewed": 0,
            "renewals_waiting": 0,
            "lapsed": 0,
            "told": 0,
            "told_fee_cents": 0,
            "told_penalty_cents": 0,
            "told_no_estimate": 0,
            "covers_ending": 0,
            "suspended": 0,
        }
        assert licenses.license_of(issued.license_id).status == "active"
        assert run("2026-10-01", issued.license_id)["lapsed"] == 1
        assert run("2026-10-02", issued.license_id)["lapsed"] == 0
        assert licenses.license_of(issued.license_id).status == "expired"
        run("2026-10-05", issued.license_id)
        run("2026-11-29", issued.license_id)

        assert told(issued.license_id) == [
            ("notice", day("2026-08-16"), 30_000, 0),
            ("reminder", day("2026-09-20"), 30_000, 0),
            ("late_notice", day("2026-10-05"), 30_000, 3_000),
            ("final_notice", day("2026-11-29"), 30_000, 4_500),
        ]

    def test_of_one_that_is_renewed_late_after_it_lapsed(self) -> None:
        issued = issued_to_somebody("general_merchant", gross_receipts_cents=200_000_000)
        run("2026-10-05", issued.license_id)
        application_id = renewal(issued.license_id, "2026-10-20", gross_receipts_cents=200_000_000)
        assert run("2026-11-29", issued.license_id)["told"] == 0, "somebody works on its renewal"
        charging.charge(application_id, on=day("2026-10-20"), by=made.by())
        assert run("2026-11-30", issued.license_id)["renewed"] == 0
        made.pay(application_id, on=day("2026-10-21"))

        first, second = run("2026-12-01", issued.license_id), run("2026-12-01", issued.license_id)

        assert (first["renewed"], second["renewed"]) == (1, 0)
        found = licenses.license_of(issued.license_id)
        assert (found.status, found.term.ends_before) == ("active", day("2027-10-01"))

    def test_of_a_paid_one_that_something_else_hinders(self) -> None:
        issued = issued_to_somebody("service_business", gross_receipts_cents=1_000_000)
        application_id = renewal(issued.license_id, "2026-12-01", gross_receipts_cents=1_000_000)
        charging.charge(application_id, on=day("2026-12-01"), by=made.by())
        made.pay(application_id, on=day("2026-12-01"))
        changing.suspend(issued.license_id, on=day("2026-12-02"), by=made.by(why="Complaints."))

        said = run("2026-12-03", issued.license_id)

        assert (said["renewed"], said["renewals_waiting"]) == (0, 1)
        assert licenses.license_of(issued.license_id).status == "suspended"

    def test_a_missed_day_tells_the_step_that_the_day_is_in_alone(self) -> None:
        issued = issued_to_somebody("privilege")
        ends = licenses.license_of(issued.license_id).term.ends_before
        assert ends == day("2027-03-02")

        run("2027-02-25", issued.license_id)
        run("2027-06-30", issued.license_id)

        assert [step for step, *_ in told(issued.license_id)] == ["reminder"]


class TestEstimate:
    @pytest.mark.parametrize("on", ["2026-12-20", "2027-02-04", "2027-03-10"])
    def test_of_many_is_that_of_each(self, on: str) -> None:
        ids = [
            issued_to_somebody("secondhand_dealer").license_id,
            issued_to_somebody("pool_hall", units=7).license_id,
            issued_to_somebody("residential_rental", units=10).license_id,
            issued_to_somebody("peddler").license_id,
            issued_to_somebody("service_business", gross_receipts_cents=12_345_678).license_id,
        ]
        run(on, *ids)
        seen = 0
        for license_id in ids:
            found = licenses.license_of(license_id)
            for _step, _made_on, fee_cents, penalty_cents in told(license_id):
                assert found.term.ends_before is not None
                facts: dict[str, Any] = {
                    "pool_hall": {"units": 7},
                    "residential_rental": {"units": 10},
                    "service_business": {"gross_receipts_cents": 12_345_678},
                }.get(found.license_type.code, {})
                fee = fees.fee(
                    fees.Asked(
                        license_type=found.license_type.code,
                        issued_on=found.term.ends_before,
                        is_new=False,
                        **facts,
                    ),
                    known_at=made.AT,
                )
                late = penalties.penalty(
                    fee, term_ends_before=found.term.ends_before, on=day(on), known_at=made.AT
                )
                assert fee_cents == fee.total_cents
                assert penalty_cents == (late.amount_cents if late else 0)
                seen += 1
        assert seen

    def test_is_not_given_where_no_row_fits(self) -> None:
        issued = issued_to_somebody("peddler")
        with transactions.started(), connection.cursor() as cursor:
            # As a license that was moved in: nobody asked its holder how much it takes in.
            cursor.execute(
                "insert into licensing_license (license_type_id, number, public_code, issued_on,"
                " business_id, account_id, status, term_starts_on, term_ends_before)"
                " select type.id, 90001, 'MOVEDIN', '2026-01-01', business_id, account_id,"
                " 'active', '2026-01-01', '2027-01-01' from licensing_license as license,"
                " code_lists_code as type where license.id = %s"
                " and type.code = 'service_business' returning id",
                [issued.license_id],
            )
            (license_id,) = cursor.fetchone()
            cursor.execute(
                "insert into licensing_license_event (license_id, kind, happened_on, starts_on,"
                " ends_before, reason, made_at) values (%s, 'issued', '2026-01-01', '2026-01-01',"
                " '2027-01-01', 'moved in', now())",
                [license_id],
            )

        said = run("2026-12-21", license_id)

        assert said["told_no_estimate"] == 1
        assert told(license_id) == [("reminder", day("2026-12-21"), None, 0)]


class TestAnyOrder:
    def test_killed_twice_and_in_another_order_it_keeps_the_same(self) -> None:
        kinds = ("privilege", "peddler", "secondhand_dealer")
        ids = [issued_to_somebody(kind).license_id for kind in kinds for _ in range(4)]
        ranges = [(0, 1000), (1000, 2000), (2000, 3000), (3000, 4096)]

        def state(order: Sequence[tuple[int, int]], *, kill: bool) -> list[Any]:
            """Run a year's days in an order and undo it all: what would be kept."""
            with contextlib.suppress(Undone), transactions.started():
                for on in DAYS:
                    number = next(_runs)
                    for chunk, (low, high) in enumerate(order, start=1):
                        if kill:
                            killed(low, high, of=of(number, chunk, on))
                        renewing.renew_chunk(
                            bucket_from=low, bucket_before=high, of=of(number, chunk, on)
                        )
                found = [(told(each), licenses.license_of(each).status) for each in ids]
                raise Undone
            return found

        plain = state(ranges, kill=False)

        assert state(ranges, kill=True) == plain
        assert state(ranges[::-1], kill=False) == plain
        assert {status for _, status in plain} == {"expired"}
        assert {len(steps) for steps, _ in plain} == {4}


class TestExplaining:
    def test_of_each_line_is_what_was_told(self) -> None:
        issued = issued_to_somebody("secondhand_dealer")
        run("2027-01-01", issued.license_id)
        run("2027-02-15", issued.license_id)
        run("2027-03-01", issued.license_id)

        (last, *_) = notices.of_license(issued.license_id)

        assert last.step.code == "final_notice"
        assert {each.code.code: each.amount_cents for each in last.lines} == {
            "license_fee": 3_000,
            "late_penalty": 3_000,
        }
        assert last.total_cents == 6_000
        for each in last.lines:
            for language in ("en", "es"):
                why = explaining.explain_told(
                    last.notice_id, line=each.code.code, language=language
                )
                assert why.is_equal
                assert why.rows


class TestBoard:
    def test_lists_each_license_where_it_is(self) -> None:
        due, told_, over, worked = (issued_to_somebody("peddler").license_id for _ in range(4))
        on, at = day("2026-12-22"), made.AT
        run("2026-11-20", told_)
        run("2026-12-22", told_)
        for each in (over, worked):
            run("2027-01-01", each)
        application_id = renewal(worked, "2027-01-02")

        def ids(name: str) -> set[int]:
            return {each.license_id for each in notices.listed(name, on=on, known_at=at)}

        assert notices.counts(on=on, known_at=at) == {
            "due": 1,
            "notice": 0,
            "reminder": 1,
            "late_notice": 0,
            "final_notice": 0,
            "lapsed": 2,
            "without": 1,
        }
        assert (ids("due"), ids("reminder"), ids("without")) == ({due}, {told_}, {over})
        rows = {each.license_id: each for each in notices.listed("lapsed", on=on, known_at=at)}
        assert rows.keys() == {over, worked}
        assert rows[worked].application_id == application_id
        (seen,) = notices.listed("reminder", on=on, known_at=at)
        assert (seen.total_cents, seen.told_on) == (7_500, on)
        assert notices.expected(on=on, known_at=at) == {
            "paid": 0,
            "lapsing": 0,
            "due": 1,
            "due_fee_cents": 7_500,
            "due_penalty_cents": 0,
            "due_no_estimate": 0,
        }

    def test_knows_no_other_list(self) -> None:
        with pytest.raises(notices.NoSuchList, match="Choose one of due"):
            notices.listed("mine", on=made.DAY, known_at=made.AT)


class TestDatabase:
    def test_refuses_to_lapse_before_the_term_is_over(self) -> None:
        issued = issued_to_somebody("peddler")
        with (
            pytest.raises(DatabaseError, match="not expired"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "insert into licensing_license_event (license_id, kind, happened_on, reason,"
                " made_at) values (%s, 'expired', '2026-12-31', 'x', now())",
                [issued.license_id],
            )

    def test_refuses_to_unsay_what_was_told(self) -> None:
        with (
            pytest.raises(DatabaseError, match=r"only added to|permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute("delete from licensing_renewal_notice")

    def test_what_came_in_between_is_asked_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        issued = issued_to_somebody("peddler")
        changing.close(issued.license_id, on=day("2026-12-01"), by=made.by(why="Ended."))
        truly, calls = renewals.lapsing, itertools.count()

        def stale(scope: renewals.Scope, **asked: Any) -> renewals.Numbers:
            if next(calls) == 0:
                return np.array([issued.license_id], dtype=np.int64)
            return truly(scope, **asked)

        monkeypatch.setattr(renewals, "lapsing", stale)

        assert run("2027-01-01", issued.license_id)["lapsed"] == 0
        assert licenses.license_of(issued.license_id).status == "closed"
        assert next(calls) == 2

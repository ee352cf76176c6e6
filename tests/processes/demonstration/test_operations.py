from __future__ import annotations

import datetime
import pathlib

import pytest
from django.conf import settings
from django.db import connection

from fisc.domain.accounts import choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.ledger import queries as ledger
from fisc.domain.licensing.queries import licenses
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import transactions
from fisc.plumbing.runs import engine
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import queries as users
from fisc.processes.demonstration import applicants, operations
from tests.processes.conftest import ACCOUNTS, SmallCity

NOW = datetime.datetime(2026, 3, 20, 16, tzinfo=datetime.UTC)


def wanted(accounts_wanted: int) -> operations.Wanted:
    return operations.Wanted(
        city=pathlib.Path(settings.FISC_CITY),
        accounts=accounts_wanted,
        today=NOW.date(),
        at=NOW,
        months=2,
    )


class TestFillingAgain:
    def test_changes_nothing_and_says_the_size_that_is_there(self, small_city: SmallCity) -> None:
        before = len(runs.latest_runs(kind="history 1")), len(users.staff())

        found = operations.fill(wanted=wanted(5000), watch=engine.Unwatched())

        assert found == ACCOUNTS
        assert (len(runs.latest_runs(kind="history 1")), len(users.staff())) == before


@pytest.mark.usefixtures("city_database")
class TestARealCity:
    def test_is_left_alone(self) -> None:
        mailing = accounts.Mailing(line_1="1 Main Street", city="Real", state="FL", zip="00002")
        with transactions.started():
            party = accounts.add_party(name="Ada Real", at=NOW)
            accounts.open_account(
                kind=choices.AccountKind.UTILITY,
                party_id=party,
                name="Ada Real",
                mailing=mailing,
                opened_on=NOW.date(),
                at=NOW,
            )

        with pytest.raises(operations.CityIsReal, match="nothing is added"):
            operations.fill(wanted=wanted(50), watch=engine.Unwatched())

        assert users.staff() == []


class TestItsBusinesses:
    def test_file_pay_and_hold_licenses(self, small_city: SmallCity) -> None:
        found = counted()

        assert found["businesses"] == ACCOUNTS * 3 // 5 + len(applicants.APPLICANTS)
        assert found["returns"] > 0
        assert found["payments"] > 0
        assert found["licenses"] > ACCOUNTS * 3 // 5
        assert found["renewals"] > 0
        assert found["unsigned"] > 0

    def test_have_applications_at_every_stage(self, small_city: SmallCity) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select distinct status from licensing_application")
            found = {status for (status,) in cursor.fetchall()}

        assert found == {"started", "complete", "issued", "denied", "withdrawn"}

    def test_leave_the_books_whole(self, small_city: SmallCity) -> None:
        assert not ledger.broken_entries()
        assert not receivables.broken_control_accounts()
        assert not receivables.broken_open_items()
        assert not licenses.numbers_with_gaps()


def counted() -> dict[str, int]:
    sums = {
        "businesses": "licensing_business",
        "returns": "tax_returns_return",
        "payments": "receivables_allocation where account_id in"
        " (select subledger_id from accounts_account where kind = 'tax')",
        "licenses": "licensing_license",
        "renewals": "licensing_license_event where kind = 'renewed'",
        "unsigned": "licensing_sign_off where outcome = '' and due_on is not null",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, rows in sums.items():
            cursor.execute(f"select count(*) from {rows}")
            found[name] = cursor.fetchone()[0]
    return found

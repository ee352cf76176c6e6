from __future__ import annotations

import datetime
import pathlib

import pytest
from django.conf import settings

from fisc.domain.accounts import choices
from fisc.domain.accounts import operations as accounts
from fisc.plumbing import transactions
from fisc.plumbing.runs import engine
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import queries as users
from fisc.processes.demonstration import operations
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

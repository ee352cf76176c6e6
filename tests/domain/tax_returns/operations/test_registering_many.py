"""Many accounts registered at once: as one by one, and refused as one by one."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from django.db import DatabaseError

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.operations import registering, registering_many
from fisc.domain.tax_returns.queries import registrations
from fisc.plumbing import bulk_copy, transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

pytestmark = pytest.mark.usefixtures("tax_city")
EPOCH = datetime.date(1970, 1, 1)
SINCE = datetime.date(2025, 1, 1)
OCTOBER = datetime.date(2025, 10, 1)


def numbers(*of: int) -> bulk_copy.Numbers:
    return np.array(of, dtype=np.int64)


def days(*of: datetime.date) -> bulk_copy.Numbers:
    return numbers(*((each - EPOCH).days for each in of))


def register(*of: tuple[int, str], terms: tuple[tuple[int, str], ...] = ()) -> None:
    """Register accounts for classes, and say how often some of them file."""
    region = code_lists.code("tax region", "MS").id
    with transactions.started():
        registering_many.register_many(
            registering_many.Registrations(
                account_ids=numbers(*(account for account, _ in of)),
                region_ids=numbers(*(region for _ in of)),
                business_class_ids=numbers(
                    *(code_lists.code("business class", name).id for _, name in of)
                ),
                starts_on=days(*(SINCE for _ in of)),
            ),
            terms=registering_many.Terms(
                account_ids=numbers(*(account for account, _ in terms)),
                frequency_ids=numbers(
                    *(code_lists.code("filing frequency", often).id for _, often in terms)
                ),
                starts_on=days(*(SINCE for _ in terms)),
            ),
            at=AT,
        )


def classes(account_id: int) -> set[str]:
    return {each.business_class for each in registrations.registrations(account_id)}


class TestRegisterMany:
    def test_accounts_owe_the_returns_that_they_would_owe_one_by_one(self) -> None:
        alone = tax_returns.filer(since=SINCE)
        first, second = tax_returns.account(), tax_returns.account()

        register(
            (first, "11"),
            (first, "17"),
            (second, "25"),
            terms=((first, "monthly"), (second, "quarterly")),
        )

        assert classes(first) == classes(alone) == {"11", "17"}
        owed = {
            account: [each.obligation for each in self.owed(account)]
            for account in (alone, first, second)
        }
        assert owed[first] == owed[alone]
        assert len(owed[first]) == 9
        assert len(owed[second]) == 3

    @staticmethod
    def owed(account_id: int) -> list[registrations.Owed]:
        return list(registrations.owed_returns(account_id, before=OCTOBER, known_at=AT))

    def test_a_class_twice_leaves_nothing_of_anybody(self) -> None:
        first, second = tax_returns.account(), tax_returns.account()

        with pytest.raises(DatabaseError):
            register((first, "11"), (second, "17"), (second, "17"), terms=((first, "monthly"),))

        assert classes(first) == classes(second) == set()
        assert registrations.terms(first) == ()

    def test_two_terms_of_a_day_leave_no_registration_either(self) -> None:
        account_id = tax_returns.account()

        with pytest.raises(DatabaseError):
            register((account_id, "11"), terms=((account_id, "monthly"), (account_id, "quarterly")))

        assert classes(account_id) == set()

    def test_asked_twice_it_is_refused_and_the_first_stands(self) -> None:
        account_id = tax_returns.account()
        register((account_id, "11"), terms=((account_id, "monthly"),))

        with pytest.raises(DatabaseError):
            register((account_id, "11"), terms=((account_id, "monthly"),))

        assert classes(account_id) == {"11"}
        registering.end_all(account_id=account_id, ends_before=OCTOBER, by=BY)
        assert registrations.registrations(account_id)[0].days.ends_before == OCTOBER

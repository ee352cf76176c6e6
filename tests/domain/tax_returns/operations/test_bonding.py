"""Bonds of tax accounts: asked for by a table, recorded, ended, and what the lack of one holds up.

A contractor (class 15) of less than two years gives a bond of the tax of 150 days, at least $2,000;
who was late three times in a year, one of the tax of that year.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.accounts import declarations as clearing
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import bonding, filing, nonfilers, registering
from fisc.domain.tax_returns.queries import bonds, why_bond
from fisc.domain.work_items import models as work_items
from fisc.plumbing import transactions
from fisc.plumbing.runs import models as runs
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
TODAY = D(2026, 10, 3)

pytestmark = pytest.mark.usefixtures("tax_city")


def bond(account_id: int, cents: int = 200_000, number: str = "B-1", **other: Any) -> int:
    said: dict[str, Any] = {"surety": "Saguaro Surety", "effective_on": D(2026, 1, 1), **other}
    return bonding.record(
        account_id=account_id, of=bonding.New(number=number, amount_cents=cents, **said), by=BY
    )


def contract(account_id: int, since: datetime.date = D(2026, 9, 1)) -> int:  # noqa: B008
    return registering.register(
        account_id=account_id,
        region="MS",
        business_class="15",
        days=periods.Period(starts_on=since),
        by=BY,
    )


def cover(account_id: int) -> bonds.Cover:
    return bonds.cover(account_id, on=TODAY, known_at=AT)


def warn(account_id: int, on: datetime.date) -> list[work_items.WorkItem]:
    bucket = account_id % 4096
    with transactions.started():
        run = runs.Run.objects.create(kind="test", posting_day=on, instant=AT)
        bonding.warn_chunk(
            bucket_from=bucket,
            bucket_before=bucket + 1,
            of=nonfilers.Of(run_id=run.id, chunk=0, posting_day=on, at=AT),
        )
    return list(
        work_items.WorkItem.objects.filter(
            kind=bonding.KIND, detail__account_id=account_id, status="open"
        )
    )


class TestAContractor:
    def test_is_registered_once_its_bond_is_here(self) -> None:
        account_id = tax_returns.account()

        with pytest.raises(registering.CannotBeRegistered) as raised:
            contract(account_id)
        assert "Class 15 needs a bond of $2,000.00, and $0.00 is in force on 2026-09-01" in str(
            raised.value
        )
        bond(account_id, 150_000)
        with pytest.raises(registering.CannotBeRegistered, match=r"\$1,500\.00 is in force"):
            contract(account_id)
        bond(account_id, 50_000, "B-2")
        contract(account_id)

        found = cover(account_id)
        assert (found.needed_cents, found.in_force_cents, found.lacking_cents) == (
            200_000,
            200_000,
            0,
        )
        assert not found.holds_clearance
        for language, words in (("en", "at least $2,000"), ("es", "al menos $2,000")):
            why = why_bond.why(found.needed[0], on=TODAY, known_at=AT, language=language)
            assert why.is_equal
            assert words in why.sentence

    def test_of_two_years_needs_none(self) -> None:
        account_id = tax_returns.account()
        bond(account_id, effective_on=D(2024, 9, 1))
        contract(account_id, D(2024, 10, 3))

        assert cover(account_id).needed_cents == 0
        assert bonds.cover(account_id, on=D(2026, 10, 2), known_at=AT).needed_cents == 200_000


class TestAFilerThatWasLate:
    def test_is_given_no_letter_of_clearance_without_its_bond(self) -> None:
        """January's return came late with $150 of tax, and those to August never: $1,800 a year."""
        late, right = tax_returns.filer(), tax_returns.account()
        january = filing.Came(
            account_id=late,
            starts_on=D(2026, 1, 1),
            received_on=D(2026, 4, 1),
            is_electronic=True,
            lines=(Line(region="MS", business_class="17", gross_cents=1_000_000),),
        )
        filing.file_return(january, by=BY, posting_day=TODAY)

        found = cover(late)

        assert {each.facts["delinquent_periods"] for each in found.needed} == {8}
        assert (found.needed_cents, found.holds_clearance) == (180_000, True)
        asked = clearing.Asked(account_ids=(late, right), on=TODAY, known_at=AT)
        (said,) = clearing.said(asked)
        assert "needs a bond of $1,800.00, and $0.00 is in force on 2026-10-03." in said

        bond(late, 180_000)

        assert clearing.said(asked) == []


class TestTheEndOfABond:
    def test_is_told_sixty_days_before_where_too_little_is_left_and_once(self) -> None:
        account_id = tax_returns.account()
        bond(account_id, expires_before=D(2026, 12, 31))
        contract(account_id)

        assert warn(account_id, D(2026, 10, 31)) == []
        (item,) = warn(account_id, D(2026, 11, 1))
        assert warn(account_id, D(2026, 11, 1)) == warn(account_id, D(2026, 11, 2)) == [item]
        assert item.due_on == D(2026, 12, 31)
        assert "Bond B-1 of Saguaro Surety ends before 2026-12-31" in item.reason

    def test_of_which_enough_is_left_is_not_told(self) -> None:
        account_id = tax_returns.account()
        bond(account_id, expires_before=D(2026, 12, 31))
        bond(account_id, number="B-2", effective_on=D(2026, 12, 31))
        contract(account_id)

        assert warn(account_id, D(2026, 12, 1)) == []

    def test_comes_by_a_word_too(self) -> None:
        account_id = tax_returns.account()
        bond_id = bond(account_id, expires_before=D(2027, 6, 1))
        contract(account_id)

        def cancel(day: datetime.date, *, why: str = "premium unpaid", of: int = bond_id) -> None:
            by = registering.By(user_id=None, at=AT, why=why)
            bonding.cancel(account_id=account_id, bond_id=of, cancelled_before=day, by=by)

        with pytest.raises(bonding.CannotBeRecorded, match=r"cannot end before 2025-12-31\. Say"):
            cancel(D(2025, 12, 31), why=" ")
        with pytest.raises(bonding.CannotBeRecorded, match="ends before 2027-06-01 anyway"):
            cancel(D(2027, 6, 1))
        with pytest.raises(bonding.CannotBeRecorded, match="no bond 0"):
            cancel(D(2027, 1, 1), of=0)
        cancel(D(2026, 10, 3))
        with pytest.raises(bonding.CannotBeRecorded, match="cancelled from 2026-10-03 already"):
            cancel(D(2026, 12, 1))

        assert cover(account_id).lacking_cents == 200_000


class TestRecording:
    def test_everything_wrong_is_said_at_once_and_a_bond_is_recorded_once(self) -> None:
        account_id = tax_returns.account()

        with pytest.raises(bonding.CannotBeRecorded) as raised:
            bond(account_id, 0, " ", surety="", expires_before=D(2025, 1, 1))
        for words in ("who the surety is", "number of the bond", "more than nothing", "cannot end"):
            assert words in str(raised.value)
        bond(account_id)
        with pytest.raises(bonding.CannotBeRecorded, match="recorded of the account already"):
            bond(account_id)

    @pytest.mark.parametrize(
        "statement",
        ["delete from tax_returns_bond", "update tax_returns_bond set amount_cents = 1"],
    )
    def test_the_role_that_serves_changes_none(self, statement: str) -> None:
        with (
            pytest.raises(utils.ProgrammingError, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

"""Accounts that file for several locations and businesses: one return, a schedule by location.

A shop pays 1.5 % of what is left of its gross.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import checking, many_packs
from fisc.domain.tax_returns.calculations.returns import AtLocation, Deduction, Line
from fisc.domain.tax_returns.operations import (
    consolidating,
    filing,
    filing_in_bulk,
    holding,
    nonfilers,
)
from fisc.domain.tax_returns.queries import delinquent, members, registrations, returns
from fisc.plumbing import transactions
from fisc.plumbing.runs import models as runs
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
TODAY = D(2026, 10, 3)
JANUARY, JULY = D(2026, 1, 1), D(2026, 7, 1)

pytestmark = pytest.mark.usefixtures("tax_city")


def join(
    account_id: int, code: str, starts_on: datetime.date = JANUARY, of: int | None = None
) -> int:
    joining = consolidating.Joining(
        code=code, name=f"Store {code}", starts_on=starts_on, member_account_id=of
    )
    return consolidating.join(account_id=account_id, of=joining, by=BY)


def filer() -> int:
    """A filer for two stores since January 2026."""
    account_id = tax_returns.filer()
    for code in ("A", "B"):
        join(account_id, code)
    return account_id


def came(account_id: int, *at: AtLocation, starts_on: datetime.date = JULY, **other: Any) -> Any:
    line = Line(
        region="MS",
        business_class="17",
        gross_cents=1_000_000,
        deductions=(Deduction("503", 100_000),),
        by_location=at,
    )
    said = {"received_on": D(2026, 8, 20), "is_electronic": True, **other}
    return filing.Came(account_id=account_id, starts_on=starts_on, lines=(line,), **said)


def file(came: filing.Came) -> returns.Kept:
    return filing.file_return(came, by=BY, posting_day=D(2026, 8, 20))


RIGHT = (AtLocation("A", 600_000, 100_000), AtLocation("B", 400_000))


class TestOneReturn:
    def test_is_posted_once_and_its_tax_is_known_by_location(self) -> None:
        account_id = filer()

        kept = file(came(account_id, *RIGHT))

        # 900,000 at 1.5 %.
        assert kept.tax_due_cents == 13_500
        assert kept.filing.lines[0].by_location == RIGHT
        assert [each.open_cents for each in receivables.open_items(account_id)] == [13_500]
        assert members.of_return(kept.return_id) == (
            members.Placed("A", "Store A", 600_000, 100_000, 7_500),
            members.Placed("B", "Store B", 400_000, 0, 6_000),
        )

        amended = file(
            came(
                account_id,
                AtLocation("A", 100_000, 100_000),
                AtLocation("B", 900_000),
                amends_id=kept.return_id,
            )
        )

        assert amended.tax_due_cents == 13_500
        year = periods.Period(starts_on=D(2026, 1, 1))
        assert [(each.code, each.tax_cents) for each in members.placed(account_id, days=year)] == [
            ("A", 0),
            ("B", 13_500),
        ]

    def test_is_refused_with_everything_wrong_and_a_zero_return_needs_no_schedule(self) -> None:
        account_id = filer()

        with pytest.raises(filing.ReturnIsWrong) as raised:
            file(came(account_id, AtLocation("A", 600_001, 100_000), AtLocation("X", 400_000)))
        kinds = [each.kind for each in raised.value.problems]
        assert kinds == [
            checking.Kind.UNKNOWN_LOCATION,
            checking.Kind.LOCATIONS_DO_NOT_ADD_UP,
        ]
        with pytest.raises(filing.ReturnIsWrong, match="how much is of which"):
            file(came(account_id))
        with pytest.raises(filing.ReturnIsWrong, match="none that the account files for"):
            file(came(tax_returns.filer(), *RIGHT))

        zero = filing.Came(
            account_id=account_id,
            starts_on=JULY,
            received_on=D(2026, 8, 20),
            is_electronic=True,
            lines=(),
        )
        assert file(zero).tax_due_cents == 0

    def test_on_paper_may_be_a_dollar_apart(self) -> None:
        off = (AtLocation("A", 600_100, 100_000), AtLocation("B", 400_000))
        account_id = filer()

        with pytest.raises(filing.ReturnIsWrong, match=r"they may be \$0\.00 apart"):
            file(came(account_id, *off))
        kept = file(came(account_id, *off, is_electronic=False))

        assert sum(each.tax_cents for each in members.of_return(kept.return_id)) == 13_500

    def test_comes_the_same_among_many_and_from_what_was_kept_of_it(self) -> None:
        account_id, other = filer(), filer()
        many = filing_in_bulk.of_filings(
            iter([(1, came(account_id, *RIGHT), False), (2, came(other), False)])
        )

        with transactions.started():
            filed = filing_in_bulk.file_many(
                many_packs.decoded(many_packs.encoded(many)), by=BY, posting_day=TODAY
            )
            again = filing_in_bulk.file_many(many, by=BY, posting_day=TODAY)

        assert (filed.alone, len(filed.held), again.again) == (1, 1, 1)
        assert filed.held[0].problems[0].kind == checking.Kind.NO_SCHEDULE
        said = holding.came_said(came(account_id, *RIGHT), is_amendment=False)
        assert said["lines"][0]["by_location"][1] == {
            "location": "B",
            "gross_cents": 400_000,
            "deducted_cents": 0,
        }


class TestAMember:
    def test_owes_nothing_of_its_own_meanwhile_and_a_part_when_it_leaves(self) -> None:
        account_id, business = filer(), tax_returns.filer()
        number = join(account_id, "C", D(2026, 3, 1), of=business)
        consolidating.leave(
            account_id=account_id, member_id=number, ends_before=D(2026, 5, 16), by=BY
        )

        owed = registrations.owed_returns(business, before=D(2026, 9, 1), known_at=AT)

        assert [each.obligation.days.starts_on.month for each in owed] == [1, 2, 5, 6, 7, 8]
        assert owed[2].own_days == (periods.Period(D(2026, 5, 16), D(2026, 6, 1)),)
        assert owed[3].own_days == ()
        of_filer = registrations.owed_returns(account_id, before=D(2026, 9, 1), known_at=AT)
        assert [[code for code, _ in each.locations] for each in of_filer[1:6]] == [
            ["A", "B"],
            ["A", "B", "C"],
            ["A", "B", "C"],
            ["A", "B", "C"],
            ["A", "B"],
        ]
        # The same is found missing, and counted on the board.
        with transactions.started():
            run = runs.Run.objects.create(kind="test", posting_day=TODAY, instant=AT)
            nonfilers.find_chunk(
                bucket_from=business % 4096,
                bucket_before=business % 4096 + 1,
                of=nonfilers.Of(run_id=run.id, chunk=0, posting_day=TODAY, at=AT),
            )
        found = models.NonFiling.objects.filter(account_id=business).order_by("starts_on")
        assert [each.starts_on.month for each in found] == [1, 2, 5, 6, 7, 8]
        board = delinquent.board(today=TODAY, known_at=AT, limit=None)
        (row,) = [each for each in board.rows if each.account_id == business]
        assert row.missing == 6

    def test_files_no_return_of_its_own_meanwhile(self) -> None:
        account_id, business = filer(), tax_returns.filer()
        join(account_id, "C", of=business)
        own = filing.Came(
            account_id=business,
            starts_on=JULY,
            received_on=D(2026, 8, 20),
            is_electronic=True,
            lines=(Line(region="MS", business_class="17", gross_cents=100),),
        )

        with pytest.raises(filing.NoReturnIsOwed):
            file(own)
        with transactions.started():
            filed = filing_in_bulk.file_many(
                filing_in_bulk.of_filings(iter([(1, own, False)])), by=BY, posting_day=TODAY
            )
        assert len(filed.held) == 1

    def test_joins_once_at_a_time_and_everything_wrong_is_said(self) -> None:
        account_id, business, third = filer(), tax_returns.filer(), tax_returns.filer()
        join(account_id, "C", of=business)

        with pytest.raises(consolidating.CannotJoin, match="on some of these days already"):
            join(account_id, "A")
        with pytest.raises(consolidating.CannotJoin, match="on some of these days already"):
            join(third, "Z", of=business)
        with pytest.raises(consolidating.CannotJoin, match="files for others itself"):
            join(third, "Z", of=account_id)
        with pytest.raises(consolidating.CannotJoin, match="files for others itself"):
            join(business, "Z", of=third)
        with pytest.raises(consolidating.CannotJoin) as raised:
            consolidating.join(
                account_id=account_id,
                of=consolidating.Joining(
                    code="no code", name=" ", starts_on=JULY, member_account_id=account_id
                ),
                by=BY,
            )
        for words in ("is no code", "Say what", "files for itself anyway"):
            assert words in str(raised.value)
        file(
            filing.Came(
                account_id=third,
                starts_on=JULY,
                received_on=D(2026, 8, 20),
                is_electronic=True,
                lines=(),
            )
        )
        with pytest.raises(consolidating.CannotJoin, match="from 2026-07-01 or later, is here"):
            join(account_id, "D", JULY, of=third)
        join(account_id, "D", D(2026, 8, 1), of=third)

    def test_does_not_leave_before_a_schedule_that_has_it(self) -> None:
        account_id = filer()
        file(came(account_id, *RIGHT))
        number = members.consolidated(account_id).members[0].member_id

        def leave(day: datetime.date, member_id: int = number) -> members.Member:
            return consolidating.leave(
                account_id=account_id, member_id=member_id, ends_before=day, by=BY
            )

        with pytest.raises(consolidating.CannotLeave, match="has location A on its schedule"):
            leave(JULY)
        with pytest.raises(consolidating.CannotLeave, match="cannot end before 2025-01-01"):
            leave(D(2025, 1, 1))
        with pytest.raises(consolidating.CannotLeave, match="no member 0"):
            leave(JULY, member_id=0)
        assert leave(D(2026, 7, 20)).days.ends_before == D(2026, 7, 20)
        with pytest.raises(consolidating.CannotLeave, match="has ended before 2026-07-20"):
            leave(D(2026, 8, 1))

    @pytest.mark.parametrize(
        "statement",
        [
            "delete from tax_returns_member",
            "update tax_returns_member set code = 'X'",
            "update tax_returns_return_location set tax_cents = 0",
        ],
    )
    def test_the_role_that_serves_moves_nothing(self, statement: str) -> None:
        with (
            pytest.raises(utils.ProgrammingError, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

"""Who is behind: what is missing agrees with the account's periods, what is owed with the books."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import utils

from fisc.basics import periods
from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import delinquents, filing, registering
from fisc.domain.tax_returns.queries import delinquent, registrations, returns
from fisc.domain.work_items import queries as work
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
TODAY = D(2026, 10, 3)

pytestmark = pytest.mark.usefixtures("tax_city")


def file(account_id: int, month: int, gross: int, *, on: datetime.date) -> None:
    filing.file_return(
        filing.Came(
            account_id=account_id,
            starts_on=D(2026, month, 1),
            received_on=on,
            is_electronic=True,
            lines=(Line(region="MS", business_class="11", gross_cents=gross),),
        ),
        by=BY,
        posting_day=TODAY,
    )


def board(
    kind: delinquent.Kind = delinquent.Kind.ALL, order: delinquent.Order = delinquent.Order.OWED
) -> delinquent.Board:
    return delinquent.board(today=TODAY, known_at=AT, kind=kind, order=order)


def row(found: delinquent.Board, account_id: int) -> delinquent.Behind:
    (one,) = [each for each in found.rows if each.account_id == account_id]
    return one


def missing_of(account_id: int) -> list[datetime.date]:
    """Return what the account's own page says is missing."""
    return [
        each.owed.obligation.days.starts_on
        for each in returns.standings(account_id, before=TODAY, known_at=AT)
        if each.kept is None
        and max(each.owed.obligation.paper_received_by, each.owed.obligation.electronic_received_by)
        < TODAY
    ]


def seasonal() -> int:
    """An account with business in two months of the year, registered late in the first."""
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=D(2026, 5, 20), ends_before=D(2026, 8, 2)),
        by=BY,
    )
    registering.set_frequency(
        account_id=account_id,
        frequency="monthly",
        from_day=D(2026, 1, 1),
        seasonal_months=(3, 5, 8),
        by=BY,
    )
    return account_id


def cut_short() -> int:
    """An account with quarters from February, of which one ends in June; months from then."""
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=D(2026, 2, 1)),
        by=BY,
    )
    registering.set_frequency(
        account_id=account_id,
        frequency="quarterly",
        from_day=D(2026, 2, 1),
        year_starts_in=2,
        by=BY,
    )
    registering.set_frequency(
        account_id=account_id,
        frequency="monthly",
        from_day=D(2026, 7, 1),
        cuts_short=True,
        by=BY,
    )
    return account_id


class TestBoard:
    def test_counts_what_the_periods_of_each_account_say(self) -> None:
        none, some, season = tax_returns.filer(), tax_returns.filer(), seasonal()
        cut = cut_short()
        for month in (1, 2, 4):
            file(some, month, 0, on=D(2026, month + 1, 15))

        found = board()

        for account_id in (none, some, season, cut):
            missing = missing_of(account_id)
            assert row(found, account_id).missing == len(missing) > 0
            assert row(found, account_id).missing_since == missing[0]
        assert len(missing_of(season)) == 2
        assert missing_of(cut)[:3] == [D(2026, 2, 1), D(2026, 5, 1), D(2026, 7, 1)]
        assert registrations.terms(season)[0].seasonal_months == (3, 5, 8)
        assert found.missing == sum(each.missing for each in found.rows)

    def test_ages_what_is_owed_and_puts_the_most_first(self) -> None:
        little, much = tax_returns.filer(), tax_returns.filer()
        file(little, 8, 100_000, on=D(2026, 9, 15))
        file(much, 1, 9_000_000, on=D(2026, 9, 15))

        found = board(delinquent.Kind.OWING)

        assert found.rows[0].account_id == much
        owed = row(found, much).owed
        items = receivables.open_items(much)
        late = [each for each in items if each.due_on is not None and each.due_on < TODAY]
        assert owed.total_cents == sum(each.open_cents for each in late)
        # The tax itself; penalty and interest are due on the day that they were charged.
        assert owed.over_90_cents == 162_000
        assert row(found, much).late == 1
        assert row(found, little).owed.to_30_cents == 1_800
        assert row(board(delinquent.Kind.LATE), much).late == 1
        assert little not in {each.account_id for each in board(delinquent.Kind.LATE).rows}
        sums = [each.owed.total_cents for each in found.rows]
        assert sums == sorted(sums, reverse=True)
        assert found.owed.total_cents == sum(sums)

    def test_takes_as_many_statements_for_many_accounts(self) -> None:
        def statements() -> int:
            with utils.CaptureQueriesContext(connection) as asked:
                connection.force_debug_cursor = True
                board()
            return len(asked.captured_queries)

        board()
        before = statements()
        for _ in range(5):
            tax_returns.filer()

        assert statements() == before <= 16


class TestAskForWork:
    def test_an_account_has_one_item_at_a_time(self) -> None:
        account_id = tax_returns.filer()

        first, second = (
            delinquents.ask_for_work(account_id=account_id, due_on=TODAY, by=BY) for _ in range(2)
        )

        assert first == second
        assert work.open_about(
            kind=delinquents.KIND, subject_kind="account", subject_ids=[account_id, 1]
        ) == {account_id: first}

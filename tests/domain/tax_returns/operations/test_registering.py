"""Accounts registered for tax, how often they file, and what they then owe."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.tax_returns.operations import filing, registering
from fisc.domain.tax_returns.queries import registrations
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT

D = datetime.date
BY = registering.By(user_id=None, at=AT, why="application of 2 January")

pytestmark = pytest.mark.usefixtures("tax_city")


def registered(account_id: int, of: str, starts: datetime.date, ends: datetime.date | None) -> int:
    return registering.register(
        account_id=account_id,
        region="MS",
        business_class=of,
        days=periods.Period(starts_on=starts, ends_before=ends),
        by=BY,
    )


def files(account_id: int, frequency: str, from_day: datetime.date, *months: int) -> int:
    return registering.set_frequency(
        account_id=account_id,
        frequency=frequency,
        from_day=from_day,
        seasonal_months=months,
        by=BY,
    )


class TestEndAll:
    def test_every_registration_ends_and_the_last_return_is_final(self) -> None:
        account_id = tax_returns.account()
        ended = registered(account_id, "4", D(2025, 1, 1), D(2025, 2, 1))
        going = [registered(account_id, of, D(2025, 1, 1), None) for of in ("11", "17")]
        files(account_id, "monthly", D(2025, 1, 1))

        done = registering.end_all(account_id=account_id, ends_before=D(2025, 3, 16), by=BY)
        found = registrations.owed_returns(account_id, before=D(2026, 1, 1), known_at=AT)

        assert ended not in done
        assert sorted(done) == going
        assert [each.is_final for each in found] == [False, False, True]
        assert found[-1].obligation.days.starts_on == D(2025, 3, 1)

    def test_none_is_final_while_one_goes_on(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "4", D(2025, 1, 1), D(2025, 2, 1))
        registered(account_id, "11", D(2025, 1, 1), None)
        files(account_id, "monthly", D(2025, 1, 1))

        found = registrations.owed_returns(account_id, before=D(2025, 6, 1), known_at=AT)

        assert not any(each.is_final for each in found)

    def test_nothing_that_goes_on_and_a_later_beginning_are_said_at_once(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2025, 6, 1), D(2025, 9, 1))

        with pytest.raises(registering.CannotEnd) as raised:
            registering.end_all(account_id=account_id, ends_before=D(2025, 3, 1), by=BY)

        assert "nothing that goes on" in str(raised.value)
        assert "begin on 2025-06-01" in str(raised.value)


class TestOwedReturns:
    def test_a_change_of_frequency_leaves_no_day_out_and_none_twice(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2025, 1, 15), None)
        files(account_id, "monthly", D(2025, 1, 1))
        files(account_id, "quarterly", D(2025, 4, 1))

        found = registrations.owed_returns(account_id, before=D(2025, 10, 1), known_at=AT)

        assert [each.frequency for each in found] == ["monthly"] * 3 + ["quarterly"] * 2
        days = [each.obligation.days for each in found]
        assert [each.starts_on for each in days[1:]] == [each.ends_before for each in days[:-1]]
        # The second quarter is due on a Sunday, so on the Monday after; September's end is open.
        assert found[3].obligation.due_on == D(2025, 7, 21)
        assert found[3].obligation.electronic_received_by == D(2025, 7, 31)

    def test_each_return_has_the_lines_registered_in_its_period(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2025, 1, 1), D(2025, 3, 1))
        registered(account_id, "17", D(2025, 2, 10), D(2025, 4, 1))
        files(account_id, "monthly", D(2025, 1, 1))

        found = registrations.owed_returns(account_id, before=D(2026, 1, 1), known_at=AT)

        assert [[of for _, of in each.lines] for each in found] == [["11"], ["11", "17"], ["17"]]

    def test_a_seasonal_account_owes_its_months(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "12", D(2025, 1, 1), None)
        files(account_id, "monthly", D(2025, 1, 1), 11, 6)

        found = registrations.owed_returns(account_id, before=D(2026, 1, 1), known_at=AT)

        assert [each.obligation.days.starts_on.month for each in found] == [6, 11]

    def test_an_account_without_a_registration_owes_nothing(self) -> None:
        account_id = tax_returns.account()
        files(account_id, "monthly", D(2025, 1, 1))

        assert registrations.owed_returns(account_id, before=D(2026, 1, 1), known_at=AT) == ()

    def test_the_table_says_how_often(self) -> None:
        asked = [199_999, 200_000, 800_000, 800_001]

        found = [
            registrations.frequency_for(each, day=D(2026, 1, 1), known_at=AT) for each in asked
        ]

        assert found == ["annual", "quarterly", "quarterly", "monthly"]


class TestRegister:
    def test_everything_wrong_is_said_at_once(self) -> None:
        account_id = tax_returns.account(kind=account_choices.AccountKind.UTILITY)

        with pytest.raises(registering.CannotBeRegistered) as raised:
            registering.register(
                account_id=account_id,
                region="SC",
                business_class="11",
                days=periods.Period(starts_on=D(2019, 1, 1)),
                by=BY,
            )

        said = str(raised.value)
        assert "is no tax account" in said
        assert "“tax region” has no “SC” on 2019-01-01" in said
        assert "“business class” has no “11” on 2019-01-01" in said

    def test_a_class_is_registered_once_at_a_time(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2025, 1, 1), D(2025, 7, 1))
        registered(account_id, "11", D(2025, 7, 1), None)

        with pytest.raises(registering.CannotBeRegistered, match="on a part of these days already"):
            registered(account_id, "11", D(2026, 1, 1), None)

    def test_a_registration_ends_once_and_after_it_began(self) -> None:
        account_id = tax_returns.account()
        number = registered(account_id, "11", D(2025, 1, 1), None)

        with pytest.raises(registering.CannotEnd, match="begins on 2025-01-01"):
            registering.end_registration(registration_id=number, ends_before=D(2025, 1, 1), by=BY)
        registering.end_registration(registration_id=number, ends_before=D(2025, 5, 1), by=BY)
        with pytest.raises(registering.CannotEnd, match="has ended before 2025-05-01"):
            registering.end_registration(registration_id=number, ends_before=D(2025, 6, 1), by=BY)
        with pytest.raises(registering.CannotEnd, match="no registration 0"):
            registering.end_registration(registration_id=0, ends_before=D(2025, 6, 1), by=BY)

        (found,) = registrations.registrations(account_id)
        assert found.days == periods.Period(starts_on=D(2025, 1, 1), ends_before=D(2025, 5, 1))


class TestSetFrequency:
    @pytest.mark.parametrize(
        ("frequency", "from_day", "months", "said"),
        [
            ("weekly", D(2026, 1, 1), (), "has no “weekly”"),
            ("quarterly", D(2026, 2, 1), (), "No period that is quarterly begins on 2026-02-01"),
            ("monthly", D(2026, 2, 2), (), "No period that is monthly begins on 2026-02-02"),
            ("monthly", D(2026, 2, 1), (0, 13), "There is no month 0, 13"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, frequency: str, from_day: datetime.date, months: tuple[int, ...], said: str
    ) -> None:
        account_id = tax_returns.account()

        with pytest.raises(registering.CannotFileSo, match=said):
            files(account_id, frequency, from_day, *months)

    def test_a_period_that_is_running_is_not_cut_and_the_next_days_are_named(self) -> None:
        account_id = tax_returns.account()
        files(account_id, "annual", D(2025, 1, 1))

        with pytest.raises(registering.CannotFileSo, match=r"Choose: 2026-01-01, 2027-01-01\."):
            files(account_id, "monthly", D(2025, 6, 1))
        with pytest.raises(registering.CannotFileSo, match="A change begins later"):
            files(account_id, "monthly", D(2025, 1, 1))
        files(account_id, "monthly", D(2026, 1, 1))

        assert [each.days.ends_before for each in registrations.terms(account_id)] == [
            D(2026, 1, 1),
            None,
        ]


def cut(account_id: int, frequency: str, from_day: datetime.date, **rest: Any) -> int:
    return registering.set_frequency(
        account_id=account_id,
        frequency=frequency,
        from_day=from_day,
        by=BY,
        cuts_short=True,
        **rest,
    )


def owed_days(account_id: int, *, before: datetime.date) -> list[tuple[str, str, str]]:
    """First day, day before which it ends, and due day of each return that is owed."""
    found = registrations.owed_returns(account_id, before=before, known_at=AT)
    return [
        (f"{each.days.starts_on}", f"{each.days.ends_before}", f"{each.due_on}")
        for each in (owed.obligation for owed in found)
    ]


class TestChangesInMidYear:
    """Due on the 20th of the month after, or the next open day."""

    def test_from_a_year_to_months_cuts_the_year_short(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2025, 1, 1), None)
        files(account_id, "annual", D(2025, 1, 1))
        cut(account_id, "monthly", D(2025, 10, 1))

        found = owed_days(account_id, before=D(2026, 1, 1))

        assert found == [
            ("2025-01-01", "2025-10-01", "2025-10-20"),
            ("2025-10-01", "2025-11-01", "2025-11-20"),
            ("2025-11-01", "2025-12-01", "2025-12-22"),
            ("2025-12-01", "2026-01-01", "2026-01-20"),
        ]

    def test_from_months_to_quarters_begins_with_a_short_quarter(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2025, 1, 1), None)
        files(account_id, "monthly", D(2025, 1, 1))
        cut(account_id, "quarterly", D(2025, 5, 1))

        found = owed_days(account_id, before=D(2025, 11, 1))

        assert [each[:2] for each in found[3:]] == [
            ("2025-04-01", "2025-05-01"),
            ("2025-05-01", "2025-07-01"),
            ("2025-07-01", "2025-10-01"),
        ]
        # The short quarter is due as any that ends in June; the 20th of July 2025 is a Sunday.
        assert found[4][2] == "2025-07-21"

    def test_of_a_seasonal_account_keeps_its_closed_months_out(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "12", D(2025, 1, 1), None)
        files(account_id, "annual", D(2025, 1, 1), 3, 4, 10)
        cut(account_id, "monthly", D(2025, 5, 1), seasonal_months=(3, 4, 10))

        found = owed_days(account_id, before=D(2026, 1, 1))

        assert [each[:2] for each in found] == [
            ("2025-01-01", "2025-05-01"),
            ("2025-10-01", "2025-11-01"),
        ]

    def test_from_a_calendar_year_to_one_from_july_leaves_no_day_out(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2024, 1, 1), None)
        files(account_id, "annual", D(2024, 1, 1))

        with pytest.raises(registering.CannotFileSo, match="nor on any day that the new periods"):
            registering.set_frequency(
                account_id=account_id,
                frequency="annual",
                from_day=D(2025, 7, 1),
                year_starts_in=7,
                by=BY,
            )
        cut(account_id, "annual", D(2025, 7, 1), year_starts_in=7)

        assert [each[:2] for each in owed_days(account_id, before=D(2026, 8, 1))] == [
            ("2024-01-01", "2025-01-01"),
            ("2025-01-01", "2025-07-01"),
            ("2025-07-01", "2026-07-01"),
        ]

    def test_quarters_of_a_year_from_february_begin_in_february(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2024, 2, 1), None)

        with pytest.raises(registering.CannotFileSo, match="in a year that begins in month 2"):
            registering.set_frequency(
                account_id=account_id,
                frequency="quarterly",
                from_day=D(2024, 4, 1),
                year_starts_in=2,
                by=BY,
            )
        with pytest.raises(registering.CannotFileSo, match="There is no month 13"):
            registering.set_frequency(
                account_id=account_id,
                frequency="quarterly",
                from_day=D(2024, 4, 1),
                year_starts_in=13,
                by=BY,
            )
        registering.set_frequency(
            account_id=account_id,
            frequency="quarterly",
            from_day=D(2024, 2, 1),
            year_starts_in=2,
            by=BY,
        )

        assert owed_days(account_id, before=D(2024, 9, 1)) == [
            ("2024-02-01", "2024-05-01", "2024-05-20"),
            ("2024-05-01", "2024-08-01", "2024-08-20"),
        ]

    def test_a_year_that_ends_in_february_ends_on_the_29th_where_there_is_one(self) -> None:
        account_id = tax_returns.account()
        registered(account_id, "11", D(2023, 3, 1), None)
        registering.set_frequency(
            account_id=account_id,
            frequency="annual",
            from_day=D(2023, 3, 1),
            year_starts_in=3,
            by=BY,
        )

        found = registrations.owed_returns(account_id, before=D(2025, 4, 1), known_at=AT)

        days = [each.obligation.days for each in found]
        assert [each.ends_before for each in days] == [D(2024, 3, 1), D(2025, 3, 1)]
        assert [each.days for each in days] == [366, 365]
        assert [each.obligation.due_on for each in found] == [D(2024, 3, 20), D(2025, 3, 20)]

    def test_a_return_that_is_here_is_not_left_without_a_period(self) -> None:
        account_id = tax_returns.filer(since=D(2025, 1, 1))
        filing.file_return(
            filing.Came(
                account_id=account_id,
                starts_on=D(2025, 4, 1),
                received_on=D(2025, 5, 10),
                is_electronic=True,
                lines=(),
            ),
            by=BY,
            posting_day=D(2026, 10, 3),
        )

        with pytest.raises(registering.CannotFileSo, match="from 2025-04-01 is here"):
            files(account_id, "quarterly", D(2025, 4, 1))
        with pytest.raises(registering.CannotFileSo, match="from 2025-04-01 is here"):
            cut(account_id, "quarterly", D(2025, 3, 1))
        cut(account_id, "quarterly", D(2025, 5, 1))

        assert [each.days.ends_before for each in registrations.terms(account_id)] == [
            D(2025, 5, 1),
            None,
        ]


class TestWalls:
    @pytest.mark.parametrize("table", ["registration", "filing_term"])
    @pytest.mark.parametrize(
        "statement", ["delete from tax_returns_{}", "update tax_returns_{} set starts_on = now()"]
    )
    def test_the_role_that_serves_removes_and_moves_nothing(
        self, statement: str, table: str
    ) -> None:
        with (
            pytest.raises(utils.ProgrammingError, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

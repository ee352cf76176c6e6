"""Returns taken in: kept as versions, refused with everything at once, amended as a whole."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading
from dataclasses import replace

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.accounts.models import Account
from fisc.domain.tax_returns import explaining
from fisc.domain.tax_returns.calculations.returns import Deduction, Line
from fisc.domain.tax_returns.operations import filing, registering
from fisc.domain.tax_returns.queries import governing
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT

D = datetime.date
BY = registering.By(user_id=None, at=AT, why="keyed from paper")
DUE = D(2026, 8, 20)

pytestmark = pytest.mark.usefixtures("tax_city")


def restaurant() -> int:
    """An account that files for a restaurant and a shop every month of 2026."""
    account_id = tax_returns.account()
    for of in ("11", "17"):
        registering.register(
            account_id=account_id,
            region="MS",
            business_class=of,
            days=periods.Period(starts_on=D(2026, 1, 1)),
            by=BY,
        )
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=D(2026, 1, 1), by=BY
    )
    return account_id


def came(account_id: int, *lines: Line, on: datetime.date = DUE) -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=D(2026, 7, 1),
        received_on=on,
        is_electronic=False,
        lines=lines,
    )


def file_return(one: filing.Came) -> queries.Kept:
    return filing.file_return(one, by=BY, posting_day=one.received_on)


class TestAClosedAccount:
    def test_owes_what_began_before_it_was_closed_and_nothing_after(self) -> None:
        before, since = restaurant(), restaurant()
        for account_id, day in ((before, D(2026, 7, 2)), (since, D(2026, 7, 1))):
            Account.objects.filter(pk=account_id).update(closed_on=day)

        assert file_return(came(before)).version == 1
        with pytest.raises(filing.NoReturnIsOwed, match="closed on 2026-07-01"):
            file_return(came(since))


def line(gross: int, *deductions: Deduction, of: str = "11") -> Line:
    return Line(region="MS", business_class=of, gross_cents=gross, deductions=deductions)


class TestFileReturn:
    def test_it_is_kept_as_it_came_with_its_figures(self) -> None:
        one = came(restaurant(), line(500_000, Deduction("503", 25_000)), line(100_000, of="17"))

        kept = file_return(replace(one, excess_tax_cents=450))

        assert (kept.version, kept.due_on, kept.timely_until) == (1, D(2026, 8, 20), D(2026, 8, 28))
        assert kept.filing.lines == one.lines
        assert kept.filing.is_on_time
        assert kept.taxes_cents == (8_550, 1_500)
        assert (kept.total_tax_cents, kept.net_due_cents) == (10_500, 10_500)
        assert queries.recomputed(kept).net_due_cents == kept.net_due_cents

    def test_a_zero_return_is_a_return(self) -> None:
        account_id = restaurant()

        kept = file_return(came(account_id))

        assert (kept.filing.lines, kept.net_due_cents) == ((), 0)
        found = queries.standings(account_id, before=D(2026, 9, 1), known_at=AT)
        assert [each.kept is not None for each in found] == [False] * 6 + [True, False]

    def test_everything_wrong_is_said_at_once_and_nothing_is_kept(self) -> None:
        account_id = restaurant()
        wrong = came(account_id, line(100, Deduction("503", 200)), line(-5, of="15"))

        with pytest.raises(filing.ReturnIsWrong) as raised:
            file_return(wrong)

        assert [each.kind.value for each in raised.value.problems] == [
            "deductions over gross",
            "negative",
            "not registered",
        ]
        assert "Line 2: The account is not registered for class “15”" in str(raised.value)
        assert queries.versions_of(account_id, starts_on=D(2026, 7, 1)) == ()

    def test_a_period_that_is_not_over_or_not_owed_is_refused(self) -> None:
        account_id = restaurant()
        early = came(account_id, on=D(2026, 7, 31))
        odd = replace(came(account_id), starts_on=D(2026, 7, 2))

        for each in (early, odd):
            with pytest.raises(filing.NoReturnIsOwed, match="owes no return for a period from"):
                file_return(each)

    def test_a_second_return_of_a_period_shows_the_first(self) -> None:
        account_id = restaurant()
        file_return(came(account_id, line(500_000)))

        with pytest.raises(
            filing.IsFiledAlready, match=r"Version 1 .* came on 2026-08-20, with \$90"
        ):
            file_return(came(account_id, line(1)))


class TestAmending:
    def test_an_amendment_replaces_the_whole_and_is_late_from_the_original_due_day(self) -> None:
        account_id = restaurant()
        first = file_return(came(account_id, line(500_000), line(7, of="17")))
        more = came(account_id, line(900_000), on=D(2026, 10, 1))

        second = file_return(replace(more, amends_id=first.return_id))

        assert (second.version, second.filing.lines) == (2, more.lines)
        assert second.tax_due_cents - first.tax_due_cents == 7_200
        assert second.filing.is_on_time
        owed = queries.lateness_of(second)
        assert (owed.due_on, owed.filed_on) == (D(2026, 8, 20), D(2026, 8, 20))
        found = governing.owing_on(owed, on=D(2026, 10, 1), known_at=AT)
        assert (found.late_filing_cents, found.late_payment_cents) == (0, 1_620)
        # Two months begun on 162.00.
        assert found.interest_cents == 324

    def test_only_the_newest_version_is_amended(self) -> None:
        account_id = restaurant()
        first = file_return(came(account_id, line(500_000)))
        again = replace(came(account_id, line(400_000)), amends_id=first.return_id)
        file_return(again)

        with pytest.raises(filing.IsFiledAlready, match="Version 2"):
            file_return(again)
        with pytest.raises(filing.IsFiledAlready, match="No return of the period"):
            file_return(replace(again, starts_on=D(2026, 6, 1)))

        found = queries.versions_of(account_id, starts_on=D(2026, 7, 1))
        assert [each.tax_due_cents for each in found] == [9_000, 7_200]

    def test_two_amendments_at_once_keep_one_and_show_it_to_the_other(self) -> None:
        account_id = restaurant()
        first = file_return(came(account_id, line(500_000)))
        together = threading.Barrier(2)

        def amend(gross: int) -> str:
            together.wait(timeout=20)
            try:
                one = replace(came(account_id, line(gross)), amends_id=first.return_id)
                file_return(one)
            except filing.IsFiledAlready as refused:
                return str(refused)
            finally:
                connection.close()
            return "kept"

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = list(pool.map(amend, (600_000, 700_000)))

        assert found.count("kept") == 1
        kept = queries.versions_of(account_id, starts_on=D(2026, 7, 1))
        assert [each.version for each in kept] == [1, 2]
        shown = {600_000: "$108.00", 700_000: "$126.00"}[kept[1].filing.lines[0].gross_cents]
        assert shown in next(each for each in found if each != "kept")

    def test_a_late_return_names_the_months_it_is_late(self) -> None:
        kept = file_return(came(restaurant(), line(500_000), on=D(2026, 9, 30)))

        assert not kept.filing.is_on_time
        found = governing.owing_on(queries.lateness_of(kept), on=D(2026, 9, 30), known_at=AT)
        assert (found.late_filing_cents, found.late_payment_cents) == (900, 900)
        assert (found.penalty_cents, found.interest_cents) == (1_800, 180)

    def test_a_figure_that_was_kept_explains_itself(self) -> None:
        kept = file_return(came(restaurant(), line(500_000)))
        facts = queries.recomputed(kept).lines[0].facts

        why = explaining.why_line(
            facts, name="tax", days=kept.days, known_at=kept.recorded_at, language="en"
        )

        assert (why.value, why.is_equal) == ("$90.00", True)


class TestWalls:
    @pytest.mark.parametrize("table", ["return", "return_line", "return_deduction"])
    @pytest.mark.parametrize("statement", ["delete from tax_returns_{}", "truncate tax_returns_{}"])
    def test_the_role_that_serves_takes_nothing_away(self, statement: str, table: str) -> None:
        with (
            pytest.raises(utils.ProgrammingError, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    def test_a_version_replaces_the_one_before_it_of_its_own_period(self) -> None:
        one = file_return(came(restaurant(), line(500_000)))
        other = file_return(came(restaurant(), line(500_000)))
        columns = (
            "starts_on, ends_before, received_on, is_electronic, is_on_time, due_on, timely_until,"
            " excess_tax_cents, credit_taken_in_year_cents, credit_carried_cents,"
            " estimated_payments_cents, total_tax_cents, accounting_credit_cents, tax_due_cents,"
            " net_due_cents, recorded_at"
        )

        with (
            pytest.raises(utils.IntegrityError, match="does not replace the version before it"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"insert into tax_returns_return (account_id, version, replaces_id, {columns})"
                f" select account_id, 2, %s, {columns} from tax_returns_return where id = %s",
                [other.return_id, one.return_id],
            )

"""Two returns of one period at once, a program's and a file's: one is kept, the other sees it."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading

import pytest
from django.db import connection

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, holding
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.interfaces.api.conftest import KeyOf
from tests.interfaces.api.test_tax_returns import COORDINATOR, body, post

JULY, DUE = datetime.date(2026, 7, 1), datetime.date(2026, 8, 20)
BY = filing_in_bulk.By(user_id=None, at=tax_returns.AT, why="in a file")

pytestmark = pytest.mark.usefixtures("api_city")


def of_a_file(account_id: int, gross: int) -> filing_in_bulk.Filed:
    """Take a return in as a part of a file does."""
    came = filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=DUE,
        is_electronic=True,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
    )
    with transactions.started(by="a part of a file"):
        return holding.filed_or_held(
            filing_in_bulk.of_filings(iter([(1, came, False)])), by=BY, posting_day=DUE
        )


class TestAtOnce:
    def test_a_program_beside_a_file_keeps_one_and_shows_it_to_the_other(
        self, key_of: KeyOf
    ) -> None:
        headers = key_of(COORDINATOR)
        for turn in range(4):
            account_id = tax_returns.filer()
            number = accounts.names(account_ids=[account_id])[account_id][0]
            together = threading.Barrier(2)

            def call(number: int = number, turn: int = turn,
                     together: threading.Barrier = together) -> tuple[int, str]:  # fmt: skip
                try:
                    together.wait(timeout=20)
                    answer = post(number, body(), key=f"at-once-{turn}", headers=headers)
                    return answer.status_code, answer.content.decode()
                finally:
                    connection.close()

            def take(account_id: int = account_id,
                     together: threading.Barrier = together) -> filing_in_bulk.Filed:  # fmt: skip
                try:
                    together.wait(timeout=20)
                    return of_a_file(account_id, 600_000)
                finally:
                    connection.close()

            with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
                called, taken = pool.submit(call), pool.submit(take)
                (status, words), filed = called.result(), taken.result()

            (kept,) = queries.versions_of(account_id, starts_on=JULY)
            if status == 200:
                (held,) = filed.held
                words = held.words
                assert (filed.taken, kept.tax_due_cents) == (0, 90_00)
            else:
                assert (status, filed.taken, kept.tax_due_cents) == (422, 1, 108_00)
            assert "Version 1 of the return from 2026-07-01" in words
            assert f"return {kept.return_id}, entered by " in words

    def test_two_programs_keep_one_and_the_other_can_amend_it(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        account_id = tax_returns.filer()
        number = accounts.names(account_ids=[account_id])[account_id][0]
        together = threading.Barrier(2)

        def call(gross: int) -> tuple[int, int, str]:
            lines = [{"region": "MS", "business_class": "11", "gross_cents": gross}]
            try:
                together.wait(timeout=20)
                answer = post(number, body(lines=lines), key=f"of {gross}", headers=headers)
                return gross, answer.status_code, answer.content.decode()
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = sorted(pool.map(call, (100_00, 200_00)), key=lambda each: each[1])

        assert [status for _, status, _ in found] == [200, 422]
        (kept,) = queries.versions_of(account_id, starts_on=JULY)
        assert f"return {kept.return_id}, entered by account coordinator" in found[1][2].lower()

        amended = post(
            number, body(amends_id=kept.return_id), key="as an amendment", headers=headers
        )

        assert amended.status_code == 200
        assert [each.version for each in queries.versions_of(account_id, starts_on=JULY)] == [1, 2]

"""Files of returns: taken once, held ones as work items, a killed run gone on with."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fisc.basics import identifiers
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns.calculations import many, many_packs
from fisc.domain.tax_returns.calculations.returns import Deduction, Line
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, return_files
from fisc.domain.tax_returns.queries import return_files as queries
from fisc.domain.tax_returns.queries import returns
from fisc.domain.work_items import models as work_items
from fisc.plumbing import transactions
from fisc.plumbing.runs import engine, pieces
from fisc.processes.return_files import operations
from tests.factories import tax_returns
from tests.factories.tax_returns import AT

D = datetime.date
JULY, DUE = D(2026, 7, 1), D(2026, 8, 20)

pytestmark = pytest.mark.usefixtures("tax_city")


def came(account_id: int, *gross: int, of: str = "11") -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=DUE,
        is_electronic=True,
        lines=tuple(
            Line(
                region="MS",
                business_class=of,
                gross_cents=cents,
                deductions=(Deduction("503", cents // 10),),
            )
            for cents in gross
        ),
        excess_tax_cents=450,
    )


def columns(*some: filing.Came) -> many.Returns:
    return filing_in_bulk.of_filings((place, each, False) for place, each in enumerate(some, 2))


def arrived(sha: str = "a") -> return_files.Arrived:
    return return_files.Arrived(
        name="returns.csv", sha256=sha * 64, layout="returns", posting_day=DUE, at=AT, user_id=None
    )


def take(of: many.Returns, sha: str = "a", **other: int) -> operations.Outcome:
    return operations.take_file(of, arrived=arrived(sha), city="c", who="a test", crew_size=1)


class TestTakeFile:
    def test_what_is_right_is_posted_and_what_is_wrong_waits_with_all_of_it(self) -> None:
        good, bad = tax_returns.filer(), tax_returns.filer()

        outcome = take(columns(came(good, 500_000), came(bad, 500_000, -7, of="99")))

        assert (outcome.file.taken, outcome.file.held, outcome.file.waiting) == (1, 1, 0)
        (kept,) = returns.versions_of(good, starts_on=JULY)
        assert kept.tax_due_cents == 8_100 + 450
        assert outcome.run is not None
        assert kept.return_id // identifiers.FIRST_BULK_ID == outcome.run.run_id
        assert sum(each.open_cents for each in receivables.open_items(good)) == 8_550
        assert receivables.open_items(bad) == []
        (item,) = work_items.WorkItem.objects.all()
        assert (item.kind, item.subject_id, item.run_id) == ("return", 3, outcome.run.run_id)
        assert item.detail["account_id"] == bad
        assert [each["gross_cents"] for each in item.detail["came"]["lines"]] == [500_000, -7]
        problems = item.detail["problems"]
        assert len(problems["en"]) == len(problems["es"]) > 4
        assert {each.partition(":")[0] for each in problems["es"]} == {"Línea 1", "Línea 2"}
        assert (
            "line 3, period from 2026-07-01: Line 1: There is no business class"
            in (item.detail["words"])
        )
        assert ledger.broken_entries() == []
        assert ledger.broken_trial_balance(as_of=D(2027, 1, 1)) == []
        assert receivables.broken_control_accounts() == []
        assert receivables.broken_open_items() == []

    def test_the_same_bytes_are_taken_once(self) -> None:
        account_id = tax_returns.filer()
        first = take(columns(came(account_id, 500_000)), "b")

        second = take(columns(came(account_id, 500_000)), "b")

        assert second.came_before
        assert second.file == first.file
        assert len(returns.versions_of(account_id, starts_on=JULY)) == 1
        with pytest.raises(return_files.FileCameBefore, match="1 returns, 1 taken, 0 held"):
            return_files.keep_file(columns(came(account_id, 1)), arrived=arrived("b"))

    def test_a_run_that_was_stopped_goes_on_where_it_was(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Parts that were taken stay as they are; the one that failed left nothing behind."""
        accounts = [tax_returns.filer() for _ in range(4)]
        cuts = [(0, accounts[1]), (accounts[1], accounts[3]), (accounts[3], pieces.BUCKETS)]
        monkeypatch.setattr(pieces, "even_ranges", lambda _: cuts)
        of = columns(*(came(each, 500_000) for each in accounts))
        take_part = return_files.take_part
        done: list[object] = []

        def dies(**asked: Any) -> object:
            if done:
                take_part(**asked)
                raise RuntimeError("the machine is gone")
            done.append(take_part(**asked))
            return done[0]

        with monkeypatch.context() as patched:
            patched.setattr(return_files, "take_part", dies)
            with pytest.raises(engine.RunStopped, match="the machine is gone"):
                take(of, "c")
        file = queries.file_with(sha256="c" * 64)
        assert file is not None
        assert (file.taken, file.waiting) == (1, 3)

        outcome = take(of, "c")

        assert (outcome.file.taken, outcome.file.waiting) == (4, 0)
        assert [len(returns.versions_of(each, starts_on=JULY)) for each in accounts] == [1] * 4
        assert outcome.run is not None
        assert outcome.run.status == "done"

    def test_a_part_is_taken_once(self) -> None:
        account_id = tax_returns.filer()
        outcome = take(columns(came(account_id, 500_000)), "d")
        assert outcome.run is not None

        with pytest.raises(return_files.PartWasTaken), transactions.started():
            return_files.take_part(
                file_id=outcome.file.file_id,
                bucket_from=0,
                run_id=outcome.run.run_id,
                chunk=9,
                posting_day=DUE,
                at=AT,
            )


class TestPacks:
    def test_what_is_read_is_what_was_written(self) -> None:
        of = columns(came(7, 5, 6), came(8), came(9, 1, of="17"))
        part = of.part(np.array([0, 2]))

        read = many_packs.decoded(many_packs.encoded(part))

        for row in range(2):
            assert read.lines_of(row) == part.lines_of(row)
        assert read.account_ids.tolist() == [7, 9]
        assert read.places.tolist() == [2, 4]
        assert read.is_electronic.tolist() == [True, True]

    def test_damaged_bytes_are_said_to_be(self) -> None:
        with pytest.raises(many_packs.PackIsDamaged):
            many_packs.decoded(many_packs.encoded(columns(came(7, 5)))[:-9])


def test_ranges_have_every_bucket_once() -> None:
    for count in (0, 1, 3, 4096, 9_000):
        ranges = pieces.even_ranges(count)
        assert ranges[0][0] == 0
        assert ranges[-1][1] == pieces.BUCKETS
        assert all(one[1] == other[0] for one, other in itertools.pairwise(ranges))


def test_odd_columns_are_refused() -> None:
    of = columns(came(7, 5), came(8, 6))
    with pytest.raises(many.ColumnsAreOdd, match="out of order"):
        replace(of, lines=replace(of.lines, of=of.lines.of[::-1]))
    with pytest.raises(many.ColumnsAreOdd, match="differ in length"):
        replace(of, places=of.places[:1])

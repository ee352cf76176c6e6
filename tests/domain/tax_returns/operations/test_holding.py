"""Files of returns from the bytes on: checked, taken, sent again, held, set right and filed."""

from __future__ import annotations

import datetime
import io
import itertools
import json

import pytest
from django.db import connection

from fisc.domain.accounts import models as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, holding, registering, return_files
from fisc.domain.tax_returns.queries import held, returns
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work
from fisc.plumbing.users import choices
from fisc.processes.return_files import checking, operations, reading
from tests.factories import tax_returns, users
from tests.factories.tax_returns import AT

D = datetime.date
JULY, DUE = D(2026, 7, 1), D(2026, 8, 20)

pytestmark = pytest.mark.usefixtures("tax_city")


NAMES = itertools.count(1)


def person() -> int:
    return users.person(f"clerk {next(NAMES)}", choices.GroupName.ACCOUNT_COORDINATOR)


def number_of(account_id: int) -> int:
    return account_queries.names(account_ids=[account_id])[account_id][0]


def sent(*some: tuple[int, str], **other: object) -> reading.Read:
    """A JSON file with a return a pair of account number and gross of the restaurant."""
    said = [
        {
            "account": number,
            "period_start": "2026-07-01",
            "received": f"{DUE}",
            "lines": [{"region": "MS", "class": "11", "gross": gross}],
            **other,
        }
        for number, gross in some
    ]
    content = json.dumps({"returns": said, "count": len(said)}).encode()
    return reading.read(io.BytesIO(content), name="sent.json", today=DUE)


def take(read: reading.Read) -> operations.Outcome:
    arrived = return_files.Arrived(
        name="sent.json",
        sha256=read.sha256,
        layout=read.layout,
        posting_day=DUE,
        at=AT,
        user_id=None,
    )
    return operations.take_file(read.returns, arrived=arrived, city="c", who="a test", crew_size=1)


def check(read: reading.Read) -> checking.Checked:
    return checking.check(read.returns, posting_day=DUE, at=AT, user_id=None)


def close(account_id: int, day: datetime.date) -> None:
    accounts.Account.objects.filter(pk=account_id).update(closed_on=day)


class TestCheck:
    def test_it_says_what_filing_would_find_and_keeps_nothing(self) -> None:
        good, bad, shut = (tax_returns.filer() for _ in range(3))
        close(shut, D(2026, 8, 1))
        nobody = 9_999_999_999
        read = sent(
            (number_of(good), "5000.00"),
            (number_of(bad), "-3.00"),
            (number_of(shut), "1.00"),
            (nobody, "1.00"),
        )
        before = models.TaxReturn.objects.count(), models.Posted.objects.count()

        found = check(read)

        assert (found.returns, found.taken, found.again, len(found.held)) == (4, 1, 0, 3)
        words = {each.came.account_id: each.words for each in found.held_in_order}
        assert "below zero" in words[bad]
        assert "closed on 2026-08-01" in words[shut]
        assert f"There is no account {nobody}." in words[-nobody]
        assert (models.TaxReturn.objects.count(), models.Posted.objects.count()) == before
        assert models.ReturnFile.objects.count() == 0
        taken = take(read).file
        assert (taken.taken, taken.held, taken.again) == (1, 3, 0)
        assert taken.tax_due_cents == found.tax_due_cents > 0


class TestSentAgain:
    def test_the_same_return_in_another_file_is_known_and_not_held(self) -> None:
        one, other = tax_returns.filer(), tax_returns.filer()
        take(sent((number_of(one), "5000.00")))

        again = take(sent((number_of(one), "5000.00"), (number_of(other), "70.00"))).file

        assert (again.taken, again.again, again.held, again.waiting) == (1, 1, 0, 0)
        assert len(returns.versions_of(one, starts_on=JULY)) == 1

    def test_another_return_of_the_period_is_held(self) -> None:
        one = tax_returns.filer()
        take(sent((number_of(one), "600.00")))

        differs = take(sent((number_of(one), "600.01"))).file

        assert (differs.again, differs.held) == (0, 1)


class TestFileHeld:
    def one_held(self) -> held.HeldReturn:
        account_id = tax_returns.filer()
        file = take(sent((number_of(account_id), "-8.00"))).file
        (found,) = held.of_cause(file.cause_key)
        return found

    def corrected(self, found: held.HeldReturn, gross: int) -> filing.Came:
        assert found.account_id is not None
        return filing.Came(
            account_id=found.account_id,
            starts_on=JULY,
            received_on=DUE,
            is_electronic=True,
            lines=(Line(region="MS", business_class="11", gross_cents=gross),),
        )

    def by(self) -> registering.By:
        return registering.By(user_id=person(), at=AT, why="")

    def test_set_right_it_is_filed_and_its_work_item_is_done(self) -> None:
        found = self.one_held()

        kept = holding.file_held(
            self.corrected(found, 800), item_id=found.item.item_id, by=self.by(), posting_day=DUE
        )

        assert returns.one(kept.return_id).filing.lines[0].gross_cents == 800
        done = work.item(item_id=found.item.item_id)
        assert (done.status, done.last_word) == (
            "done",
            f"Filed as return {kept.return_id}, version 1.",
        )

    def test_still_wrong_it_stays_held(self) -> None:
        found = self.one_held()

        with pytest.raises(filing.ReturnIsWrong):
            holding.file_held(
                self.corrected(found, -1),
                item_id=found.item.item_id,
                by=self.by(),
                posting_day=DUE,
            )

        assert work.item(item_id=found.item.item_id).status == "open"

    def test_two_people_at_once_file_it_once(self) -> None:
        found = self.one_held()
        work_items.take(item_id=found.item.item_id, user_id=person(), today=DUE)

        with pytest.raises(work_items.NotYours):
            holding.file_held(
                self.corrected(found, 800),
                item_id=found.item.item_id,
                by=self.by(),
                posting_day=DUE,
            )

        assert returns.versions_of(found.item.detail["account_id"], starts_on=JULY) == ()


class TestPutAside:
    def test_the_same_put_aside_twice_is_one_item(self) -> None:
        account_id = tax_returns.filer()
        cells = {"gross-1": "12x", "region-1": "MS"}

        items = {
            holding.put_aside(
                account_id=account_id,
                starts_on=JULY,
                cells=cells,
                problems=["“12x” is no amount."],
                due_on=DUE,
                by=registering.By(user_id=person(), at=AT, why="the amount is illegible"),
            )
            for _ in range(2)
        }

        (item_id,) = items
        found = held.held(item_id)
        assert found.cells == cells
        assert found.problems("en") == ["“12x” is no amount."]
        assert connection.in_atomic_block is False

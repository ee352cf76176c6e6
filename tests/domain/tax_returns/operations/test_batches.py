"""Keyed batches: balanced before they are filed, keyed again by another, each return filed once."""

from __future__ import annotations

import dataclasses
import datetime
import itertools

import pytest
from django.db import IntegrityError

from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations.returns import Deduction, Line
from fisc.domain.tax_returns.choices import BatchState
from fisc.domain.tax_returns.operations import batches, filing, registering
from fisc.domain.tax_returns.queries import batches as queries
from fisc.domain.tax_returns.queries import held, returns
from fisc.plumbing.users import choices
from tests.factories import tax_returns, users
from tests.factories.tax_returns import AT

D = datetime.date
JULY, DUE = D(2026, 7, 1), D(2026, 8, 20)
NAMES = itertools.count(1)
MUCH, LITTLE = 30_000_000, 100_000

pytestmark = pytest.mark.usefixtures("tax_city")


def person() -> registering.By:
    user_id = users.person(f"keyer {next(NAMES)}", choices.GroupName.ACCOUNT_COORDINATOR)
    return registering.By(user_id=user_id, at=AT, why="a word")


def came(account_id: int, gross: int) -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=DUE,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
    )


def opened(by: registering.By, *, count: int, gross: int, net: int) -> int:
    controls = queries.Controls(count=count, gross_cents=gross, net_cents=net)
    return batches.open_batch(words="Monday's mail", controls=controls, by=by)


def file(batch_id: int, by: registering.By) -> batches.Filed:
    return batches.file_batch(batch_id=batch_id, by=by, posting_day=DUE)


class TestBalance:
    def test_it_is_filed_only_when_count_and_sums_are_as_counted(self) -> None:
        by, one, two = person(), tax_returns.filer(), tax_returns.filer()
        batch_id = opened(by, count=2, gross=2 * LITTLE, net=2 * 1_800 + 1)
        batches.key_return(came(one, LITTLE), batch_id=batch_id, by=by)

        with pytest.raises(batches.BatchDoesNotBalance) as refused:
            file(batch_id, by)
        assert "Returns come to 1, 2 were counted." in str(refused.value)
        assert "Gross receipts come to $1,000.00, $2,000.00 were counted." in str(refused.value)
        assert "Net due come to $18.00, $36.01 were counted." in str(refused.value)

        batches.key_return(came(two, LITTLE), batch_id=batch_id, by=by)
        with pytest.raises(batches.BatchDoesNotBalance):
            file(batch_id, by)
        right = queries.Controls(count=2, gross_cents=2 * LITTLE, net_cents=2 * 1_800)
        batches.correct_controls(batch_id=batch_id, controls=right, by=by)
        assert file(batch_id, by) == batches.Filed(filed=2, held=0)
        assert queries.batch(batch_id).is_done

        with pytest.raises(batches.BatchIsClosed):
            batches.key_return(came(tax_returns.filer(), 1), batch_id=batch_id, by=by)

    def test_a_return_is_in_a_batch_once_and_can_be_taken_out(self) -> None:
        by, one = person(), tax_returns.filer()
        batch_id = opened(by, count=1, gross=LITTLE, net=1_800)
        first = batches.key_return(came(one, 5), batch_id=batch_id, by=by)
        with pytest.raises(batches.IsKeyedAlready):
            batches.key_return(came(one, LITTLE), batch_id=batch_id, by=by)

        batches.take_out(keyed_id=first, by=by)
        batches.key_return(came(one, LITTLE), batch_id=batch_id, by=by)

        assert [each.place for each in queries.batch(batch_id).returns] == [2]
        assert file(batch_id, by).filed == 1

    def test_only_what_was_counted_is_balanced_and_something_is(self) -> None:
        by = person()
        controls = queries.Controls(count=1, tax_cents=1_800, remitted_cents=2_000)
        batch_id = batches.open_batch(words="box 2", controls=controls, by=by)
        batches.key_return(
            came(tax_returns.filer(), LITTLE), batch_id=batch_id, by=by, remitted_cents=1_999
        )

        with pytest.raises(batches.BatchDoesNotBalance) as refused:
            file(batch_id, by)
        assert str(refused.value) == "Remitted come to $19.99, $20.00 were counted."
        (listed,) = [each for each in queries.listed() if each.batch_id == batch_id]
        assert (listed.state, listed.keyed.tax_cents) == (BatchState.OPEN, 1_800)
        right = dataclasses.replace(controls, remitted_cents=1_999)
        batches.correct_controls(batch_id=batch_id, controls=right, by=by)
        (listed,) = [each for each in queries.listed() if each.batch_id == batch_id]
        assert listed.state == queries.batch(batch_id).state == BatchState.BALANCED
        assert file(batch_id, by).filed == 1
        with pytest.raises(IntegrityError, match="batch_counts_an_amount"):
            batches.open_batch(words="none", controls=queries.Controls(count=1), by=by)

    def test_a_wrong_return_is_not_keyed(self) -> None:
        by = person()
        batch_id = opened(by, count=1, gross=1, net=1)

        with pytest.raises(filing.ReturnIsWrong):
            batches.key_return(came(tax_returns.filer(), -1), batch_id=batch_id, by=by)


class TestSecondKeying:
    def test_of_much_money_is_anothers_and_what_differs_is_settled_by_field(self) -> None:
        first, second, account_id = person(), person(), tax_returns.filer()
        batch_id = opened(first, count=1, gross=MUCH, net=540_000)
        keyed_id = batches.key_return(came(account_id, MUCH), batch_id=batch_id, by=first)
        assert queries.keyed(keyed_id).waits_for_second
        with pytest.raises(batches.BatchDoesNotBalance, match="keyed by another person"):
            file(batch_id, first)
        with pytest.raises(batches.NotByTheSame):
            batches.key_again(came(account_id, MUCH), keyed_id=keyed_id, by=first)

        other = dataclasses.replace(
            came(account_id, MUCH + 900),
            lines=(
                Line(
                    region="MS",
                    business_class="11",
                    gross_cents=MUCH + 900,
                    deductions=(Deduction("503", 200),),
                ),
            ),
        )
        again = batches.key_again(other, keyed_id=keyed_id, by=second)

        assert again.differences == [
            queries.Difference("MS 11 gross", "300,000.00", "300,009.00"),
            queries.Difference("MS 11 503", None, "2.00"),
        ]
        with pytest.raises(batches.BatchDoesNotBalance, match="differently"):
            file(batch_id, first)
        with pytest.raises(batches.NotByTheSame):
            batches.settle(came(account_id, MUCH), keyed_id=keyed_id, by=first)
        batches.settle(came(account_id, MUCH), keyed_id=keyed_id, by=second)
        assert file(batch_id, first).filed == 1

    def test_is_settled_by_another_by_the_database_too(self) -> None:
        first, second, account_id = person(), person(), tax_returns.filer()
        batch_id = opened(first, count=1, gross=MUCH, net=540_000)
        keyed_id = batches.key_return(came(account_id, MUCH), batch_id=batch_id, by=first)
        batches.key_again(came(account_id, MUCH + 1), keyed_id=keyed_id, by=second)
        rows = models.BatchReturn.objects.filter(id=keyed_id)

        with pytest.raises(IntegrityError, match="batch_is_settled_by_another"):
            rows.update(settled_by_id=first.user_id, settled_at=AT)
        with pytest.raises(IntegrityError, match="batch_second_keying_is_anothers"):
            rows.update(second_by_id=first.user_id)

    def test_two_that_say_the_same_are_settled(self) -> None:
        first, second, account_id = person(), person(), tax_returns.filer()
        batch_id = opened(first, count=1, gross=MUCH, net=540_000)
        keyed_id = batches.key_return(came(account_id, MUCH), batch_id=batch_id, by=first)

        again = batches.key_again(came(account_id, MUCH), keyed_id=keyed_id, by=second)

        assert (again.is_settled, again.differences) == (True, ())


class TestFiling:
    def test_a_killed_filing_goes_on_and_files_each_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        by, accounts = person(), [tax_returns.filer() for _ in range(3)]
        batch_id = opened(by, count=3, gross=3 * LITTLE, net=3 * 1_800)
        for each in accounts:
            batches.key_return(came(each, LITTLE), batch_id=batch_id, by=by)
        file_one, done = batches._file_one, []

        def dies(keyed_id: int, **asked: object) -> None:
            file_one(keyed_id, **asked)  # type: ignore[arg-type]
            done.append(keyed_id)
            if len(done) == 2:
                raise RuntimeError("the machine is gone")

        with monkeypatch.context() as patched:
            patched.setattr(batches, "_file_one", dies)
            with pytest.raises(RuntimeError):
                file(batch_id, by)
        assert not queries.batch(batch_id).is_done

        assert file(batch_id, by) == file(batch_id, by) == batches.Filed(filed=3, held=0)
        assert [len(returns.versions_of(each, starts_on=JULY)) for each in accounts] == [1] * 3

    def test_one_that_was_filed_meanwhile_is_held_and_the_others_go_on(self) -> None:
        by, one, two = person(), tax_returns.filer(), tax_returns.filer()
        batch_id = opened(by, count=2, gross=2 * LITTLE, net=2 * 1_800)
        for each in (one, two):
            batches.key_return(came(each, LITTLE), batch_id=batch_id, by=by)
        filing.file_return(came(one, 7), by=by, posting_day=DUE)

        assert file(batch_id, by) == batches.Filed(filed=1, held=1)

        (item_id,) = [
            each.item_id for each in queries.batch(batch_id).returns if each.item_id is not None
        ]
        found = held.held(item_id)
        assert found.came["lines"][0]["gross_cents"] == LITTLE
        assert "Version 1 of the return" in found.problems("en")[0]

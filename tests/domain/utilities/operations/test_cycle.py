from __future__ import annotations

import datetime

import pytest

from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.utilities import models
from fisc.domain.utilities.operations import calculation, issue, late_charges, single
from fisc.domain.utilities.queries import facts, proofs
from fisc.domain.work_items import models as work_items
from fisc.plumbing import transactions
from tests.factories import utilities


def bills_of_run(run_id: int) -> list[tuple[int, int, int]]:
    rows = models.Bill.objects.filter(run_id=run_id).order_by("id")
    return list(rows.values_list("id", "number", "total_cents"))


class TestACycle:
    def test_bills_everybody_like_one(self, cycle_id: int) -> None:
        alone = utilities.household(cycle_id=cycle_id)
        utilities.read(alone)
        one = utilities.bill(alone)
        for _ in range(3):
            utilities.read(utilities.household(cycle_id=cycle_id))

        run_id = utilities.run_cycle(cycle_id)

        assert [total for _, _, total in bills_of_run(run_id)] == [one.total_cents] * 3
        assert proofs.broken_bills() == []
        assert proofs.broken_lines(seed=1, count=None) == []
        assert ledger.broken_entries() == []
        assert receivables.broken_control_accounts() == []
        assert receivables.broken_open_items() == []

    def test_does_a_chunk_again_to_the_same_rows(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        run_id = utilities.run()
        scope = facts.Scope(
            cycle_id=cycle_id, bill_day=utilities.BILL_DAY, read_day=utilities.READ_DAY
        )
        of = calculation.Of(run_id=run_id, chunk=0, at=utilities.AT, posting_day=utilities.BILL_DAY)
        kept: list[list[tuple[int, str, int]]] = []

        def killed() -> None:
            with transactions.started():
                calculation.calculate_chunk(scope=scope, of=of)
                rows = models.CalculatedChunk.objects.filter(run_id=run_id)
                kept.append(list(rows.values_list("id", "sha256", "total_cents")))
                raise RuntimeError("killed")

        for _ in range(2):
            with pytest.raises(RuntimeError, match="killed"):
                killed()

        assert kept[0] == kept[1] != []

    def test_does_not_issue_twice(self, cycle_id: int) -> None:
        utilities.read(utilities.household(cycle_id=cycle_id))
        run_id = utilities.run_cycle(cycle_id)

        with pytest.raises(issue.AlreadyIssued), transactions.started():
            issue.issue_chunk(
                run_id=run_id,
                chunk=2,
                cycle_id=cycle_id,
                bucket_from=0,
                posting_day=utilities.BILL_DAY,
                at=utilities.AT,
            )

    def test_makes_a_work_item_of_a_missing_read(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)

        run_id = utilities.run_cycle(cycle_id)

        raised = work_items.WorkItem.objects.get(
            run_id=run_id, subject_kind="account", subject_id=home.account_id
        )
        assert "there is no read" in raised.reason
        assert not models.Bill.objects.filter(account_id=home.account_id).exists()


class TestHeldBills:
    def test_are_held_by_the_table_and_released_by_a_person(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home, on=datetime.date(2026, 9, 10), electric=1100)
        utilities.bill(home, day=datetime.date(2026, 9, 11))
        utilities.read(home, electric=9000)

        run_id = utilities.run_cycle(cycle_id)

        held = models.HeldBill.objects.get(run_id=run_id, account_id=home.account_id)
        assert held.reason == "HIGH_BILL"
        bill_id = single.release_held_bill(held_id=held.id, by=utilities.by(why="reread, right"))
        assert models.Bill.objects.get(id=bill_id).total_cents == held.total_cents
        assert models.HeldBill.objects.get(id=held.id).status == "released"


class TestLateCharges:
    LATE = datetime.date(2026, 11, 2)

    def charge(self) -> dict[str, int]:
        run_id = utilities.run()
        with transactions.started():
            return dict(
                late_charges.charge_late_chunk(
                    bucket_from=0,
                    bucket_before=4096,
                    of=calculation.Of(
                        run_id=run_id, chunk=0, at=utilities.AT, posting_day=self.LATE
                    ),
                )
            )

    def test_charge_once_a_due_day(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home)
        bill = utilities.bill(home)

        first, second = self.charge(), self.charge()

        assert first["late_charges"] == 1
        assert first["late_cents"] == (bill.total_cents * 10 + 50) // 100
        assert second["late_charges"] == 0
        assert receivables.broken_control_accounts() == []
        assert receivables.broken_open_items() == []


class TestBrokenLines:
    def test_replay_a_sample_that_the_seed_draws(self, cycle_id: int) -> None:
        utilities.read(utilities.household(cycle_id=cycle_id))
        utilities.run_cycle(cycle_id)

        assert proofs.broken_lines(seed=739_000, count=5) == []

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from fisc.basics.periods import Period
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import models
from fisc.domain.utilities.operations import services, single
from fisc.domain.utilities.queries import previews
from fisc.plumbing import transactions
from tests.factories import utilities


def lines(bill: models.Bill) -> dict[str, int]:
    rows = models.BillLine.objects.filter(bill_id=bill.id).order_by("line_no")
    return {row.code.code: row.amount_cents for row in rows.select_related("code")}


class TestBillAccount:
    def test_bills_three_services_and_their_taxes(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)

        bill = utilities.bill(home)

        found = lines(bill)
        assert {"water_base", "sewer_base", "electric_energy", "public_service_tax"} <= set(found)
        assert found["electric_customer"] == 777
        assert found["electric_energy"] == 6472  # 900 kWh at $0.07191
        assert found["electric_fuel"] == 2645  # 900 kWh at $0.02939
        assert sum(found.values()) == bill.total_cents
        assert bill.starts_on == utilities.START
        assert bill.ends_before == utilities.READ_DAY

    def test_charges_the_account_and_balances_the_books(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)

        bill = utilities.bill(home)

        balance = receivables.account_balance(home.account_id, as_of=utilities.BILL_DAY)
        assert balance.balance_cents == bill.total_cents
        assert ledger.broken_entries() == []
        assert receivables.broken_control_accounts() == []

    def test_is_what_the_preview_said(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)

        said = previews.preview(
            account_id=home.account_id, bill_day=utilities.BILL_DAY, known_at=utilities.AT
        )
        bill = utilities.bill(home)

        assert {line.code: line.amount_cents for line in said.lines} == lines(bill)

    def test_is_what_the_quote_said(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home)

        said = previews.quote(
            services=[
                previews.QuotedService(
                    service="electric", rate_class="residential", size="single", usage=Decimal(900)
                )
            ],
            period=Period(starts_on=utilities.START, ends_before=utilities.READ_DAY),
            bill_day=utilities.BILL_DAY,
            inside_city=True,
            known_at=utilities.AT,
        )

        assert said.total_cents == utilities.bill(home).total_cents

    def test_does_not_bill_the_same_period_twice(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        utilities.bill(home)

        with pytest.raises(single.CannotBeBilled, match="no read after the last one billed"):
            utilities.bill(home)

    def test_asks_for_a_missing_read(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home, electric=None)

        with pytest.raises(single.CannotBeBilled, match="electric: there is no read"):
            utilities.bill(home)

    def test_follows_a_dial_past_its_end(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home, on=datetime.date(2026, 9, 10), electric=999_990)
        utilities.read(home, electric=10)

        bill = utilities.bill(home, day=utilities.BILL_DAY)

        segment = models.BillSegment.objects.get(bill_id=bill.id)
        assert segment.usage_milli == (999_990 - 1000 + 20) * 1000

    def test_names_the_book_without_a_version(self, cycle_id: int) -> None:
        early = datetime.date(2019, 6, 1)
        home = utilities.household(cycle_id=cycle_id, having=("electric",), starts_on=early)
        utilities.read(home, on=datetime.date(2019, 7, 1))

        with pytest.raises(rule_tables.NoVersionForDate, match=r"Electric charges.*2019-06-01"):
            utilities.bill(home)


class TestParts:
    def test_cuts_the_period_where_the_water_rate_changes(self, cycle_id: int) -> None:
        home = utilities.household(
            cycle_id=cycle_id, having=("water",), starts_on=datetime.date(2025, 9, 16)
        )
        utilities.read(home, on=datetime.date(2025, 10, 16))

        bill = utilities.bill(home, day=datetime.date(2025, 10, 18))

        rows = models.BillLine.objects.filter(bill_id=bill.id, code__code="water_base")
        blocks = list(rows.values_list("block_id", "block_row"))
        versions = [rule_tables.replay(*block).version_id for block in blocks]
        assert len(set(versions)) == 2
        parts = [
            {fact.name: fact.value for fact in rule_tables.replay(*block).facts} for block in blocks
        ]
        assert [part["days_in_part"] for part in parts] == [15, 15]

    def test_cuts_it_where_the_class_changes(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        with transactions.started():
            services.change_terms(
                agreement_id=home.started["electric"].agreement_id,
                rate_class_id=utilities.code_id("rate class", "commercial"),
                size_id=utilities.code_id("phase", "three"),
                from_day=datetime.date(2026, 9, 16),
                at=utilities.AT,
            )
        utilities.read(home)

        bill = utilities.bill(home)

        rows = models.BillLine.objects.filter(bill_id=bill.id, code__code="electric_energy")
        assert rows.count() == 2

    def test_follows_a_meter_exchange(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        started = home.started["electric"]
        exchanged = datetime.date(2026, 9, 11)
        with transactions.started():
            services.remove_meter(
                register_id=started.register_id or 0, on=exchanged, reading=1300, at=utilities.AT
            )
            register_id = services.install_meter(
                service_point_id=started.service_point_id,
                meter_number="E900001",
                unit="kWh",
                multiplier_milli=10_000,
                digits=5,
                on=exchanged,
                reading=50,
                at=utilities.AT,
            )
        models.Read.objects.create(
            register_id=register_id,
            service_point_id=started.service_point_id,
            read_on=utilities.READ_DAY,
            reading=110,
            kind=1,
            recorded_at=utilities.AT,
        )

        bill = utilities.bill(home)

        segment = models.BillSegment.objects.get(bill_id=bill.id)
        assert segment.usage_milli == (300 + 600) * 1000


class TestCancel:
    def test_takes_the_charges_back(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        bill = utilities.bill(home)

        single.cancel_bill(bill_id=bill.id, by=utilities.by())

        balance = receivables.account_balance(home.account_id, as_of=utilities.BILL_DAY)
        assert balance.balance_cents == 0
        assert receivables.broken_control_accounts() == []

    def test_is_done_once(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        bill = utilities.bill(home)
        single.cancel_bill(bill_id=bill.id, by=utilities.by())

        with pytest.raises(single.CannotBeCancelled, match="cancelled before"):
            single.cancel_bill(bill_id=bill.id, by=utilities.by())


class TestRebill:
    def test_bills_the_period_again_with_the_corrected_read(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        wrong = utilities.read(home, electric=1990)["electric"]
        old = utilities.bill(home)
        models.Read.objects.create(
            register_id=utilities.register_of(home, "electric"),
            service_point_id=home.started["electric"].service_point_id,
            read_on=utilities.READ_DAY,
            reading=1900,
            kind=1,
            supersedes_id=wrong,
            recorded_at=utilities.AT,
        )

        made = single.rebill(bill_id=old.id, by=utilities.by(why="misread"))

        new = models.Bill.objects.get(id=made.bill_id)
        assert (new.starts_on, new.ends_before) == (old.starts_on, old.ends_before)
        assert new.rebills_id == old.id
        assert lines(new)["electric_energy"] == 6472
        balance = receivables.account_balance(home.account_id, as_of=utilities.BILL_DAY)
        assert balance.balance_cents == new.total_cents
        assert receivables.broken_control_accounts() == []


class TestWalls:
    @pytest.mark.parametrize(
        "attack",
        [
            "update utilities_bill set total_cents = 1",
            "delete from utilities_bill_line",
            "update utilities_read set reading = 1",
            "truncate utilities_bill_segment",
            """insert into utilities_bill_line (bill_id, line_no, code_id, amount_cents, stage,
            block_id, block_row) select bill_id, 99, code_id, 5, 1, block_id, 0
            from utilities_bill_line limit 1""",
        ],
    )
    def test_refuse(self, cycle_id: int, attack: str) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home)
        utilities.bill(home)

        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(attack)

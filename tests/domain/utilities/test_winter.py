from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import models
from fisc.domain.utilities.queries import rates
from tests.factories import utilities

READS = [
    (datetime.date(2025, 12, 1), 1000),
    (datetime.date(2026, 1, 1), 1040),
    (datetime.date(2026, 2, 1), 1100),
    (datetime.date(2026, 3, 1), 1150),
    (datetime.date(2026, 4, 1), 1200),
    (datetime.date(2026, 5, 1), 1250),
    (datetime.date(2026, 6, 1), 1300),
    (datetime.date(2026, 7, 1), 1350),
    (datetime.date(2026, 8, 1), 1400),
]


def winter_of(bill: models.Bill) -> object:
    line = models.BillLine.objects.filter(bill_id=bill.id, code__code="sewer_use").first()
    if line is None:
        line = models.BillLine.objects.get(bill_id=bill.id, code__code="sewer_base")
    facts = {
        fact.name: fact.value for fact in rule_tables.replay(line.block_id, line.block_row).facts
    }
    return facts["winter_average_kgal"]


class TestWinterAverage:
    def test_is_of_the_winter_before_its_renewal(self, cycle_id: int) -> None:
        home = utilities.household(
            cycle_id=cycle_id, having=("water", "sewer"), starts_on=READS[0][0]
        )
        bills = []
        for day, reading in READS[1:]:
            utilities.read(home, on=day, water=reading)
            bills.append(utilities.bill(home, day=day + datetime.timedelta(days=2)))

        # 4.0, 6.0 and 5.0 kgal in December, January and February; renewed in July.
        assert winter_of(bills[2]) is None
        assert winter_of(bills[-1]) == Decimal("5.000")


class TestLatestWinter:
    @pytest.mark.parametrize(
        ("bill_day", "starts_on"),
        [
            (datetime.date(2026, 6, 30), datetime.date(2024, 12, 1)),
            (datetime.date(2026, 7, 1), datetime.date(2025, 12, 1)),
            (datetime.date(2027, 2, 1), datetime.date(2025, 12, 1)),
        ],
    )
    def test_had_ended_when_the_average_was_renewed(
        self, bill_day: datetime.date, starts_on: datetime.date
    ) -> None:
        winter = rates._latest_winter(bill_day, first=12, months=3, renewal=7)

        assert winter.starts_on == starts_on
        assert winter.ends_before == datetime.date(starts_on.year + 1, 3, 1)

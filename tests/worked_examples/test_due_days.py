"""Due days of monthly returns: the table names the day, the calendar moves it to an open one."""

from __future__ import annotations

import datetime
import json
import pathlib
from decimal import Decimal
from typing import Any

import pytest

from fisc.basics import calendars, periods
from fisc.dmn import cases
from fisc.dmn.xml import reader
from tests import shared_facts

POLICY = pathlib.Path(__file__).parent / "tables" / "return_due_policy.dmn"
EXAMPLES: list[dict[str, Any]] = [
    each
    for each in json.loads(shared_facts.path_of("facts/worked_examples.json").read_text())
    if each["area"] == "tax_calendar"
]
# Saturdays and Sundays are closed, and the state's holidays of 2024.
OFFICE = calendars.Calendar(
    name="office",
    covers_from=datetime.date(2024, 1, 1),
    covers_before=datetime.date(2025, 2, 1),
    closed_weekdays=frozenset({6, 7}),
    closed_days=frozenset(
        datetime.date.fromisoformat(f"2024-{day}")
        for day in ("01-01", "01-15", "02-19", "05-27", "07-04", "09-02", "10-14", "11-11")
    )
    | frozenset({datetime.date(2024, 11, 28), datetime.date(2024, 12, 25)}),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=[str(each["id"]) for each in EXAMPLES])
def test_the_published_calendar_comes_out(example: dict[str, Any]) -> None:
    year, number = map(int, example["inputs"]["period"].split("-"))
    policy = reader.read(POLICY.read_bytes())
    facts = {"period_starts_on": datetime.date(year, number, 1)}

    nominal = cases.evaluate(policy, "nominal_due", facts)
    assert isinstance(nominal, datetime.date)
    ends_before = periods.month(nominal.year, nominal.month).ends_before
    assert ends_before is not None
    last_day = ends_before - datetime.timedelta(days=1)
    found = {"due": OFFICE.open_on_or_after(nominal)}
    for key, decision in (
        ("paper_received_by", "paper_open_days_before_month_end"),
        ("electronic_by", "electronic_open_days_before_month_end"),
    ):
        back = cases.evaluate(policy, decision, facts)
        assert isinstance(back, Decimal)
        found[key] = open_days_before(last_day, int(back))

    assert {name: day.isoformat() for name, day in found.items()} == example["expected"]


def open_days_before(day: datetime.date, count: int) -> datetime.date:
    found = OFFICE.open_on_or_before(day)
    for _ in range(count):
        found = OFFICE.open_on_or_before(found - datetime.timedelta(days=1))
    return found

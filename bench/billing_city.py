"""A city of any size for the benches of billing: water and sewer, five lines a bill."""

from __future__ import annotations

import datetime
import pathlib

import numpy as np

from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts.operations import loading
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.domain.utilities import choices
from fisc.domain.utilities.operations import services
from fisc.plumbing import bulk_copy, transactions

CITY = pathlib.Path(__file__).parent.parent / "cities" / "mesquite_springs"
MAILING = accounts.Mailing(line_1="", city="Mesquite Springs", state="FL", zip="00001")
START = datetime.date(2026, 9, 1)
READ_DAY = datetime.date(2026, 10, 1)
BILL_DAY = datetime.date(2026, 10, 3)
AT = datetime.datetime(2026, 10, 3, 12, 0, tzinfo=datetime.UTC)
# Loading is not what is measured; in these portions it stays small in memory.
LOADED_AT_ONCE = 100_000
STEP_MILLI = 10
DIGITS = 6
# Within the second block of the city's water table, so that each bill has the same five lines.
LEAST_MILLI, MOST_MILLI = 1_000, 5_500


def fill(*, count: int) -> None:
    """Bring in the city's tables, `count` accounts in one cycle, and two reads of each meter."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()
    with transactions.started():
        cycle_id = services.add_cycle(code="01", name="Cycle 1")
        services.schedule_cycle(cycle_id=cycle_id, read_day=READ_DAY, bill_day=BILL_DAY)
    for first in range(0, count, LOADED_AT_ONCE):
        with transactions.started():
            _load(cycle_id=cycle_id, count=min(LOADED_AT_ONCE, count - first), first=first)


def _load(*, cycle_id: int, count: int, first: int) -> None:
    place = np.arange(first, first + count)
    starts_on = np.full(count, (START - datetime.date(1970, 1, 1)).days, dtype=np.int64)
    names = [f"Household {number}" for number in place.tolist()]
    population = loading.Population(
        name=bulk_copy.texts_of(names),
        sort_name=bulk_copy.texts_of(names),
        phone=bulk_copy.texts_of([""] * count),
        house_number=bulk_copy.texts_of([str(number) for number in place.tolist()]),
        street=bulk_copy.texts_of(["Oak Street"] * count),
        unit=bulk_copy.texts_of([""] * count),
        city=bulk_copy.Constant(MAILING.city),
        state=bulk_copy.Constant(MAILING.state),
        zip=bulk_copy.Constant(MAILING.zip),
        opened_on=starts_on,
        is_inside_city=np.ones(count, dtype=np.bool_),
        speaks_spanish=np.zeros(count, dtype=np.bool_),
    )
    opened = loading.load_population(population=population, at=AT, searchable=False)
    for service in (choices.Service.WATER, choices.Service.SEWER):
        is_metered = service == choices.Service.WATER
        loaded = services.load_services(
            services=services.ManyServices(
                service=service,
                account_ids=opened.account_ids,
                premise_ids=opened.premise_ids,
                cycle_ids=np.full(count, cycle_id),
                rate_class_ids=np.full(count, code_lists.code("rate class", "residential").id),
                size_ids=np.full(count, code_lists.code("meter size", "5/8").id),
                starts_on=starts_on,
                unit="kgal" if is_metered else "",
                multiplier_milli=STEP_MILLI,
                digits=DIGITS,
                meter_prefix="W",
            ),
            at=AT,
        )
        if is_metered:
            _read(loaded, place=place)


def _read(loaded: services.LoadedServices, *, place: np.ndarray) -> None:
    """Record a first reading and the month's; what was used repeats every few hundred accounts."""
    before = place * 37 % 900_000
    used = (LEAST_MILLI + place * 911 % (MOST_MILLI - LEAST_MILLI)) // STEP_MILLI
    for day, readings, kind in (
        (START, before, choices.ReadKind.FIRST),
        (READ_DAY, before + used, choices.ReadKind.ACTUAL),
    ):
        services.load_reads(loaded=loaded, read_on=day, readings=readings, kind=kind, at=AT)

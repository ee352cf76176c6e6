"""The people of the demonstration city move in: accounts, services, meters, first readings."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

import numpy as np

from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts.operations import loading
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices
from fisc.domain.utilities.operations import services
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.runs import pieces
from fisc.processes.demonstration import names, population, schedule

MAILING = accounts.Mailing(line_1="", city="Mesquite Springs", state="FL", zip="00001")
METER_SIZES = ("5/8", "1", "2")
PHASES = ("single", "three", "three")
# One step of a water dial is ten gallons, of an electric dial one kilowatt-hour.
WATER_STEP_MILLI = 10
WATER_DIGITS = 6
POWER_STEP_MILLI = 1000
POWER_DIGITS = 5
DAY_ONE = datetime.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True)
class MovedIn:
    """The first number of each kind of row; rows follow one another in the people's order."""

    accounts: int
    first_account: int
    first_water_point: int
    first_water_register: int
    first_power_point: int
    first_power_register: int
    first_cycle: int
    # The first cycle's accounts have the buckets below this one, the second's the others.
    split: int
    months: int

    def counts(self) -> Mapping[str, int]:
        """Return these numbers as a chunk's result keeps them."""
        return dataclasses.asdict(self)


class NumbersAreScattered(Exception):
    """Others drew numbers while the people moved in."""


@transactions.needs_transaction
def move_in(*, count: int, months: int, today: datetime.date, at: datetime.datetime) -> MovedIn:
    """Open the accounts with their services and first readings; raises NumbersAreScattered."""
    people = population.people(accounts=count)
    cycle_ids = _cycles(today=today, months=months)
    first_days = [
        day_number(schedule.first_read_day(today=today, cycle=each, months=months))
        for each in range(schedule.CYCLES)
    ]
    opened_on = np.full(count, min(first_days))
    opened = loading.load_population(population=_columns(people, opened_on=opened_on), at=at)
    split = min(first_of(opened.account_ids) + count // 2, pieces.BUCKETS // 2)
    cycle = cycles_of(opened.account_ids, split=split)
    common = _Common(
        opened=opened,
        cycle_ids=np.array(cycle_ids)[cycle],
        starts_on=np.array(first_days)[cycle],
    )
    everybody = np.ones(count, dtype=np.bool_)
    water = _load(people, common, who=everybody, service=choices.Service.WATER, at=at)
    _load(people, common, who=everybody, service=choices.Service.SEWER, at=at)
    power = _load(people, common, who=people.has_power, service=choices.Service.ELECTRIC, at=at)
    return MovedIn(
        accounts=count,
        first_account=first_of(opened.account_ids),
        first_water_point=first_of(water.service_point_ids),
        first_water_register=first_of(water.register_ids),
        first_power_point=first_of(power.service_point_ids),
        first_power_register=first_of(power.register_ids),
        first_cycle=min(cycle_ids),
        split=split,
        months=months,
    )


def cycles_of(account_ids: population.Whole, *, split: int) -> population.Whole:
    """Return the cycle of each account. A cycle is a range of buckets, so that it is a chunk."""
    return (account_ids % pieces.BUCKETS >= split).astype(np.int64)


def buckets_of(*, cycle: int, split: int) -> tuple[int, int]:
    """Return the buckets of a cycle: the first, and the one before which it ends."""
    return (0, split) if cycle == 0 else (split, pieces.BUCKETS)


def day_number(day: datetime.date) -> int:
    """Return a day as a number of days from 1970."""
    return (day - DAY_ONE).days


@dataclasses.dataclass(frozen=True)
class _Common:
    opened: loading.Loaded
    cycle_ids: population.Whole
    starts_on: population.Whole


def _cycles(*, today: datetime.date, months: int) -> list[int]:
    """Make the cycles with their days: the history's, today's, and the year ahead."""
    cycle_ids = []
    for cycle in range(schedule.CYCLES):
        cycle_id = services.add_cycle(code=f"{cycle + 1:02}", name=f"Cycle {cycle + 1}")
        for months_before in range(months, -schedule.MONTHS_AHEAD - 1, -1):
            planned = schedule.billing(today=today, cycle=cycle, months_before=months_before)
            services.schedule_cycle(
                cycle_id=cycle_id, read_day=planned.read_day, bill_day=planned.bill_day
            )
        cycle_ids.append(cycle_id)
    return cycle_ids


def _columns(people: population.Population, *, opened_on: population.Whole) -> loading.Population:
    return loading.Population(
        name=bulk_copy.texts_of(people.names),
        sort_name=bulk_copy.texts_of(people.sort_names),
        phone=bulk_copy.Texts(people.phones, [f"(555) 555-01{each:02}" for each in range(100)]),
        house_number=bulk_copy.texts_of([str(each) for each in people.house_numbers.tolist()]),
        street=bulk_copy.Texts(people.streets, names.STREETS),
        unit=bulk_copy.texts_of([f"Unit {each}" if each else "" for each in people.units.tolist()]),
        city=bulk_copy.Constant(MAILING.city),
        state=bulk_copy.Constant(MAILING.state),
        zip=bulk_copy.Constant(MAILING.zip),
        opened_on=opened_on,
        is_inside_city=people.is_inside,
        speaks_spanish=people.is_spanish,
    )


def _load(
    people: population.Population,
    common: _Common,
    *,
    who: bulk_copy.Flags,
    service: choices.Service,
    at: datetime.datetime,
) -> services.LoadedServices:
    classes = code_lists.code_ids("rate class")
    is_power = service == choices.Service.ELECTRIC
    sizes = code_lists.code_ids("phase" if is_power else "meter size")
    size_ids = np.array([sizes[each] for each in (PHASES if is_power else METER_SIZES)])
    class_ids = np.array([classes["residential"], classes["commercial"]])
    measured = {
        choices.Service.WATER: ("kgal", WATER_STEP_MILLI, WATER_DIGITS, "W"),
        choices.Service.SEWER: ("", 1000, WATER_DIGITS, ""),
        choices.Service.ELECTRIC: ("kWh", POWER_STEP_MILLI, POWER_DIGITS, "E"),
    }
    unit, step_milli, digits, prefix = measured[service]
    return services.load_services(
        services=services.ManyServices(
            service=service,
            account_ids=common.opened.account_ids[who],
            premise_ids=common.opened.premise_ids[who],
            cycle_ids=common.cycle_ids[who],
            rate_class_ids=class_ids[people.is_commercial[who].astype(np.int64)],
            size_ids=size_ids[people.meter_sizes[who]],
            starts_on=common.starts_on[who],
            unit=unit,
            multiplier_milli=step_milli,
            digits=digits,
            meter_prefix=prefix,
        ),
        at=at,
    )


def first_of(numbers: population.Whole) -> int:
    """Return the first of numbers that follow one another; raises NumbersAreScattered."""
    if not len(numbers):
        return 0
    if not (np.diff(numbers) == 1).all():
        raise NumbersAreScattered(
            "Somebody else opened accounts while the demonstration city was filled. "
            "Use a database of its own for it."
        )
    return int(numbers[0])

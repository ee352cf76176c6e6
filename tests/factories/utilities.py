"""The demonstration city with a cycle; households with water, sewer and electricity, read."""

from __future__ import annotations

import datetime
import itertools
import pathlib
from dataclasses import dataclass

from fisc.basics.periods import Period
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.domain.utilities import choices, models
from fisc.domain.utilities.operations import calculation, issue, services, single
from fisc.domain.utilities.queries import facts
from fisc.plumbing import transactions
from fisc.plumbing.runs import operations as runs

CITY = pathlib.Path(__file__).resolve().parents[2] / "cities" / "mesquite_springs"
AT = datetime.datetime(2026, 10, 3, 12, 0, tzinfo=datetime.UTC)
START = datetime.date(2026, 9, 1)
READ_DAY = datetime.date(2026, 10, 1)
BILL_DAY = datetime.date(2026, 10, 3)

_meters = itertools.count(1)
_runs = itertools.count(1)


@dataclass(frozen=True)
class Household:
    """An account with what it is served by; `started` by service."""

    account_id: int
    number: int
    premise_id: int
    started: dict[str, services.Started]


def city() -> int:
    """Bring in the demonstration city and return a cycle read and billed in October 2026."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()
    with transactions.started():
        cycle_id = services.add_cycle(code="01", name="Cycle 1")
        services.schedule_cycle(cycle_id=cycle_id, read_day=READ_DAY, bill_day=BILL_DAY)
    return cycle_id


def code_id(name: str, code: str) -> int:
    """Return the id of a code."""
    return code_lists.code(name, code).id


def household(
    *,
    cycle_id: int,
    having: tuple[str, ...] = ("water", "sewer", "electric"),
    starts_on: datetime.date = START,
    inside_city: bool = True,
    name: str = "María Fernández",
) -> Household:
    """Open an account with some services; meters start at 1000."""
    mailing = accounts.Mailing(line_1="12 Oak Street", city="Spring", state="FL", zip="00001")
    with transactions.started():
        opened = accounts.open_account(
            kind=account_choices.AccountKind.UTILITY,
            party_id=accounts.add_party(name=name, at=AT),
            name=name,
            mailing=mailing,
            opened_on=starts_on,
            at=AT,
        )
        premise_id = accounts.add_premise(
            house_number="12", street="Oak Street", mailing=mailing, parcel=f"P{opened.account_id}"
        )
        accounts.make_searchable(account_id=opened.account_id, premise_id=premise_id)
        if inside_city:
            accounts.place_in_jurisdiction(
                premise_id=premise_id,
                code=account_choices.Jurisdiction.INSIDE_CITY,
                period=Period(starts_on=starts_on),
                at=AT,
            )
        started = {
            each: services.start_service(
                service=_service(each, opened.account_id, premise_id, cycle_id, starts_on), at=AT
            )
            for each in having
        }
    return Household(opened.account_id, opened.number, premise_id, started)


def _service(
    name: str, account_id: int, premise_id: int, cycle_id: int, starts_on: datetime.date
) -> services.NewService:
    is_electric = name == "electric"
    return services.NewService(
        account_id=account_id,
        premise_id=premise_id,
        service=choices.Service(name),
        cycle_id=cycle_id,
        rate_class_id=code_id("rate class", "residential"),
        size_id=code_id("phase", "single") if is_electric else code_id("meter size", "5/8"),
        starts_on=starts_on,
        meter_number="" if name == "sewer" else f"{name[0].upper()}{next(_meters):06d}",
        unit="kWh" if is_electric else "kgal",
        multiplier_milli=1000 if is_electric else 100,
        digits=6,
        first_reading=1000,
    )


def register_of(home: Household, service: str) -> int:
    """Return the register that measures a household's service."""
    register_id = home.started[service].register_id
    assert register_id is not None
    return register_id


def read(
    home: Household,
    *,
    on: datetime.date = READ_DAY,
    water: int | None = 1060,
    electric: int | None = 1900,
    kind: choices.ReadKind = choices.ReadKind.ACTUAL,
) -> dict[str, int]:
    """Record readings: tenths of a kgal for water, kWh for electricity. Returns the reads' ids."""
    found = {}
    for service, reading in (("water", water), ("electric", electric)):
        started = home.started.get(service)
        if started is not None and reading is not None:
            row = models.Read.objects.create(
                register_id=register_of(home, service),
                service_point_id=started.service_point_id,
                read_on=on,
                reading=reading,
                kind=kind,
                recorded_at=AT,
            )
            found[service] = row.id
    return found


def by(*, day: datetime.date = BILL_DAY, why: str = "asked at the counter") -> single.By:
    """Return who does something, when and why."""
    return single.By(user_id=None, at=AT, posting_day=day, why=why)


def bill(home: Household, *, day: datetime.date = BILL_DAY) -> models.Bill:
    """Bill an account and return the bill."""
    return models.Bill.objects.get(
        id=single.bill_account(account_id=home.account_id, by=by(day=day))
    )


def run() -> int:
    """Begin a run and return its number."""
    return runs.start_run(
        kind=f"test {next(_runs)}", posting_day=BILL_DAY, instant=AT, steps=["all"], held_by="test"
    ).run_id


def run_cycle(cycle_id: int, *, run_id: int = 0, bill_day: datetime.date = BILL_DAY) -> int:
    """Calculate, register and issue a cycle as one chunk; returns the run's number."""
    run_id = run_id or run()
    with transactions.started():
        calculation.calculate_chunk(
            scope=facts.Scope(cycle_id=cycle_id, bill_day=bill_day, read_day=READ_DAY),
            of=calculation.Of(run_id=run_id, chunk=0, at=AT, posting_day=bill_day),
        )
    with transactions.started():
        issue.register_bills(run_id=run_id)
    with transactions.started():
        issue.issue_chunk(
            run_id=run_id,
            chunk=1,
            cycle_id=cycle_id,
            bucket_from=0,
            posting_day=bill_day,
            at=AT,
        )
    return run_id

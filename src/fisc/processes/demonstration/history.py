"""One cycle's month in the demonstration city: read, billed, paid, charged for paying late."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fisc.domain.disbursements.queries import credits as disbursements
from fisc.domain.ledger import choices as ledger
from fisc.domain.payments import choices as payments
from fisc.domain.payments import queries as allocation
from fisc.domain.payments.operations import bulk
from fisc.domain.receivables.operations import credits_in_bulk
from fisc.domain.utilities import choices
from fisc.domain.utilities.operations import calculation, issue, late_charges, services
from fisc.domain.utilities.queries import facts
from fisc.plumbing.runs import engine, pieces
from fisc.processes.daily_runs import control_totals
from fisc.processes.demonstration import moving_in, paid, population, schedule

KIND = "history"
DAYS_IN_A_MONTH = 30


class BillsAreMissing(Exception):
    """A month's bills were calculated and not all of them issued."""


def subject(
    billing: schedule.Billing, *, moved: moving_in.MovedIn, today: datetime.date
) -> Mapping[str, Any]:
    """Return what the chunks of a cycle's month are told."""
    return {
        "cycle": billing.cycle,
        "months_before": billing.months_before,
        "read_day": billing.read_day.isoformat(),
        "bill_day": billing.bill_day.isoformat(),
        "today": today.isoformat(),
        "lane": billing.cycle,
        "moved": dict(moved.counts()),
    }


def steps(told: Mapping[str, Any]) -> Sequence[engine.StepPlan]:
    """Return the steps of a cycle's month."""
    bucket_from, bucket_before = moving_in.buckets_of(
        cycle=told["cycle"], split=told["moved"]["split"]
    )

    def whole(_: engine.RunOf) -> Sequence[pieces.Piece]:
        return [pieces.Piece(bucket_from=bucket_from, bucket_before=bucket_before, subject=told)]

    return (
        engine.StepPlan(
            name="bills",
            words="Read and bill",
            cut=whole,
            work=read_and_bill,
            agree=control_totals.bills_posted,
        ),
        engine.StepPlan(
            name="payments",
            words="Take payments",
            cut=whole,
            work=take_payments,
            agree=control_totals.payments_posted,
        ),
        engine.StepPlan(
            name="late charges",
            words="Charge for paying late",
            cut=whole,
            work=charge_late,
            agree=control_totals.charges_posted,
        ),
        engine.StepPlan(
            name="credits",
            words="Apply credits to charges",
            cut=whole,
            work=apply_credits,
            agree=control_totals.credits_posted,
        ),
    )


def read_and_bill(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Read the cycle's meters, calculate its bills, register and issue them."""
    billing, moved = about(chunk)
    _read(billing, moved=moved, at=chunk.instant)
    # The whole cycle, whatever range of buckets tells this chunk from the other cycle's.
    scope = facts.Scope(
        cycle_id=moved.first_cycle + billing.cycle,
        bill_day=billing.bill_day,
        read_day=billing.read_day,
    )
    calculated = calculation.calculate_chunk(
        scope=scope,
        of=calculation.Of(
            run_id=chunk.run_id,
            chunk=chunk.number,
            at=chunk.instant,
            posting_day=billing.bill_day,
        ),
    )
    issue.register_bills(run_id=chunk.run_id)
    issued = issue.issue_chunk(
        run_id=chunk.run_id,
        chunk=chunk.number,
        cycle_id=scope.cycle_id,
        bucket_from=scope.bucket_from,
        posting_day=billing.bill_day,
        at=chunk.instant,
    )
    if issued["bills"] != calculated["bills"]:
        raise BillsAreMissing(
            f"{calculated['bills']} bills of {billing.bill_day} were calculated and "
            f"{issued['bills']} issued."
        )
    return {**calculated, **issued}


def take_payments(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Take what the mail brings in the month: late payers first, for the month before."""
    billing, moved = about(chunk)
    today = datetime.date.fromisoformat(chunk.subject["today"])
    paying = paid.month(billing, moved=moved, today=today)
    if not len(paying.account_ids):
        return {"payments": 0, "total_cents": 0, "allocations": 0, "credits": 0}
    taken = bulk.take_payments(
        key=f"{KIND} {billing.cycle} {billing.bill_day}",
        of=bulk.ManyPayments(
            account_ids=paying.account_ids,
            amount_cents=paying.amount_cents,
            tender_kind_ids=paying.tender_kind_ids,
            received_on=paying.days,
            posting_day=paying.days,
            channel=payments.Channel.LOCKBOX,
            source_kind=ledger.SourceKind.FILE,
            source_id=chunk.run_id,
            references=paying.references,
            run_id=chunk.run_id,
            chunk=chunk.number,
        ),
        made_by_id=None,
        made_at=chunk.instant,
    )
    return dataclasses.asdict(taken)


def charge_late(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Charge those who have not paid by the day before the next bill."""
    day = _late_day(chunk)
    if day is None:
        return {"late_charges": 0, "late_cents": 0}
    return late_charges.charge_late_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        of=calculation.Of(
            run_id=chunk.run_id, chunk=chunk.number, at=chunk.instant, posting_day=day
        ),
    )


def apply_credits(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Settle charges with what was paid ahead."""
    day = _late_day(chunk)
    if day is None:
        return {"accounts": 0, "applied_cents": 0}
    return credits_in_bulk.apply_open_credits(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        run_id=chunk.run_id,
        chunk=chunk.number,
        posting_day=day,
        at=chunk.instant,
        priority=allocation.priority_on(day=day, known_at=chunk.instant),
        reserved=disbursements.reserved,
    )


def _late_day(chunk: pieces.ClaimedChunk) -> datetime.date | None:
    """Return the day on which a month's late payers are charged; None when it is yet to come."""
    billing, _ = about(chunk)
    day = billing.bill_day + datetime.timedelta(days=schedule.DAYS_TO_LATE_CHARGE)
    return day if day < datetime.date.fromisoformat(chunk.subject["today"]) else None


def readings(
    people: population.Population, *, billing: schedule.Billing, oldest: int
) -> tuple[population.Whole, population.Whole]:
    """Return what the water and the power dials show at a month's read."""
    water, power = np.zeros(len(people), np.int64), np.zeros(len(people), np.int64)
    for months_before in range(oldest, billing.months_before - 1, -1):
        earlier = months_before - billing.months_before
        season = (billing.read_day.month - 1 - earlier) % 12
        for used, middle, seasons in (
            (water, people.water_milli, population.WATER_SEASON),
            (power, people.power_milli, population.POWER_SEASON),
        ):
            np.add(
                used,
                population.month_of_use(
                    middle_milli=middle,
                    season=seasons,
                    month=season + 1,
                    days=DAYS_IN_A_MONTH,
                    months_before=months_before,
                ),
                out=used,
            )
    return (
        (people.water_dial + water // moving_in.WATER_STEP_MILLI) % 10**moving_in.WATER_DIGITS,
        (people.power_dial + power // moving_in.POWER_STEP_MILLI) % 10**moving_in.POWER_DIGITS,
    )


def first_readings(*, moved: moving_in.MovedIn, today: datetime.date, at: datetime.datetime) -> int:
    """Record where the dials stand when the people move in."""
    people = population.people(accounts=moved.accounts)
    count = 0
    for cycle in range(schedule.CYCLES):
        on = schedule.first_read_day(today=today, cycle=cycle, months=moved.months)
        count += _load(
            people,
            moved=moved,
            cycle=cycle,
            dials=(people.water_dial, people.power_dial),
            on=on,
            kind=choices.ReadKind.FIRST,
            at=at,
        )
    return count


def _read(billing: schedule.Billing, *, moved: moving_in.MovedIn, at: datetime.datetime) -> int:
    people = population.people(accounts=moved.accounts)
    return _load(
        people,
        moved=moved,
        cycle=billing.cycle,
        dials=readings(
            people,
            billing=billing,
            oldest=schedule.oldest_month(cycle=billing.cycle, months=moved.months),
        ),
        on=billing.read_day,
        kind=choices.ReadKind.ACTUAL,
        at=at,
    )


def _load(
    people: population.Population,
    *,
    moved: moving_in.MovedIn,
    cycle: int,
    dials: tuple[population.Whole, population.Whole],
    on: datetime.date,
    kind: choices.ReadKind,
    at: datetime.datetime,
) -> int:
    order = np.arange(len(people))
    mine = moving_in.cycles_of(moved.first_account + order, split=moved.split) == cycle
    # A power meter's place among the power meters.
    place = np.cumsum(people.has_power) - 1
    water, power = dials
    with_power = mine & people.has_power
    count = 0
    for who, first_point, first_register, numbers, shown in (
        (mine, moved.first_water_point, moved.first_water_register, order, water),
        (with_power, moved.first_power_point, moved.first_power_register, place, power),
    ):
        loaded = services.LoadedServices(
            agreement_ids=np.empty(0, dtype=np.int64),
            service_point_ids=first_point + numbers[who],
            register_ids=first_register + numbers[who],
        )
        count += services.load_reads(
            loaded=loaded, read_on=on, readings=shown[who], kind=kind, at=at
        )
    return count


def about(chunk: pieces.ClaimedChunk) -> tuple[schedule.Billing, moving_in.MovedIn]:
    """Return which cycle's month a chunk is, and where the people's rows are."""
    told = chunk.subject
    billing = schedule.Billing(
        cycle=told["cycle"],
        months_before=told["months_before"],
        read_day=datetime.date.fromisoformat(told["read_day"]),
        bill_day=datetime.date.fromisoformat(told["bill_day"]),
    )
    return billing, moving_in.MovedIn(**told["moved"])

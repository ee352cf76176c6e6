"""Today's file of reads, as a reading truck would bring it: nearly all good, and a few odd rows."""

from __future__ import annotations

import csv
import datetime
import io
import pathlib
from collections.abc import Sequence

import numpy as np
from django.db import connection

from fisc.processes.demonstration import history, moving_in, population, schedule

FIRST_CYCLE = 0
# Every so-many-th meter was not read, and every so-many-th of those read shows far too much.
UNREAD_EVERY = 400
HIGH_EVERY = 900
HIGH_STEPS = 9000
STRANGER = "W999999999"
NUMBERS = """
    select meter.number from utilities_register as register
    join utilities_meter as meter on meter.id = register.meter_id
    where register.id >= %s and register.id < %s order by register.id
"""


def write(*, folder: pathlib.Path, moved: moving_in.MovedIn, today: datetime.date) -> pathlib.Path:
    """Write the file that today's run reads in, unless it is there or was read in already."""
    billing = schedule.billing(today=today, cycle=FIRST_CYCLE, months_before=0)
    path = folder / f"reads-{billing.read_day}.csv"
    put_away = folder / "done" / today.isoformat() / path.name
    if path.exists() or put_away.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    making.write_text(_content(moved=moved, billing=billing), encoding="utf-8")
    making.rename(path)
    return path


def _content(*, moved: moving_in.MovedIn, billing: schedule.Billing) -> str:
    people = population.people(accounts=moved.accounts)
    water, power = history.readings(people, billing=billing, oldest=moved.months)
    account_ids = moved.first_account + np.arange(len(people))
    mine = moving_in.cycles_of(account_ids, split=moved.split) == FIRST_CYCLE
    rows = [
        *_rows(moved.first_water_register, water, who=mine),
        *_rows(
            moved.first_power_register,
            power[people.has_power],
            who=mine[people.has_power],
        ),
    ]
    good = [row for place, row in enumerate(rows, start=1) if place % UNREAD_EVERY]
    read = [_maybe_high(row, place=place) for place, row in enumerate(good, start=1)]
    written = io.StringIO()
    file = csv.writer(written, lineterminator="\n")
    file.writerow(["meter", "read_date", "reading"])
    file.writerows([meter, billing.read_day.isoformat(), shown] for meter, shown in read)
    file.writerow([STRANGER, billing.read_day.isoformat(), 1234])
    file.writerow(["TRAILER", len(read) + 1])
    return written.getvalue()


def _rows(
    first_register: int, shown: population.Whole, *, who: np.ndarray
) -> Sequence[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [first_register, first_register + len(shown)])
        numbers = [number for (number,) in cursor.fetchall()]
    return [
        (number, reading)
        for number, reading, is_mine in zip(numbers, shown.tolist(), who.tolist(), strict=True)
        if is_mine
    ]


def _maybe_high(row: tuple[str, int], *, place: int) -> tuple[str, int]:
    meter, reading = row
    if place % HIGH_EVERY or not meter.startswith("W"):
        return row
    return meter, (reading + HIGH_STEPS) % 10**moving_in.WATER_DIGITS

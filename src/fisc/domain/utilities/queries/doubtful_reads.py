"""What a person needs to see to enter a read that was refused or never came."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from django.db import connection

from fisc.dmn.columns import types
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries import rates, reads

# The table is asked about this many readings, up to so many times the usual use.
ASKED = 1001
USES = 4
DAYS_MAX = 800

_METER = """
select meter.number from utilities_service_agreement agreement
join utilities_service_point point on point.id = agreement.service_point_id
join utilities_meter_installation installed on installed.service_point_id = point.id
    and installed.starts_on <= %(day)s
    and (installed.ends_before is null or installed.ends_before >= %(day)s)
join utilities_meter meter on meter.id = installed.meter_id
where agreement.account_bucket = %(account)s %% 4096 and agreement.account_id = %(account)s
    and point.service = %(service)s
order by installed.starts_on desc, meter.number limit 1
"""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A meter on the day of its read; what is not known is empty or None."""

    meter: str
    read_on: datetime.date
    place: str
    service: str
    unit: str
    last_read_on: datetime.date | None
    last_reading: int | None
    # A read that the meter has of that very day: an estimate, or one that came before.
    same_day_reading: int | None
    # The usual use over the days since the last read, in thousandths of the unit.
    expected_milli: int | None
    # The lowest and the highest reading that the city's table accepts.
    believable: tuple[int, int] | None


def meter_of(*, account_id: int, service: str, day: datetime.date) -> str:
    """Return the number of the meter of a service that day; empty when there was none."""
    with connection.cursor() as cursor:
        cursor.execute(_METER, {"account": account_id, "service": service, "day": day})
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def doubtful(
    *, meter: str, read_on: datetime.date, known_at: datetime.datetime, language: str = "en"
) -> Doubtful:
    """Return what is known of a meter beside which its read of a day is judged."""
    (known,) = reads.meters_on(numbers=[meter], days=[read_on])
    service = code_lists.codes("service").get(known.service or "")
    days = (read_on - known.last_read_on).days if known.last_read_on else 0
    expected = (known.used_milli or 0) * days // known.used_days if known.used_days else None
    place = accounts.premise(premise_id=known.premise_id).address if known.premise_id else ""
    return Doubtful(
        meter=meter,
        read_on=read_on,
        place=place,
        service=service.label(language) if service else "",
        unit=str(service.attributes["unit"]) if service else "",
        last_read_on=known.last_read_on,
        last_reading=known.last_reading,
        same_day_reading=known.same_day_reading,
        expected_milli=expected,
        believable=_believable(known, days=days, expected_milli=expected, known_at=known_at),
    )


def _believable(
    known: reads.MeterOn, *, days: int, expected_milli: int | None, known_at: datetime.datetime
) -> tuple[int, int] | None:
    """Ask the read-check table about readings around the usual one; None where it cannot tell."""
    if not expected_milli or known.last_reading is None or known.last_read_on is None:
        return None
    assert known.multiplier_milli is not None
    assert known.digits is not None
    furthest = max(USES * expected_milli // known.multiplier_milli, 1)
    steps = np.unique(np.linspace(0, furthest, ASKED).astype(np.int64))
    answers = rates.ask(
        points.READ_CHECK,
        {
            "service": types.Column(
                np.zeros(len(steps), dtype=np.int64), texts=(str(known.service),)
            ),
            "usage": types.Column(steps * known.multiplier_milli),
            "expected_usage": types.Column(np.full(len(steps), expected_milli, dtype=np.int64)),
            "days": types.Column(np.full(len(steps), min(days, DAYS_MAX), dtype=np.int64)),
        },
        day=known.last_read_on + datetime.timedelta(days=days),
        known_at=known_at,
    )
    remark = answers["Read remark"].nulls
    accepted = steps if remark is None else steps[remark]
    if remark is None or not len(accepted):
        return None
    lowest, highest = int(accepted.min()), int(accepted.max())
    round_the_dial = 10**known.digits
    return (
        (known.last_reading + lowest) % round_the_dial,
        (known.last_reading + highest) % round_the_dial,
    )

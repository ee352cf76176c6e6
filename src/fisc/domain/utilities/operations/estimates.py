"""Estimating the reads that a cycle lacks, by the city's table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fisc.basics import identifiers
from fisc.dmn.columns import types
from fisc.domain.utilities import choices, models
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries import rates
from fisc.domain.utilities.queries import reads as queries
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions

KIND = "read"


@dataclass(frozen=True, slots=True)
class Estimated:
    """What became of the registers that were not read."""

    estimated: int
    not_estimated: int


@transactions.needs_transaction
def estimate_missing(
    *, cycle_id: int, read_day: datetime.date, bucket_from: int, bucket_before: int,
    run_id: int, chunk: int, at: datetime.datetime,
) -> Estimated:  # fmt: skip
    """Estimate the reads that a cycle lacks on its read day, by the city's table.

    Every estimate, and every register that cannot be estimated, is a work item. The read day is
    the posting day of the work items.
    """
    missing = queries.unread(
        cycle_id=cycle_id,
        read_day=read_day,
        bucket_from=bucket_from,
        bucket_before=bucket_before,
    )
    if not missing:
        return Estimated(0, 0)
    usage = _estimates(missing, read_day=read_day, at=at)
    good = [(each, milli) for each, milli in zip(missing, usage, strict=True) if milli is not None]
    ids = identifiers.bulk_ids(run=run_id, chunk=chunk, count=len(good))
    models.Read.objects.bulk_create(
        models.Read(
            id=number,
            register_id=each.register_id,
            service_point_id=each.service_point_id,
            read_on=read_day,
            reading=(each.last_reading + milli // each.multiplier_milli) % 10**each.digits,
            kind=choices.ReadKind.ESTIMATED,
            recorded_at=at,
        )
        for number, (each, milli) in zip(ids.tolist(), good, strict=True)
    )
    _raise_missing(missing, usage, read_day=read_day, run_id=run_id, chunk=chunk, at=at)
    return Estimated(len(good), len(missing) - len(good))


def _estimates(
    missing: Sequence[queries.Unread], *, read_day: datetime.date, at: datetime.datetime
) -> list[int | None]:
    def nullable(values: list[int | None]) -> types.Column:
        nulls = np.array([value is None for value in values])
        return types.Column(np.array([value or 0 for value in values], dtype=np.int64), nulls=nulls)

    services = sorted({each.service for each in missing})
    answers = rates.ask(
        points.ESTIMATE,
        {
            "service": types.Column(
                np.array([services.index(each.service) for each in missing]), texts=tuple(services)
            ),
            "days": types.Column(
                np.array([(read_day - each.last_read_on).days for each in missing], dtype=np.int64)
            ),
            "usage_same_period_last_year": nullable([each.used_last_year for each in missing]),
            "days_same_period_last_year": nullable([each.days_last_year for each in missing]),
            "usage_last_three_periods": nullable([each.used_last_three for each in missing]),
            "days_last_three_periods": nullable([each.days_last_three for each in missing]),
        },
        day=read_day,
        known_at=at,
    )
    answer = answers["Estimated usage"]
    return [
        None if answer.nulls is not None and answer.nulls[place] else int(milli)
        for place, milli in enumerate(answer.values.tolist())
    ]


def _raise_missing(
    missing: Sequence[queries.Unread], usage: Sequence[int | None], *, read_day: datetime.date,
    run_id: int, chunk: int, at: datetime.datetime,
) -> None:  # fmt: skip
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=KIND,
                reason="no read: estimated" if milli is not None else "no read and no history",
                cause_key=f"no read {read_day} {'estimated' if milli is not None else 'open'}",
                subject_kind="account",
                subject_id=each.account_id,
                due_on=read_day,
                urgency=6 if milli is not None else 3,
                detail={
                    "service": each.service,
                    "words": f"The {each.service} meter was not read by {read_day}. "
                    + (
                        "The bill is estimated; have it read before the next one."
                        if milli is not None
                        else "There is nothing to estimate from: have it read."
                    ),
                },
            )
            for each, milli in zip(missing, usage, strict=True)
        ],
        at=at,
        posting_day=read_day,
        run_id=run_id,
        chunk=chunk,
    )

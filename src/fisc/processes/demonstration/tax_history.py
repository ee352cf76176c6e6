"""A month of tax in the demonstration city: returns come, are paid, and late ones cost more.

Half of the businesses are one lane, half the other. A lane's month is a run of its own.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import functools
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.payments import choices as payments
from fisc.domain.payments.operations import bulk
from fisc.domain.tax_returns.calculations import many, many_packs
from fisc.domain.tax_returns.operations import filing_in_bulk, reckoning_in_bulk, return_files
from fisc.plumbing import bulk_copy
from fisc.plumbing.runs import engine, pieces
from fisc.processes.daily_runs import control_totals
from fisc.processes.demonstration import (
    businesses,
    moving_in,
    opening,
    population,
    returns_due,
    tax_calendar,
)
from fisc.processes.return_files import operations as files

KIND = "tax history"
WHO = "the demonstration"
LAYOUT = "demonstration"
LANES = 2
ACH_PER_MILLE = 550
# What a lane's tax accounts owe, and what of it was owed before the month.
OWED = """
    select open.account_id, sum(open.open_cents)::bigint,
        coalesce(sum(open.open_cents) filter (where item.arises_on < %(month)s), 0)::bigint
    from receivables_openitem as open
    join receivables_item as item on item.id = open.item_id
    where open.account_bucket >= %(bucket_from)s and open.account_bucket < %(bucket_before)s
        and open.account_id >= %(first)s and open.account_id < %(next)s and open.kind = 1
        and open.open_cents > 0
    group by open.account_id order by open.account_id
"""


@dataclasses.dataclass(frozen=True)
class Month:
    """A lane's month, as its chunks are told."""

    first_day: datetime.date
    # The last day of it that is before today.
    last_day: datetime.date
    lane: int
    bucket_from: int
    bucket_before: int
    opened: opening.Opened
    today: datetime.date
    months: int

    @property
    def is_over(self) -> bool:
        """Whether all of its days are before today."""
        last = calendar.monthrange(self.first_day.year, self.first_day.month)[1]
        return self.last_day.day == last

    @property
    def file_name(self) -> str:
        """The name that its returns come under."""
        return f"returns-{self.first_day:%Y-%m}-{self.lane + 1}"


def subjects(
    *, opened: opening.Opened, today: datetime.date, months: int
) -> Sequence[Mapping[str, Any]]:
    """Return what the chunks of each lane's months are told, in order."""
    if not opened.businesses:
        return []
    return [
        {
            "month": month.isoformat(),
            "today": today.isoformat(),
            "lane": lane,
            "months": months,
            "opened": dict(opened.counts()),
        }
        for month in tax_calendar.months(today=today, months=months)
        for lane in range(LANES)
    ]


def about(told: Mapping[str, Any]) -> Month:
    """Return which lane's month a subject is."""
    first_day = datetime.date.fromisoformat(told["month"])
    today = datetime.date.fromisoformat(told["today"])
    last = calendar.monthrange(first_day.year, first_day.month)[1]
    opened = opening.Opened(**told["opened"])
    lane = told["lane"]
    return Month(
        first_day=first_day,
        last_day=min(first_day.replace(day=last), today - datetime.timedelta(days=1)),
        lane=lane,
        bucket_from=opened.split if lane else 0,
        bucket_before=pieces.BUCKETS if lane else opened.split,
        opened=opened,
        today=today,
        months=told["months"],
    )


def steps(told: Mapping[str, Any]) -> Sequence[engine.StepPlan]:
    """Return the steps of a lane's month."""
    month = about(told)

    def whole(_: engine.RunOf) -> Sequence[pieces.Piece]:
        return [pieces.Piece(month.bucket_from, month.bucket_before, subject=told)]

    found = [
        engine.StepPlan(
            name="returns",
            words="Returns come",
            cut=whole,
            work=take_returns,
            agree=control_totals.nothing_posted,
            is_alone=True,
        ),
        engine.StepPlan(
            name="payments",
            words="Take payments",
            cut=whole,
            work=take_payments,
            agree=control_totals.payments_posted,
        ),
    ]
    if month.is_over:
        found.append(
            engine.StepPlan(
                name="late tax",
                words="Charge penalty and interest of late tax",
                cut=whole,
                work=charge_lateness,
                agree=control_totals.charges_posted,
            )
        )
    return found


def take_returns(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Take the returns of a lane's month in, as a file that came."""
    month = about(chunk.subject)
    posted_on = min(month.last_day, month.first_day.replace(day=tax_calendar.FILED_ON_DAY))
    due = [
        each
        for each in returns_due.of_month(
            filing_of(month, at=chunk.instant), month=month.first_day, last=posted_on
        )
        if month.bucket_from <= each.came.account_id % pieces.BUCKETS < month.bucket_before
    ]
    if not due:
        return {"returns": 0}
    rows = filing_in_bulk.of_filings(
        (line, each.came, each.is_amendment) for line, each in enumerate(due, start=2)
    )
    outcome = files.take_file(
        rows,
        arrived=return_files.Arrived(
            name=month.file_name,
            sha256=_sha256(rows),
            layout=LAYOUT,
            posting_day=posted_on,
            at=chunk.instant,
            user_id=None,
        ),
        city=chunk.city,
        who=WHO,
        crew_size=1,
    )
    return {
        "returns": len(due),
        "returns_taken": outcome.file.taken,
        "returns_held": outcome.file.held,
    }


def _sha256(rows: many.Returns) -> str:
    return hashlib.sha256(many_packs.encoded(rows)).hexdigest()


def take_payments(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Take what businesses pay in the month, by check or from their banks."""
    month = about(chunk.subject)
    owed = bulk_copy.read_columns(
        OWED,
        {
            "month": month.first_day,
            "first": month.opened.first_tax_account,
            "next": month.opened.first_tax_account + month.opened.businesses,
            "bucket_from": month.bucket_from,
            "bucket_before": month.bucket_before,
        },
        ["account_id", "owed", "earlier"],
    )
    places = owed["account_id"] - month.opened.first_tax_account
    cents, days = returns_due.pays(
        filing_of(month, at=chunk.instant), places=places, owed_cents=owed["owed"],
        earlier_cents=owed["earlier"], month=month.first_day,
    )  # fmt: skip
    paid = (cents > 0) & (days <= month.last_day.day)
    if not paid.any():
        return {"payments": 0, "total_cents": 0, "allocations": 0, "credits": 0}
    on = moving_in.day_number(month.first_day) + days[paid] - 1
    taken = bulk.take_payments(
        key=f"{KIND} {month.file_name}",
        of=bulk.ManyPayments(
            account_ids=owed["account_id"][paid],
            amount_cents=cents[paid],
            tender_kind_ids=_tenders(places[paid]),
            received_on=on,
            posting_day=on,
            channel=payments.Channel.LOCKBOX,
            source_kind=ledger.SourceKind.FILE,
            source_id=chunk.run_id,
            references=[str(2000 + each * 17 % 8000) for each in places[paid].tolist()],
            run_id=chunk.run_id,
            chunk=chunk.number,
        ),
        made_by_id=None,
        made_at=chunk.instant,
    )
    return dataclasses.asdict(taken)


def _tenders(places: population.Whole) -> population.Whole:
    kinds = code_lists.code_ids("tender kind")
    other = kinds.get("ach", kinds["card"])
    chosen: population.Whole = np.where(places * 7919 % 1000 < ACH_PER_MILLE, other, kinds["check"])
    return chosen


def charge_lateness(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Charge at the month's end what late tax costs by then."""
    month = about(chunk.subject)
    return reckoning_in_bulk.bring_chunk_up_to_date(
        bucket_from=month.bucket_from,
        bucket_before=month.bucket_before,
        since=month.first_day,
        of=reckoning_in_bulk.Of(
            run_id=chunk.run_id,
            chunk=chunk.number,
            posting_day=month.last_day,
            at=chunk.instant,
        ),
    )


def filing_of(month: Month, *, at: datetime.datetime) -> returns_due.Filing:
    """Return the businesses, how often each files, and since when."""
    opened = month.opened
    return _filing(opened.businesses, opened.first_tax_account, month.today, month.months, at)


@functools.lru_cache(maxsize=1)
def _filing(
    count: int, first_account: int, today: datetime.date, months: int, at: datetime.datetime
) -> returns_due.Filing:
    city = businesses.city(businesses=count)
    on = tax_calendar.first_year_day(today=today, months=months)
    often = opening.frequencies(city, on=on, at=at)
    first_days = tax_calendar.first_days(today=today, months=months)
    return returns_due.Filing(
        city=city,
        often=often,
        first_account=first_account,
        since=[first_days[each] for each in often],
        today=today,
    )

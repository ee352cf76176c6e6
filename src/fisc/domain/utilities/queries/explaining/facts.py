"""What the lines of one bill rest on, read in few questions: its lines, reads and places."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities.queries import bills
from fisc.plumbing import prepared


@dataclass(frozen=True, slots=True)
class Head:
    """Of which bill, and what is needed to ask the tables again as they were known then."""

    bill_id: int
    number: int
    account_id: int
    bill_day: datetime.date
    due_on: datetime.date
    starts_on: datetime.date
    ends_before: datetime.date
    total_cents: int
    made_at: datetime.datetime

    @property
    def as_of(self) -> code_lists.AsOf:
        """When the city's lists count: on the bill's day, as known when it was made."""
        return code_lists.AsOf(day=self.bill_day, known_at=self.made_at)


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line and the kept evaluation that gave it."""

    line_no: int
    segment_id: int | None
    code_id: int
    amount_cents: int
    stage: int
    block_id: int
    block_row: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The reads at both ends of a segment; quantities in thousandths."""

    read_id: int
    meter: str
    from_day: datetime.date
    previous: int
    to_day: datetime.date
    present: int
    kind: int
    multiplier_milli: int
    file: str


@dataclass(frozen=True, slots=True)
class BilledSegment:
    """One service of a bill over its period."""

    segment_id: int
    service: str
    starts_on: datetime.date
    ends_before: datetime.date
    agreement_id: int
    since: datetime.date
    place: str
    # Of the last term of the segment, as the bill's own class is chosen.
    rate_class_id: int | None
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A bill as an explanation needs it."""

    head: Head
    lines: tuple[BilledLine, ...]
    segments: Mapping[int, BilledSegment]
    generation: int
    # What the lines' codes are, kept with the bill so that it is looked up once.
    codes: Mapping[int, code_lists.Code] = field(default_factory=dict)


_LINES = prepared.statement(f"""
select {code_lists.GENERATION_SQL}, bill.id, bill.number, bill.account_id, bill.bill_day,
    bill.due_on, bill.starts_on, bill.ends_before, bill.total_cents, entry.made_at,
    line.line_no, line.segment_id, line.code_id, line.amount_cents, line.stage, line.block_id,
    line.block_row
from utilities_bill bill
join ledger_journalentry entry on entry.id = bill.entry_id
join utilities_bill_line line on line.bill_id = bill.id
where bill.number = %(number)s::bigint order by line.line_no
""")
_HEAD_COLUMNS = 9

_SEGMENTS = prepared.statement("""
select segment.id, point.service, segment.starts_on, segment.ends_before, agreement.id,
    agreement.starts_on, concat_ws(' ', premise.house_number, premise.street,
        nullif(premise.unit, '')),
    (select term.rate_class_id from utilities_agreement_term term
     where term.agreement_id = agreement.id and term.starts_on < segment.ends_before
     order by term.starts_on desc, term.id desc limit 1),
    later.id, meter.number, earlier.read_on, earlier.reading, later.read_on, later.reading,
    later.kind, register.multiplier_milli, coalesce(file.name, '')
from utilities_bill_segment segment
join utilities_service_agreement agreement on agreement.id = segment.agreement_id
join utilities_service_point point on point.id = agreement.service_point_id
join accounts_premise premise on premise.id = point.premise_id
left join (utilities_read later
    join utilities_read earlier on earlier.register_id = later.register_id
    join utilities_register register on register.id = later.register_id
    join utilities_meter meter on meter.id = register.meter_id
    left join utilities_read_file file on file.id = later.read_file_id)
    on later.id = segment.to_read_id and earlier.id = segment.from_read_id
where segment.bill_id = %(bill)s::bigint
order by segment.id
""")
_SEGMENT_COLUMNS = 8


def of_bill(number: int) -> Known:
    """Return what is known of a bill. Raises bills.NoSuchBill."""
    rows = prepared.rows(_LINES, {"number": number})
    if not rows:
        raise bills.NoSuchBill(f"There is no bill {number}. Look it up by its account.")
    generation, *first = rows[0]
    head = Head(*first[:_HEAD_COLUMNS])
    segments = [_segment(row) for row in prepared.rows(_SEGMENTS, {"bill": head.bill_id})]
    return Known(
        head=head,
        lines=tuple(BilledLine(*row[1 + _HEAD_COLUMNS :]) for row in rows),
        segments={each.segment_id: each for each in segments},
        generation=generation,
        codes=code_lists.codes_by_id("bill line", generation=generation, as_of=head.as_of),
    )


def _segment(row: tuple[Any, ...]) -> BilledSegment:
    reads = row[_SEGMENT_COLUMNS:]
    segment = BilledSegment(*row[:_SEGMENT_COLUMNS])
    return replace(segment, measured=Measured(*reads)) if reads[0] else segment


# The water bills that a winter average is of, as calculating.winter averages counts them.
_WINTER = prepared.statement("""
select bill.number, segment.starts_on, segment.ends_before, segment.usage_milli
from utilities_bill_segment segment
join utilities_bill bill on bill.id = segment.bill_id
join ledger_journalentry entry on entry.id = bill.entry_id
join utilities_service_agreement agreement on agreement.id = segment.agreement_id
join utilities_service_point point on point.id = agreement.service_point_id
where segment.account_bucket = %(account)s::bigint % 4096
    and segment.account_id = %(account)s::bigint and point.service = 'water'
    and segment.starts_on + (segment.ends_before - segment.starts_on) / 2 >= %(from)s::date
    and segment.starts_on + (segment.ends_before - segment.starts_on) / 2 < %(before)s::date
    and entry.made_at <= %(at)s::timestamptz
    and not exists (
        select from utilities_bill_cancellation cancelled
        where cancelled.bill_id = segment.bill_id and cancelled.cancelled_at < %(at)s::timestamptz)
order by segment.starts_on
""")


@dataclass(frozen=True, slots=True)
class WinterBill:
    """A water bill whose usage is part of a winter average."""

    number: int
    starts_on: datetime.date
    ends_before: datetime.date
    usage_milli: int


def winter_bills(
    *, account_id: int, starts_on: datetime.date, ends_before: datetime.date,
    at: datetime.datetime,
) -> list[WinterBill]:  # fmt: skip
    """Return the water bills of an account in the months of a winter, as they stood then."""
    asked: dict[str, prepared.Value] = {
        "account": account_id,
        "from": starts_on,
        "before": ends_before,
        "at": at,
    }
    return [WinterBill(*row) for row in prepared.rows(_WINTER, asked)]

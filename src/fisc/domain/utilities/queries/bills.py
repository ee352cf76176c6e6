"""Reading bills: one whole, those of an account, and what its places used."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.basics import identifiers
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices

BUCKETS = 4096


class NoSuchBill(Exception):
    """No bill has this number."""


@dataclass(frozen=True, slots=True)
class BillSummary:
    """A bill as a list shows it."""

    bill_id: int
    number: int
    bill_day: datetime.date
    starts_on: datetime.date
    ends_before: datetime.date
    due_on: datetime.date
    total_cents: int
    is_estimated: bool
    is_cancelled: bool
    is_rebill: bool


@dataclass(frozen=True, slots=True)
class Cancelled:
    """When and why a bill stopped counting."""

    posting_day: datetime.date
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of a bill."""

    line_no: int
    code: str
    words: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ReadOnBill:
    """A register's reading at both ends of a billed period; quantities in thousandths."""

    meter: str
    from_day: datetime.date
    to_day: datetime.date
    previous: int
    present: int
    multiplier_milli: int
    is_estimated: bool
    read_id: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One service over one period with its lines; lines of the whole bill have no service."""

    service: str
    words: str
    unit: str
    starts_on: datetime.date
    ends_before: datetime.date
    usage_milli: int
    reads: tuple[ReadOnBill, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill, whole."""

    bill_id: int
    number: int
    account_id: int
    account_number: int
    account_name: str
    language: str
    bill_day: datetime.date
    due_on: datetime.date
    starts_on: datetime.date
    ends_before: datetime.date
    total_cents: int
    is_estimated: bool
    entry_id: int
    made_at: datetime.datetime
    cancelled: Cancelled | None
    # Visible numbers of the bill that this one takes the place of, and of the one that took its.
    replaces: int | None
    replaced_by: int | None
    groups: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class PeriodUsed:
    """What a service used over a billed period, and what its lines cost before taxes."""

    ends_on: datetime.date
    usage_milli: int
    charge_cents: int
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """A metered service of an account over its last periods, oldest first."""

    service: str
    words: str
    unit: str
    periods: tuple[PeriodUsed, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A service agreement of an account, and what its meter showed last."""

    service: str
    place: str
    rate_class: str
    size: str
    meter: str
    reading: int | None
    read_on: datetime.date | None
    cycle: str
    starts_on: datetime.date
    ends_before: datetime.date | None


_SUMMARY = """
select bill.id, bill.number, bill.bill_day, bill.starts_on, bill.ends_before, bill.due_on,
    bill.total_cents, bill.estimated, cancelled.bill_id is not null, bill.rebills_id is not null
from utilities_bill bill
join ledger_journalentry entry on entry.id = bill.entry_id
left join utilities_bill_cancellation cancelled on cancelled.bill_id = bill.id
where bill.account_bucket = %(bucket)s and bill.account_id = %(account)s
    and (%(before_id)s::bigint is null or (bill.bill_day, entry.made_at, bill.id) < (
        select key.bill_day, made.made_at, key.id
        from utilities_bill key join ledger_journalentry made on made.id = key.entry_id
        where key.id = %(before_id)s and key.account_id = %(account)s))
order by bill.bill_day desc, entry.made_at desc, bill.id desc
limit %(limit)s
"""

_BILL = """
select bill.id, bill.number, bill.account_id, account.number, account.name, account.language,
    bill.bill_day, bill.due_on, bill.starts_on, bill.ends_before, bill.total_cents, bill.estimated,
    bill.entry_id, entry.made_at, cancelled.posting_day, cancelled.why, old.number,
    (select new.number from utilities_bill new
     where new.account_bucket = bill.account_bucket and new.account_id = bill.account_id
        and new.rebills_id = bill.id
     limit 1)
from utilities_bill bill
join accounts_account account on account.subledger_id = bill.account_id
join ledger_journalentry entry on entry.id = bill.entry_id
left join utilities_bill_cancellation cancelled on cancelled.bill_id = bill.id
left join utilities_bill old on old.id = bill.rebills_id
where bill.number = %(number)s
"""

_BILL_NAMES = (
    "bill_id", "number", "account_id", "account_number", "account_name", "language", "bill_day",
    "due_on", "starts_on", "ends_before", "total_cents", "is_estimated", "entry_id",
    "made_at",
)  # fmt: skip

_SEGMENTS = """
select segment.id, point.service, segment.starts_on, segment.ends_before, segment.usage_milli,
    segment.from_read_id, segment.to_read_id
from utilities_bill_segment segment
join utilities_service_agreement agreement on agreement.id = segment.agreement_id
join utilities_service_point point on point.id = agreement.service_point_id
where segment.bill_id = %(bill)s
order by segment.id
"""

_LINES = """
select line_no, segment_id, code_id, amount_cents from utilities_bill_line
where bill_id = %(bill)s order by line_no
"""

# A segment names its last read; the reads of one register are in order between its days.
_READS = """
select segment.id, meter.number, earlier.read_on, later.read_on, earlier.reading, later.reading,
    register.multiplier_milli, later.kind = %(estimated)s, later.id
from utilities_bill_segment segment
join utilities_read later on later.id = segment.to_read_id
join utilities_read earlier on earlier.id = segment.from_read_id
    and earlier.register_id = later.register_id
join utilities_register register on register.id = later.register_id
join utilities_meter meter on meter.id = register.meter_id
where segment.bill_id = %(bill)s
"""

_USAGE = """
select point.service, segment.ends_before, segment.usage_milli, bill.estimated,
    coalesce((
        select sum(line.amount_cents) from utilities_bill_line line
        where line.bill_id = segment.bill_id and line.segment_id = segment.id), 0)::bigint
from utilities_bill_segment segment
join utilities_bill bill on bill.id = segment.bill_id
join utilities_service_agreement agreement on agreement.id = segment.agreement_id
join utilities_service_point point on point.id = agreement.service_point_id
where segment.account_bucket = %(bucket)s and segment.account_id = %(account)s
    and segment.ends_before > %(since)s and point.service <> %(unmetered)s
    and not exists (
        select from utilities_bill_cancellation cancelled
        where cancelled.bill_id = segment.bill_id)
order by segment.ends_before
"""

_SERVICES = """
select point.service,
    concat_ws(' ', premise.house_number, premise.street, nullif(premise.unit, '')),
    term.rate_class_id, term.size_id, coalesce(meter.number, ''), read.reading, read.read_on,
    cycle.name, agreement.starts_on, agreement.ends_before
from utilities_service_agreement agreement
join utilities_service_point point on point.id = agreement.service_point_id
join accounts_premise premise on premise.id = point.premise_id
join utilities_cycle cycle on cycle.id = agreement.cycle_id
left join lateral (
    select rate_class_id, size_id from utilities_agreement_term term
    where term.agreement_id = agreement.id and term.starts_on <= %(as_of)s
    order by term.starts_on desc limit 1
) term on true
left join lateral (
    select meter.number from utilities_meter_installation installed
    join utilities_meter meter on meter.id = installed.meter_id
    where installed.service_point_id = point.id and installed.starts_on <= %(as_of)s
        and (installed.ends_before is null or installed.ends_before > %(as_of)s)
    order by installed.starts_on desc limit 1
) meter on true
left join lateral (
    select reading, read_on from utilities_read read
    where read.service_point_id = point.id and read.read_on <= %(as_of)s
        and not exists (
            select from utilities_read later where later.supersedes_id = read.id)
    order by read.read_on desc, read.id desc limit 1
) read on true
where agreement.account_bucket = %(bucket)s and agreement.account_id = %(account)s
order by agreement.ends_before nulls first, point.service desc, agreement.id
"""


def bills_of(
    *, account_id: int, before: tuple[datetime.date, int] | None = None, limit: int = 25
) -> list[BillSummary]:
    """Return an account's bills, newest first; `before` is the last one's bill day and id."""
    rows = _rows(
        _SUMMARY,
        bucket=account_id % BUCKETS,
        account=account_id,
        before_id=before[1] if before else None,
        limit=limit,
    )
    return [BillSummary(*row) for row in rows]


def bill(*, number: int, language: str = "en") -> Bill:
    """Return a bill whole, its words in a language. Raises NumberIsWrong, NoSuchBill."""
    identifiers.BILL_NUMBERS.require(number)
    found = _rows(_BILL, number=number)
    if not found:
        raise NoSuchBill(f"There is no bill {number}. Look it up by its account.")
    row = found[0]
    head = dict(zip(_BILL_NAMES, row, strict=False))
    return Bill(
        **head,
        cancelled=Cancelled(posting_day=row[14], why=row[15]) if row[14] else None,
        replaces=row[16],
        replaced_by=row[17],
        groups=_groups(
            bill_id=row[0],
            days=(row[8], row[9]),
            language=language,
            as_of=code_lists.AsOf(head["bill_day"], head["made_at"]),
        ),
    )


def bill_numbers(*, bill_ids: Sequence[int]) -> dict[int, int]:
    """Return the visible numbers of bills by their ids; ids of nothing are left out."""
    rows = _rows("select id, number from utilities_bill where id = any(%(ids)s)", ids=[*bill_ids])
    return {int(bill_id): int(number) for bill_id, number in rows}


def usage_history(
    *, account_id: int, since: datetime.date, language: str = "en"
) -> tuple[Usage, ...]:
    """Return what each metered service of an account used, period by period, since a day."""
    rows = _rows(
        _USAGE,
        bucket=account_id % BUCKETS,
        account=account_id,
        since=since,
        unmetered=choices.Service.SEWER.value,
    )
    periods: dict[str, list[PeriodUsed]] = defaultdict(list)
    for service, ends_before, usage_milli, is_estimated, cents in rows:
        periods[service].append(PeriodUsed(ends_before, usage_milli, cents, is_estimated))
    known = code_lists.codes("service")
    return tuple(
        Usage(
            service=service,
            words=code.label(language),
            unit=str(code.attributes["unit"]),
            periods=tuple(periods[service]),
        )
        for service, code in known.items()
        if service in periods
    )


def services_of(
    *, account_id: int, as_of: datetime.date, language: str = "en"
) -> tuple[Service, ...]:
    """Return the services of an account as of a day, those that go on first."""
    rows = _rows(_SERVICES, bucket=account_id % BUCKETS, account=account_id, as_of=as_of)
    words = {
        code.id: code.label(language)
        for name in ("rate class", "meter size", "phase")
        for code in code_lists.codes(name).values()
    }
    service_codes = code_lists.codes("service")
    return tuple(
        Service(
            service_codes[row[0]].label(language),
            row[1],
            words.get(row[2], ""),
            words.get(row[3], ""),
            *row[4:],
        )
        for row in rows
    )


def _groups(
    *,
    bill_id: int,
    days: tuple[datetime.date, datetime.date],
    language: str,
    as_of: code_lists.AsOf,
) -> tuple[Segment, ...]:
    lines = _lines(bill_id=bill_id, language=language, as_of=as_of)
    reads: dict[int, list[ReadOnBill]] = defaultdict(list)
    for row in _rows(_READS, bill=bill_id, estimated=choices.ReadKind.ESTIMATED.value):
        reads[row[0]].append(ReadOnBill(*row[1:]))
    known = code_lists.codes("service", as_of=as_of)
    found = [
        Segment(
            service=row[1],
            words=known[row[1]].label(language),
            unit=str(known[row[1]].attributes["unit"]),
            starts_on=row[2],
            ends_before=row[3],
            usage_milli=row[4],
            reads=tuple(reads[row[0]]),
            lines=tuple(lines[row[0]]),
        )
        for row in _rows(_SEGMENTS, bill=bill_id)
    ]
    if lines[None]:
        whole = Segment("", "", "", *days, 0, (), tuple(lines[None]))
        found.append(whole)
    return tuple(found)


def _lines(*, bill_id: int, language: str, as_of: code_lists.AsOf) -> dict[int | None, list[Line]]:
    """Return a bill's lines by their segment; those of the whole bill under None."""
    known = code_lists.codes_by_id("bill line", as_of=as_of)
    found: dict[int | None, list[Line]] = defaultdict(list)
    for line_no, segment_id, code_id, cents in _rows(_LINES, bill=bill_id):
        code = known[code_id]
        found[segment_id].append(Line(line_no, code.code, code.label(language), cents))
    return found


def _rows(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found

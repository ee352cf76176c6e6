"""Reading what a calculation needs out of the database, as columns."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations import readings
from fisc.domain.utilities.calculations.facts import NONE, Numbers
from fisc.plumbing import bulk_copy

SERVICES = tuple(service.value for service in choices.Service)
WATER, SEWER = SERVICES.index("water"), SERVICES.index("sewer")
BUCKETS = 4096
_NEVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose bills are to be calculated: a cycle's accounts in a range of buckets, or some of them.

    `read_day` is the day by which the cycle was read; nothing later is billed.
    """

    cycle_id: int
    bill_day: datetime.date
    read_day: datetime.date
    bucket_from: int = 0
    bucket_before: int = BUCKETS
    account_ids: tuple[int, ...] | None = None
    # A bill that is calculated anew: what it billed counts as not billed.
    rebilled_id: int | None = None
    # No read after this day is billed; the bill day, unless a period is billed again.
    reads_through: datetime.date | None = None
    # Bills that end on this day or later count as not made, to calculate one of long ago anew.
    billed_before: datetime.date | None = None

    @property
    def last_read_day(self) -> datetime.date:
        """Return the last day whose reads are billed."""
        return self.reads_through or self.bill_day


@dataclass(frozen=True, slots=True)
class NotReady:
    """An account that cannot be calculated, and why."""

    account_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The facts of the accounts that can be calculated, and the others."""

    facts: known.Facts
    not_ready: tuple[NotReady, ...]
    # By row of the facts: rate class as text place, for the winter's policy.
    premise_id: Numbers


_AGREEMENTS = """
select agreement.id, agreement.account_id, agreement.account_bucket::bigint, point.premise_id,
    point.id, array_position(%(services)s::text[], point.service::text)::bigint - 1,
    coalesce(billed.ends_before, agreement.starts_on) - date '1970-01-01' + 0::bigint,
    coalesce(billed.to_read_id, -1),
    least(coalesce(agreement.ends_before, 'infinity'), %(last_read_day)s::date)
        - date '1970-01-01' + 0::bigint
from utilities_service_agreement agreement
join utilities_service_point point on point.id = agreement.service_point_id
left join lateral (
    select segment.ends_before, segment.to_read_id from utilities_bill_segment segment
    where segment.account_bucket = agreement.account_bucket
        and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
        and segment.bill_id is distinct from %(rebilled)s
        and (%(billed_before)s::date is null or %(billed_before)s >
            (select bill.ends_before from utilities_bill bill where bill.id = segment.bill_id))
        and not exists (
            select from utilities_bill_cancellation cancelled
            where cancelled.bill_id = segment.bill_id)
    order by segment.ends_before desc limit 1
) billed on true
where agreement.account_bucket >= %(bucket_from)s and agreement.account_bucket < %(bucket_before)s
    and (%(accounts)s::bigint[] is null or agreement.account_id = any(%(accounts)s))
    and agreement.cycle_id = %(cycle)s and agreement.starts_on < %(read_day)s
    and (agreement.ends_before is null
        or agreement.ends_before > coalesce(billed.ends_before, agreement.starts_on))
    and coalesce(billed.ends_before, agreement.starts_on) < %(read_day)s
    and not exists (
        select from accounts_hold hold
        where hold.account_bucket = agreement.account_bucket
            and hold.account_id = agreement.account_id and hold.kind = 'bill'
            and hold.starts_on <= %(bill_day)s
            and (hold.ends_before is null or hold.ends_before > %(bill_day)s))
order by agreement.account_bucket, agreement.account_id, 6, agreement.id
"""
_AGREEMENT_NAMES = (
    "agreement_id", "account_id", "account_bucket", "premise_id", "service_point_id", "service",
    "starts_on", "from_read", "most_before",
)  # fmt: skip

_READS = """
select wanted.row, read.register_id, read.id, read.read_on - date '1970-01-01' + 0::bigint,
    read.reading, read.kind::bigint, register.multiplier_milli, register.digits::bigint
from unnest(%(points)s::bigint[], %(starts)s::int[]) with ordinality
    as wanted (service_point_id, starts_on, row)
join utilities_read read on read.service_point_id = wanted.service_point_id
    and read.read_on >= date '1970-01-01' + wanted.starts_on and read.read_on <= %(last_read_day)s
join utilities_register register on register.id = read.register_id
where not exists (
    select from utilities_read later where later.supersedes_id = read.id)
order by wanted.row, read.register_id, read.read_on, read.id
"""
_READ_NAMES = ("row", "register", "read_id", "read_on", "reading", "kind", "multiplier", "digits")

_TERMS = """
select wanted.row, term.starts_on - date '1970-01-01' + 0::bigint, term.rate_class_id::bigint,
    term.size_id::bigint
from unnest(%(agreements)s::bigint[]) with ordinality as wanted (agreement_id, row)
join utilities_agreement_term term on term.agreement_id = wanted.agreement_id
where term.starts_on <= %(bill_day)s
order by wanted.row, term.starts_on
"""

_PLACES = """
select wanted.row, place.starts_on - date '1970-01-01' + 0::bigint,
    coalesce(place.ends_before - date '1970-01-01', %(never)s)::bigint
from unnest(%(premises)s::bigint[]) with ordinality as wanted (premise_id, row)
join accounts_premise_jurisdiction place
    on place.premise_id = wanted.premise_id and place.code = 'inside city'
order by wanted.row, place.starts_on
"""

_PREVIOUS = """
select wanted.row, billed.total_cents
from unnest(%(accounts)s::bigint[]) with ordinality as wanted (account_id, row)
join lateral (
    select bill.total_cents from utilities_bill bill
    where bill.account_bucket = wanted.account_id %% 4096
        and bill.account_id = wanted.account_id and bill.bill_day < %(bill_day)s
        and not exists (
            select from utilities_bill_cancellation cancelled where cancelled.bill_id = bill.id)
    order by bill.bill_day desc limit 1
) billed on true
"""


def load(scope: Scope) -> Loaded:
    """Return the facts of every account of the scope that is due for a bill."""
    rows = _agreement_rows(scope)
    usage = _usage(rows, scope)
    not_ready = _not_ready(rows, usage)
    ready = ~np.isin(rows["account_id"], np.array([each.account_id for each in not_ready]))
    place = np.cumsum(ready) - 1
    intervals = known.Intervals(
        row=place[usage.intervals.row],
        starts_on=usage.intervals.starts_on,
        ends_before=usage.intervals.ends_before,
        usage=usage.intervals.usage,
    )
    kept = known.Intervals(**known.taken(intervals, ready[usage.intervals.row]))
    rows = {name: column[ready] for name, column in rows.items()}
    texts, text_of_code = _code_texts()
    first = np.flatnonzero(np.diff(rows["account_id"], prepend=NONE))
    previous, has_previous = _previous_totals(rows["account_id"][first], scope)
    agreements = _agreements(rows, usage, ready)
    return Loaded(
        facts=known.Facts(
            bill_day=known.day_number(scope.bill_day),
            services=SERVICES,
            code_texts=texts,
            agreements=agreements,
            intervals=kept,
            terms=_terms(rows, scope, text_of_code),
            places=_places(rows),
            previous_total=previous,
            has_previous=has_previous,
            estimates_before=_estimates_before(agreements, first, scope),
        ),
        not_ready=not_ready,
        premise_id=rows["premise_id"],
    )


def with_winter_averages(loaded: Loaded, averages: Mapping[int, int]) -> known.Facts:
    """Return the facts with the winter averages of some accounts, for their sewer."""
    agreements = loaded.facts.agreements
    values = agreements.winter_average.copy()
    for row in np.flatnonzero(agreements.service == SEWER).tolist():
        values[row] = averages.get(int(agreements.account_id[row]), NONE)
    return replace(loaded.facts, agreements=replace(agreements, winter_average=values))


def _agreement_rows(scope: Scope) -> dict[str, Numbers]:
    return bulk_copy.read_columns(
        _AGREEMENTS,
        {
            "services": list(SERVICES),
            "bill_day": scope.bill_day,
            "last_read_day": scope.last_read_day,
            "read_day": scope.read_day,
            "cycle": scope.cycle_id,
            "bucket_from": scope.bucket_from,
            "bucket_before": scope.bucket_before,
            "accounts": None if scope.account_ids is None else list(scope.account_ids),
            "rebilled": scope.rebilled_id,
            "billed_before": scope.billed_before,
        },
        _AGREEMENT_NAMES,
    )


def _usage(rows: dict[str, Numbers], scope: Scope) -> readings.Usage:
    metered = np.flatnonzero(rows["service"] != SEWER)
    reads = bulk_copy.read_columns(
        _READS,
        {
            "points": rows["service_point_id"][metered].tolist(),
            "starts": rows["starts_on"][metered].tolist(),
            "last_read_day": scope.last_read_day,
        },
        _READ_NAMES,
    )
    reads["row"] = metered[reads["row"] - 1] if len(metered) else reads["row"]
    # Nothing after the agreement's end is its own.
    reads = {
        name: column[reads["read_on"] <= rows["most_before"][reads["row"]]]
        for name, column in reads.items()
    }
    measured = readings.used(
        readings.Reads(**reads),
        starts_on=rows["starts_on"],
        estimated_kind=choices.ReadKind.ESTIMATED.value,
    )
    ends = np.minimum(rows["most_before"], known.day_number(scope.read_day))
    return readings.with_unmetered(
        measured,
        unmetered=rows["service"] == SEWER,
        measuring=rows["service"] == WATER,
        account=rows["account_id"],
        premise=rows["premise_id"],
        starts_on=rows["starts_on"],
        ends_before=ends,
    )


def _not_ready(rows: dict[str, Numbers], usage: readings.Usage) -> tuple[NotReady, ...]:
    found: dict[int, str] = {}
    for row in np.flatnonzero(usage.problem != readings.NO_PROBLEM).tolist():
        service = SERVICES[int(rows["service"][row])]
        words = readings.PROBLEMS[int(usage.problem[row])]
        found.setdefault(int(rows["account_id"][row]), f"{service}: {words}")
    return tuple(NotReady(account, reason) for account, reason in sorted(found.items()))


def _agreements(
    rows: dict[str, Numbers], usage: readings.Usage, ready: known.Flags
) -> known.Agreements:
    from_read = np.where(rows["from_read"] == NONE, usage.from_read[ready], rows["from_read"])
    return known.Agreements(
        agreement_id=rows["agreement_id"],
        account_id=rows["account_id"],
        account_bucket=rows["account_bucket"],
        service=rows["service"],
        starts_on=rows["starts_on"],
        ends_before=usage.ends_before[ready],
        from_read=from_read,
        to_read=usage.to_read[ready],
        is_estimated=usage.is_estimated[ready],
        winter_average=np.full(len(rows["account_id"]), NONE, dtype=np.int64),
    )


def _code_texts() -> tuple[tuple[str, ...], Numbers]:
    """Return the codes of classes and sizes, and the place of each code's id among them."""
    codes = {
        code.id: code.code
        for name in ("rate class", "meter size", "phase")
        for code in code_lists.codes(name).values()
    }
    texts = tuple(sorted(set(codes.values())))
    place = np.full(max(codes, default=0) + 1, NONE, dtype=np.int64)
    for number, text in codes.items():
        place[number] = texts.index(text)
    return texts, place


def _terms(rows: dict[str, Numbers], scope: Scope, text_of_code: Numbers) -> known.Terms:
    found = bulk_copy.read_columns(
        _TERMS,
        {"agreements": rows["agreement_id"].tolist(), "bill_day": scope.bill_day},
        ("row", "starts_on", "rate_class", "size"),
    )
    return known.Terms(
        row=found["row"] - 1,
        starts_on=found["starts_on"],
        rate_class=text_of_code[found["rate_class"]],
        size=text_of_code[found["size"]],
    )


def _places(rows: dict[str, Numbers]) -> known.Places:
    found = bulk_copy.read_columns(
        _PLACES,
        {"premises": rows["premise_id"].tolist(), "never": _NEVER},
        ("row", "starts_on", "ends_before"),
    )
    return known.Places(found["row"] - 1, found["starts_on"], found["ends_before"])


def _previous_totals(accounts: Numbers, scope: Scope) -> tuple[Numbers, known.Flags]:
    found = bulk_copy.read_columns(
        _PREVIOUS, {"accounts": accounts.tolist(), "bill_day": scope.bill_day}, ("row", "total")
    )
    totals = np.zeros(len(accounts), dtype=np.int64)
    totals[found["row"] - 1] = found["total"]
    has_previous = np.zeros(len(accounts), dtype=np.bool_)
    has_previous[found["row"] - 1] = True
    return totals, has_previous


_ESTIMATES = """
select wanted.row, count(*)
from unnest(%(accounts)s::bigint[]) with ordinality as wanted (account_id, row)
join utilities_bill bill on bill.account_bucket = wanted.account_id %% 4096
    and bill.account_id = wanted.account_id and bill.estimated and bill.bill_day < %(bill_day)s
    and bill.bill_day > %(bill_day)s::date - interval '1 year'
where not exists (
    select from utilities_bill_cancellation cancelled where cancelled.bill_id = bill.id)
group by wanted.row
"""


def _estimates_before(agreements: known.Agreements, first: Numbers, scope: Scope) -> Numbers:
    """Count the year's estimated bills of the accounts that are estimated now, few as a rule."""
    found = np.zeros(len(first), dtype=np.int64)
    accounts = agreements.account_id[first]
    places = np.flatnonzero(
        np.isin(accounts, np.unique(agreements.account_id[agreements.is_estimated]))
    )
    if len(places):
        counted = bulk_copy.read_columns(
            _ESTIMATES,
            {"accounts": accounts[places].tolist(), "bill_day": scope.bill_day},
            ("row", "count"),
        )
        found[places[counted["row"] - 1]] = counted["count"]
    return found


_WINTER = """
select segment.account_id, sum(segment.usage_milli)::bigint, count(*)::bigint
from utilities_bill_segment segment
join utilities_service_agreement agreement on agreement.id = segment.agreement_id
join utilities_service_point point on point.id = agreement.service_point_id
where segment.account_bucket >= %(bucket_from)s and segment.account_bucket < %(bucket_before)s
    and segment.account_id = any(%(accounts)s) and point.service = 'water'
    and segment.ends_before > %(from)s and segment.starts_on < %(before)s
    and segment.starts_on + (segment.ends_before - segment.starts_on) / 2 >= %(from)s
    and segment.starts_on + (segment.ends_before - segment.starts_on) / 2 < %(before)s
    and not exists (
        select from utilities_bill_cancellation cancelled
        where cancelled.bill_id = segment.bill_id)
group by segment.account_id
"""


def winter_averages(
    *, accounts: Sequence[int], starts_on: datetime.date, ends_before: datetime.date
) -> dict[int, int]:
    """Return what each account used of water a month, in thousandths, over some months' bills.

    A bill belongs to the months that the middle of its period lies in; an account without one
    there is left out.
    """
    if not accounts:
        return {}
    buckets = [account % BUCKETS for account in accounts]
    found = bulk_copy.read_columns(
        _WINTER,
        {
            "accounts": list(accounts),
            "bucket_from": min(buckets),
            "bucket_before": max(buckets) + 1,
            "from": starts_on,
            "before": ends_before,
        },
        ("account", "usage", "months"),
    )
    # To the nearest thousandth, halves up: the scale that the fact is declared with.
    average = (2 * found["usage"] + found["months"]) // (2 * found["months"])
    return dict(zip(found["account"].tolist(), average.tolist(), strict=True))

"""What many returns rest on, read at once: laws and codes by period, what is owed, what is here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from fisc.basics import calendars, periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns.calculations import asking, columns, many, months, obligations
from fisc.domain.tax_returns.queries import (
    extensions,
    governing,
    many_forms,
    members,
    registrations,
)
from fisc.plumbing import bulk_copy

Numbers = many.Numbers
Flags = many.Flags

_NONE = -1
_NEVER = 10**7
_DAY_BITS, _FIRST_DAY = 23, 1 << 22
_DAY_MASK = (1 << _DAY_BITS) - 1

_TERMS = f"""
    select account_id, frequency_id::bigint, (starts_on - date '1970-01-01')::bigint,
        coalesce(ends_before - date '1970-01-01', {_NEVER})::bigint,
        coalesce((select sum(1 << (month - 1)) from unnest(seasonal_months) as month), 0)::bigint,
        year_starts_in::bigint
    from tax_returns_filing_term where account_id = any(%(account_ids)s::bigint[])
    order by account_id, starts_on
"""
_REGISTERED = f"""
    select account_id, region_id::bigint, business_class_id::bigint,
        (starts_on - date '1970-01-01')::bigint,
        coalesce(ends_before - date '1970-01-01', {_NEVER})::bigint
    from tax_returns_registration where account_id = any(%(account_ids)s::bigint[])
    order by account_id
"""
_OF_THE_YEAR = """
    select named.place, kept.account_id, (kept.starts_on - date '1970-01-01')::bigint,
        kept.version::bigint, kept.accounting_credit_cents
    from unnest(%(places)s::bigint[], %(account_ids)s::bigint[], %(years)s::bigint[])
        as named (place, account_id, year)
    join accounts_account as own on own.subledger_id = named.account_id
    join lateral (
        select other.subledger_id from accounts_account as other
        where other.party_id = own.party_id
        union select own.subledger_id
    ) as of_filer on true
    join tax_returns_return as kept on kept.account_id = of_filer.subledger_id
        and kept.starts_on >= make_date(named.year::int, 1, 1)
        and kept.starts_on < make_date(named.year::int + 1, 1, 1)
    order by named.place, kept.account_id, kept.starts_on, kept.version
"""
_PARTIES = """
    select subledger_id, party_id from accounts_account
    where subledger_id = any(%(account_ids)s::bigint[]) and party_id is not null
"""
_IN_THE_BOOKS = """
    select named.place
    from unnest(%(places)s::bigint[], %(account_ids)s::bigint[], %(starts_on)s::bigint[])
        as named (place, account_id, starts_on)
    where exists (
        select from tax_returns_posted as posted
        where posted.account_id = named.account_id
            and posted.starts_on = date '1970-01-01' + named.starts_on::int)
    or exists (
        select from receivables_openitem as open
        where open.account_bucket = named.account_id %% 4096
            and open.account_id = named.account_id and open.kind = 2 and open.open_cents > 0)
    or exists (
        select from tax_returns_nonfiling as missing
        where missing.account_id = named.account_id
            and missing.starts_on = date '1970-01-01' + named.starts_on::int)
    or exists (
        select from tax_returns_waiver_request as waiver
        where waiver.account_id = named.account_id and waiver.state = 2)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is owed of the periods that returns are of; nothing is meant where `is_plain` is false.

    That is where none, or more than one, filing term has such a period, and where it is not over.
    """

    is_plain: Flags
    ends_before: Numbers
    due_on: Numbers
    timely_until: Numbers
    # By line: whether the account is registered for it in the period.
    is_registered: Flags
    forms: many_forms.Chosen

    def at(self, rows: Numbers, *, lines: Numbers) -> Owed:
        """Return some of the returns, and their lines."""
        return Owed(
            is_plain=self.is_plain[rows],
            ends_before=self.ends_before[rows],
            due_on=self.due_on[rows],
            timely_until=self.timely_until[rows],
            is_registered=self.is_registered[lines],
            forms=self.forms.at(rows),
        )


@dataclass(frozen=True, slots=True)
class Before:
    """What is here of the same account: versions of the period, and credit taken in its year."""

    versions: Numbers
    credit_taken_cents: Numbers


def laws(of: many.Returns, *, known_at: datetime.datetime) -> columns.Governed:
    """Return the laws of each return, those of its period's first day."""
    days, place = np.unique(of.starts_on, return_inverse=True)
    found: list[tuple[int, ...]] = []
    kept, laws_of = [], []
    for day in days.tolist():
        try:
            law = governing.governing(periods.Period(starts_on=many.day(day)), known_at=known_at)
        except versions.NoVersionForDate:
            laws_of.append(_NONE)
            continue
        key = (law.deductions.version_id, law.lines.version_id, law.totals.version_id)
        if key not in found:
            found.append(key)
            kept.append(law.laws)
        laws_of.append(found.index(key))
    return columns.Governed(kept, np.array(laws_of, dtype=np.int64)[place])


def codes(of: many.Returns, *, known_at: datetime.datetime) -> columns.Codes:
    """Return the codes that the city's lists have on the first day of each return's period."""
    days, place = np.unique(of.starts_on, return_inverse=True)

    def current(name: str) -> list[dict[str, int]]:
        return [_current(name, many.day(each), known_at=known_at) for each in days.tolist()]

    return columns.Codes(
        regions=current("tax region"),
        business_classes=current("business class"),
        deductions=current("deduction code"),
        place=place.astype(np.int64),
    )


def _current(name: str, day: datetime.date, *, known_at: datetime.datetime) -> dict[str, int]:
    listed = code_lists.codes(name, as_of=code_lists.AsOf(day=day, known_at=known_at)).values()
    return {each.code: each.id for each in listed if each.is_current(day)}


def owed(of: many.Returns, *, known_at: datetime.datetime) -> Owed:
    """Return what is owed of each return's period, as `registrations.owed_returns` finds it."""
    accounts = {"account_ids": np.unique(of.account_ids)}
    term = bulk_copy.read_columns(
        _TERMS,
        accounts,
        ("account", "frequency", "starts_on", "ends_before", "season", "year_starts_in"),
    )
    names, lengths = _frequencies(term["frequency"])
    pair_of, pair_term = _pairs(of.account_ids, term["account"])
    length = lengths[pair_term]
    start = of.starts_on[pair_of]
    month = _month(start)
    ends_before = _first_day(month + length)
    fits = (
        (start == _first_day(month))
        # A period that a change of frequency cut short is taken alone.
        & ((month + 1 - term["year_starts_in"][pair_term]) % length == 0)
        & (start >= term["starts_on"][pair_term])
        & (ends_before <= term["ends_before"][pair_term])
        & (ends_before <= of.received_on[pair_of])
        & _in_season(term["season"][pair_term], month % months.MONTHS_IN_YEAR, length)
    )
    pair_of, pair_term, ends_before = pair_of[fits], pair_term[fits], ends_before[fits]
    is_plain = np.bincount(pair_of, minlength=len(of)) == 1
    # What several file together is taken alone.
    is_plain &= ~np.isin(of.account_ids, members.among(accounts["account_ids"].tolist()))
    due = _Due.none(len(of))
    due.ends_before[pair_of] = ends_before
    frequency = np.full(len(of), _NONE, dtype=np.int64)
    frequency[pair_of] = term["frequency"][pair_term]
    is_plain &= _fill_due(due, of, np.where(is_plain, frequency, _NONE), names, known_at=known_at)
    lined = _lined(of, due.ends_before, frequency)
    chosen = many_forms.chosen(of, lined)
    is_lined = np.bincount(lined.of, minlength=len(of)) > 0
    return Owed(
        is_plain=is_plain & is_lined & chosen.is_right & ~chosen.too_many(of.lines),
        ends_before=due.ends_before,
        due_on=due.due_on,
        timely_until=np.where(of.is_electronic, due.electronic, due.paper),
        is_registered=_registered(of, lined),
        forms=chosen,
    )


@dataclass(slots=True)
class _Due:
    ends_before: Numbers
    due_on: Numbers
    paper: Numbers
    electronic: Numbers

    @classmethod
    def none(cls, count: int) -> _Due:
        return cls(*(np.zeros(count, dtype=np.int64) for _ in range(4)))


def _frequencies(frequency_ids: Numbers) -> tuple[dict[int, str], Numbers]:
    """Return the codes of frequencies by their ids, and the months that each row's periods have."""
    listed = code_lists.codes_by_id("filing frequency")
    ids, place = np.unique(frequency_ids, return_inverse=True)
    lengths = [int(listed[each].attributes["months"]) for each in ids.tolist()]
    # A length that fits no year is said in words where such a return is taken alone.
    fitting = [each if 0 < each <= 12 and 12 % each == 0 else 13 for each in lengths]
    return (
        {each: listed[each].code for each in ids.tolist()},
        np.array(fitting, dtype=np.int64)[place],
    )


def _pairs(wanted: Numbers, known: Numbers) -> tuple[Numbers, Numbers]:
    """Return every pair of a wanted row and a known one of the same account; `known` ascends."""
    first = np.searchsorted(known, wanted, side="left")
    count = np.searchsorted(known, wanted, side="right") - first
    of = np.repeat(np.arange(len(wanted)), count)
    within = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    return of, first[of] + within


def _month(days: Numbers) -> Numbers:
    """Return the number of each day's month, from January 1970."""
    found: Numbers = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return found


def _first_day(month: Numbers) -> Numbers:
    found: Numbers = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return found


def _in_season(season: Numbers, first_month: Numbers, length: Numbers) -> Flags:
    held = ((1 << length) - 1) << first_month
    held |= held >> months.MONTHS_IN_YEAR
    found: Flags = (season == 0) | ((season & held) != 0)
    return found


def _fill_due(
    due: _Due, of: many.Returns, frequency: Numbers, names: dict[int, str], *,
    known_at: datetime.datetime,
) -> Flags:  # fmt: skip
    """Fill in due days, asked once for each frequency and period; tell where there are any."""
    found = np.zeros(len(of), dtype=np.bool_)
    asked = np.flatnonzero(frequency != _NONE)
    # Both in one number: a day's is within 22 bits on either side of none.
    pairs, place = np.unique(
        (frequency[asked] << _DAY_BITS) + of.starts_on[asked] + _FIRST_DAY, return_inverse=True
    )
    for nth, pair in enumerate(pairs.tolist()):
        rows = asked[place == nth]
        frequency_id, start = pair >> _DAY_BITS, (pair & _DAY_MASK) - _FIRST_DAY
        owed = _obligation(names[frequency_id], many.day(start), known_at=known_at)
        # Which accounts a declaration puts off is told where each return is taken alone.
        if owed is not None and not _may_be_put_off(owed.due_on):
            due.due_on[rows] = many.number_of(owed.due_on)
            due.paper[rows] = many.number_of(owed.paper_received_by)
            due.electronic[rows] = many.number_of(owed.electronic_received_by)
            found[rows] = True
    return found


def _may_be_put_off(due_on: datetime.date) -> bool:
    return any(each.due_from <= due_on <= each.due_through for each in extensions.declared())


def _obligation(
    frequency: str, start: datetime.date, *, known_at: datetime.datetime
) -> obligations.Obligation | None:
    """Return what is owed of a whole period; None where that is to be said in words, one by one."""
    length = registrations.months_of(frequency)
    days = periods.Period(starts_on=start, ends_before=months.after(start, length))
    try:
        return governing.obligation_of(frequency, days=days, known_at=known_at)
    except (asking.NoAnswer, calendars.CalendarRunsOut, versions.NoVersionForDate):
        return None


def _lined(of: many.Returns, ends_before: Numbers, frequency: Numbers) -> many_forms.Lined:
    """Return what the account of each return is registered for in its period."""
    row = bulk_copy.read_columns(
        _REGISTERED,
        {"account_ids": np.unique(of.account_ids)},
        ("account", "region", "class", "starts_on", "ends_before"),
    )
    pair_of, pair = _pairs(of.account_ids, row["account"])
    overlaps = (row["starts_on"][pair] < ends_before[pair_of]) & (
        of.starts_on[pair_of] < row["ends_before"][pair]
    )
    pair_of, pair = pair_of[overlaps], pair[overlaps]
    return many_forms.Lined(
        of=pair_of,
        region=row["region"][pair],
        business_class=row["class"][pair],
        frequency=frequency,
    )


def _registered(of: many.Returns, lined: many_forms.Lined) -> Flags:
    """Tell which lines have a registration of their own."""
    regions = of.lines.region.told(code_lists.code_ids("tax region"), none=0)
    classes = of.lines.business_class.told(code_lists.code_ids("business class"), none=0)
    ids = np.unique(np.concatenate((regions, classes, lined.region, lined.business_class)))

    def keys(rows: Numbers, region: Numbers, of_class: Numbers) -> Numbers:
        places = np.searchsorted(ids, region), np.searchsorted(ids, of_class)
        found: Numbers = (rows * len(ids) + places[0]) * len(ids) + places[1]
        return found

    known = keys(lined.of, lined.region, lined.business_class)
    return np.isin(keys(of.lines.of, regions, classes), known)


def filers(account_ids: Numbers) -> Numbers:
    """Return a number for whose each account is: one for all accounts of a party."""
    accounts, place = np.unique(account_ids, return_inverse=True)
    row = bulk_copy.read_columns(_PARTIES, {"account_ids": accounts}, ("account", "party"))
    found = -accounts
    found[np.searchsorted(accounts, row["account"])] = row["party"]
    return found[place]


def before(of: many.Returns) -> Before:
    """Return what is here of the accounts and filers of returns, no filer twice among them."""
    kept = bulk_copy.read_columns(
        _OF_THE_YEAR,
        {
            "places": np.arange(len(of)),
            "account_ids": of.account_ids,
            "years": 1970 + _month(of.starts_on) // months.MONTHS_IN_YEAR,
        },
        ("place", "account", "starts_on", "version", "credit"),
    )
    place = kept["place"]
    is_same = kept["starts_on"] == of.starts_on[place]
    is_same &= kept["account"] == of.account_ids[place]
    found = np.bincount(place[is_same], minlength=len(of))
    period = np.stack((place, kept["account"], kept["starts_on"]))
    # The newest version of an account's period is the last of its rows.
    is_newest = np.ones(len(place), dtype=np.bool_)
    is_newest[:-1] = (period[:, 1:] != period[:, :-1]).any(axis=0)
    counts = is_newest & ~is_same
    taken = many.sums(place[counts], kept["credit"][counts], count=len(of))
    return Before(found.astype(np.int64), taken)


def in_the_books(of: many.Returns) -> Flags:
    """Tell of which returns more moves than what they owe.

    Items of the period are there, or it was found missing, or the account has an open credit or a
    waiver.
    """
    found = np.zeros(len(of), dtype=np.bool_)
    rows = bulk_copy.read_columns(
        _IN_THE_BOOKS,
        {
            "places": np.arange(len(of)),
            "account_ids": of.account_ids,
            "starts_on": of.starts_on,
        },
        ("place",),
    )
    found[rows["place"]] = True
    return found

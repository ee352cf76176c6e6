"""Reading the books."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from fisc.domain.ledger import calculations, models
from fisc.plumbing import prepared

# A page of evidence is enough to see what is wrong; the count of a fault may be millions.
_EVIDENCE = 100

ENTRIES_TO_SEAL = """
    select id, gl_period, kind, source_kind, source_id, coalesce(reverses_id, 0), posting_count,
        coalesce(made_by_id, 0), coalesce(run_id, 0), made_at
    from ledger_journalentry where posting_day = date '{day}' order by id
"""
POSTINGS_TO_SEAL = """
    select posting.entry_id, posting.line_no, posting.gl_account_id,
        coalesce(posting.subledger_id, 0), posting.amount_cents
    from ledger_journalentry as entry join ledger_posting as posting on posting.entry_id = entry.id
    where entry.posting_day = date '{day}' order by posting.entry_id, posting.line_no
"""


class NoSuchEntry(Exception):
    """An entry was asked for that is not in the books."""


class NoSuchGLAccount(Exception):
    """A GL account was asked for that the city has not."""


@dataclass(frozen=True, slots=True)
class GLAccount:
    """One account of the general ledger."""

    id: int
    code: str
    name: str
    kind: str
    control_of: str


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry."""

    line_no: int
    gl_account_id: int
    subledger_id: int | None
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its postings."""

    id: int
    posting_day: datetime.date
    gl_period: int
    kind: int
    source_kind: int
    source_id: int
    reverses_id: int | None
    made_by_id: int | None
    made_at: datetime.datetime
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """What was debited and credited to one GL account, from the first day on."""

    gl_account: GLAccount
    debit_cents: int
    credit_cents: int

    @property
    def balance_cents(self) -> int:
        """Debits less credits."""
        return self.debit_cents - self.credit_cents


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed day: what it held and the hash to print."""

    posting_day: datetime.date
    entry_count: int
    posting_count: int
    debit_cents: int
    hash_hex: str
    previous_hash_hex: str
    sealed_at: datetime.datetime


def gl_accounts() -> Mapping[str, GLAccount]:
    """Return every GL account by its code."""
    rows = models.GLAccount.objects.order_by("code")
    return {row.code: _gl_account(row) for row in rows}


def gl_accounts_of(*, control_of: str) -> list[GLAccount]:
    """Return the GL accounts that one thing must equal, such as "receivables"."""
    rows = models.GLAccount.objects.filter(control_of=control_of).order_by("code")
    return [_gl_account(row) for row in rows]


def the_gl_account_of(*, control_of: str) -> GLAccount:
    """Return the one GL account kept for a purpose, such as "over_short".

    Raises NoSuchGLAccount when there is none or more than one.
    """
    found = gl_accounts_of(control_of=control_of)
    if len(found) != 1:
        raise NoSuchGLAccount(
            f"The code list “gl account” must have exactly one account with control_of "
            f"“{control_of}”; it has {len(found)}."
        )
    return found[0]


def entry(entry_id: int) -> Entry:
    """Return one entry with its postings. Raises NoSuchEntry."""
    row = models.JournalEntry.objects.filter(id=entry_id).first()
    if row is None:
        raise NoSuchEntry(f"There is no entry {entry_id}.")
    postings = models.Posting.objects.filter(entry_id=entry_id).order_by("line_no")
    return Entry(
        id=row.id,
        posting_day=row.posting_day,
        gl_period=row.gl_period,
        kind=row.kind,
        source_kind=row.source_kind,
        source_id=row.source_id,
        reverses_id=row.reverses_id,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        postings=tuple(
            Posting(line.line_no, line.gl_account_id, line.subledger_id, line.amount_cents)
            for line in postings
        ),
    )


def trial_balance(as_of: datetime.date) -> list[BalanceLine]:
    """Return each GL account's debits and credits up to and with a day; they sum to nothing.

    Sealed days come from their balances, so that only the open days are summed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with moved as (
                select gl_account_id, debit_cents, credit_cents from ledger_daybalance
                where posting_day <= %(as_of)s
                union all
                select posting.gl_account_id, greatest(posting.amount_cents, 0),
                    greatest(-posting.amount_cents, 0)
                from ledger_journalentry as entry
                join ledger_posting as posting on posting.entry_id = entry.id
                where entry.posting_day <= %(as_of)s and entry.posting_day > coalesce(
                    (select max(posting_day) from ledger_postingdayseal), '-infinity')
            )
            select account.id, account.code, account.name, account.kind, account.control_of,
                sum(debit_cents)::bigint, sum(credit_cents)::bigint
            from moved join ledger_glaccount as account on account.id = moved.gl_account_id
            group by account.id order by account.code
            """,
            {"as_of": as_of},
        )
        rows = cursor.fetchall()
    return [BalanceLine(GLAccount(*row[:5]), row[5], row[6]) for row in rows]


def open_days() -> list[datetime.date]:
    """Return the days that have entries and no seal, in order."""
    with connection.cursor() as cursor:
        # A loose index scan: one probe a day, however many entries each has.
        cursor.execute(
            """
            with recursive days as (
                (select posting_day from ledger_journalentry
                where posting_day > coalesce(
                    (select max(posting_day) from ledger_postingdayseal), '-infinity')
                order by posting_day limit 1)
                union all
                select (select entry.posting_day from ledger_journalentry as entry
                    where entry.posting_day > days.posting_day
                    order by entry.posting_day limit 1)
                from days where days.posting_day is not null
            )
            select posting_day from days where posting_day is not null order by posting_day
            """
        )
        return [day for (day,) in cursor.fetchall()]


def last_seal() -> Seal | None:
    """Return the latest seal, or null before the first."""
    row = models.PostingDaySeal.objects.order_by("-posting_day").first()
    return None if row is None else seal_of(row)


def seals(*, from_day: datetime.date | None = None) -> list[Seal]:
    """Return the seals from a day on, in order."""
    rows = models.PostingDaySeal.objects.order_by("posting_day")
    if from_day is not None:
        rows = rows.filter(posting_day__gte=from_day)
    return [seal_of(row) for row in rows]


def hash_of_day(
    *, posting_day: datetime.date, previous_hash: bytes, debit_cents: int
) -> tuple[bytes, calculations.SealBytes]:
    """Return the hash of a day's books as they are now, and what was counted on the way."""
    sealed = calculations.SealBytes(posting_day=posting_day, previous_hash=previous_hash)
    day = posting_day.isoformat()
    sealed.add_entries(prepared.copied(ENTRIES_TO_SEAL.format(day=day)))
    sealed.add_postings(prepared.copied(POSTINGS_TO_SEAL.format(day=day)))
    return sealed.finished(debit_cents=debit_cents), sealed


def balances_of_day(posting_day: datetime.date) -> list[tuple[int, int, int]]:
    """Return GL account, debit cents and credit cents of a day, from its postings."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select posting.gl_account_id,
                coalesce(sum(amount_cents) filter (where amount_cents > 0), 0)::bigint,
                coalesce(-sum(amount_cents) filter (where amount_cents < 0), 0)::bigint
            from ledger_journalentry as entry
            join ledger_posting as posting on posting.entry_id = entry.id
            where entry.posting_day = %s group by posting.gl_account_id order by 1
            """,
            [posting_day],
        )
        return [(gl_id, debit, credit) for gl_id, debit, credit in cursor.fetchall()]


def broken_entries(*, from_day: datetime.date | None = None) -> list[str]:
    """Return entries that do not sum to zero or lack a posting: invariant 1. None is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce(entry.id, posted.entry_id), coalesce(posted.lines, 0),
                entry.posting_count, coalesce(posted.difference_cents, 0)
            from (select * from ledger_journalentry
                where posting_day >= coalesce(%(from_day)s::date, '-infinity')) as entry
            left join (
                select entry_id, count(*) as lines, sum(amount_cents) as difference_cents
                from ledger_posting group by entry_id
            ) as posted on posted.entry_id = entry.id
            where lines is distinct from entry.posting_count or difference_cents <> 0
            limit %(limit)s
            """,
            {"from_day": from_day, "limit": _EVIDENCE},
        )
        return [
            f"Entry {entry_id} has {lines} of {expected} postings and is out by {cents} cents."
            for entry_id, lines, expected, cents in cursor.fetchall()
        ]


def broken_trial_balance(as_of: datetime.date) -> list[str]:
    """Return by how much the books are out of balance: invariant 1. None is right."""
    difference_cents = sum(line.balance_cents for line in trial_balance(as_of))
    if difference_cents:
        return [f"The trial balance is out by {difference_cents} cents on {as_of}."]
    return []


def broken_seals(*, from_day: datetime.date | None = None) -> list[str]:
    """Return sealed days whose books are not what was sealed: invariant 6. None is right."""
    broken: list[str] = []
    rows = models.PostingDaySeal.objects.order_by("posting_day")
    previous: models.PostingDaySeal | None = None
    if from_day is not None:
        previous = rows.filter(posting_day__lt=from_day).last()
        rows = rows.filter(posting_day__gte=from_day)
    for row in rows:
        broken.extend(_broken_seal(row, previous=previous))
        previous = row
    return broken


def _broken_seal(
    row: models.PostingDaySeal, *, previous: models.PostingDaySeal | None
) -> list[str]:
    balances = balances_of_day(row.posting_day)
    debit_cents = sum(debit for _, debit, _ in balances)
    found, counted = hash_of_day(
        posting_day=row.posting_day, previous_hash=bytes(row.previous_hash), debit_cents=debit_cents
    )
    broken: list[str] = []
    if found != bytes(row.hash):
        broken.append(
            f"{row.posting_day}: sealed as {bytes(row.hash).hex()}, its books now give "
            f"{found.hex()} ({row.entry_count} entries sealed, {counted.entry_count} found)."
        )
    if bytes(row.previous_hash) != (bytes(32) if previous is None else bytes(previous.hash)):
        broken.append(f"{row.posting_day}: its seal is not chained to the day before.")
    kept = models.DayBalance.objects.filter(posting_day=row.posting_day).order_by("gl_account_id")
    if [*kept.values_list("gl_account_id", "debit_cents", "credit_cents")] != balances:
        broken.append(f"{row.posting_day}: the balances kept are not what was posted.")
    return broken


def _gl_account(row: models.GLAccount) -> GLAccount:
    return GLAccount(row.id, row.code, row.name, row.kind, row.control_of)


def seal_of(row: models.PostingDaySeal) -> Seal:
    """Return a kept seal as plain data."""
    return Seal(
        posting_day=row.posting_day,
        entry_count=row.entry_count,
        posting_count=row.posting_count,
        debit_cents=row.debit_cents,
        hash_hex=bytes(row.hash).hex(),
        previous_hash_hex=bytes(row.previous_hash).hex(),
        sealed_at=row.sealed_at,
    )

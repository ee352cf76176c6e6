"""Writing the books: entries, reversals, seals."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import calculations, choices, models, queries
from fisc.plumbing import prepared, transactions

Line = calculations.Line
netted = calculations.netted

# Parts of a statement that posts one entry. The statement names the entry's id and its source's
# id in a part `drawn`, and takes what `entry_parameters` returns. All postings go in at once:
# the walls refuse an entry that comes in pieces.
ENTRY_PARTS = """
entry as (
    insert into ledger_journalentry (id, posting_day, gl_period, kind, source_kind, source_id,
        posting_count, made_by_id, run_id, made_at)
    select entry_id, %(posting_day)s::date, %(gl_period)s::int, %(entry_kind)s::smallint,
        %(entry_source_kind)s::smallint, source_id, %(posting_count)s::smallint,
        %(made_by_id)s::bigint, %(run_id)s::int, %(made_at)s::timestamptz
    from drawn
),
posting as (
    insert into ledger_posting (entry_id, line_no, gl_account_id, subledger_id, amount_cents)
    select entry_id, line_no, gl_account_id, subledger_id, amount_cents
    from drawn, unnest(%(line_gl_ids)s::int[], %(line_subledger_ids)s::bigint[],
        %(line_cents)s::bigint[]) with ordinality
        as line (gl_account_id, subledger_id, amount_cents, line_no)
)
"""

_POST_ENTRY = prepared.statement(
    """
    with drawn as materialized (
        select nextval('ledger_journalentry_id_seq') as entry_id, %(source_id)s::bigint as source_id
    ),
    """
    + ENTRY_PARTS
    + " select entry_id from drawn"
)

_REVERSE_ENTRY = """
    with drawn as materialized (select nextval('ledger_journalentry_id_seq') as entry_id),
    entry as (
        insert into ledger_journalentry (id, posting_day, gl_period, kind, source_kind, source_id,
            reverses_id, posting_count, made_by_id, made_at)
        select drawn.entry_id, %(posting_day)s, %(gl_period)s, %(kind)s, %(source_kind)s,
            %(source_id)s, wrong.id, wrong.posting_count, %(made_by_id)s, %(made_at)s
        from drawn, ledger_journalentry as wrong where wrong.id = %(entry_id)s
    ),
    posting as (
        insert into ledger_posting (entry_id, line_no, gl_account_id, subledger_id, amount_cents)
        select drawn.entry_id, line_no, gl_account_id, subledger_id, -amount_cents
        from drawn, ledger_posting as wrong where wrong.entry_id = %(entry_id)s
    )
    select entry_id from drawn
"""

# As the walls have it: CLASS_OF_DAY_LOCKS in 0002_ledger_walls.
_LOCK_DAY = "select pg_advisory_xact_lock(20000101, %s)"


class EntryOutOfBalance(Exception):
    """An entry's debits and credits differ."""


class EntryIsTooShort(Exception):
    """An entry needs two lines at least, and each must move some money."""


class DayIsSealed(Exception):
    """A sealed day takes no entry and no second seal."""


class EarlierDayNotSealed(Exception):
    """Days are sealed in order, none left out."""


class DayIsIncomplete(Exception):
    """An entry of the day lacks postings, so the day cannot be sealed."""


class GLAccountChanged(Exception):
    """A code list says that an account of the books is now something else."""


@transactions.needs_transaction
def post_entry(
    *,
    posting_day: datetime.date,
    kind: int,
    source_kind: int,
    source_id: int,
    lines: Sequence[Line],
    made_by_id: int | None,
    made_at: datetime.datetime,
    run_id: int | None = None,
) -> int:
    """Post one balanced entry and return its id.

    Raises EntryOutOfBalance, EntryIsTooShort, DayIsSealed.
    """
    parameters = entry_parameters(posting_day=posting_day, kind=kind, lines=lines)
    parameters.update(
        entry_source_kind=int(source_kind),
        source_id=source_id,
        made_by_id=made_by_id,
        made_at=made_at,
        run_id=run_id,
    )
    ((entry_id,),) = posted(_POST_ENTRY, parameters)
    return int(entry_id)


def posted(
    statement: prepared.Statement, parameters: Mapping[str, prepared.Value]
) -> list[tuple[Any, ...]]:
    """Run a statement that posts an entry among other things and return its rows.

    Raises DayIsSealed where PostgreSQL refuses the day.
    """
    try:
        return prepared.rows(statement, parameters)
    except IntegrityError as problem:
        refusal = getattr(problem.__cause__, "diag", None)
        if refusal is None or refusal.constraint_name != "entry_day_is_not_sealed":
            raise
        raise DayIsSealed(f"{refusal.message_primary} {refusal.message_hint}") from problem


def entry_parameters(
    *, posting_day: datetime.date, kind: int, lines: Sequence[Line]
) -> dict[str, prepared.Value]:
    """Return what ENTRY_PARTS takes, but for the source, who and when.

    Raises EntryOutOfBalance, EntryIsTooShort.
    """
    cents = [line.amount_cents for line in lines]
    if difference_cents := sum(cents):
        raise EntryOutOfBalance(
            f"An entry for {posting_day} is out of balance by {difference_cents} cents; debits "
            "and credits must be equal."
        )
    if len(cents) < 2 or 0 in cents:
        raise EntryIsTooShort(
            f"An entry for {posting_day} has {len(cents)} lines {cents}; it needs two or more, "
            "each moving some money."
        )
    return {
        "posting_day": posting_day,
        "gl_period": calculations.gl_period(posting_day),
        "entry_kind": int(kind),
        "posting_count": len(cents),
        "line_gl_ids": [line.gl_account_id for line in lines],
        "line_subledger_ids": [line.subledger_id for line in lines],
        "line_cents": cents,
    }


@transactions.needs_transaction
def reverse_entry(
    *,
    entry_id: int,
    posting_day: datetime.date,
    source_kind: int,
    source_id: int,
    made_by_id: int | None,
    made_at: datetime.datetime,
    kind: int = choices.EntryKind.REVERSAL,
) -> int:
    """Post the mirror of an entry, naming it, and return the new entry's id.

    Raises NoSuchEntry. PostgreSQL refuses a second reversal and a sealed day.
    """
    if not models.JournalEntry.objects.filter(id=entry_id).exists():
        raise queries.NoSuchEntry(f"There is no entry {entry_id} to reverse.")
    with connection.cursor() as cursor:
        cursor.execute(
            _REVERSE_ENTRY,
            {
                "entry_id": entry_id,
                "posting_day": posting_day,
                "gl_period": calculations.gl_period(posting_day),
                "kind": int(kind),
                "source_kind": int(source_kind),
                "source_id": source_id,
                "made_by_id": made_by_id,
                "made_at": made_at,
            },
        )
        (new_id,) = cursor.fetchone()
    return int(new_id)


@transactions.starts_transaction
def seal_day(
    *, posting_day: datetime.date, at: datetime.datetime, by_id: int | None = None
) -> queries.Seal:
    """Close a posting day for good and return its seal, to be printed.

    Waits for postings to the day that are under way. Raises DayIsSealed, EarlierDayNotSealed,
    DayIsIncomplete.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_DAY, [calculations.day_number(posting_day)])
    previous = models.PostingDaySeal.objects.order_by("-posting_day").first()
    _refuse_out_of_order(posting_day=posting_day, previous=previous)
    balances = queries.balances_of_day(posting_day)
    debit_cents = sum(debit for _, debit, _ in balances)
    previous_hash = bytes(32) if previous is None else bytes(previous.hash)
    hash_, counted = queries.hash_of_day(
        posting_day=posting_day, previous_hash=previous_hash, debit_cents=debit_cents
    )
    if debit_cents != sum(credit for _, _, credit in balances) or _lacks_postings(
        posting_day, counted.posting_count
    ):
        raise DayIsIncomplete(
            f"{posting_day} has an entry without all its postings. `fisc day status` names it."
        )
    row = models.PostingDaySeal.objects.create(
        posting_day=posting_day,
        entry_count=counted.entry_count,
        posting_count=counted.posting_count,
        debit_cents=debit_cents,
        previous_hash=previous_hash,
        hash=hash_,
        sealed_at=at,
        sealed_by_id=by_id,
    )
    models.DayBalance.objects.bulk_create(
        models.DayBalance(
            posting_day=posting_day, gl_account_id=gl_id, debit_cents=debit, credit_cents=credit
        )
        for gl_id, debit, credit in balances
    )
    return queries.seal_of(row)


def seal_days(
    *, through: datetime.date, at: datetime.datetime, by_id: int | None = None
) -> list[queries.Seal]:
    """Seal every day not yet sealed, in order, up to and with a day; each is kept on its own.

    Starts after the last seal, or with the first day that has entries. Returns the new seals.
    """
    last = queries.last_seal()
    if last is not None:
        first = last.posting_day + datetime.timedelta(days=1)
    else:
        first = min([through, *queries.open_days()])
    return [
        seal_day(posting_day=first + datetime.timedelta(days=ahead), at=at, by_id=by_id)
        for ahead in range((through - first).days + 1)
    ]


def verify_seals(*, from_day: datetime.date | None = None) -> list[str]:
    """Hash every sealed day again and return what does not verify; nothing is right."""
    return queries.broken_seals(from_day=from_day)


@transactions.starts_transaction
def load_gl_accounts() -> int:
    """Take the code list "gl account" over into the books and return how many it has.

    Raises GLAccountChanged.
    """
    return take_over_gl_accounts()


@transactions.needs_transaction
def take_over_gl_accounts() -> int:
    """Take the code list "gl account" over as a part of changing it; returns how many it has.

    The attributes `kind` and `control_of` of a code say what the account is. A name may change;
    raises GLAccountChanged when anything else does.
    """
    listed = code_lists.codes("gl account")
    known = queries.gl_accounts()
    new: list[models.GLAccount] = []
    for code in listed.values():
        kind = str(code.attributes.get("kind", ""))
        control_of = str(code.attributes.get("control_of") or "")
        there = known.get(code.code)
        if there is None:
            new.append(
                models.GLAccount(
                    code=code.code, name=code.label_en, kind=kind, control_of=control_of
                )
            )
        elif (there.kind, there.control_of) != (kind, control_of):
            raise GLAccountChanged(
                f"GL account {code.code} is {there.kind} “{there.control_of}” in the books and "
                f"{kind} “{control_of}” in the code list. Add another account and end this one."
            )
        elif there.name != code.label_en:
            models.GLAccount.objects.filter(id=there.id).update(name=code.label_en)
    models.GLAccount.objects.bulk_create(new)
    return len(listed)


def _refuse_out_of_order(
    *, posting_day: datetime.date, previous: models.PostingDaySeal | None
) -> None:
    if previous is not None and posting_day <= previous.posting_day:
        raise DayIsSealed(f"{posting_day} is sealed already; what is found later is a new entry.")
    if previous is not None:
        expected = previous.posting_day + datetime.timedelta(days=1)
    else:
        expected = min([posting_day, *queries.open_days()])
    if posting_day != expected:
        raise EarlierDayNotSealed(f"Seal {expected} before {posting_day}.")


def _lacks_postings(posting_day: datetime.date, posting_count: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(posting_count), 0) from ledger_journalentry"
            " where posting_day = %s",
            [posting_day],
        )
        (expected,) = cursor.fetchone()
    return bool(expected != posting_count)

"""What is counted before and after each step of a run, and what must agree.

Counted in SQL of its own and not by the subjects' queries, so that a mistake in a subject is not
repeated in its proof. A run's rows are found by their identifiers, which hold the run's number:
no cashier's work at the same hour is counted, and a day costs what the day holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from fisc.plumbing.runs import engine

RUN_SHIFT = 43

# No more ranges than a person reads; the counts say how much is missing in all.
NOT_ISSUED = """
select cycle.code, chunk.bucket_from, chunk.bucket_before, chunk.bills
from utilities_calculated_chunk chunk join utilities_cycle cycle on cycle.id = chunk.cycle_id
where chunk.run_id = %(run)s and chunk.bills > 0 and chunk.issued_chunk is null
order by chunk.id limit 5
"""

COUNTED = """
select
  (select count(*) from ledger_journalentry where id >= %(first)s and id < %(next)s) as entries,
  (select count(*) from utilities_bill where id >= %(first)s and id < %(next)s) as bills,
  (select coalesce(sum(total_cents), 0) from utilities_bill
    where id >= %(first)s and id < %(next)s) as bill_cents,
  (select coalesce(sum(amount_cents), 0) from utilities_bill_line
    where bill_id >= %(first)s and bill_id < %(next)s) as line_cents,
  (select coalesce(sum(case kind when 1 then amount_cents else -amount_cents end), 0)
    from receivables_item where id >= %(first)s and id < %(next)s) as item_cents,
  (select coalesce(sum(total_cents), 0) from payments_payment
    where id >= %(first)s and id < %(next)s) as payment_cents,
  (select coalesce(sum(amount_cents), 0) from receivables_allocation
    where id >= %(first)s and id < %(next)s) as allocated_cents,
  (select count(*) from licensing_renewal_notice
    where id >= %(first)s and id < %(next)s) as renewal_notices,
  (select coalesce(sum(fee_cents), 0) from licensing_renewal_notice
    where id >= %(first)s and id < %(next)s) as renewal_fee_cents,
  (select coalesce(sum(penalty_cents), 0) from licensing_renewal_notice
    where id >= %(first)s and id < %(next)s) as renewal_penalty_cents,
  (select count(*) from licensing_license_event
    where run_id = %(run)s and kind = 'renewed') as licenses_renewed,
  (select count(*) from licensing_license_event
    where run_id = %(run)s and kind = 'expired') as licenses_lapsed,
  (select count(*) from licensing_license_event
    where run_id = %(run)s and kind = 'suspended') as licenses_suspended
"""

# What a step of renewals says of its chunks, beside what is counted of it.
RENEWALS = {
    "told": "renewal_notices",
    "told_fee_cents": "renewal_fee_cents",
    "told_penalty_cents": "renewal_penalty_cents",
    "renewed": "licenses_renewed",
    "lapsed": "licenses_lapsed",
    "suspended": "licenses_suspended",
}

POSTED = """
select count(*), coalesce(sum(p.amount_cents) filter (where p.amount_cents > 0), 0),
  coalesce(sum(p.amount_cents), 0),
  coalesce(sum(p.amount_cents) filter (where g.control_of = 'receivables'), 0),
  coalesce(sum(p.amount_cents) filter (where g.control_of = 'unapplied_credit'), 0)
from ledger_posting p join ledger_glaccount g on g.id = p.gl_account_id
where p.entry_id >= %(first)s and p.entry_id < %(next)s
"""
POSTED_NAMES = (
    "postings",
    "debit_cents",
    "difference_cents",
    "receivables_cents",
    "unapplied_cents",
)


def of_run(run: engine.RunOf) -> engine.Totals:
    """Return the counts and sums of all rows that a run has written so far."""
    numbers = {
        "first": run.run_id << RUN_SHIFT,
        "next": (run.run_id + 1) << RUN_SHIFT,
        "run": run.run_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, numbers)
        counted = dict(
            zip([name for name, *_ in cursor.description], cursor.fetchone(), strict=True)
        )
        cursor.execute(POSTED, numbers)
        posted = dict(zip(POSTED_NAMES, cursor.fetchone(), strict=True))
    return {name: int(value) for name, value in (counted | posted).items()}


def nothing_posted(
    before: engine.Totals, after: engine.Totals, result: engine.Totals
) -> Sequence[str]:
    """Agree that a step wrote nothing in the books."""
    return [
        f"{_words(name)} changed by {change}"
        for name, change in _changes(before, after).items()
        if change
    ]


def bills_posted(
    before: engine.Totals, after: engine.Totals, result: engine.Totals
) -> Sequence[str]:
    """Agree that bills, lines, items and postings of a step have one sum, and one count."""
    changed = _changes(before, after)
    return [
        *_differ(result, "bills", changed, "bills"),
        *_differ(result, "total_cents", changed, "bill_cents"),
        *_differ(changed, "bill_cents", changed, "line_cents"),
        *_differ(changed, "bill_cents", changed, "item_cents"),
        *_differ(changed, "bill_cents", changed, "receivables_cents"),
        *_balanced(changed),
    ]


def register_issued(run: engine.RunOf, results: Mapping[str, engine.Totals]) -> Sequence[str]:
    """Agree that what the register counted was issued, bill for bill and cent for cent.

    What a table holds is in neither. Names the ranges of accounts whose bills did not go out.
    """
    registered, issued = results["bill register"], results["issue"]
    differing = [
        f"{_words(name)} registered {registered.get(name, 0)} and issued {issued.get(name, 0)}"
        for name in ("bills", "lines", "total_cents")
        if registered.get(name, 0) != issued.get(name, 0)
    ]
    if differing:
        with connection.cursor() as cursor:
            cursor.execute(NOT_ISSUED, {"run": run.run_id})
            differing += [
                f"not issued are {bills} bills of cycle {cycle}, buckets {first} to {after - 1}"
                for cycle, first, after, bills in cursor.fetchall()
            ]
    return differing


def charges_posted(
    before: engine.Totals, after: engine.Totals, result: engine.Totals
) -> Sequence[str]:
    """Agree that the charges of a step, its items and its postings have one sum."""
    changed = _changes(before, after)
    return [
        *_differ(result, "late_cents", changed, "item_cents"),
        *_differ(result, "late_cents", changed, "receivables_cents"),
        *_balanced(changed),
    ]


def payments_posted(
    before: engine.Totals, after: engine.Totals, result: engine.Totals
) -> Sequence[str]:
    """Agree that what was paid settled charges or became credits, cent for cent."""
    changed = _changes(before, after)
    spent = {"spent_cents": -changed["receivables_cents"] - changed["unapplied_cents"]}
    return [
        *_differ(result, "total_cents", changed, "payment_cents"),
        *_differ(result, "total_cents", changed, "allocated_cents"),
        *_differ(result, "total_cents", spent, "spent_cents"),
        *_balanced(changed),
    ]


def credits_posted(
    before: engine.Totals, after: engine.Totals, result: engine.Totals
) -> Sequence[str]:
    """Agree that what left the credits of a step settled charges, cent for cent."""
    changed = _changes(before, after)
    settled = {"settled": -changed["receivables_cents"]}
    return [
        *_differ(result, "applied_cents", settled, "settled"),
        *_differ(result, "applied_cents", changed, "unapplied_cents"),
        *_balanced(changed),
    ]


def renewals_kept(
    before: engine.Totals, after: engine.Totals, result: engine.Totals
) -> Sequence[str]:
    """Agree that renewals, lapses and notices of a step are kept, and that it posted nothing."""
    changed = _changes(before, after)
    kept = {counted: changed[counted] for counted in RENEWALS.values()}
    return [
        *(
            difference
            for said, counted in RENEWALS.items()
            for difference in _differ(result, said, kept, counted)
        ),
        *(
            f"{_words(name)} changed by {change}"
            for name, change in changed.items()
            if change and name not in kept
        ),
    ]


def _changes(before: engine.Totals, after: engine.Totals) -> engine.Totals:
    return {name: after[name] - before.get(name, 0) for name in after}


def _balanced(changed: engine.Totals) -> Sequence[str]:
    if changed["difference_cents"] == 0:
        return []
    return [f"debits and credits differ by {changed['difference_cents']} cents"]


def _differ(
    ones: engine.Totals, one_name: str, others: engine.Totals, other_name: str
) -> Sequence[str]:
    one, other = ones.get(one_name, 0), others.get(other_name, 0)
    if one == other:
        return []
    return [f"{_words(one_name)} {one} and {_words(other_name)} {other}"]


def _words(name: str) -> str:
    return name.replace("_cents", " in cents").replace("_", " ")

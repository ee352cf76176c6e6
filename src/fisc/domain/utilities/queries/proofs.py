"""Proving what was calculated: by the other evaluator, by replay, by sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

import numpy as np
from django.db import connection

from fisc.domain.rule_tables.calculations import values
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.calculations import bills
from fisc.domain.utilities.calculations.facts import Numbers


def sampled_bills(*, bills: int, size: int, run_id: int, chunk: int) -> Numbers:
    """Return which bills of a chunk are computed again: the same ones whenever it is done again."""
    drawn = np.random.default_rng([run_id, chunk])
    return np.sort(drawn.choice(bills, size=min(size, bills), replace=False)).astype(np.int64)


def differences(*, evaluations: Iterable[bills.Evaluation], of_bills: Collection[int]) -> list[str]:
    """Compute some bills' answers again with the case evaluator; returns what differs, in words."""
    chosen = np.array(sorted(of_bills), dtype=np.int64)
    found: list[str] = []
    for evaluation in evaluations:
        for row in np.flatnonzero(np.isin(evaluation.bill, chosen)).tolist():
            found.extend(_differences_of_row(evaluation, row))
    return found


def _differences_of_row(evaluation: bills.Evaluation, row: int) -> list[str]:
    version = rule_tables.version(evaluation.version_id)
    tables = version.tables
    given = {
        each.name: values.from_column(evaluation.inputs[each.name], row, declared=each)
        for each in tables.program.inputs
    }
    answers = tables.answers(given)
    found = []
    for line in tables.lines:
        column = evaluation.result.outputs[line.decision]
        ours = values.from_column(column, row, declared=line.declared())
        theirs = answers[line.decision]
        if not values.agree(ours, theirs):
            found.append(
                f"{version.book}, version {version.number}, “{line.decision}” of {given}: columns "
                f"say {ours}, the case evaluator {theirs}"
            )
    return found


_BROKEN_BILLS = """
select bill.number, bill.total_cents, lines.cents, lines.count, bill.line_count
from utilities_bill bill
left join (
    select bill_id, sum(amount_cents) as cents, count(*) as count
    from utilities_bill_line group by bill_id
) lines on lines.bill_id = bill.id
where bill.total_cents is distinct from lines.cents
    or bill.line_count is distinct from lines.count
limit 100
"""
_BROKEN_ITEMS = """
select bill.number, bill.total_cents, items.cents
from utilities_bill bill
left join (
    select source_id, sum(amount_cents) as cents from receivables_item
    where source_kind = 1 and kind = 1 group by source_id
) items on items.source_id = bill.id
where bill.total_cents <> coalesce(items.cents, 0)
limit 100
"""


def broken_bills() -> list[str]:
    """Return the bills that are not the sum of their lines and of their items."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN_BILLS)
        found += [
            f"bill {number} says {total} cents in {said} lines; it has {cents} in {count}"
            for number, total, cents, count, said in cursor.fetchall()
        ]
        cursor.execute(_BROKEN_ITEMS)
        found += [
            f"bill {number} says {total} cents; it charged {cents}"
            for number, total, cents in cursor.fetchall()
        ]
    return found


_SAMPLED_LINES = """
select bill.number, line.line_no, line.amount_cents, line.block_id, line.block_row, code.code
from utilities_bill_line line
join utilities_bill bill on bill.id = line.bill_id
join code_lists_code code on code.id = line.code_id
where line.bill_id = any(%(bills)s)
order by line.bill_id, line.line_no
"""
# Pages of a large table are drawn first, so that no sample sorts every bill there is.
_SAMPLED_BILLS = """
select id from utilities_bill tablesample system (%(percent)s) repeatable (%(seed)s)
order by hashint8extended(id, %(seed)s) limit %(count)s
"""
_BILLS = """
select greatest(reltuples, 0)::bigint from pg_class where oid = 'utilities_bill'::regclass
"""
# How many times the sample the drawn pages should hold.
_AMPLE = 50
_ALL_BILLS = "select id from utilities_bill order by id"


def broken_lines(*, seed: int, count: int | None) -> list[str]:
    """Replay the lines of some bills, or of all with None; returns those that do not come out.

    The same seed draws the same bills.
    """
    with connection.cursor() as cursor:
        if count is None:
            cursor.execute(_ALL_BILLS)
        else:
            cursor.execute(_BILLS)
            percent = min(100, 100 * _AMPLE * count // (cursor.fetchone()[0] + 1) + 1)
            cursor.execute(_SAMPLED_BILLS, {"seed": seed, "count": count, "percent": percent})
        chosen = [number for (number,) in cursor.fetchall()]
        cursor.execute(_SAMPLED_LINES, {"bills": chosen})
        rows = cursor.fetchall()
    return [
        f"bill {number}, line {line_no} ({code}): {cents} cents"
        for number, line_no, cents, block_id, row, code in rows
        if not _replays(code, cents=cents, block_id=block_id, row=row)
    ]


def _replays(code: str, *, cents: int, block_id: int, row: int) -> bool:
    answer = rule_tables.replay(block_id, row).answer(code)
    return answer.is_equal and answer.kept == Decimal(cents).scaleb(-2)

"""The calculation step of a bill run: a chunk's bills, calculated, proved and kept until issued."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fisc.basics import identifiers
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.operations import evaluations as rule_tables
from fisc.domain.utilities import models
from fisc.domain.utilities.calculations import bills, packs
from fisc.domain.utilities.calculations.facts import NONE, Flags, Numbers
from fisc.domain.utilities.queries import calculating, facts, proofs, rates
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import bulk_copy, transactions

NOT_CALCULATED = "bill not calculated"
HELD = "bill held"


class EvaluatorsDiffer(Exception):
    """The column evaluator and the case evaluator disagree: nothing of the chunk is kept."""


@dataclass(frozen=True, slots=True)
class Of:
    """Which chunk of which run, and the instant that its rows carry."""

    run_id: int
    chunk: int
    at: datetime.datetime
    posting_day: datetime.date


@transactions.needs_transaction
def calculate_chunk(*, scope: facts.Scope, of: Of) -> Mapping[str, int]:
    """Calculate the bills of a range of buckets, prove a sample, and keep them until issued.

    What cannot be calculated or is held becomes a work item. Raises rule_tables.NoVersionForDate
    and EvaluatorsDiffer; nothing of the chunk is kept then.
    """
    outcome = calculating.calculate(scope, known_at=of.at)
    calculated = outcome.calculated
    failures = {each.account_id: each.reason for each in outcome.not_ready}
    if calculated is None or outcome.rates is None:
        _raise_not_calculated(failures, scope=scope, of=of)
        return _counts(failed=len(failures))
    prove_sample(calculated, scope=scope, of=of)
    reasons = unfit(calculated, charges=len(outcome.rates.charges))
    first_account = calculated.facts.agreements.account_id[calculated.first_row]
    failures |= {int(first_account[bill]): reason for bill, reason in reasons.items()}
    kept = calculated.hold == NONE
    held = calculated.hold != NONE
    failed = np.array(sorted(reasons), dtype=np.int64)
    kept[failed] = held[failed] = False
    pack = make_pack(calculated, rates_asked=outcome.rates, kept=kept, scope=scope, of=of)
    _keep_pack(pack, scope=scope, of=of, held=int(held.sum()), failed=len(failures))
    _raise_not_calculated(failures, scope=scope, of=of)
    _hold(calculated, held=held, scope=scope, of=of)
    return _counts(
        bills=pack.count,
        lines=len(pack.lines["bill"]),
        held=int(held.sum()),
        failed=len(failures),
        total_cents=int(pack.bills["total_cents"].sum()),
    )


def _counts(
    *, bills: int = 0, lines: int = 0, held: int = 0, failed: int = 0, total_cents: int = 0
) -> Mapping[str, int]:
    return {
        "bills": bills,
        "lines": lines,
        "held": held,
        "failed": failed,
        "total_cents": total_cents,
    }


def prove_sample(calculated: bills.Calculated, *, scope: facts.Scope, of: Of) -> None:
    """Compute a sample of the bills with the case evaluator; raises EvaluatorsDiffer."""
    count = len(calculated.total_cents)
    size = rates.sample_size(accounts=count, bill_day=scope.bill_day, known_at=of.at)
    chosen = proofs.sampled_bills(bills=count, size=size, run_id=of.run_id, chunk=of.chunk)
    found = proofs.differences(evaluations=calculated.evaluations, of_bills=chosen.tolist())
    if found:
        raise EvaluatorsDiffer(
            f"{len(found)} amounts of a sample of {len(chosen)} bills differ between the two "
            f"evaluators, so nothing was kept. The first: {found[0]}. Report this with the table."
        )


def unfit(calculated: bills.Calculated, *, charges: int) -> dict[int, str]:
    """Return the bills that cannot go out whatever the bill-edit table says, and why."""
    found = {failure.bill: failure.reason for failure in calculated.failures}
    sums = packs.sums_by_charge(calculated, charges=charges)
    for bill in np.flatnonzero((sums < 0).any(axis=1)).tolist():
        found.setdefault(bill, "A charge of the bill is below zero. Look at its tables.")
    has_line = np.zeros(len(calculated.total_cents), dtype=np.bool_)
    has_line[calculated.lines.bill] = True
    for bill in np.flatnonzero(~has_line).tolist():
        found.setdefault(bill, "No table gives the bill a line. Look at the rate class.")
    return found


def make_pack(
    calculated: bills.Calculated,
    *,
    rates_asked: bills.Rates,
    kept: Flags,
    scope: facts.Scope,
    of: Of | None,
    made_at: datetime.datetime | None = None,
) -> packs.Pack:
    """Keep what the tables answered, and return the bills' rows that name it."""
    at = of.at if of is not None else made_at
    assert at is not None
    due_on = rates.due_days(
        rate_class=calculated.rate_class,
        texts=calculated.facts.code_texts,
        bill_day=scope.bill_day,
        known_at=at,
    )
    block_ids = [
        _keep_evaluation(evaluation, number=number, of=of, at=at)
        for number, evaluation in enumerate(calculated.evaluations)
    ]
    ids = code_lists.code_ids(rates.CHARGES)
    charge_ids = np.array([ids[charge] for charge in rates_asked.charges], dtype=np.int64)
    return packs.packed(
        calculated,
        kept=kept,
        due_on=due_on,
        charge_ids=charge_ids,
        block_ids=np.array(block_ids, dtype=np.int64),
    )


def _keep_evaluation(
    evaluation: bills.Evaluation, *, number: int, of: Of | None, at: datetime.datetime
) -> int:
    if of is None:
        place: dict[str, int] = {}
    else:
        block_id = identifiers.bulk_id(run=of.run_id, chunk=of.chunk, ordinal=number)
        place = {"run_id": of.run_id, "chunk": of.chunk, "block_id": block_id}
    return rule_tables.keep_evaluation(
        version_id=evaluation.version_id,
        inputs=evaluation.inputs,
        result=evaluation.result,
        origins=evaluation.origins,
        made_at=at,
        **place,
    )


def _keep_pack(pack: packs.Pack, *, scope: facts.Scope, of: Of, held: int, failed: int) -> None:
    content = packs.encoded(pack)
    models.CalculatedChunk.objects.create(
        id=identifiers.bulk_id(run=of.run_id, chunk=of.chunk, ordinal=0),
        run_id=of.run_id,
        cycle_id=scope.cycle_id,
        bill_day=scope.bill_day,
        bucket_from=scope.bucket_from,
        bucket_before=scope.bucket_before,
        bills=pack.count,
        lines=len(pack.lines["bill"]),
        held=held,
        failed=failed,
        total_cents=int(pack.bills["total_cents"].sum()),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _raise_not_calculated(failures: Mapping[int, str], *, scope: facts.Scope, of: Of) -> None:
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=NOT_CALCULATED,
                reason=reason,
                cause_key=f"{NOT_CALCULATED} {scope.cycle_id} {scope.bill_day} {reason}"[:200],
                subject_kind="account",
                subject_id=account_id,
                due_on=of.posting_day,
                urgency=3,
                detail={"cycle": scope.cycle_id, "bill_day": scope.bill_day.isoformat()},
            )
            for account_id, reason in sorted(failures.items())
        ],
        at=of.at,
        posting_day=of.posting_day,
        run_id=of.run_id,
        chunk=of.chunk,
    )


def _hold(calculated: bills.Calculated, *, held: Flags, scope: facts.Scope, of: Of) -> None:
    rows = np.flatnonzero(held)
    if not len(rows):
        return
    agreements = calculated.facts.agreements
    first = calculated.first_row[rows]
    reasons = [calculated.hold_texts[place] for place in calculated.hold[rows].tolist()]
    account_ids: Numbers = agreements.account_id[first]
    bulk_copy.write_columns(
        table="utilities_held_bill",
        columns={
            "id": identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=len(rows)),
            "run_id": bulk_copy.Constant(of.run_id),
            "account_bucket": agreements.account_bucket[first],
            "account_id": account_ids,
            "cycle_id": bulk_copy.Constant(scope.cycle_id),
            "bill_day": bulk_copy.Constant(scope.bill_day),
            "total_cents": calculated.total_cents[rows],
            "reason": bulk_copy.texts_of(reasons),
            "status": bulk_copy.Constant("held"),
            "settled_why": bulk_copy.Constant(""),
        },
    )
    _raise_held(account_ids.tolist(), reasons, scope=scope, of=of)


def _raise_held(
    account_ids: Sequence[int], reasons: Sequence[str], *, scope: facts.Scope, of: Of
) -> None:
    labels = code_lists.codes("hold reason")
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=HELD,
                reason=labels[reason].label_en if reason in labels else reason,
                cause_key=f"{HELD} {scope.cycle_id} {scope.bill_day} {reason}",
                subject_kind="account",
                subject_id=account_id,
                due_on=of.posting_day,
                urgency=4,
                detail={
                    "cycle": scope.cycle_id,
                    "bill_day": scope.bill_day.isoformat(),
                    "words": "Look at the reads and the bill, then release it or correct it.",
                },
            )
            for account_id, reason in zip(account_ids, reasons, strict=True)
        ],
        at=of.at,
        posting_day=of.posting_day,
        run_id=of.run_id,
        chunk=of.chunk,
    )

"""The renewals of a range of licenses on a day: a step of the day's run.

First what was paid is renewed, then what is over lapses, then holders are told. Each is harmless
twice: a paid renewal is issued once, a lapsed license is active no more, a step is told once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import psycopg
from django.db import IntegrityError

from fisc.basics import identifiers
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import issuing, keeping, watching
from fisc.domain.licensing.queries import estimates, renewals
from fisc.domain.rule_tables.calculations import blocks
from fisc.domain.rule_tables.operations import evaluations
from fisc.plumbing import bulk_copy, transactions

Numbers = renewals.Numbers
_TRIES = 3
_OF_APPLICATION = ("units", "gross_receipts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """The run and chunk that rows are numbered by, the day, and when."""

    run_id: int
    chunk: int
    posting_day: datetime.date
    at: datetime.datetime


@transactions.needs_transaction
def renew_chunk(*, bucket_from: int, bucket_before: int, of: Of) -> Mapping[str, int]:
    """Do a day's renewals for the licenses of a range of buckets; returns counts and cents.

    Raises fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    scope = renewals.Scope(bucket_from, bucket_before)
    return {
        **renew_paid(scope, of=of),
        **lapse(scope, of=of),
        **tell(scope, of=of),
        **watching.watch(scope, on=of.posting_day, at=of.at, run_id=of.run_id),
    }


@transactions.needs_transaction
def renew_paid(scope: renewals.Scope, *, of: Of) -> Mapping[str, int]:
    """Renew the licenses whose renewal is complete, signed and paid.

    What else is in the way, such as a debt or a bond that ran out, keeps one waiting.
    """
    by = keeping.By(user_id=None, at=of.at, why="paid in full", run_id=of.run_id)
    renewed = waiting = 0
    for application_id in renewals.paid(scope):
        try:
            with transactions.savepoint():
                issuing.issue_part(application_id, on=of.posting_day, by=by)
        except issuing.CannotBeIssued:
            waiting += 1
        else:
            renewed += 1
    return {"renewed": renewed, "renewals_waiting": waiting}


@transactions.needs_transaction
def lapse(scope: renewals.Scope, *, of: Of) -> Mapping[str, int]:
    """Have licenses expire whose term is over and that nobody renewed.

    The database refuses to lapse one that is renewed, suspended or closed in between: then who is
    left is asked once more. Raises what refused it when it goes on.
    """
    for _ in range(_TRIES - 1):
        try:
            with transactions.savepoint():
                return _lapse(scope, of=of)
        except IntegrityError as problem:
            if not _came_between(problem):
                raise
    return _lapse(scope, of=of)


def _came_between(problem: IntegrityError) -> bool:
    cause = problem.__cause__
    return (
        isinstance(cause, psycopg.Error) and cause.diag.constraint_name == "license_event_follows"
    )


def _lapse(scope: renewals.Scope, *, of: Of) -> Mapping[str, int]:
    over = renewals.lapsing(scope, on=of.posting_day, known_at=of.at)
    bulk_copy.write_columns(
        table="licensing_license_event",
        columns={
            # From the sequence, as every other event: their order is the license's history.
            "id": bulk_copy.drawn_ids(table="licensing_license_event", count=len(over)),
            "license_id": over,
            "kind": bulk_copy.Constant(choices.LicenseEventKind.EXPIRED.value),
            "happened_on": bulk_copy.Constant(of.posting_day),
            "reason": bulk_copy.Constant(""),
            "made_at": bulk_copy.Constant(of.at),
            "run_id": bulk_copy.Constant(of.run_id),
        },
    )
    return {"lapsed": len(over)}


@transactions.needs_transaction
def tell(scope: renewals.Scope, *, of: Of) -> Mapping[str, int]:
    """Keep that holders are told a step of their renewal, and what it costs on the day.

    Raises fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    due = renewals.due(scope, on=of.posting_day, known_at=of.at)
    count = len(due["license_id"])
    if not count:
        return {"told": 0, "told_fee_cents": 0, "told_penalty_cents": 0, "told_no_estimate": 0}
    found = estimates.estimate(due, on=of.posting_day, known_at=of.at)
    fee_block, fee_row = _kept(found.fees, due, first=0, of=of)
    late_block, late_row = _kept(found.penalties, due, first=len(found.fees), of=of)
    unknown, in_time = ~found.is_known, late_block == 0
    bulk_copy.write_columns(
        table="licensing_renewal_notice",
        columns={
            "id": identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=count),
            "license_id": due["license_id"],
            "account_id": due["account_id"],
            "term_ends_before": due["ends_before"],
            "step_id": due["step_id"],
            "made_on": bulk_copy.Constant(of.posting_day),
            "made_at": bulk_copy.Constant(of.at),
            "application_id": bulk_copy.Nullable(due["application_id"], due["application_id"] == 0),
            "fee_cents": bulk_copy.Nullable(found.fee_cents, unknown),
            "fee_block_id": bulk_copy.Nullable(fee_block, unknown),
            "fee_row": bulk_copy.Nullable(fee_row, unknown),
            "penalty_cents": found.penalty_cents,
            "penalty_block_id": bulk_copy.Nullable(late_block, in_time),
            "penalty_row": bulk_copy.Nullable(late_row, in_time),
            "run_id": bulk_copy.Constant(of.run_id),
        },
    )
    return {
        "told": count,
        "told_fee_cents": int(found.fee_cents[found.is_known].sum()),
        "told_penalty_cents": int(found.penalty_cents.sum()),
        "told_no_estimate": int(unknown.sum()),
    }


def _kept(
    asked: Iterable[estimates.Asked], due: Mapping[str, Numbers], *, first: int, of: Of
) -> tuple[Numbers, Numbers]:
    """Keep evaluations; returns for each row the block it is in, 0 for none, and its place."""
    count = len(due["license_id"])
    block, row = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for number, each in enumerate(asked, start=first):
        if not len(each.rows):
            continue
        license_ = blocks.PlainOrigin("license", ids=due["license_id"][each.rows])
        told = blocks.PlainOrigin("license application", ids=due["application_id"][each.rows])
        block[each.rows] = evaluations.keep_evaluation(
            version_id=each.version.version_id,
            inputs=each.inputs,
            result=each.result,
            origins={name: told if name in _OF_APPLICATION else license_ for name in each.inputs},
            made_at=of.at,
            run_id=of.run_id,
            chunk=of.chunk,
            block_id=identifiers.bulk_id(run=of.run_id, chunk=of.chunk, ordinal=number),
        )
        row[each.rows] = np.arange(len(each.rows))
    return block, row

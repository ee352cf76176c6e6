"""The steps that make the day's bills: calculate, register, issue."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence

from django.conf import settings

from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements.queries import credits as disbursements
from fisc.domain.payments import queries as payments
from fisc.domain.receivables.operations import credits_in_bulk
from fisc.domain.utilities.operations import calculation, issue, late_charges
from fisc.domain.utilities.queries import facts
from fisc.plumbing.runs import engine, pieces


def calculate(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Calculate a range's bills; those that a table holds become work items."""
    return calculation.calculate_chunk(
        scope=facts.Scope(
            cycle_id=chunk.subject["cycle_id"],
            bill_day=chunk.posting_day,
            read_day=datetime.date.fromisoformat(chunk.subject["read_day"]),
            bucket_from=chunk.bucket_from,
            bucket_before=chunk.bucket_before,
        ),
        of=_of(chunk),
    )


def register(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Number and count the bills of the run: the totals that are signed."""
    return issue.register_bills(run_id=chunk.run_id)


def issue_bills(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Post a range's bills."""
    return issue.issue_chunk(
        run_id=chunk.run_id,
        chunk=chunk.number,
        cycle_id=chunk.subject["cycle_id"],
        bucket_from=chunk.bucket_from,
        posting_day=chunk.posting_day,
        at=chunk.instant,
    )


def cut_accounts(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut all accounts of the city into ranges."""
    return pieces.bucket_ranges(accounts=accounts.open_count())


def charge_late(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Charge a range's accounts for what is past due, each due day once."""
    return late_charges.charge_late_chunk(
        bucket_from=chunk.bucket_from, bucket_before=chunk.bucket_before, of=_of(chunk)
    )


def apply_credits(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Settle a range's charges with the credits that their accounts have."""
    return credits_in_bulk.apply_open_credits(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        run_id=chunk.run_id,
        chunk=chunk.number,
        posting_day=chunk.posting_day,
        at=chunk.instant,
        priority=payments.priority_on(day=chunk.posting_day, known_at=chunk.instant),
        reserved=disbursements.reserved,
    )


def _of(chunk: pieces.ClaimedChunk) -> calculation.Of:
    return calculation.Of(
        run_id=chunk.run_id, chunk=chunk.number, at=chunk.instant, posting_day=chunk.posting_day
    )


def sign_by_policy(_: datetime.date, results: Mapping[str, engine.Totals]) -> str:
    """Sign a register that equals what was calculated, where the city lets the policy sign.

    The city's word is `register_is_signed_by` under `day_run` in its city.toml: "policy", or
    "person" where somebody looks at every register.
    """
    if _signer() != "policy":
        return ""
    calculated = results.get("calculate", {})
    registered = results.get("bill register", {})
    for name in ("bills", "lines", "total_cents"):
        if calculated.get(name, 0) != registered.get(name, 0):
            return ""
    return "By policy: the register equals what was calculated."


def _signer() -> str:
    described = tomllib.loads((settings.FISC_CITY / "city.toml").read_text(encoding="utf-8"))
    return str(described.get("day_run", {}).get("register_is_signed_by", "policy"))

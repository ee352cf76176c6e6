"""Returns that are held: why, and the whole of each, so that it can be set right and filed."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations import checking, many
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, registering
from fisc.domain.tax_returns.queries import held as queries
from fisc.domain.tax_returns.queries import returns as kept_returns
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work
from fisc.plumbing import transactions

KIND = queries.KIND
PUT_ASIDE = "a keyed return was put aside"
URGENCY = 3

By = registering.By


@transactions.needs_transaction
def filed_or_held(
    of: many.Returns, *, by: By, posting_day: datetime.date, run_id: int | None = None,
    chunk: int | None = None,
) -> filing_in_bulk.Filed:  # fmt: skip
    """File many returns; those of accounts that are not there or are closed are held with the rest.

    An account below zero is a number that no account has. Raises what filing_in_bulk.file_many
    raises.
    """
    closed = accounts.closed_days(account_ids=np.unique(of.account_ids).tolist())
    barred = [row for row in range(len(of)) if _bar(of, row, closed)] if _any(of, closed) else []
    is_free = np.ones(len(of), dtype=np.bool_)
    is_free[barred] = False
    filed = filing_in_bulk.file_many(
        of.part(np.flatnonzero(is_free)),
        by=by,
        posting_day=posting_day,
        run_id=run_id,
        chunk=chunk,
    )
    for row in barred:
        problem = _bar(of, row, closed)
        assert problem is not None
        filed.held.append(
            filing_in_bulk.Held(
                place=int(of.places[row]),
                came=filing_in_bulk.came(of, row),
                is_amendment=bool(of.is_amendment[row]),
                problems=(problem,),
                words=problem.said("en"),
            )
        )
    filed.held.sort(key=lambda each: each.place)
    return filed


def _any(of: many.Returns, closed: Mapping[int, datetime.date]) -> bool:
    return bool(closed) or bool((of.account_ids < 0).any())


def _bar(
    of: many.Returns, row: int, closed: Mapping[int, datetime.date]
) -> checking.Problem | None:
    """Return why a return cannot be of its account as it is; None where it can."""
    account_id, received_on = int(of.account_ids[row]), many.day(of.received_on[row])
    if account_id < 0:
        return checking.Problem(checking.Kind.NO_SUCH_ACCOUNT, facts={"number": -account_id})
    if account_id in closed and closed[account_id] <= received_on:
        return checking.Problem(
            checking.Kind.ACCOUNT_IS_CLOSED,
            facts={"day": closed[account_id], "received": received_on},
        )
    return None


def said(held: filing_in_bulk.Held) -> Mapping[str, Any]:
    """Return what a work item keeps of a held return: the whole as it came, and all problems."""
    account_id = held.came.account_id
    return {
        "account_id": account_id if account_id > 0 else None,
        "account": None if account_id > 0 else str(-account_id),
        "came": came_said(held.came, is_amendment=held.is_amendment),
        "problems": {
            language: [each.said(language) for each in held.problems] or [held.words]
            for language in ("en", "es")
        },
    }


def came_said(came: filing.Came, *, is_amendment: bool) -> Mapping[str, Any]:
    """Return the whole of a return as it came."""
    lines: Sequence[Mapping[str, Any]] = [
        {
            "region": line.region,
            "business_class": line.business_class,
            "gross_cents": line.gross_cents,
            "deductions": [{"code": each.code, "cents": each.cents} for each in line.deductions],
            "includes_tax": line.includes_tax,
            "land_cents": line.land_cents,
            "units": str(line.units),
            "item_price_cents": line.item_price_cents,
            "as_filed": [{"key": each.key, "cents": each.cents} for each in line.as_filed],
            "by_location": [dataclasses.asdict(each) for each in line.by_location],
        }
        for line in came.lines
    ]
    return {
        "starts_on": came.starts_on.isoformat(),
        "received_on": came.received_on.isoformat(),
        "is_electronic": came.is_electronic,
        "is_amendment": is_amendment,
        "excess_tax_cents": came.excess_tax_cents,
        "credit_carried_cents": came.credit_carried_cents,
        "estimated_payments_cents": came.estimated_payments_cents,
        "form": came.form,
        "as_filed": [{"key": each.key, "cents": each.cents} for each in came.as_filed],
        "lines": lines,
    }


@transactions.starts_transaction
def put_aside(
    *, account_id: int, starts_on: datetime.date, cells: Mapping[str, str],
    problems: Sequence[str], due_on: datetime.date, by: By,
) -> int:  # fmt: skip
    """Keep what was keyed of a return for later, as a work item; returns its number.

    `cells` are the fields of the form as they stand, so that nothing that was keyed is lost. The
    same put aside twice is one item while it waits.
    """
    registering.lock(account_id)
    for each in work.of_subject(kind=KIND, subject_kind="account", subject_id=account_id):
        if each.detail.get("cells") == dict(cells):
            return each.item_id
    cause = f"keyed return {account_id} {starts_on} {by.at.isoformat()}"
    words = f"Period from {starts_on}: {by.why}" if by.why else f"Period from {starts_on}"
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=KIND,
                reason=PUT_ASIDE,
                cause_key=cause,
                subject_kind="account",
                subject_id=account_id,
                due_on=due_on,
                urgency=URGENCY,
                detail={
                    "account_id": account_id,
                    "starts_on": starts_on.isoformat(),
                    "cells": dict(cells),
                    "problems": {"en": list(problems), "es": list(problems)},
                    "put_aside_by": by.user_id,
                    "words": words,
                },
            )
        ],
        at=by.at,
    )
    return work.same_cause(cause_key=cause)[0].item_id


@transactions.starts_transaction
def file_held(
    came: filing.Came, *, item_id: int, by: By, posting_day: datetime.date
) -> kept_returns.Kept:
    """File a held return as it was set right, and close its work item with it.

    Raises work_items.NotYours and what filing.file_return raises.
    """
    assert by.user_id is not None, "a held return is filed by a person"
    work_items.claim_one(item_id=item_id, user_id=by.user_id)
    kept = filing.take_in(came, by=by, posting_day=posting_day)
    work_items.finish(
        item_ids=[item_id],
        user_id=by.user_id,
        reason=f"Filed as return {kept.return_id}, version {kept.version}.",
        at=by.at,
    )
    return kept

"""Finding returns that did not come: a step of the day's run, harmless twice."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from fisc.basics import identifiers
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.queries import missing
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions

KIND = "missing return"
SUBJECT = "nonfiling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """The run and chunk that rows are numbered by, the day of the run, and when."""

    run_id: int
    chunk: int
    posting_day: datetime.date
    at: datetime.datetime


@transactions.needs_transaction
@code_lists.at_one_generation()
def find_chunk(*, bucket_from: int, bucket_before: int, of: Of) -> Mapping[str, int]:
    """Note the periods of a range of accounts that no return in time can come for any more.

    Each is a row and a work item; items of one account are worked as one. Done again, it notes
    nothing. Returns how many, and how many periods have no due day by any table.
    """
    found, without = _locked(bucket_from, bucket_before, of=of)
    ids = identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=len(found)).tolist()
    models.NonFiling.objects.bulk_create(
        (
            models.NonFiling(
                id=row_id,
                account_id=each.account_id,
                starts_on=each.days.starts_on,
                ends_before=each.ends_before,
                due_on=each.due_on,
                timely_until=each.timely_until,
                found_on=of.posting_day,
                recorded_at=of.at,
            )
            for row_id, each in zip(ids, found, strict=True)
        ),
        batch_size=5_000,
    )
    work_items.raise_items(
        items=[_item(row_id, each, of=of) for row_id, each in zip(ids, found, strict=True)],
        at=of.at,
        posting_day=of.posting_day,
        run_id=of.run_id,
        chunk=of.chunk,
    )
    return {"missing_returns": len(found), "periods_without_due_day": without}


def _locked(bucket_from: int, bucket_before: int, *, of: Of) -> tuple[list[missing.Missing], int]:
    """Have filings of the accounts wait, in the order of their ids, and read what is missing."""

    def seen() -> tuple[list[missing.Missing], int]:
        return missing.missing(
            bucket_from=bucket_from, bucket_before=bucket_before, on=of.posting_day, known_at=of.at
        )

    account_ids = sorted({each.account_id for each in seen()[0]})
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_account where subledger_id = any(%s) order by subledger_id"
            " for update",
            [account_ids],
        )
    return seen()


def _item(row_id: int, each: missing.Missing, *, of: Of) -> work_items.NewItem:
    return work_items.NewItem(
        kind=KIND,
        reason=f"No return of the period from {each.days.starts_on} came until "
        f"{each.timely_until}. Ask for it, or propose an estimated assessment.",
        cause_key=f"missing returns of account {each.account_id}",
        subject_kind=SUBJECT,
        subject_id=row_id,
        due_on=of.posting_day,
        detail={"account_id": each.account_id, "starts_on": f"{each.days.starts_on}"},
    )


@transactions.needs_transaction
def close(account_id: int, *, starts_on: datetime.date, at: datetime.datetime) -> None:
    """Close the work on a missing return that came."""
    found = models.NonFiling.objects.filter(account_id=account_id, starts_on=starts_on)
    work_items.close_by_subject(
        subject_kind=SUBJECT,
        subject_ids=list(found.values_list("id", flat=True)),
        at=at,
        why="The return came.",
    )

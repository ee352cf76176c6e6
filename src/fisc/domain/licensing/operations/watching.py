"""Watching insurances and bonds: work before one ends, and what the table does once it is out.

A part of the day's renewals, harmless twice: work about one that ends is raised once, and a license
is suspended once for each that ran out.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping

from fisc.domain.licensing import models
from fisc.domain.licensing.operations import changing, keeping
from fisc.domain.licensing.queries import renewals, running_out
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions

KIND = "insurance or bond ends"
SUBJECT = "coverage"


@transactions.needs_transaction
def watch(
    scope: renewals.Scope, *, on: datetime.date, at: datetime.datetime, run_id: int
) -> Mapping[str, int]:
    """Raise work about covers of a range that end soon, and suspend licenses that are without.

    Returns how many of each. Raises rule_tables.NoVersionForDate.
    """
    ending = running_out.to_watch(scope, on=on, known_at=at)
    raised = work_items.raise_items(
        items=[_item(each, on=on) for each in ending], at=at, posting_day=on
    )
    out = {each.license_id: each for each in running_out.to_suspend(scope, on=on, known_at=at)}
    suspended = 0
    for license_id, each in out.items():
        why = f"{each.kind.label_en} {each.reference} ran out on {each.last_day}."
        by = keeping.By(user_id=None, at=at, why=why, run_id=run_id)
        # Who closes or suspends it in between was first.
        with contextlib.suppress(keeping.IsNotSo), transactions.savepoint():
            changing.suspend_part(license_id, on=on, by=by)
            suspended += 1
    return {"covers_ending": raised, "suspended": suspended}


def _item(each: running_out.RunningOut, *, on: datetime.date) -> work_items.NewItem:
    return work_items.NewItem(
        kind=KIND,
        reason=f"{each.kind.label_en} {each.reference} of {each.business_name} ends on "
        f"{each.last_day}. Ask for the next one and record it on the license's page.",
        cause_key=f"coverage {each.coverage_id} ends",
        subject_kind=SUBJECT,
        subject_id=each.coverage_id,
        due_on=max(each.last_day, on),
        detail={"license": each.license_id, "name": each.business_name},
    )


@transactions.needs_transaction
def covered(coverage_id: int, *, at: datetime.datetime) -> None:
    """Close the work about covers of the same kind that this one follows."""
    new = models.Coverage.objects.get(id=coverage_id)
    before = models.Coverage.objects.filter(
        business_id=new.business_id, kind_id=new.kind_id, ends_before__lt=new.ends_before
    )
    work_items.close_by_subject(
        subject_kind=SUBJECT,
        subject_ids=list(before.values_list("id", flat=True)),
        at=at,
        why="The next one is recorded.",
    )

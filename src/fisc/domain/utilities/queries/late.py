"""Which charges are past due and not yet charged for being late."""

from __future__ import annotations

import datetime

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities.calculations.facts import Numbers
from fisc.plumbing import bulk_copy

_PAST_DUE = """
select open.account_id, open.due_on - date '1970-01-01' + 0::bigint, sum(open.open_cents)::bigint,
    coalesce((
        select term.rate_class_id from utilities_service_agreement agreement
        join utilities_agreement_term term on term.agreement_id = agreement.id
        where agreement.account_bucket = open.account_bucket
            and agreement.account_id = open.account_id
        order by term.starts_on desc, term.id desc limit 1
    ), 0)::bigint
from receivables_openitem open
where open.account_bucket >= %(bucket_from)s and open.account_bucket < %(bucket_before)s
    and open.open_cents > 0 and open.kind = 1 and open.due_on < %(day)s
    and open.code_id <> %(late_charge)s
    and not exists (
        select from utilities_late_charge charged
        where charged.account_bucket = open.account_bucket
            and charged.account_id = open.account_id and charged.due_on = open.due_on)
    and not exists (
        select from accounts_hold hold
        where hold.account_bucket = open.account_bucket and hold.account_id = open.account_id
            and hold.kind = 'late charge' and hold.starts_on <= %(day)s
            and (hold.ends_before is null or hold.ends_before > %(day)s))
group by open.account_bucket, open.account_id, open.due_on
order by open.account_bucket, open.account_id, open.due_on
"""
NAMES = ("account_id", "due_on", "past_due", "rate_class_id")


def past_due(*, day: datetime.date, bucket_from: int, bucket_before: int) -> dict[str, Numbers]:
    """Return what utility accounts have past due by due day, as columns; see NAMES.

    Due days that were charged for, accounts without a service and those held are left out.
    """
    found = bulk_copy.read_columns(
        _PAST_DUE,
        {
            "day": day,
            "bucket_from": bucket_from,
            "bucket_before": bucket_before,
            "late_charge": code_lists.code("charge", "late_charge").id,
        },
        NAMES,
    )
    served = found["rate_class_id"] > 0
    return {name: np.ascontiguousarray(column[served]) for name, column in found.items()}

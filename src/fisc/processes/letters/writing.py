"""Writing letters of a range of accounts: of every subject that tells somebody something."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.licensing.operations import letters as of_licenses
from fisc.domain.licensing.queries import renewals
from fisc.domain.tax_returns.operations import letters as of_returns
from fisc.plumbing import transactions


@transactions.needs_transaction
def write_chunk(
    *, bucket_from: int, bucket_before: int, since: datetime.date, on: datetime.date,
    at: datetime.datetime,
) -> Mapping[str, int]:  # fmt: skip
    """Write the letters of a range about what happened from a day to another, each once.

    A letter is a row that waits; it is typeset when it is printed (decision 0164).
    """
    scope = renewals.Scope(bucket_from, bucket_before)
    return {
        **of_licenses.write_chunk(scope, since=since, on=on, at=at),
        **of_returns.write_chunk(
            bucket_from=bucket_from, bucket_before=bucket_before, since=since, on=on, at=at
        ),
    }

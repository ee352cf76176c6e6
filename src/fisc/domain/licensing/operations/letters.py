"""Writing letters about licenses: what holders were told of renewals, and that a license lapsed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.documents import choices as documents
from fisc.domain.documents import operations as filing
from fisc.domain.licensing.queries import letters, renewals
from fisc.plumbing import transactions

KINDS: Mapping[documents.Kind, str] = {
    documents.Kind.RENEWAL_NOTICE: letters.TOLD,
    documents.Kind.LAPSE_NOTICE: letters.LAPSED,
}


@transactions.needs_transaction
def write_chunk(
    scope: renewals.Scope, *, since: datetime.date, on: datetime.date, at: datetime.datetime
) -> Mapping[str, int]:
    """Write the letters of a range about what runs told or lapsed from a day to another.

    Each is written once; done again, it writes none. Returns how many of each kind.
    """
    counted = {}
    for kind, wanted in KINDS.items():
        found = letters.to_write(wanted, scope, since=since, on=on)
        counted[f"letters_{kind.name.lower()}"] = filing.write_letters(
            kind=kind,
            subject_ids=found["subject_id"].tolist(),
            account_ids=found["account_id"].tolist(),
            on=on,
            at=at,
        )
    return counted

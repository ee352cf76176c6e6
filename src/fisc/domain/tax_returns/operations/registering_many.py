"""Registering many tax accounts at once, from columns: as another system had them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.basics.identifiers import Numbers
from fisc.plumbing import bulk_copy, transactions


@dataclass(frozen=True, slots=True)
class Registrations:
    """Of accounts for classes in regions, from a day on; days count from 1970-01-01."""

    account_ids: Numbers
    region_ids: Numbers
    business_class_ids: Numbers
    starts_on: Numbers


@dataclass(frozen=True, slots=True)
class Terms:
    """How often accounts file, from the first day of a filing period on."""

    account_ids: Numbers
    frequency_ids: Numbers
    starts_on: Numbers


@transactions.needs_transaction
def register_many(of: Registrations, *, terms: Terms, at: datetime.datetime) -> None:
    """Record registrations and filing terms of accounts that have none.

    What the walls say of a class registered twice, or of two terms of a day, is raised.
    """
    lasting: dict[str, bulk_copy.Written] = {
        "ends_before": bulk_copy.Constant(None),
        "recorded_at": bulk_copy.Constant(at),
    }
    bulk_copy.write_columns(
        table="tax_returns_registration",
        columns={
            "id": bulk_copy.drawn_ids(table="tax_returns_registration", count=len(of.account_ids)),
            "account_id": of.account_ids,
            "region_id": of.region_ids,
            "business_class_id": of.business_class_ids,
            "starts_on": of.starts_on,
            **lasting,
        },
    )
    bulk_copy.write_columns(
        table="tax_returns_filing_term",
        columns={
            "id": bulk_copy.drawn_ids(
                table="tax_returns_filing_term", count=len(terms.account_ids)
            ),
            "account_id": terms.account_ids,
            "frequency_id": terms.frequency_ids,
            "seasonal_months": bulk_copy.Constant(()),
            "starts_on": terms.starts_on,
            **lasting,
        },
    )

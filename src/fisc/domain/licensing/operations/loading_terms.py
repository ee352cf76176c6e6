"""More of many businesses at once: their owners, and later terms of their licenses."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.basics.identifiers import Numbers
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import loading
from fisc.plumbing import bulk_copy, transactions


@dataclass(frozen=True, slots=True)
class Owners:
    """Who holds what of which business from a day on; shares in hundredths of a percent."""

    business_ids: Numbers
    owner_ids: Numbers
    hundredths_percent: Numbers
    controls: bulk_copy.Flags
    starts_on: Numbers


@dataclass(frozen=True, slots=True)
class Renewals:
    """Further terms of licenses, each after the last of its license; days count from 1970-01-01."""

    license_ids: Numbers
    license_type_ids: Numbers
    business_ids: Numbers
    premise_ids: Numbers
    account_ids: Numbers
    renewed_on: Numbers
    term_starts_on: Numbers
    term_ends_before: Numbers
    units: bulk_copy.Nullable
    gross_receipts_cents: bulk_copy.Nullable

    def __len__(self) -> int:
        return len(self.license_ids)


@transactions.needs_transaction
def load_owners(of: Owners, *, at: datetime.datetime) -> None:
    """Record who owns businesses; the walls refuse more than the whole of one."""
    bulk_copy.write_columns(
        table="licensing_ownership",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_ownership", count=len(of.owner_ids)),
            "business_id": of.business_ids,
            "owner_id": of.owner_ids,
            "hundredths_percent": of.hundredths_percent,
            "controls": of.controls,
            "starts_on": of.starts_on,
            "ends_before": bulk_copy.Constant(None),
            "recorded_at": bulk_copy.Constant(at),
        },
    )


@transactions.needs_transaction
def load_renewals(of: Renewals, *, at: datetime.datetime, user_id: int | None, why: str) -> Numbers:
    """Record renewals that another system made, each with its application; returns those's ids.

    One term of a license a call. Raises what PostgreSQL says of one that cannot be renewed.
    """
    application_ids = bulk_copy.drawn_ids(table="licensing_application", count=len(of))
    bulk_copy.write_columns(
        table="licensing_application",
        columns={
            "id": application_ids,
            "license_type_id": of.license_type_ids,
            "number": loading.draw_numbers(of.license_type_ids, of=choices.NumberOf.APPLICATION),
            "kind": bulk_copy.Constant(choices.ApplicationKind.RENEWAL.value),
            "status": bulk_copy.Constant(choices.ApplicationStatus.ISSUED.value),
            "business_id": of.business_ids,
            "premise_id": of.premise_ids,
            "account_id": of.account_ids,
            "license_id": of.license_ids,
            "received_on": of.renewed_on,
            "received_at": bulk_copy.Constant(at),
            "begins_on": of.term_starts_on,
            "began_unlicensed": bulk_copy.Constant(value=False),
            "units": of.units,
            "gross_receipts_cents": of.gross_receipts_cents,
            "term_starts_on": of.term_starts_on,
            "term_ends_before": of.term_ends_before,
            "taken_by_id": bulk_copy.Constant(user_id),
        },
    )
    _renew(of, application_ids, at=at, user_id=user_id, why=why)
    return application_ids


def _renew(
    of: Renewals, application_ids: Numbers, *, at: datetime.datetime, user_id: int | None, why: str
) -> None:
    bulk_copy.write_columns(
        table="licensing_license_event",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_license_event", count=len(of)),
            "license_id": of.license_ids,
            "kind": bulk_copy.Constant(choices.LicenseEventKind.RENEWED.value),
            "happened_on": of.renewed_on,
            "starts_on": of.term_starts_on,
            "ends_before": of.term_ends_before,
            "business_id": of.business_ids,
            "account_id": of.account_ids,
            "premise_id": of.premise_ids,
            "application_id": application_ids,
            "reason": bulk_copy.Constant(why),
            "made_by_id": bulk_copy.Constant(user_id),
            "made_at": bulk_copy.Constant(at),
            "run_id": bulk_copy.Constant(None),
        },
    )

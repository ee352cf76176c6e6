"""Many businesses with the licenses they have, brought in at once from columns.

For what another system had: nothing is charged, and no department is asked. Each license has the
application that its term rests on, so that a later renewal finds its units and receipts.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from fisc.basics.identifiers import Numbers
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import issuing
from fisc.plumbing import bulk_copy, transactions

_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Businesses:
    """Businesses in columns; days are counted from 1970-01-01."""

    # Of their parties, which are there.
    party_ids: Numbers
    trade_names: Sequence[str]
    began_on: Numbers
    # What the names of each are compared by; none of them empty.
    name_keys: Sequence[Sequence[str]]
    # What each is found by: queries.finding.words_from.
    words: Sequence[str]

    def __len__(self) -> int:
        return len(self.party_ids)


@dataclass(frozen=True, slots=True)
class Places:
    """Where businesses are, from a day on."""

    business_ids: Numbers
    premise_ids: Numbers
    address_keys: Sequence[str]
    starts_on: Numbers


@dataclass(frozen=True, slots=True)
class Doings:
    """What businesses do, from a day on: codes of “business class”."""

    business_ids: Numbers
    code_ids: Numbers
    starts_on: Numbers


@dataclass(frozen=True, slots=True)
class Licenses:
    """Licenses in columns; money in whole cents, days counted from 1970-01-01."""

    license_type_ids: Numbers
    business_ids: Numbers
    premise_ids: Numbers
    account_ids: Numbers
    issued_on: Numbers
    term_starts_on: Numbers
    term_ends_before: Numbers
    # Words of choices.LicenseStatus.
    statuses: Sequence[str]
    units: bulk_copy.Nullable
    gross_receipts_cents: bulk_copy.Nullable

    def __len__(self) -> int:
        return len(self.license_type_ids)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows that were made, in the order of the licenses."""

    application_ids: Numbers
    license_ids: Numbers
    numbers: Numbers


@transactions.needs_transaction
def load_businesses(
    of: Businesses, *, places: Places, doings: Doings, at: datetime.datetime
) -> None:
    """Record businesses with their places and what they do."""
    bulk_copy.write_columns(
        table="licensing_business",
        columns={
            "party_id": of.party_ids,
            "trade_name": bulk_copy.texts_of(of.trade_names),
            "began_on": of.began_on,
            "recorded_at": bulk_copy.Constant(at),
        },
    )
    bulk_copy.write_columns(
        table="licensing_business_words",
        columns={"business_id": of.party_ids, "words": bulk_copy.texts_of(of.words)},
    )
    counts = np.array([len(keys) for keys in of.name_keys], dtype=np.int64)
    bulk_copy.write_columns(
        table="licensing_business_name",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_business_name", count=int(counts.sum())),
            "business_id": np.repeat(of.party_ids, counts),
            "key": bulk_copy.texts_of([key for keys in of.name_keys for key in keys]),
        },
    )
    _load_places(places, at=at)
    bulk_copy.write_columns(
        table="licensing_activity",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_activity", count=len(doings.code_ids)),
            "business_id": doings.business_ids,
            "code_id": doings.code_ids,
            "starts_on": doings.starts_on,
            "ends_before": bulk_copy.Constant(None),
            "recorded_at": bulk_copy.Constant(at),
        },
    )


def _load_places(of: Places, *, at: datetime.datetime) -> None:
    bulk_copy.write_columns(
        table="licensing_location",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_location", count=len(of.premise_ids)),
            "business_id": of.business_ids,
            "premise_id": of.premise_ids,
            "key": bulk_copy.texts_of(of.address_keys),
            "starts_on": of.starts_on,
            "ends_before": bulk_copy.Constant(None),
            "recorded_at": bulk_copy.Constant(at),
        },
    )


@transactions.needs_transaction
def load_licenses(
    of: Licenses, *, on: datetime.date, at: datetime.datetime, user_id: int | None, why: str
) -> Loaded:
    """Record licenses that another system issued, each with its application, numbered anew.

    Their numbers follow those of each type without a gap, in the order given.
    """
    count = len(of)
    loaded = Loaded(
        application_ids=bulk_copy.drawn_ids(table="licensing_application", count=count),
        license_ids=bulk_copy.drawn_ids(table="licensing_license", count=count),
        numbers=draw_numbers(of.license_type_ids, of=choices.NumberOf.LICENSE),
    )
    _load_applications(of, loaded, at=at, user_id=user_id)
    _load_license_rows(of, loaded)
    _load_events(of, loaded, on=on, at=at, user_id=user_id, why=why)
    return loaded


@transactions.needs_transaction
def draw_numbers(license_type_ids: Numbers, *, of: choices.NumberOf) -> Numbers:
    """Draw numbers for rows of some types: each type's follow one another in the rows' order."""
    found = np.zeros(len(license_type_ids), dtype=np.int64)
    for license_type_id in np.unique(license_type_ids).tolist():
        rows = np.flatnonzero(license_type_ids == license_type_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into licensing_number_counter as counter (license_type_id, of, next)"
                " values (%s, %s, 1 + %s) on conflict (license_type_id, of)"
                " do update set next = counter.next + %s returning next",
                [license_type_id, of.value, len(rows), len(rows)],
            )
            following = int(cursor.fetchone()[0])
        found[rows] = np.arange(following - len(rows), following)
    return found


def _load_applications(
    of: Licenses, loaded: Loaded, *, at: datetime.datetime, user_id: int | None
) -> None:
    bulk_copy.write_columns(
        table="licensing_application",
        columns={
            "id": loaded.application_ids,
            "license_type_id": of.license_type_ids,
            "number": draw_numbers(of.license_type_ids, of=choices.NumberOf.APPLICATION),
            "kind": bulk_copy.Constant(choices.ApplicationKind.NEW.value),
            "status": bulk_copy.Constant(choices.ApplicationStatus.ISSUED.value),
            "business_id": of.business_ids,
            "premise_id": of.premise_ids,
            "account_id": of.account_ids,
            "license_id": bulk_copy.Constant(None),
            "received_on": of.issued_on,
            "received_at": bulk_copy.Constant(at),
            "begins_on": of.issued_on,
            "began_unlicensed": bulk_copy.Constant(value=False),
            "units": of.units,
            "gross_receipts_cents": of.gross_receipts_cents,
            "term_starts_on": of.term_starts_on,
            "term_ends_before": of.term_ends_before,
            "taken_by_id": bulk_copy.Constant(user_id),
        },
    )


def _load_license_rows(of: Licenses, loaded: Loaded) -> None:
    bulk_copy.write_columns(
        table="licensing_license",
        columns={
            "id": loaded.license_ids,
            "license_type_id": of.license_type_ids,
            "number": loaded.numbers,
            "public_code": bulk_copy.texts_of([issuing.public_code() for _ in range(len(of))]),
            "issued_on": of.issued_on,
            "business_id": of.business_ids,
            "premise_id": of.premise_ids,
            "account_id": of.account_ids,
            "status": bulk_copy.Constant(choices.LicenseStatus.ACTIVE.value),
            "term_starts_on": of.term_starts_on,
            "term_ends_before": of.term_ends_before,
        },
    )


#: What the history says of a license that came in a state.
_KINDS = {
    choices.LicenseStatus.SUSPENDED: choices.LicenseEventKind.SUSPENDED,
    choices.LicenseStatus.REVOKED: choices.LicenseEventKind.REVOKED,
    choices.LicenseStatus.EXPIRED: choices.LicenseEventKind.EXPIRED,
    choices.LicenseStatus.CLOSED: choices.LicenseEventKind.CLOSED,
}


def _load_events(
    of: Licenses, loaded: Loaded, *, on: datetime.date, at: datetime.datetime,
    user_id: int | None, why: str,
) -> None:  # fmt: skip
    """Write the issue of each license, then, a statement a kind, what ended or stopped some."""
    _write_events(
        of, loaded, rows=np.arange(len(of)), kind=choices.LicenseEventKind.ISSUED,
        on=None, at=at, user_id=user_id, why=why,
    )  # fmt: skip
    for status, kind in _KINDS.items():
        rows = np.flatnonzero(np.array([each == status for each in of.statuses], dtype=np.bool_))
        if len(rows):
            _write_events(of, loaded, rows=rows, kind=kind, on=on, at=at, user_id=user_id, why=why)


def _write_events(
    of: Licenses, loaded: Loaded, *, rows: Numbers, kind: choices.LicenseEventKind,
    on: datetime.date | None, at: datetime.datetime, user_id: int | None, why: str,
) -> None:  # fmt: skip
    is_issue = kind == choices.LicenseEventKind.ISSUED
    nothing = bulk_copy.Constant(None)
    bulk_copy.write_columns(
        table="licensing_license_event",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_license_event", count=len(rows)),
            "license_id": loaded.license_ids[rows],
            "kind": bulk_copy.Constant(kind.value),
            "happened_on": of.issued_on[rows] if on is None else bulk_copy.Constant(on),
            "starts_on": of.term_starts_on[rows] if is_issue else nothing,
            "ends_before": of.term_ends_before[rows] if is_issue else nothing,
            "business_id": of.business_ids[rows] if is_issue else nothing,
            "account_id": of.account_ids[rows] if is_issue else nothing,
            "premise_id": of.premise_ids[rows] if is_issue else nothing,
            "application_id": loaded.application_ids[rows] if is_issue else nothing,
            "reason": bulk_copy.Constant(why),
            "made_by_id": bulk_copy.Constant(user_id),
            "made_at": bulk_copy.Constant(at),
            "run_id": nothing,
        },
    )

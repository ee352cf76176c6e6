"""Bringing a file of licenses in, all of it in one transaction, and taking it out again."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import DatabaseError, connection

from fisc.basics.identifiers import Numbers
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts.operations import loading as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import loading as licensing
from fisc.domain.licensing.queries import finding
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as identifiers
from fisc.domain.party_identifiers import queries as known_identifiers
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.processes.conversion import choices, models
from fisc.processes.conversion.licenses import checking, queries, sheets, totals

_EPOCH = datetime.date(1970, 1, 1)


class RowsAreRefused(Exception):
    """Rows of a file cannot be taken, and nobody said to leave them out; nothing was taken."""


class StandsAlready(Exception):
    """A file was brought in before and was not undone."""


class CannotBeUndone(Exception):
    """Something rests on what a file brought in, or the file was undone before."""


class UndoneByItsMaker(Exception):
    """Who brought a file in would take it out again."""


class ReasonIsMissing(Exception):
    """It was not said why a file is brought in or taken out."""


@dataclass(frozen=True, slots=True)
class By:
    """Who brings a file in or takes it out, when, and why."""

    user_id: int | None
    at: datetime.datetime
    why: str


@transactions.starts_transaction
def bring_in(
    plan: queries.Plan, *, said: totals.Said, leaves_out_refused: bool, on: datetime.date, by: By
) -> queries.Brought:
    """Bring in what a plan says: all of it, or nothing.

    Raises ReasonIsMissing, totals.TotalsDiffer, RowsAreRefused, StandsAlready.
    """
    _require_reason(by)
    totals.require(plan.totals, said=said)
    if plan.refused and not leaves_out_refused:
        raise RowsAreRefused(
            f"{len(plan.refused)} of {plan.totals.rows} rows cannot be taken, so nothing was. Mend "
            "them or the mapping and check the file again, or say that they stay out."
        )
    batch = _batch(plan, by=by)
    made = _load(plan, on=on, by=by)
    _keep_made(batch.id, made)
    lines = np.array([row.line for row in plan.rows], dtype=np.int64)
    bulk_copy.write_columns(
        table="conversion_reference",
        columns={
            "id": bulk_copy.drawn_ids(table="conversion_reference", count=len(plan.rows)),
            "batch_id": bulk_copy.Constant(batch.id),
            "line": lines,
            "reference": bulk_copy.texts_of([row.reference for row in plan.rows]),
            "license_id": made[choices.MadeKind.LICENSE],
        },
    )
    _log("bring in licenses", batch.id, detail={"taken": batch.taken}, by=by)
    return queries.brought_in(batch.id)


@transactions.starts_transaction
def undo(batch_id: int, *, by: By) -> queries.Brought:
    """Take out everything that a file brought in, as if it had not come; its reports stay.

    Refused once anything rests on it: a charge, a payment, a further event, a later number of one
    of its license types; and to who brought it in. Raises ReasonIsMissing, queries.NoSuchFile,
    UndoneByItsMaker, CannotBeUndone.
    """
    _require_reason(by)
    made_by_id = queries.brought_in(batch_id).made_by_id
    if made_by_id is not None and by.user_id in (None, made_by_id):
        raise UndoneByItsMaker(
            f"Who brought file {batch_id} in does not take it out. Ask another person."
        )
    try:
        with transactions.savepoint(), connection.cursor() as cursor:
            cursor.execute(
                "select conversion_undo(%s, %s, %s, %s)", [batch_id, by.user_id, by.at, by.why]
            )
    except DatabaseError as problem:
        said = getattr(getattr(problem.__cause__, "diag", None), "message_primary", "") or problem
        raise CannotBeUndone(
            f"File {batch_id} stays: {said} What rests on it goes first, or each license is "
            "mended by hand."
        ) from problem
    _log("take licenses out", batch_id, detail={}, by=by)
    return queries.brought_in(batch_id)


def _require_reason(by: By) -> None:
    if not by.why.strip():
        raise ReasonIsMissing("Say why, for whoever reads the record later.")


def _batch(plan: queries.Plan, *, by: By) -> models.Batch:
    with connection.cursor() as cursor:
        # Two people who bring in files at once wait for each other: each is checked alone.
        cursor.execute("select pg_advisory_xact_lock(hashtext('conversion_licenses'))")
    if models.Batch.objects.filter(sha256=plan.sha256, undone_at=None).exists():
        raise StandsAlready(
            f"{plan.file_name} was brought in before, byte for byte, and stands. Undo that first."
        )
    return models.Batch.objects.create(
        file_name=plan.file_name,
        sha256=plan.sha256,
        mapping_sha256=plan.mapping.sha256,
        row_count=plan.totals.rows,
        taken=plan.totals.taken,
        totals=dataclasses.asdict(plan.totals),
        refused=[dataclasses.asdict(each) for each in plan.refused],
        why=by.why,
        made_by_id=by.user_id,
        made_at=by.at,
    )


def _load(plan: queries.Plan, *, on: datetime.date, by: By) -> dict[choices.MadeKind, Numbers]:
    """Write parties, places, accounts, businesses and licenses; return what was made."""
    if not plan.rows:
        return {choices.MadeKind.LICENSE: np.zeros(0, dtype=np.int64)}
    firsts = [plan.rows[each.rows[0]] for each in plan.businesses]
    began_on = _days(
        [min(plan.rows[row].issued_on for row in each.rows) for each in plan.businesses]
    )
    opened = accounts.load_population(population=_population(firsts, began_on), at=by.at)
    of_row = np.zeros(len(plan.rows), dtype=np.int64)
    for number, each in enumerate(plan.businesses):
        of_row[list(each.rows)] = number
    premises, places = _places(plan, opened, of_row=of_row)
    _load_businesses(plan, opened, places, began_on=began_on, of_row=of_row, by=by)
    _load_identifiers(plan, firsts, opened, by=by)
    loaded = licensing.load_licenses(
        _licenses(plan.rows, opened, of_row=of_row, premises=premises),
        on=on, at=by.at, user_id=by.user_id, why=by.why,
    )  # fmt: skip
    return {
        choices.MadeKind.PARTY: opened.party_ids,
        choices.MadeKind.PREMISE: np.unique(np.concatenate([opened.premise_ids, premises])),
        choices.MadeKind.ACCOUNT: opened.account_ids,
        choices.MadeKind.APPLICATION: loaded.application_ids,
        choices.MadeKind.LICENSE: loaded.license_ids,
    }


def _population(firsts: Sequence[sheets.Row], began_on: Numbers) -> accounts.Population:
    texts = bulk_copy.texts_of
    names = texts([row.business_name for row in firsts])
    no = np.zeros(len(firsts), dtype=np.bool_)
    return accounts.Population(
        name=names,
        sort_name=names,
        phone=texts([row.phone for row in firsts]),
        email=texts([row.email for row in firsts]),
        house_number=texts([row.house_number for row in firsts]),
        street=texts([row.street for row in firsts]),
        unit=texts([row.unit for row in firsts]),
        city=texts([row.city for row in firsts]),
        state=texts([row.state for row in firsts]),
        zip=texts([row.zip for row in firsts]),
        opened_on=began_on,
        is_inside_city=no,
        speaks_spanish=no,
        kind=account_choices.AccountKind.LICENSE,
        party_kind=account_choices.PartyKind.ORGANIZATION,
        has_parcels=False,
    )


def _places(
    plan: queries.Plan, opened: accounts.Loaded, *, of_row: Numbers
) -> tuple[Numbers, licensing.Places]:
    """Return each row's premise, and each place of each business once; further ones are added."""
    known: dict[tuple[int, str], int] = {}
    begins: dict[tuple[int, str], datetime.date] = {}
    further: list[sheets.Row] = []
    for row, number in zip(plan.rows, of_row.tolist(), strict=True):
        key = (number, checking.address_key(row))
        if key not in known:
            is_first = row is plan.rows[plan.businesses[number].rows[0]]
            known[key] = int(opened.premise_ids[number]) if is_first else -len(further) - 1
            if not is_first:
                further.append(row)
        begins[key] = min(begins.get(key, row.issued_on), row.issued_on)
    added = accounts.load_premises(
        [
            accounts.Place(row.house_number, row.street, row.unit, row.city, row.state, row.zip)
            for row in further
        ]
    )
    real = {key: at if at > 0 else int(added[-at - 1]) for key, at in known.items()}
    of_rows = [
        real[number, checking.address_key(row)]
        for row, number in zip(plan.rows, of_row.tolist(), strict=True)
    ]
    return np.array(of_rows, dtype=np.int64), licensing.Places(
        business_ids=opened.party_ids[[number for number, _ in real]],
        premise_ids=np.array(list(real.values()), dtype=np.int64),
        address_keys=[key for _, key in real],
        starts_on=_days([begins[key] for key in real]),
    )


def _load_businesses(
    plan: queries.Plan, opened: accounts.Loaded, places: licensing.Places, *,
    began_on: Numbers, of_row: Numbers, by: By,
) -> None:  # fmt: skip
    codes = code_lists.codes("business class")
    doings = {
        (number, row.activity): row.issued_on
        for row, number in sorted(
            zip(plan.rows, of_row.tolist(), strict=True),
            key=lambda each: -each[0].issued_on.toordinal(),
        )
        if row.activity
    }
    licensing.load_businesses(
        licensing.Businesses(
            party_ids=opened.party_ids,
            trade_names=[plan.rows[each.rows[0]].trade_name for each in plan.businesses],
            began_on=began_on,
            name_keys=[each.name_keys for each in plan.businesses],
            words=[_words(plan, each) for each in plan.businesses],
        ),
        places=places,
        doings=licensing.Doings(
            business_ids=opened.party_ids[[number for number, _ in doings]],
            code_ids=np.array([codes[code].id for _, code in doings], dtype=np.int64),
            starts_on=_days(list(doings.values())),
        ),
        at=by.at,
    )


def _words(plan: queries.Plan, business: checking.Business) -> str:
    rows = [plan.rows[row] for row in business.rows]
    places = dict.fromkeys(f"{row.house_number} {row.street} {row.unit}" for row in rows)
    return finding.words_from(
        name=rows[0].business_name, trade_name=rows[0].trade_name, places=" ".join(places)
    )


def _load_identifiers(
    plan: queries.Plan, firsts: Sequence[sheets.Row], opened: accounts.Loaded, *, by: By
) -> None:
    if "tax_id" not in plan.mapping.layout.columns:
        return
    kind = identifier_choices.Kind(plan.mapping.layout.tax_id_kind)
    identifiers.add_many(
        [
            (party_id, known_identifiers.Given(kind=kind, text=row.tax_id))
            for party_id, row in zip(opened.party_ids.tolist(), firsts, strict=True)
            if row.tax_id
        ],
        at=by.at,
        user_id=by.user_id,
    )


def _licenses(
    rows: Sequence[sheets.Row], opened: accounts.Loaded, *, of_row: Numbers, premises: Numbers
) -> licensing.Licenses:
    types = code_lists.codes("license type")
    return licensing.Licenses(
        license_type_ids=np.array([types[row.license_type].id for row in rows], dtype=np.int64),
        business_ids=opened.party_ids[of_row],
        premise_ids=premises,
        account_ids=opened.account_ids[of_row],
        issued_on=_days([row.issued_on for row in rows]),
        term_starts_on=_days([row.term_starts_on for row in rows]),
        term_ends_before=_days([row.term_ends_before for row in rows]),
        statuses=[row.status for row in rows],
        units=_nullable([row.units for row in rows]),
        gross_receipts_cents=_nullable([row.gross_receipts_cents for row in rows]),
    )


def _keep_made(batch_id: int, made: dict[choices.MadeKind, Numbers]) -> None:
    for kind, row_ids in made.items():
        bulk_copy.write_columns(
            table="conversion_made",
            columns={
                "id": bulk_copy.drawn_ids(table="conversion_made", count=len(row_ids)),
                "batch_id": bulk_copy.Constant(batch_id),
                "kind": bulk_copy.Constant(int(kind)),
                "row_id": row_ids,
            },
        )


def _days(days: Sequence[datetime.date]) -> Numbers:
    return np.array([(day - _EPOCH).days for day in days], dtype=np.int64)


def _nullable(values: Sequence[int | None]) -> bulk_copy.Nullable:
    return bulk_copy.Nullable(
        np.array([each or 0 for each in values], dtype=np.int64),
        np.array([each is None for each in values], dtype=np.bool_),
    )


def _log(verb: str, batch_id: int, *, detail: dict[str, object], by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="converted file",
        subject_id=batch_id,
        why=by.why,
        detail=detail,
        at=by.at,
    )

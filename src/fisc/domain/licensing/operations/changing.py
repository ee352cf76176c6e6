"""What happens to a license after it is issued: stopped, ended, moved, handed on."""

from __future__ import annotations

import datetime

from django.db import connection

from fisc.basics import money, periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import declarations as clearing
from fisc.domain.accounts import operations as accounts
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.operations import keeping
from fisc.domain.licensing.queries import businesses, clearances, licenses, requirements, standing
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = keeping.By
_Kind = choices.LicenseEventKind


class CannotBeCleared(Exception):
    """Something besides debts is in the way of a letter of clearance; all of it is said."""


class CannotBeHandedOn(Exception):
    """A license cannot go to another business; everything in the way is said at once."""


@transactions.starts_transaction
def suspend(license_id: int, *, on: datetime.date, by: By) -> None:
    """Stop a license until it is reinstated.

    Raises keeping.IsNotSo, keeping.ReasonIsMissing, licenses.NoSuchLicense.
    """
    suspend_part(license_id, on=on, by=by)


@transactions.needs_transaction
def suspend_part(license_id: int, *, on: datetime.date, by: By) -> None:
    """As suspend, as a part of something."""
    _happen(license_id, _Kind.SUSPENDED, on=on, by=by)


@transactions.starts_transaction
def revoke(license_id: int, *, on: datetime.date, by: By) -> None:
    """End a license against its holder. Raises as suspend does."""
    _happen(license_id, _Kind.REVOKED, on=on, by=by)


@transactions.starts_transaction
def reinstate(license_id: int, *, on: datetime.date, by: By) -> None:
    """Have a suspended or revoked license count again. Raises as suspend does."""
    _happen(license_id, _Kind.REINSTATED, on=on, by=by)


@transactions.starts_transaction
def close(license_id: int, *, on: datetime.date, by: By) -> None:
    """End a license because its business ended. Raises as suspend does."""
    _happen(license_id, _Kind.CLOSED, on=on, by=by)


@transactions.starts_transaction
def change_place(license_id: int, *, premise_id: int, on: datetime.date, by: By) -> None:
    """Have a license be for another place. Raises as suspend does, businesses.NoSuchPremise."""
    businesses.address_of(premise_id)
    _happen(license_id, _Kind.PLACE_CHANGED, on=on, by=by, premise_id=premise_id)


@transactions.starts_transaction
def clear(license_id: int, *, on: datetime.date, by: By) -> clearances.Clearance:
    """Keep what the business of a license and its owners owe, for a letter before a sale.

    The letter holds for the days of the type's table, and clears the business if nothing is owed.
    Raises CannotBeCleared, licenses.NoSuchLicense, requirements.NoRequirements.
    """
    found = licenses.license_of(license_id)
    owed = standing.standing(business_id=found.business_id, as_of=on)
    held = tuple(each.account_id for each in owed.accounts)
    hindered = clearing.said(clearing.Asked(account_ids=held, on=on, known_at=by.at))
    if hindered:
        raise CannotBeCleared(" ".join(hindered))
    days = _asked(found, on=on, by=by).clearance_days
    row = models.Clearance.objects.create(
        business_id=found.business_id,
        made_on=on,
        holds_before=on + datetime.timedelta(days=days),
        owed_cents=owed.owed_cents,
        made_by_id=by.user_id,
        made_at=by.at,
    )
    _record("clearance letter", found, by=by)
    return clearances.clearance(row.id)


@transactions.starts_transaction
def hand_on(
    license_id: int, *, to_business_id: int, takes_over_debt: bool, on: datetime.date, by: By
) -> None:
    """Have a license be another business's, after its sale.

    The seller is cleared by a letter that holds on the day; or the buyer takes over what it owes
    and becomes liable with it on each account that has something open. Raises CannotBeHandedOn,
    keeping.IsNotSo, keeping.ReasonIsMissing, licenses.NoSuchLicense.
    """
    keeping.lock_license(license_id)
    found = licenses.license_of(license_id)
    account_id = standing.account_of(
        business_id=to_business_id, kind=account_choices.AccountKind.LICENSE, as_of=on
    )
    problems = []
    if not _asked(found, on=on, by=by).is_transferable:
        problems.append(
            f"A license of the type “{found.license_type.label_en}” is not handed on: the buyer "
            "applies for a new one."
        )
    if to_business_id == found.business_id:
        problems.append("The license is this business's already.")
    if account_id is None:
        problems.append(f"Business {to_business_id} has no license account. Open one first.")
    owed = standing.standing(business_id=found.business_id, as_of=on)
    cleared = clearances.clears(business_id=found.business_id, on=on)
    if not cleared and not takes_over_debt:
        problems.append(
            f"No letter of clearance holds on {on}, and ${money.formatted(owed.owed_cents)} is "
            "owed. Have it paid and make the letter, or let the buyer take the debt over."
        )
    if problems:
        raise CannotBeHandedOn(" ".join(problems))
    if not cleared:
        _make_liable(owed, to_business_id, on=on, by=by)
    _happen(
        license_id,
        _Kind.OWNER_CHANGED,
        on=on,
        by=by,
        business_id=to_business_id,
        account_id=account_id,
    )


def _make_liable(owed: standing.Standing, party_id: int, *, on: datetime.date, by: By) -> None:
    """The successor answers for what is open, with the one who made it."""
    for each in owed.accounts:
        if each.open_charges_cents > each.credits_cents and not _is_liable(each, party_id, on=on):
            accounts.add_role(
                account_id=each.account_id,
                party_id=party_id,
                role=account_choices.Role.JOINTLY_LIABLE,
                period=periods.Period(starts_on=on),
                at=by.at,
            )


def _is_liable(owed: standing.OwedOn, party_id: int, *, on: datetime.date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from accounts_role where account_id = %s and party_id = %s"
            " and role in ('holder', 'jointly liable') and (ends_before is null"
            " or ends_before > %s))",
            [owed.account_id, party_id, on],
        )
        return bool(cursor.fetchone()[0])


def _happen(
    license_id: int, kind: choices.LicenseEventKind, *, on: datetime.date, by: By,
    **changes: int | None,
) -> None:  # fmt: skip
    keeping.require_reason(by)
    keeping.lock_license(license_id)
    found = licenses.license_of(license_id)
    last = licenses.history(license_id)[-1]
    if found.status not in choices.STATUS_BEFORE[kind]:
        wanted = " or ".join(choices.STATUS_BEFORE[kind])
        raise keeping.IsNotSo(
            f"License {found.number} ({found.license_type.label_en}) is {found.status}: only one "
            f"that is {wanted} can be {kind.value}."
        )
    if on < last.happened_on:
        raise keeping.IsNotSo(
            f"License {found.number} was {last.kind} on {last.happened_on}: nothing happens to it "
            f"before that. Give that day or a later one, not {on}."
        )
    models.LicenseEvent.objects.create(
        license_id=license_id,
        kind=kind,
        happened_on=on,
        reason=by.why,
        made_by_id=by.user_id,
        made_at=by.at,
        run_id=by.run_id,
        **changes,
    )
    _record(f"license {kind.value}", found, by=by)


def _asked(found: licenses.License, *, on: datetime.date, by: By) -> requirements.Requirements:
    return requirements.requirements(
        requirements.Asking(
            license_type=found.license_type.code, is_new=False, day=on, known_at=by.at
        )
    )


def _record(verb: str, found: licenses.License, *, by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="license",
        subject_id=found.license_id,
        why=by.why,
        detail={"number": found.number, "license_type": found.license_type.code},
        at=by.at,
    )

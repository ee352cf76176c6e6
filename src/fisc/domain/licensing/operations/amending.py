"""Changing what is recorded of a business from a page: one change, with who made it."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Final

from fisc.basics.periods import Period
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import businesses
from fisc.domain.licensing.operations.entering import By
from fisc.domain.licensing.queries import businesses as known
from fisc.domain.licensing.queries import finding
from fisc.domain.party_records.operations import officers
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

OWNER: Final = "owner"
PLACE: Final = "place"
ACTIVITY: Final = "activity"
OFFICER: Final = "officer"


@dataclasses.dataclass(frozen=True, slots=True)
class Who:
    """A party that is known, or the name of a new one."""

    party_id: int | None = None
    name: str = ""
    kind: account_choices.PartyKind = account_choices.PartyKind.PERSON


@transactions.starts_transaction
def add_owner(
    *, business_id: int, who: Who, percent: Decimal, controls: bool, starts_on: datetime.date,
    by: By,
) -> int:  # fmt: skip
    """Record who holds what of a business from a day on.

    Raises NoSuchBusiness, NoSuchParty and what `businesses.add_owner` raises.
    """
    ownership_id = businesses.add_owner(
        business_id=_business(business_id, by),
        owner_id=_party(who, by),
        percent=percent,
        controls=controls,
        period=Period(starts_on=starts_on),
        at=by.at,
    )
    _log(business_id, "add owner", by)
    return ownership_id


@transactions.starts_transaction
def add_officer(*, business_id: int, who: Who, title: str, starts_on: datetime.date, by: By) -> int:
    """Record who acts for a business from a day on.

    Raises NoSuchBusiness, NoSuchParty and what `officers.add_officer` raises.
    """
    officer_id = officers.add_officer(
        party_id=_business(business_id, by),
        person_id=_party(who, by),
        title=title,
        period=Period(starts_on=starts_on),
        at=by.at,
    )
    _log(business_id, "add officer", by)
    return officer_id


@transactions.starts_transaction
def add_activity(
    *, business_id: int, of: choices.ActivityList, code: str, starts_on: datetime.date, by: By
) -> int:
    """Record what a business does from a day on.

    Raises NoSuchBusiness and what `businesses.add_activity` raises.
    """
    activity_id = businesses.add_activity(
        business_id=_business(business_id, by),
        of=of,
        code=code,
        period=Period(starts_on=starts_on),
        at=by.at,
    )
    _log(business_id, "add activity", by)
    return activity_id


@transactions.starts_transaction
def end(*, business_id: int, what: str, row: int, ends_before: datetime.date, by: By) -> None:
    """Have an owner, place, activity or officer of a business be so until a day, not counting it.

    Raises NoSuchOwnership, NotRecorded, NoSuchOfficer.
    """
    if what == OWNER:
        if row not in {each.ownership_id for each in finding.owners_of(business_id)}:
            raise businesses.NoSuchOwnership(
                f"There is no ownership {row} of business {business_id}."
            )
        businesses.end_ownership(ownership_id=row, ends_before=ends_before)
    elif what == PLACE:
        businesses.end_location(business_id=business_id, location_id=row, ends_before=ends_before)
    elif what == ACTIVITY:
        businesses.end_activity(business_id=business_id, activity_id=row, ends_before=ends_before)
    elif what == OFFICER:
        officers.end_officer(party_id=business_id, officer_id=row, ends_before=ends_before)
    else:
        raise businesses.NotRecorded(f"A business has no “{what}” that could end.")
    action_log.record(
        user_id=by.user_id,
        verb="end",
        subject_kind="business",
        subject_id=business_id,
        why="",
        detail={"what": what, "row": row, "ends_before": ends_before.isoformat()},
        at=by.at,
    )


def _business(business_id: int, by: By) -> int:
    return known.business(business_id=business_id, as_of=by.today).business_id


def _party(who: Who, by: By) -> int:
    if who.party_id is not None:
        return account_queries.party(party_id=who.party_id).party_id
    return accounts.add_party(name=who.name, at=by.at, kind=who.kind)


def _log(business_id: int, verb: str, by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="business",
        subject_id=business_id,
        why="",
        detail={},
        at=by.at,
    )

"""Having an account file for several locations and businesses, from when and until when."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.basics import periods
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import members
from fisc.plumbing import transactions

By = registering.By
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,19}")


class CannotJoin(Exception):
    """An account cannot file for something so; everything that is wrong is said at once."""


class CannotLeave(Exception):
    """A membership is not there, has ended, or cannot end on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """A location, or a business with a tax account of its own, and from when it is filed for."""

    code: str
    name: str
    starts_on: datetime.date
    member_account_id: int | None = None


@transactions.starts_transaction
def join(*, account_id: int, of: Joining, by: By) -> int:
    """Have an account file for a location from a day on; returns the membership's number.

    A business with an account of its own owes no return of a period that lies wholly in it.
    Raises CannotJoin, accounts.NoSuchAccount.
    """
    for each in sorted({account_id, of.member_account_id or account_id}):
        registering.lock(each)
    if wrong := _wrong(account_id, of):
        raise CannotJoin(" ".join(wrong))
    try:
        with transactions.savepoint():
            row = models.Member.objects.create(
                account_id=account_id,
                code=of.code,
                name=of.name.strip(),
                member_account_id=of.member_account_id,
                starts_on=of.starts_on,
                recorded_at=by.at,
            )
    except IntegrityError as problem:
        raise CannotJoin(
            f"Location {of.code}, or its account, is filed for on some of these days already, or "
            "files for others itself. End that first."
        ) from problem
    detail = {"member_id": row.id, "location": of.code, "from": f"{of.starts_on}"}
    registering.log("file for location", account_id, detail, by=by)
    if of.member_account_id is not None:
        registering.log(
            "be filed for", of.member_account_id, {**detail, "filer": account_id}, by=by
        )
    return row.id


@transactions.starts_transaction
def leave(*, account_id: int, member_id: int, ends_before: datetime.date, by: By) -> members.Member:
    """End a membership of an account; returns it as it now is. Raises CannotLeave.

    Of the period in which it ends, the filer's return is of the days before, and a business with an
    account of its own files for the days from then on.
    """
    found = members.one(member_id)
    if found is None or found.account_id != account_id:
        raise CannotLeave(f"The account files for no member {member_id}.")
    for each in sorted({account_id, found.member_account_id or account_id}):
        registering.lock(each)
    found = members.one(member_id)
    assert found is not None, "members are not removed"
    wrong = []
    if found.days.ends_before is not None:
        wrong.append(f"The membership has ended before {found.days.ends_before} already.")
    if ends_before <= found.days.starts_on:
        wrong.append(
            f"The membership begins on {found.days.starts_on}: it cannot end before {ends_before}."
        )
    if members.filed_since(account_id, ends_before, member_id=member_id):
        wrong.append(
            f"A return of a period from {ends_before} or later has location {found.code} on its "
            "schedule. Amend that return first, or choose a later day."
        )
    if wrong:
        raise CannotLeave(" ".join(wrong))
    models.Member.objects.filter(id=member_id).update(ends_before=ends_before)
    detail = {"member_id": member_id, "location": found.code, "ends_before": f"{ends_before}"}
    registering.log("end filing for location", account_id, detail, by=by)
    if found.member_account_id is not None:
        registering.log("end being filed for", found.member_account_id, detail, by=by)
    ended = members.one(member_id)
    assert ended is not None, "members are not removed"
    return ended


def _wrong(account_id: int, of: Joining) -> list[str]:
    wrong = registering.wrong_account(account_id, day=of.starts_on)
    if _CODE.fullmatch(of.code) is None:
        wrong.append(
            f"“{of.code}” is no code of a location. Write capital letters and digits, at most 20, "
            "such as 012."
        )
    if not of.name.strip():
        wrong.append("Say what the location is called.")
    if of.member_account_id is None:
        return wrong
    if of.member_account_id == account_id:
        wrong.append("An account files for itself anyway. Name another account, or none.")
        return wrong
    wrong += registering.wrong_account(of.member_account_id, day=of.starts_on)
    if members.filed_since(of.member_account_id, of.starts_on):
        wrong.append(
            f"A return of the business, of a period from {of.starts_on} or later, is here or was "
            "found missing. Choose a later day."
        )
    found = members.consolidated(of.member_account_id)
    days = periods.Period(starts_on=of.starts_on)
    if any(each.days.overlap(days) is not None for each in found.members):
        wrong.append("The business files for others itself. End that first.")
    return wrong

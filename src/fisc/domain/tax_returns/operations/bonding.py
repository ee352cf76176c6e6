"""Recording the bonds that secure an account's tax, ending them, and warning before they end."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.basics import money
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.operations import nonfilers, registering
from fisc.domain.tax_returns.queries import bonds
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions

By = registering.By
KIND = "tax bond"
_LOOKED_AHEAD = datetime.timedelta(days=366)
_TEXT_MAX = 120


class CannotBeRecorded(Exception):
    """A bond cannot be recorded or ended so; everything that is wrong is said at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A bond as its surety wrote it; money is whole cents."""

    surety: str
    number: str
    amount_cents: int
    effective_on: datetime.date
    expires_before: datetime.date | None = None


@transactions.starts_transaction
def record(*, account_id: int, of: New, by: By) -> int:
    """Record a bond of an account; returns its number here.

    Raises CannotBeRecorded, accounts.NoSuchAccount.
    """
    registering.lock(account_id)
    if wrong := _wrong(account_id, of):
        raise CannotBeRecorded(" ".join(wrong))
    try:
        with transactions.savepoint():
            row = models.Bond.objects.create(
                account_id=account_id,
                surety=of.surety.strip(),
                number=of.number.strip(),
                amount_cents=of.amount_cents,
                effective_on=of.effective_on,
                expires_before=of.expires_before,
                recorded_by_id=by.user_id,
                recorded_at=by.at,
            )
    except IntegrityError as problem:
        raise CannotBeRecorded(
            f"Bond {of.number} of {of.surety} is recorded of the account already. A rider or a "
            "renewal has a number of its own."
        ) from problem
    detail = {"bond_id": row.id, "amount": of.amount_cents, "from": f"{of.effective_on}"}
    registering.log("record tax bond", account_id, detail, by=by)
    return row.id


@transactions.starts_transaction
def cancel(*, account_id: int, bond_id: int, cancelled_before: datetime.date, by: By) -> None:
    """Have a bond end before a day, by the surety's or the office's word.

    Raises CannotBeRecorded.
    """
    registering.lock(account_id)
    found = bonds.one(bond_id)
    wrong = []
    if found is None or found.account_id != account_id:
        wrong.append(f"The account has no bond {bond_id}.")
    else:
        if found.cancelled_before is not None:
            wrong.append(
                f"Bond {found.number} was cancelled from {found.cancelled_before} already."
            )
        if cancelled_before < found.effective_on:
            wrong.append(
                f"Bond {found.number} is effective from {found.effective_on}: it cannot end before "
                f"{cancelled_before}."
            )
        if found.expires_before is not None and cancelled_before >= found.expires_before:
            wrong.append(f"Bond {found.number} ends before {found.expires_before} anyway.")
    if not by.why.strip():
        wrong.append("Say why, in a few words.")
    if wrong:
        raise CannotBeRecorded(" ".join(wrong))
    models.Bond.objects.filter(id=bond_id).update(
        cancelled_before=cancelled_before, cancelled_why=by.why.strip()
    )
    registering.log(
        "cancel tax bond", account_id, {"bond_id": bond_id, "from": f"{cancelled_before}"}, by=by
    )


@transactions.needs_transaction
def warn_chunk(*, bucket_from: int, bucket_before: int, of: nonfilers.Of) -> Mapping[str, int]:
    """Raise work for bonds of a range of accounts that end soon and leave too little.

    How soon, and how much is enough, the table says. Done again, it raises nothing.
    """
    ending = bonds.ending(
        bucket_from=bucket_from,
        bucket_before=bucket_before,
        after=of.posting_day,
        until=of.posting_day + _LOOKED_AHEAD,
    )
    items = [item for each in ending if (item := _item(each, of=of)) is not None]
    work_items.raise_items(
        items=items, at=of.at, posting_day=of.posting_day, run_id=of.run_id, chunk=of.chunk
    )
    return {"bonds_ending": len(items)}


def _item(each: bonds.Bond, *, of: nonfilers.Of) -> work_items.NewItem | None:
    ends_before = each.ends_before
    assert ends_before is not None, "it was found by its end"
    try:
        now = bonds.cover(each.account_id, on=of.posting_day, known_at=of.at)
    except bonds.NOT_SAID:
        return None
    left = sum(
        one.amount_cents for one in bonds.bonds(each.account_id) if one.is_in_force(ends_before)
    )
    if now.needed_cents <= left or (ends_before - of.posting_day).days > now.days_warned:
        return None
    return work_items.NewItem(
        kind=KIND,
        reason=f"Bond {each.number} of {each.surety} ends before {ends_before}, and the account "
        f"needs ${money.formatted(now.needed_cents)}. Ask for another one.",
        cause_key=f"tax bond of account {each.account_id}",
        subject_kind=KIND,
        subject_id=each.bond_id,
        due_on=ends_before,
        detail={"account_id": each.account_id},
    )


def _wrong(account_id: int, of: New) -> list[str]:
    account = accounts.account(account_id=account_id, as_of=of.effective_on)
    wrong = []
    if account.kind != account_choices.AccountKind.TAX:
        wrong.append(f"Account {account.number} is no tax account.")
    for text, words in (
        (of.surety, "Say who the surety is, in at most 120 letters."),
        (of.number, "Write the number of the bond, in at most 120 letters."),
    ):
        if not 0 < len(text.strip()) <= _TEXT_MAX:
            wrong.append(words)
    if not 0 < of.amount_cents <= points.MONEY_MAX * 100:
        wrong.append("The amount of a bond is more than nothing. Check the decimal point.")
    if of.expires_before is not None and of.expires_before <= of.effective_on:
        wrong.append(
            f"The bond is effective from {of.effective_on}: it cannot end before "
            f"{of.expires_before}."
        )
    return wrong

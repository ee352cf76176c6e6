"""Registering accounts for tax and saying how often they file."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.queries import bonds, filing_terms, registrations
from fisc.plumbing import prepared, transactions
from fisc.plumbing.action_log import operations as action_log


class CannotBeRegistered(Exception):
    """An account cannot be registered so; everything that is wrong is said at once."""


class CannotEnd(Exception):
    """A registration is not there, has ended, or would end before it began."""


class CannotFileSo(Exception):
    """An account cannot file so often from that day; everything that is wrong is said at once."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, when, and why."""

    user_id: int | None
    at: datetime.datetime
    why: str


@transactions.starts_transaction
def register(
    *, account_id: int, region: str, business_class: str, days: periods.Period, by: By
) -> int:
    """Register a tax account for a business class in a region; returns the registration's id.

    Raises CannotBeRegistered, accounts.NoSuchAccount.
    """
    region_id, class_id = _registered_codes(account_id, region, business_class, days)
    if lacking := bonds.wrong_registration(
        account_id, business_class, on=days.starts_on, known_at=by.at
    ):
        raise CannotBeRegistered(" ".join(lacking))
    try:
        with transactions.savepoint():
            row = models.Registration.objects.create(
                account_id=account_id,
                region_id=region_id,
                business_class_id=class_id,
                starts_on=days.starts_on,
                ends_before=days.ends_before,
                recorded_at=by.at,
            )
    except IntegrityError as problem:
        raise CannotBeRegistered(
            f"The account is registered for class {business_class} in region {region} on a part "
            "of these days already. Choose days after that registration ends."
        ) from problem
    detail = {"region": region, "business_class": business_class, "from": f"{days.starts_on}"}
    log("register for tax", account_id, detail, by=by)
    return row.id


@transactions.starts_transaction
def end_registration(*, registration_id: int, ends_before: datetime.date, by: By) -> None:
    """End a registration; the period of its last day is the last that is owed. Raises CannotEnd."""
    row = models.Registration.objects.select_for_update().filter(id=registration_id).first()
    if row is None:
        raise CannotEnd(f"There is no registration {registration_id}.")
    if row.ends_before is not None:
        raise CannotEnd(f"The registration has ended before {row.ends_before} already.")
    if ends_before <= row.starts_on:
        raise CannotEnd(
            f"The registration begins on {row.starts_on}: it cannot end before {ends_before}. "
            "Choose a later day."
        )
    models.Registration.objects.filter(id=registration_id).update(ends_before=ends_before)
    detail = {"registration_id": registration_id, "ends_before": f"{ends_before}"}
    log("end registration for tax", row.account_id, detail, by=by)


@transactions.starts_transaction
def end_all(*, account_id: int, ends_before: datetime.date, by: By) -> tuple[int, ...]:
    """End every registration of an account that goes on; returns their ids.

    The return of the period of the last day is the final one. Raises CannotEnd.
    """
    lock(account_id)
    rows = models.Registration.objects.filter(account_id=account_id)
    going = list(rows.filter(ends_before=None).order_by("id"))
    wrong = [] if going else ["The account is registered for nothing that goes on."]
    later = sorted({row.starts_on for row in rows if row.starts_on >= ends_before})
    if later:
        said = ", ".join(map(str, later))
        wrong.append(
            f"Registrations begin on {said}: they cannot end before {ends_before}. Choose a later "
            "day, or end those by themselves first."
        )
    if wrong:
        raise CannotEnd(" ".join(wrong))
    ids = tuple(row.id for row in going)
    rows.filter(id__in=ids).update(ends_before=ends_before)
    detail = {"registration_ids": list(ids), "ends_before": f"{ends_before}"}
    log("end all registrations for tax", account_id, detail, by=by)
    return ids


@transactions.starts_transaction
def set_frequency(
    *, account_id: int, frequency: str, from_day: datetime.date, by: By,
    seasonal_months: Collection[int] = (), year_starts_in: int = 1, cuts_short: bool = False,
) -> int:  # fmt: skip
    """Let an account file so often from the first day of a filing period; returns the term's id.

    The term before ends there, so that no day is in two periods or in none. Where `cuts_short`, it
    may be any month's first day: the period that runs then ends there, and the first of the new
    term begins there, however short both are. Raises CannotFileSo, accounts.NoSuchAccount.
    """
    return take_frequency(
        account_id=account_id,
        frequency=frequency,
        from_day=from_day,
        by=by,
        seasonal_months=seasonal_months,
        year_starts_in=year_starts_in,
        cuts_short=cuts_short,
    )


@transactions.needs_transaction
def take_frequency(
    *, account_id: int, frequency: str, from_day: datetime.date, by: By,
    seasonal_months: Collection[int] = (), year_starts_in: int = 1, cuts_short: bool = False,
) -> int:  # fmt: skip
    """Let an account file so often as a part of something; does what `set_frequency` does."""
    lock(account_id)
    before = registrations.terms(account_id)
    to = filing_terms.Wanted(frequency, from_day, seasonal_months, year_starts_in, cuts_short)
    wrong = wrong_account(account_id, day=from_day) + filing_terms.wrong_term(to)
    if not wrong:
        wrong = filing_terms.wrong_change(account_id, to, before=before)
    if wrong:
        raise CannotFileSo(" ".join(wrong))
    if before:
        models.FilingTerm.objects.filter(id=before[-1].term_id).update(ends_before=from_day)
    row = models.FilingTerm.objects.create(
        account_id=account_id,
        frequency_id=code_lists.code("filing frequency", frequency).id,
        seasonal_months=sorted(set(seasonal_months)),
        year_starts_in=year_starts_in,
        starts_on=from_day,
        recorded_at=by.at,
    )
    log("set filing frequency", account_id, {"to": frequency, "from": f"{from_day}"}, by=by)
    return row.id


_LOCK = prepared.statement(
    "select closed_on from accounts_account where subledger_id = %(account_id)s::bigint"
    " for no key update"
)
_LOCK_FILER = prepared.statement("""
    select 1 from accounts_party as party join accounts_account as account
        on account.party_id = party.id
    where account.subledger_id = %(account_id)s::bigint for no key update of party
""")


@transactions.needs_transaction
def lock(account_id: int) -> datetime.date | None:
    """Have what else is done to an account's terms and returns wait for the end of this.

    Returns the day on which the account was closed; None while it is open, or is not there.
    """
    # Two terms begun at once would each end the same one before. No key update, since whoever has
    # locked an item and then names its account in a new row would wait for us, and we for the item.
    rows = prepared.rows(_LOCK, {"account_id": account_id})
    closed_on: datetime.date | None = rows[0][0] if rows else None
    return closed_on


@transactions.needs_transaction
def lock_filer(account_id: int) -> None:
    """Have returns of the filer's other accounts wait: they share the credit of a year."""
    prepared.rows(_LOCK_FILER, {"account_id": account_id})


def _registered_codes(
    account_id: int, region: str, business_class: str, days: periods.Period
) -> tuple[int, int]:
    wrong = wrong_account(account_id, day=days.starts_on)
    found = {}
    for name, wanted in (("tax region", region), ("business class", business_class)):
        code = code_lists.codes(name).get(wanted)
        if code is None or not code.is_current(days.starts_on):
            wrong.append(f"The list “{name}” has no “{wanted}” on {days.starts_on}.")
        else:
            found[name] = code.id
    if wrong:
        raise CannotBeRegistered(" ".join(wrong))
    return found["tax region"], found["business class"]


def wrong_account(account_id: int, *, day: datetime.date) -> list[str]:
    """Say why nothing about tax can be set for an account from a day on; empty when it can."""
    account = accounts.account(account_id=account_id, as_of=day)
    wrong = []
    if account.kind != account_choices.AccountKind.TAX:
        wrong.append(f"Account {account.number} is no tax account. Open one for the business.")
    if account.closed_on is not None and account.closed_on <= day:
        wrong.append(f"Account {account.number} was closed on {account.closed_on}.")
    return wrong


def log(verb: str, account_id: int, detail: Mapping[str, object], *, by: By) -> None:
    """Keep what was done to a tax account in the action log."""
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="account",
        subject_id=account_id,
        why=by.why,
        detail=detail,
        at=by.at,
    )

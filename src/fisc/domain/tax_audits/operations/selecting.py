"""Selecting an account for audit, giving it to an auditor, engaging, and giving it up."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.operations import keeping
from fisc.domain.tax_returns.queries import registrations
from fisc.plumbing import transactions
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

By = keeping.By
_KIND = choices.EventKind
MOST_PERIODS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """Whom to audit and for which periods, who audits, and how it was selected.

    Periods are those that begin in `[first, before)`. `source` has the discovery list and its
    year, or the facts of the score.
    """

    account_id: int
    auditor_id: int
    first: datetime.date
    before: datetime.date
    selected_by: choices.SelectedBy = choices.SelectedBy.HAND
    source: Mapping[str, Any] = field(default_factory=dict)
    score: int | None = None


@transactions.starts_transaction
def select(of: Selected, *, key: str, by: By) -> int:
    """Open an audit case, and return its number; asked twice with a key, it opens one.

    Raises CannotAudit, accounts.NoSuchAccount, idempotency.KeyUsedForOtherContent.
    """
    asked = _sha256(of)
    first = idempotency.first_result(key=key, content_sha256=asked)
    if first is not None:
        return int(first["case_id"])
    periods = _periods(of, by=by)
    case = models.Case.objects.create(
        account_id=of.account_id,
        selected_by=of.selected_by,
        source=dict(of.source),
        score=of.score,
        selected_on=by.on,
        recorded_at=by.at,
    )
    try:
        with transactions.savepoint():
            models.CasePeriod.objects.bulk_create(
                models.CasePeriod(case_id=case.id, account_id=of.account_id, starts_on=each)
                for each in periods
            )
    except IntegrityError as problem:
        raise keeping.CannotAudit(
            ["A period is under audit in another case of this account. Choose other periods."]
        ) from problem
    keeping.add_event(case.id, 1, _KIND.SELECTED, by=by, auditor_id=of.auditor_id)
    detail = {"case": case.id, "selected_by": of.selected_by, "periods": len(periods)}
    keeping.log("audit: selected", of.account_id, detail, by=by)
    idempotency.keep(key=key, content_sha256=asked, result={"case_id": case.id}, made_at=by.at)
    return case.id


def _sha256(of: Selected) -> bytes:
    said = [of.account_id, of.auditor_id, f"{of.first}", f"{of.before}", of.selected_by.value]
    return hashlib.sha256(json.dumps(said).encode()).digest()


def _periods(of: Selected, *, by: By) -> Sequence[datetime.date]:
    """Return the filing periods to audit. Raises CannotAudit with everything that is wrong."""
    account = accounts.account(account_id=of.account_id, as_of=by.on)
    problems = keeping.refuse_without(by.why, "Say why it is audited, in a few words.")
    if account.kind != account_choices.AccountKind.TAX:
        problems.append(f"Account {account.number} is no tax account. Choose one that files.")
        raise keeping.CannotAudit(problems)
    problems += _not_auditor(of.auditor_id)
    owed = registrations.owed_returns(of.account_id, before=by.on, known_at=by.at)
    found = [
        each.obligation.days.starts_on
        for each in owed
        if of.first <= each.obligation.days.starts_on < of.before
    ]
    if not found:
        problems.append(
            f"The account owes no return for a period that begins from {of.first} to before "
            f"{of.before}. Choose other days."
        )
    if len(found) > MOST_PERIODS:
        problems.append(f"A case has at most {MOST_PERIODS} periods. Choose fewer.")
    keeping.refuse(problems)
    return found


def _not_auditor(user_id: int) -> list[str]:
    if permissions.KEEP_AUDITS in users.permissions_of(user_id=user_id):
        return []
    return ["Who is to audit may not keep audits. Choose somebody who may."]


@transactions.starts_transaction
def assign(*, case_id: int, auditor_id: int, by: By) -> str:
    """Give a case to another auditor. Raises CannotAudit, cases.NoSuchCase."""
    found = keeping.locked(case_id)
    if found.auditor_id == auditor_id:
        return found.state
    problems = _not_auditor(auditor_id)
    if found.state in choices.OVER:
        problems.append(f"Audit case {case_id} is over: it is “{found.state}”.")
    keeping.refuse(problems)
    return keeping.add(
        found, _KIND.ASSIGNED, by=by, auditor_id=auditor_id, detail={"auditor": auditor_id}
    )


@transactions.starts_transaction
def engage(*, case_id: int, by: By) -> str:
    """Record that the letter of engagement goes out. Raises CannotAudit, cases.NoSuchCase."""
    found = keeping.locked(case_id)
    if keeping.was_done(found, _KIND.ENGAGED, by):
        return found.state
    keeping.refuse(keeping.refuse_unless(found, _KIND.ENGAGED))
    return keeping.add(found, _KIND.ENGAGED, by=by)


@transactions.starts_transaction
def withdraw(*, case_id: int, by: By) -> str:
    """Give a case up before anything was proposed. Raises CannotAudit, cases.NoSuchCase."""
    found = keeping.locked(case_id)
    if keeping.was_done(found, _KIND.WITHDRAWN, by):
        return found.state
    keeping.refuse(
        [
            *keeping.refuse_unless(found, _KIND.WITHDRAWN),
            *keeping.refuse_without(by.why, "Say why the case is given up."),
        ]
    )
    return keeping.add(found, _KIND.WITHDRAWN, by=by)

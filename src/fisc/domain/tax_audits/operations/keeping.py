"""What every write of audits has in common: who, one case at a time, and its events."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.queries import cases
from fisc.domain.tax_returns.operations import registering
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

_KIND = choices.EventKind
# As the walls have it: tax_audits_event_added in 0002_tax_audits_walls.
_LOCK = "select pg_advisory_xact_lock(hashtext(%s), hashint8(%s))"


class CannotAudit(Exception):
    """Something of an audit cannot be done so; `problems` has everything that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does something, on which posting day, when and why."""

    user_id: int
    on: datetime.date
    at: datetime.datetime
    why: str = ""

    @property
    def of_returns(self) -> registering.By:
        """The same, as tax returns have it."""
        return registering.By(user_id=self.user_id, at=self.at, why=self.why)


@transactions.needs_transaction
def lock(of: str, number: int) -> None:
    """Have writers of one case, or of one disclosure, wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [of, number])


@transactions.needs_transaction
def locked(case_id: int) -> cases.Case:
    """Lock a case until the end of the transaction, and return it as it stands.

    Raises cases.NoSuchCase.
    """
    lock("tax_audits_case", case_id)
    return cases.case(case_id)


def was_done(found: cases.Case, kind: choices.EventKind, by: By) -> bool:
    """Tell whether this very person did this very thing last: asked twice, done once."""
    last = found.events[-1]
    return last.kind == kind and last.by_id == by.user_id


def refuse_unless(found: cases.Case, kind: choices.EventKind) -> list[str]:
    """Say that a step does not follow the state of a case, if it does not."""
    if kind in choices.FOLLOWS[found.state]:
        return []
    follows = ", ".join(f"“{each.value}”" for each in choices.FOLLOWS[found.state])
    next_ = f"What may follow is {follows}." if follows else "Nothing follows: it is over."
    return [
        f"Audit case {found.case_id} is “{found.state}” and cannot be “{kind.value}” now. {next_}"
    ]


def refuse_own(found: cases.Case, by: By) -> list[str]:
    """Say that who proposed a case would decide it, if so."""
    proposed = found.last(_KIND.PROPOSED)
    if proposed is None or proposed.by_id != by.user_id:
        return []
    return [f"You proposed audit case {found.case_id}. Another person decides it."]


def refuse_without(why: str, words: str) -> list[str]:
    """Say what must be said, where nothing was."""
    return [] if why.strip() else [words]


def refuse(problems: Sequence[str]) -> None:
    """Raise CannotAudit with everything that is wrong, if something is."""
    if problems:
        raise CannotAudit(problems)


@transactions.needs_transaction
def add(
    found: cases.Case, kind: choices.EventKind, *, by: By,
    detail: Mapping[str, object] | None = None, auditor_id: int | None = None,
) -> str:  # fmt: skip
    """Add an event to a case, write the action down, and return the new state."""
    add_event(found.case_id, len(found.events) + 1, kind, by=by, auditor_id=auditor_id)
    if kind in choices.OVER:
        models.CasePeriod.objects.filter(case_id=found.case_id).update(is_living=False)
    log(f"audit: {kind.value}", found.account_id, {"case": found.case_id, **(detail or {})}, by=by)
    return found.state if kind == _KIND.ASSIGNED else kind.value


@transactions.needs_transaction
def add_event(
    case_id: int, number: int, kind: choices.EventKind, *, by: By, auditor_id: int | None = None
) -> None:
    """Add the row of an event; the walls hold its order."""
    models.Event.objects.create(
        case_id=case_id,
        number=number,
        kind=kind,
        auditor_id=auditor_id,
        by_id=by.user_id,
        on=by.on,
        at=by.at,
        why=by.why.strip(),
    )


def log(verb: str, account_id: int, detail: Mapping[str, object], *, by: By) -> None:
    """Write an action on an account down."""
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="account",
        subject_id=account_id,
        why=by.why,
        detail=detail,
        at=by.at,
    )

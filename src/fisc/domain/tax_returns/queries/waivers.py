"""Waivers that people asked for: those waiting, those granted, and what they come to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking

REASONS = "waiver reason"
Kind = choices.WaiverKind
State = choices.WaiverState


class NoSuchWaiver(Exception):
    """Nobody asked for a waiver of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A waiver as it was asked for, and what became of it. Money is whole cents."""

    request_id: int
    account_id: int
    kind: int
    # Penalty or interest.
    part: int
    starts_on: datetime.date | None
    cents: int | None
    due_from: datetime.date | None
    due_before: datetime.date | None
    reason: str
    asked_by_id: int
    asked_at: datetime.datetime
    asked_why: str
    state: int
    decided_by_id: int | None
    decided_at: datetime.datetime | None
    decided_why: str
    # The end that a person gave it later.
    ended_before: datetime.date | None = None
    ended_by_id: int | None = None
    ended_why: str = ""

    @property
    def may_be_ended(self) -> bool:
        """Whether it was granted for periods due from a day on, and nobody ended it."""
        return self.state == State.GRANTED and self.due_from is not None and not self.ended_before

    def covers(self, *, starts_on: datetime.date, due_on: datetime.date) -> bool:
        """Tell whether it is of a period that starts, and was due, on some days."""
        if self.kind == Kind.ONE_TIME:
            return self.starts_on == starts_on
        assert self.due_from is not None
        ends = [each for each in (self.due_before, self.ended_before) if each is not None]
        return self.due_from <= due_on and all(due_on < each for each in ends)

    def wanted_cents(self, charged_cents: int) -> int:
        """Return what it takes off what a period is charged."""
        return charged_cents if self.cents is None else min(self.cents, charged_cents)


def waiver(request_id: int) -> Waiver:
    """Return one. Raises NoSuchWaiver."""
    row = models.WaiverRequest.objects.filter(id=request_id).first()
    if row is None:
        raise NoSuchWaiver(f"Nobody asked for a waiver {request_id}.")
    return _one(row, _ends([request_id]).get(request_id))


def waivers(
    *, account_id: int | None = None, states: Sequence[int] = tuple(State.values)
) -> Sequence[Waiver]:
    """Return those in some states, of one account or all, the oldest first."""
    rows = models.WaiverRequest.objects.filter(state__in=states).order_by("id")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    found = list(rows)
    ends = _ends([row.id for row in found if row.due_from is not None])
    return [_one(row, ends.get(row.id)) for row in found]


def _ends(request_ids: Sequence[int]) -> dict[int, models.WaiverEnd]:
    if not request_ids:
        return {}
    return {each.pk: each for each in models.WaiverEnd.objects.filter(request_id__in=request_ids)}


@dataclass(frozen=True, slots=True)
class Limitation:
    """An agreement of filer and city that a period may be changed through a day."""

    starts_on: datetime.date
    through: datetime.date
    signed_on: datetime.date
    why: str


def limitations(account_id: int) -> Sequence[Limitation]:
    """Return the agreements about an account's periods, the newest period first."""
    rows = models.LimitationWaiver.objects.filter(account_id=account_id)
    return [
        Limitation(row.starts_on, row.through, row.signed_on, row.why)
        for row in rows.order_by("-starts_on", "-through")
    ]


def ids_by_request(account_id: int) -> dict[int, int]:
    """Return the number under which each granted request of an account is posted, if it is."""
    rows = models.Waiver.objects.filter(account_id=account_id, request__isnull=False)
    return {row.request_id: row.id for row in rows if row.request_id is not None}


def of_posted(waiver_id: int) -> Waiver | None:
    """Return the request that something was waived by; None where it was a letter."""
    row = models.Waiver.objects.get(id=waiver_id)
    return None if row.request_id is None else waiver(row.request_id)


def most(
    *, reason: str, part: int, is_one_time: bool, charged_cents: int, day: datetime.date,
    known_at: datetime.datetime,
) -> int | None:  # fmt: skip
    """Return how many cents may be waived by the table of a day; None where it may not be.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    version = versions.in_force(points.WAIVERS.name, day=day, known_at=known_at)
    facts: asking.Facts = {
        "reason": reason,
        "is_penalty": part == choices.Part.PENALTY,
        "is_one_time": is_one_time,
        "charged": asking.money(charged_cents),
    }
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "is_allowed", "most", tables=version.tables, facts=facts)
    return asking.cents(answers["most"]) if answers["is_allowed"] else None


def _one(row: models.WaiverRequest, end: models.WaiverEnd | None) -> Waiver:
    return Waiver(
        request_id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        part=row.part,
        starts_on=row.starts_on,
        cents=row.cents,
        due_from=row.due_from,
        due_before=row.due_before,
        reason=code_lists.codes_by_id(REASONS)[row.reason_id].code,
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        asked_why=row.asked_why,
        state=row.state,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        decided_why=row.decided_why,
        ended_before=end.due_before if end else None,
        ended_by_id=end.ended_by_id if end else None,
        ended_why=end.why if end else "",
    )

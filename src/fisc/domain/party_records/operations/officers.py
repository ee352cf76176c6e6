"""Recording who acts for a party."""

from __future__ import annotations

import datetime

from django.db import IntegrityError

from fisc.basics.periods import Period
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_records import choices, models
from fisc.plumbing import transactions


class IsItself(Exception):
    """A party would be an officer of itself."""


class OfficerAlready(Exception):
    """The person has that title in the party for a part of the period already."""


class NoSuchOfficer(Exception):
    """There is no officer of that number who is one still."""


@transactions.needs_transaction
def add_officer(
    *, party_id: int, person_id: int, title: str, period: Period, at: datetime.datetime
) -> int:
    """Record who is what in a party over a period; returns the row's number.

    `title` is a code of “officer title”. Raises OfficerAlready, IsItself, code_lists.NoSuchCode.
    """
    if person_id == party_id:
        raise IsItself("An officer is another than the organization. Choose the person.")
    code = code_lists.code(choices.OFFICER_TITLES, title)
    try:
        with transactions.savepoint():
            return models.Officer.objects.create(
                party_id=party_id,
                person_id=person_id,
                title_id=code.id,
                starts_on=period.starts_on,
                ends_before=period.ends_before,
                recorded_at=at,
            ).id
    except IntegrityError as problem:
        diagnosis = getattr(problem.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "officer_once_at_a_time":
            raise
        raise OfficerAlready(
            f"This person is recorded as {code.label('en')} for a part of that period already. "
            "End the one before the other starts."
        ) from problem


@transactions.needs_transaction
def end_officer(*, party_id: int, officer_id: int, ends_before: datetime.date) -> None:
    """Have someone be an officer until a day, not counting it. Raises NoSuchOfficer."""
    ended = models.Officer.objects.filter(
        pk=officer_id, party_id=party_id, starts_on__lt=ends_before, ends_before__isnull=True
    ).update(ends_before=ends_before)
    if not ended:
        raise NoSuchOfficer(
            f"There is no officer {officer_id} of this party who began before {ends_before} and "
            "is one still."
        )

"""Recording businesses: who owns them, where they are, what they do."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from decimal import Decimal

from django.db import IntegrityError, connection

from fisc.basics.periods import Period
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import businesses, finding
from fisc.domain.party_identifiers import queries as party_identifiers
from fisc.plumbing import transactions

_HUNDREDTH = Decimal("0.01")


class LooksLikeAnother(Exception):
    """A business looks like known ones that nobody said are others; `found` has them."""

    def __init__(self, found: Collection[businesses.LookAlike]) -> None:
        self.found = tuple(found)
        names = ", ".join(f"{each.name} ({each.business_id})" for each in self.found)
        super().__init__(
            f"This business looks like one that is known already: {names}. Use that one, or say "
            "that it is another."
        )


class NameIsMissing(Exception):
    """A business would have no name."""


class MoreThanWhole(Exception):
    """Owners would hold more than the whole of a business."""


class ShareIsWrong(Exception):
    """A share of a business is no percent of two decimals from 0 to 100."""


class OwnsItself(Exception):
    """A business would be its own owner."""


class RecordedAlready(Exception):
    """The same is recorded of a business for a part of the period already."""


class NotRecorded(Exception):
    """What should end is not recorded of the business as lasting."""


class NoSuchOwnership(Exception):
    """There is no ownership of that number that lasts."""


@transactions.needs_transaction
def add_business(
    *, name: str, address: businesses.Address | None, began_on: datetime.date,
    at: datetime.datetime, trade_name: str = "", are_others: Collection[int] = (),
    kind: account_choices.PartyKind = account_choices.PartyKind.ORGANIZATION,
    identifier: party_identifiers.Given | None = None,
) -> int:  # fmt: skip
    """Record a business as a party and return its number.

    `address` and `identifier` are only compared here; `add_location` and `add_identifier` record
    them. `are_others` are the numbers of look-alikes that a person was shown and said are others.
    Raises LooksLikeAnother, NameIsMissing, IdentifierIsWrong.
    """
    if not name.strip():
        raise NameIsMissing("A business has a name. Give the one it is registered under.")
    with connection.cursor() as cursor:
        # Two people who enter the same business at once wait for each other, and the second sees.
        cursor.execute("select pg_advisory_xact_lock(hashtext('licensing_business'))")
    found = businesses.look_alikes(
        name=name, trade_name=trade_name, address=address, as_of=began_on, identifier=identifier
    )
    if unsaid := [each for each in found if each.business_id not in are_others]:
        raise LooksLikeAnother(unsaid)
    business_id = accounts.add_party(name=name, at=at, kind=kind)
    models.Business.objects.create(
        party_id=business_id, trade_name=trade_name, began_on=began_on, recorded_at=at
    )
    models.BusinessName.objects.bulk_create(
        models.BusinessName(business_id=business_id, key=key)
        for key in businesses.name_keys(name, trade_name)
    )
    _keep_words(business_id)
    return business_id


@transactions.needs_transaction
def add_owner(
    *, business_id: int, owner_id: int, percent: Decimal, controls: bool, period: Period,
    at: datetime.datetime,
) -> int:  # fmt: skip
    """Record what a party holds of a business over a period; returns the ownership's number.

    Raises MoreThanWhole, OwnsItself, RecordedAlready, ShareIsWrong.
    """
    if not (percent.is_finite() and 0 <= percent <= 100) or percent % _HUNDREDTH:
        raise ShareIsWrong(
            f"A share is a percent from 0 to 100 with at most two decimals, not {percent}."
        )
    if owner_id == business_id:
        raise OwnsItself(f"Business {business_id} cannot own a part of itself.")
    try:
        with transactions.savepoint():
            return models.Ownership.objects.create(
                business_id=business_id,
                owner_id=owner_id,
                hundredths_percent=int(percent * 100),
                controls=controls,
                starts_on=period.starts_on,
                ends_before=period.ends_before,
                recorded_at=at,
            ).id
    except IntegrityError as problem:
        if "ownership_within_whole" in _constraint(problem):
            raise MoreThanWhole(
                f"With {percent} percent more, business {business_id} would be owned to more than "
                "100 percent on some day. End or lower what another owner holds first."
            ) from problem
        raise _recorded(problem, business_id) from problem


@transactions.needs_transaction
def end_ownership(*, ownership_id: int, ends_before: datetime.date) -> None:
    """Have an ownership last until a day, not counting it. Raises NoSuchOwnership."""
    ended = models.Ownership.objects.filter(
        pk=ownership_id, starts_on__lt=ends_before, ends_before__isnull=True
    ).update(ends_before=ends_before)
    if not ended:
        raise NoSuchOwnership(
            f"There is no ownership {ownership_id} that began before {ends_before} and lasts."
        )


@transactions.needs_transaction
def add_location(
    *, business_id: int, premise_id: int, period: Period, at: datetime.datetime
) -> int:
    """Record where a business is over a period. Raises NoSuchPremise, RecordedAlready."""
    address = businesses.address_of(premise_id)
    try:
        with transactions.savepoint():
            location_id = models.Location.objects.create(
                business_id=business_id,
                premise_id=premise_id,
                key=address.key,
                starts_on=period.starts_on,
                ends_before=period.ends_before,
                recorded_at=at,
            ).id
    except IntegrityError as problem:
        raise _recorded(problem, business_id) from problem
    _keep_words(business_id)
    return location_id


@transactions.needs_transaction
def end_location(*, business_id: int, location_id: int, ends_before: datetime.date) -> None:
    """Have a business be at a place until a day, not counting it. Raises NotRecorded."""
    ended = models.Location.objects.filter(
        pk=location_id,
        business_id=business_id,
        starts_on__lt=ends_before,
        ends_before__isnull=True,
    ).update(ends_before=ends_before)
    if not ended:
        raise _not_recorded(business_id, ends_before)


@transactions.needs_transaction
def end_activity(*, business_id: int, activity_id: int, ends_before: datetime.date) -> None:
    """Have a business do something until a day, not counting it. Raises NotRecorded."""
    ended = models.Activity.objects.filter(
        pk=activity_id,
        business_id=business_id,
        starts_on__lt=ends_before,
        ends_before__isnull=True,
    ).update(ends_before=ends_before)
    if not ended:
        raise _not_recorded(business_id, ends_before)


@transactions.needs_transaction
def add_activity(
    *, business_id: int, of: choices.ActivityList, code: str, period: Period,
    at: datetime.datetime,
) -> int:  # fmt: skip
    """Record what a business does over a period. Raises RecordedAlready, code_lists.NoSuchCode."""
    found = code_lists.code(of.value, code)
    try:
        with transactions.savepoint():
            return models.Activity.objects.create(
                business_id=business_id,
                code_id=found.id,
                starts_on=period.starts_on,
                ends_before=period.ends_before,
                recorded_at=at,
            ).id
    except IntegrityError as problem:
        raise _recorded(problem, business_id) from problem


def _not_recorded(business_id: int, ends_before: datetime.date) -> NotRecorded:
    return NotRecorded(
        f"Nothing of that kind is recorded of business {business_id} that began before "
        f"{ends_before} and lasts."
    )


def _keep_words(business_id: int) -> None:
    """Have a business be found by its names and places as they are recorded now."""
    models.BusinessWords.objects.update_or_create(
        business_id=business_id, defaults={"words": finding.words_of(business_id)}
    )


def _recorded(problem: IntegrityError, business_id: int) -> Exception:
    """Say that periods overlap; anything else that the database refuses stays what it is."""
    if not _constraint(problem).endswith("_once_at_a_time"):
        return problem
    return RecordedAlready(
        f"The same is recorded of business {business_id} for a part of that period already. End "
        "the one before the other starts."
    )


def _constraint(problem: IntegrityError) -> str:
    diagnosis = getattr(problem.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")

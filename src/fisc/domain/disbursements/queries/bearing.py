"""What interest credits bear when they are given back, as the subjects above compute it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fisc.domain.disbursements import models
from fisc.domain.receivables import calculations as receivable_sums

_BEARERS: list[Bearer] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is taken of one credit for one use.

    `is_offset` settles a debt, `is_carried` waits for the next charge; neither is paid out.
    `credit_cents` is the whole credit, `spent_cents` what of it was used before; `borne_through`
    the last day for which the credit got interest when it was carried forward.
    """

    credit_item_id: int
    account_id: int
    code_id: int
    arises_on: datetime.date
    credit_cents: int
    cents: int
    spent_cents: int
    is_offset: bool = False
    is_carried: bool = False
    borne_through: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Credits that are given back on a day, by the tables known at an instant.

    `claimed_on` is the day a written claim came, where one did.
    """

    taken: tuple[Taken, ...]
    claimed_on: datetime.date | None
    on: datetime.date
    known_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What some cents of a credit bear over the days after `runs_after`, up to and with `through`.

    `code` is the charge code under which it is credited.
    """

    credit_item_id: int
    account_id: int
    code: str
    is_offset: bool
    of_cents: int
    runs_after: datetime.date
    through: datetime.date
    cents: int


def taken_of(
    credit: receivable_sums.LockedItem, *, cents: int, is_offset: bool = False,
    is_carried: bool = False, borne_through: datetime.date | None = None,
) -> Taken:  # fmt: skip
    """Return what is taken of a credit, as it stands under its lock, for one use."""
    return Taken(
        credit_item_id=credit.item_id,
        account_id=credit.account_id,
        code_id=credit.code_id,
        arises_on=credit.arises_on,
        credit_cents=credit.amount_cents,
        cents=cents,
        spent_cents=credit.amount_cents - credit.open_cents,
        is_offset=is_offset,
        is_carried=is_carried,
        borne_through=borne_through,
    )


#: Gives the interest of those credits that it knows; none bears where nobody gives any.
Bearer = Callable[[Asked], Sequence[Interest]]


def add(bearer: Bearer) -> None:
    """Have the interest of everything that is given back asked of a bearer.

    A subject adds its own when its application starts, since disbursements knows none of them.
    """
    if bearer not in _BEARERS:
        _BEARERS.append(bearer)


def borne(asked: Asked) -> tuple[Interest, ...]:
    """Return the interest that is due with credits given back; nothing bears none."""
    return tuple(each for bearer in _BEARERS for each in bearer(asked) if each.cents > 0)


def borne_through(credit_item_ids: Iterable[int]) -> dict[int, datetime.date]:
    """Return the last day for which credits got interest when they were carried forward."""
    found: dict[int, datetime.date] = {}
    for item_id, through in models.Interest.objects.filter(
        credit_item_id__in=list(credit_item_ids), standing__isnull=False
    ).values_list("credit_item_id", "through"):
        found[item_id] = max(through, found.get(item_id, through))
    return found

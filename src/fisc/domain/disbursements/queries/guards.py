"""What the subjects above have against a refund: each says it of the accounts that it keeps."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_GUARDS: list[Guard] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Credits of an account that are to be paid out on a day, by the tables known at an instant."""

    account_id: int
    credit_item_ids: tuple[int, ...]
    on: datetime.date
    known_at: datetime.datetime
    language: str


#: Gives a sentence for each thing that keeps credits from being paid out. None means that they may.
Guard = Callable[[Asked], Sequence[str]]


def add(guard: Guard) -> None:
    """Have everything that is paid out asked of a guard, when it is prepared and when it is posted.

    A subject adds its own when its application starts, since disbursements knows none of them.
    """
    if guard not in _GUARDS:
        _GUARDS.append(guard)


def said(asked: Asked) -> list[str]:
    """Return everything that the guards have against it."""
    return [words for guard in _GUARDS for words in guard(asked)]

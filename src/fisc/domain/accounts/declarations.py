"""What the subjects above have against clearing a party: each says it of the accounts it keeps."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_HINDRANCES: list[Hindrance] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Accounts whose holders are to be cleared on a day, by the tables known at an instant."""

    account_ids: tuple[int, ...]
    on: datetime.date
    known_at: datetime.datetime


#: Gives a sentence for each thing that is in the way of a letter of clearance, besides debts.
Hindrance = Callable[[Asked], Sequence[str]]


def add(hindrance: Hindrance) -> None:
    """Have every clearance ask something; a subject adds its own when its application starts."""
    if hindrance not in _HINDRANCES:
        _HINDRANCES.append(hindrance)


def said(asked: Asked) -> list[str]:
    """Return everything that is in the way."""
    return [words for each in _HINDRANCES for words in each(asked)]

"""What is known before anything is calculated: columns, one row an agreement to be billed.

Days are day numbers from 1970, usage is in thousandths of the service's unit, codes are places in
`code_texts`. The rows of one account stand together, in the order its bill shows them.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NONE = -1
_DAY_ONE = datetime.date(1970, 1, 1)
# Days are below 2^20, so a row and a day make one sortable number.
DAY_BITS = 20


@dataclass(frozen=True, slots=True)
class Agreements:
    """One row a service agreement and period to be billed."""

    agreement_id: Numbers
    account_id: Numbers
    account_bucket: Numbers
    # Place of the service in `Facts.services`.
    service: Numbers
    starts_on: Numbers
    ends_before: Numbers
    from_read: Numbers
    to_read: Numbers
    is_estimated: Flags
    # Monthly average in the winter months, or NONE.
    winter_average: Numbers

    def __len__(self) -> int:
        return len(self.agreement_id)


@dataclass(frozen=True, slots=True)
class Intervals:
    """What was used between two reads of a register; `row` is the agreement's."""

    row: Numbers
    starts_on: Numbers
    ends_before: Numbers
    usage: Numbers


@dataclass(frozen=True, slots=True)
class Terms:
    """From when an agreement is charged by which class and size, sorted by row and day."""

    row: Numbers
    starts_on: Numbers
    rate_class: Numbers
    size: Numbers


@dataclass(frozen=True, slots=True)
class Places:
    """When an agreement's premise lies inside the city, sorted by row and day."""

    row: Numbers
    starts_on: Numbers
    ends_before: Numbers


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a calculation reads."""

    bill_day: int
    services: tuple[str, ...]
    code_texts: tuple[str, ...]
    agreements: Agreements
    intervals: Intervals
    terms: Terms
    places: Places
    # By account, in the order of the agreements: the total of its bill before, where it has one.
    previous_total: Numbers
    has_previous: Flags
    # How many of its bills of the year before were estimated.
    estimates_before: Numbers


def day_number(day: datetime.date) -> int:
    """Return the days from 1970-01-01 to a day."""
    return (day - _DAY_ONE).days


def day_of(number: int) -> datetime.date:
    """Return the day of a day number."""
    return _DAY_ONE + datetime.timedelta(days=int(number))


def keys(row: Numbers, day: Numbers) -> Numbers:
    """Join a row and a day into one sortable number."""
    joined: Numbers = row << DAY_BITS | day
    return joined


def account_rows(agreements: Agreements) -> tuple[Numbers, Numbers]:
    """Return the first row of each account, and each row's account's place."""
    is_first = np.ones(len(agreements), dtype=np.bool_)
    is_first[1:] = agreements.account_id[1:] != agreements.account_id[:-1]
    return np.flatnonzero(is_first), np.cumsum(is_first) - 1


def taken(columns: Any, rows: Numbers | Flags) -> dict[str, Any]:
    """Return some rows of a set of columns, by name."""
    return {field.name: getattr(columns, field.name)[rows] for field in fields(columns)}

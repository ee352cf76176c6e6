"""Batches of keyed returns: where each stands, and what keeps it from being filed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fisc.basics import money
from fisc.domain.tax_returns import models


class NoSuchBatch(Exception):
    """There is no batch of that number, or no such return in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What was counted of the paper: returns, gross receipts, and net due; cents."""

    count: int
    gross_cents: int
    net_cents: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people keyed differently, and what each keyed; None is nothing."""

    field: str
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A return of a batch."""

    keyed_id: int
    batch_id: int
    place: int
    account_id: int
    starts_on: datetime.date
    came: Mapping[str, Any]
    gross_cents: int
    net_cents: int
    keyed_by_id: int
    needs_second: bool
    second: Mapping[str, Any] | None
    second_by_id: int | None
    is_settled: bool
    return_id: int | None
    item_id: int | None

    @property
    def waits_for_second(self) -> bool:
        """Tell whether another person has to key it."""
        return self.needs_second and self.second is None

    @property
    def differences(self) -> Sequence[Difference]:
        """What the two keyings say differently, until somebody settled it."""
        if self.second is None or self.is_settled:
            return ()
        return differences(self.came, self.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSeen:
    """A batch with its returns, and what they come to beside what was counted."""

    batch_id: int
    words: str
    controls: Controls
    keyed: Controls
    made_by_id: int
    made_at: datetime.datetime
    is_filing: bool
    is_done: bool
    returns: Sequence[Keyed]

    @property
    def hindrances(self) -> Sequence[str]:
        """Everything that keeps it from being filed; of one that balances, nothing."""
        found = [
            f"{name} come to {_said(name, there)}, {_said(name, counted)} were counted."
            for name, there, counted in (
                ("Returns", self.keyed.count, self.controls.count),
                ("Gross receipts", self.keyed.gross_cents, self.controls.gross_cents),
                ("Net due", self.keyed.net_cents, self.controls.net_cents),
            )
            if there != counted
        ]
        found += [
            f"Return {each.place} waits to be keyed by another person."
            for each in self.returns
            if each.waits_for_second
        ]
        return found + [
            f"Return {each.place} was keyed differently by two people: settle it."
            for each in self.returns
            if each.differences
        ]


def _said(name: str, number: int) -> str:
    return f"{number:,}" if name == "Returns" else f"${money.formatted(number)}"


def batch(batch_id: int) -> BatchSeen:
    """Return a batch. Raises NoSuchBatch."""
    row = models.Batch.objects.filter(id=batch_id).first()
    if row is None:
        raise NoSuchBatch(f"There is no batch {batch_id}.")
    return _seen(row)


def open_batches(*, limit: int = 100) -> Sequence[BatchSeen]:
    """Return the batches that are not done, the oldest first."""
    rows = models.Batch.objects.filter(done_at__isnull=True).order_by("id")
    return [_seen(row) for row in rows[:limit]]


def keyed(keyed_id: int) -> Keyed:
    """Return a return of a batch. Raises NoSuchBatch."""
    row = models.BatchReturn.objects.filter(id=keyed_id, taken_out_why="").first()
    if row is None:
        raise NoSuchBatch(f"No batch has a keyed return {keyed_id}.")
    return _keyed(row)


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Sequence[Difference]:
    """Return, field by field, what two keyings of one return say differently."""
    one, other = _fields(first), _fields(second)
    return [
        Difference(name, one.get(name), other.get(name))
        for name in dict.fromkeys((*one, *other))
        if one.get(name) != other.get(name)
    ]


def _fields(came: Mapping[str, Any]) -> dict[str, str]:
    """Return a keyed return as fields; the order of lines and of deductions is none of them."""
    names = ("received_on", "is_electronic", "is_amendment", "form")
    found = {name: str(came[name]) for name in names if came[name] != ""}
    found |= _amounts(came, ("excess_tax", "credit_carried", "estimated_payments"))
    found |= {each["key"]: money.formatted(each["cents"]) for each in came["as_filed"]}
    for line in came["lines"]:
        where = f"{line['region']} {line['business_class']}"
        found |= {f"{where} {name}": said for name, said in _of_line(line).items()}
    return found


def _of_line(line: Mapping[str, Any]) -> dict[str, str]:
    found = {"gross": money.formatted(line["gross_cents"])}
    if line["includes_tax"]:
        found["includes_tax"] = str(line["includes_tax"])
    found |= _amounts(line, ("land", "item_price"))
    if units := Decimal(line["units"]):
        found["units"] = f"{units.normalize():f}"
    found |= {each["key"]: money.formatted(each["cents"]) for each in line["as_filed"]}
    return found | {each["code"]: money.formatted(each["cents"]) for each in line["deductions"]}


def _amounts(said: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    """Return the amounts that are not zero, by name."""
    kept = {name: said[f"{name}_cents"] for name in names}
    return {name: money.formatted(cents) for name, cents in kept.items() if cents}


def _seen(row: models.Batch) -> BatchSeen:
    rows = models.BatchReturn.objects.filter(batch_id=row.id, taken_out_why="")
    returns = [_keyed(each) for each in rows.order_by("place")]
    return BatchSeen(
        batch_id=row.id,
        words=row.words,
        controls=Controls(
            count=row.control_count,
            gross_cents=row.control_gross_cents,
            net_cents=row.control_net_cents,
        ),
        keyed=Controls(
            count=len(returns),
            gross_cents=sum(each.gross_cents for each in returns),
            net_cents=sum(each.net_cents for each in returns),
        ),
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        is_filing=row.filing_at is not None,
        is_done=row.done_at is not None,
        returns=returns,
    )


def _keyed(row: models.BatchReturn) -> Keyed:
    return Keyed(
        keyed_id=row.id,
        batch_id=row.batch_id,
        place=row.place,
        account_id=row.account_id,
        starts_on=row.starts_on,
        came=row.came,
        gross_cents=row.gross_cents,
        net_cents=row.net_cents,
        keyed_by_id=row.keyed_by_id,
        needs_second=row.needs_second,
        second=row.second,
        second_by_id=row.second_by_id,
        is_settled=row.settled_at is not None,
        return_id=row.filed_id,
        item_id=row.held_item_id,
    )

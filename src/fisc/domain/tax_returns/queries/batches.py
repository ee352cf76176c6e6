"""Batches of keyed returns: where each stands, and what keeps it from being filed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from typing import Any

from django.db.models import Count, Q, Sum

from fisc.basics import money
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import keyings


class NoSuchBatch(Exception):
    """There is no batch of that number, or no such return in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What was counted of the paper, in cents: returns, and sums of what is on them.

    Gross receipts, tax due, net due, and the money that came along; None was not counted.
    """

    count: int
    gross_cents: int | None = None
    net_cents: int | None = None
    tax_cents: int | None = None
    remitted_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A control total beside what the keyed returns come to."""

    name: str
    counted: int
    keyed: int

    @property
    def difference(self) -> int:
        """How much more is keyed than was counted."""
        return self.keyed - self.counted


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people keyed differently, and what each keyed; None is nothing."""

    field: str
    first: str | None
    second: str | None
    of: keyings.Field | None = field_of(default=None, compare=False)


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
    tax_cents: int
    net_cents: int
    remitted_cents: int
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
    def totals(self) -> Sequence[Total]:
        """What was counted, each beside what is keyed."""
        pairs = (
            ("Returns", self.controls.count, self.keyed.count),
            ("Gross receipts", self.controls.gross_cents, self.keyed.gross_cents),
            ("Tax due", self.controls.tax_cents, self.keyed.tax_cents),
            ("Net due", self.controls.net_cents, self.keyed.net_cents),
            ("Remitted", self.controls.remitted_cents, self.keyed.remitted_cents),
        )
        return [Total(name, said, there or 0) for name, said, there in pairs if said is not None]

    @property
    def state(self) -> choices.BatchState:
        """Where it stands."""
        return _state(
            is_done=self.is_done,
            is_filing=self.is_filing,
            waits=any(each.waits_for_second for each in self.returns),
            differs=any(each.differences for each in self.returns),
            balances=all(each.difference == 0 for each in self.totals),
        )

    @property
    def hindrances(self) -> Sequence[str]:
        """Everything that keeps it from being filed; of one that balances, nothing."""
        found = [
            f"{each.name} come to {_said(each.name, each.keyed)}, "
            f"{_said(each.name, each.counted)} were counted."
            for each in self.totals
            if each.difference
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A batch in a list: what was counted, what is keyed, and where it stands."""

    batch_id: int
    words: str
    made_by_id: int
    made_at: datetime.datetime
    controls: Controls
    keyed: Controls
    state: choices.BatchState
    waiting: int
    differing: int
    held: int


def listed(*, done: int = 30) -> Sequence[Listed]:
    """Return every batch that is not done, the oldest first, then the last few that are."""
    rows = models.Batch.objects
    found = [
        *rows.filter(done_at__isnull=True).order_by("id"),
        *rows.filter(done_at__isnull=False).order_by("-done_at")[:done],
    ]
    sums = _sums([row.id for row in found])
    return [_listed(row, sums.get(row.id, {})) for row in found]


def _sums(batch_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    rows = models.BatchReturn.objects.filter(batch_id__in=batch_ids, taken_out_why="")
    summed = rows.values("batch_id").annotate(
        count=Count("id"),
        gross=Sum("gross_cents"),
        tax=Sum("tax_cents"),
        net=Sum("net_cents"),
        remitted=Sum("remitted_cents"),
        waiting=Count("id", filter=Q(needs_second=True, second_at__isnull=True)),
        differing=Count("id", filter=Q(second_at__isnull=False, settled_at__isnull=True)),
        held=Count("held_item_id"),
    )
    return {each["batch_id"]: dict(each) for each in summed}


def _listed(row: models.Batch, sums: Mapping[str, Any]) -> Listed:
    controls = _controls(row)
    keyed = Controls(
        count=sums.get("count", 0),
        gross_cents=sums.get("gross", 0),
        tax_cents=sums.get("tax", 0),
        net_cents=sums.get("net", 0),
        remitted_cents=sums.get("remitted", 0),
    )
    waiting, differing = sums.get("waiting", 0), sums.get("differing", 0)
    names = ("count", "gross_cents", "tax_cents", "net_cents", "remitted_cents")
    return Listed(
        batch_id=row.id,
        words=row.words,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        controls=controls,
        keyed=keyed,
        state=_state(
            is_done=row.done_at is not None,
            is_filing=row.filing_at is not None,
            waits=waiting > 0,
            differs=differing > 0,
            balances=all(getattr(controls, name) in (None, getattr(keyed, name)) for name in names),
        ),
        waiting=waiting,
        differing=differing,
        held=sums.get("held", 0),
    )


def _state(
    *, is_done: bool, is_filing: bool, waits: bool, differs: bool, balances: bool
) -> choices.BatchState:
    if is_done:
        return choices.BatchState.DONE
    if is_filing:
        return choices.BatchState.FILING
    if differs:
        return choices.BatchState.DIFFERS
    if waits:
        return choices.BatchState.SECOND
    return choices.BatchState.BALANCED if balances else choices.BatchState.OPEN


def _controls(row: models.Batch) -> Controls:
    return Controls(
        count=row.control_count,
        gross_cents=row.control_gross_cents,
        tax_cents=row.control_tax_cents,
        net_cents=row.control_net_cents,
        remitted_cents=row.control_remitted_cents,
    )


def periods_keyed(batch_id: int, *, account_id: int) -> frozenset[datetime.date]:
    """Return the first days of the periods that a batch has of an account."""
    rows = models.BatchReturn.objects.filter(
        batch_id=batch_id, account_id=account_id, taken_out_why=""
    )
    return frozenset(rows.values_list("starts_on", flat=True))


def keyed(keyed_id: int) -> Keyed:
    """Return a return of a batch. Raises NoSuchBatch."""
    row = models.BatchReturn.objects.filter(id=keyed_id, taken_out_why="").first()
    if row is None:
        raise NoSuchBatch(f"No batch has a keyed return {keyed_id}.")
    return _keyed(row)


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Sequence[Difference]:
    """Return, field by field, what two keyings of one return say differently."""
    one, other = keyings.fields(first), keyings.fields(second)
    return [
        Difference(field.name, one.get(field), other.get(field), of=field)
        for field in dict.fromkeys((*one, *other))
        if one.get(field) != other.get(field)
    ]


def _seen(row: models.Batch) -> BatchSeen:
    rows = models.BatchReturn.objects.filter(batch_id=row.id, taken_out_why="")
    returns = [_keyed(each) for each in rows.order_by("place")]
    return BatchSeen(
        batch_id=row.id,
        words=row.words,
        controls=_controls(row),
        keyed=Controls(
            count=len(returns),
            gross_cents=sum(each.gross_cents for each in returns),
            tax_cents=sum(each.tax_cents for each in returns),
            net_cents=sum(each.net_cents for each in returns),
            remitted_cents=sum(each.remitted_cents for each in returns),
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
        tax_cents=row.tax_cents,
        net_cents=row.net_cents,
        remitted_cents=row.remitted_cents,
        keyed_by_id=row.keyed_by_id,
        needs_second=row.needs_second,
        second=row.second,
        second_by_id=row.second_by_id,
        is_settled=row.settled_at is not None,
        return_id=row.filed_id,
        item_id=row.held_item_id,
    )

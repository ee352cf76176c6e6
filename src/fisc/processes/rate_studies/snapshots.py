"""The snapshot of a study: which slices the last periods make, each written once.

A slice is found again by what it was made from: the decision point, its days and buckets, and the
count and ids of its bills. Nothing of a bill changes once it is issued, so the same mark is the
same slice; a bill cancelled or billed since makes another.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import itertools
import json
import os
import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from fisc.domain.rule_tables import declarations
from fisc.domain.utilities.queries import studied
from fisc.processes.rate_studies import gathering, slices

FORMAT = 1
PERIODS = 12
BILLS_A_SLICE = 131_072
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Placed:
    """A slice of a snapshot: its days and buckets, and the hash of its description."""

    month: str
    bucket_from: int
    bucket_before: int
    sha256: str
    bills: int


def folder() -> pathlib.Path:
    """Return where snapshots are kept."""
    return pathlib.Path(settings.FISC_HOME) / "studies"


def scopes(*, data_day: datetime.date) -> list[studied.Scope]:
    """Return the last twelve months of bills through a day, cut into ranges of buckets.

    All months of a range stand together, so that its accounts are added up before the next.
    """
    months = _months(data_day)
    most = max(studied.mark(studied.Scope(*each)).bills for each in months)
    ranges = min(max(-(-most // BILLS_A_SLICE), 1), studied.BUCKETS)
    edges = [studied.BUCKETS * place // ranges for place in range(ranges + 1)]
    return [
        studied.Scope(starts_on, ends_before, bucket_from, bucket_before)
        for bucket_from, bucket_before in itertools.pairwise(edges)
        for starts_on, ends_before in months
    ]


def placed(scope: studied.Scope, *, point: declarations.DecisionPoint) -> Placed:
    """Return a slice, gathered from the database unless it was before.

    Raises blocks.BlockIsDamaged.
    """
    key = _key(scope, point)
    index = folder() / "index" / f"{key}.json"
    if index.exists():
        known = Placed(**json.loads(index.read_text(encoding="utf-8")))
        if _is_whole(known):
            _touch(index)
            return known
    gathered = gathering.gather(scope, point=point)
    description = written(gathered, scope=scope, point=point, into=folder())
    found = described_at(description, into=folder())
    _put(index, json.dumps(dataclasses.asdict(found), sort_keys=True))
    return found


def written(
    gathered: gathering.Gathered, *, scope: studied.Scope, point: declarations.DecisionPoint,
    into: pathlib.Path,
) -> slices.Description:  # fmt: skip
    """Write the files of a slice and return what describes it."""
    return slices.Description(
        point=point.name,
        month=f"{scope.starts_on:%Y-%m}",
        bucket_from=scope.bucket_from,
        bucket_before=scope.bucket_before,
        inputs=tuple(each.name for each in point.inputs),
        charges=gathered.charges,
        texts=gathered.texts,
        billed=gathered.billed,
        tables={
            name: slices.write(columns, folder=into)
            for name, columns in (
                (slices.QUESTIONS, gathered.questions),
                (slices.PARTS, gathered.parts),
                (slices.BILLS, gathered.bills),
            )
        },
    )


def described_at(description: slices.Description, *, into: pathlib.Path) -> Placed:
    """Keep a description under its hash."""
    text = description.as_json()
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    _put(into / f"{sha256}.json", text)
    return Placed(
        month=description.month,
        bucket_from=description.bucket_from,
        bucket_before=description.bucket_before,
        sha256=sha256,
        bills=description.tables[slices.BILLS].rows,
    )


def opened(some: Sequence[Placed], *, out_of: pathlib.Path) -> Iterator[slices.Slice]:
    """Open slices one after the other, their files proved. Raises slices.SnapshotIsDamaged."""
    for each in some:
        found = description_of(each, out_of=out_of)
        slices.verify(found, folder=out_of)
        _use(each, found, out_of=out_of)
        yield slices.Slice(found, folder=out_of)


def description_of(place: Placed, *, out_of: pathlib.Path) -> slices.Description:
    """Read a slice's description. Raises slices.SnapshotIsDamaged."""
    path = out_of / f"{place.sha256}.json"
    if not path.exists():
        raise slices.SnapshotIsDamaged(
            f"The description of {place.month} is gone: {path}. {slices.ASK_ANEW}"
        )
    text = path.read_text(encoding="utf-8")
    if hashlib.sha256(text.encode()).hexdigest() != place.sha256:
        raise slices.SnapshotIsDamaged(f"The description of {place.month} was changed: {path}.")
    return slices.described(text)


# --- Inside --------------------------------------------------------------------------------------


def _months(data_day: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Return the twelve calendar months that end with that of a day, the last through the day."""
    first = data_day.year * _MONTHS_A_YEAR + data_day.month - PERIODS
    starts = [_first_of(first + place) for place in range(PERIODS)]
    ends = [*starts[1:], data_day + datetime.timedelta(days=1)]
    return list(zip(starts, ends, strict=True))


def _first_of(month: int) -> datetime.date:
    """Return the first day of a month counted from the year 0."""
    return datetime.date((month - 1) // _MONTHS_A_YEAR, (month - 1) % _MONTHS_A_YEAR + 1, 1)


def _key(scope: studied.Scope, point: declarations.DecisionPoint) -> str:
    made_from = {
        "format": FORMAT,
        "point": point.name,
        "inputs": [each.name for each in point.inputs],
        "charges": {each.name: gathering.charge_of_line(each) for each in gathering.BILL_POINTS},
        "scope": [str(each) for each in dataclasses.astuple(scope)],
        "mark": dataclasses.astuple(studied.mark(scope)),
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _use(place: Placed, description: slices.Description, *, out_of: pathlib.Path) -> None:
    """Mark a slice's files as used now: what was not used for long is swept."""
    files = [slices.file_of(out_of, each.sha256) for each in description.tables.values()]
    for path in (out_of / f"{place.sha256}.json", *files):
        _touch(path)


def _touch(path: pathlib.Path) -> None:
    # Gone by now, it is found to be gone when it is read.
    with contextlib.suppress(FileNotFoundError):
        os.utime(path)


def _is_whole(known: Placed) -> bool:
    """Tell whether a slice's files are there; they are proved when they are opened."""
    try:
        description = description_of(known, out_of=folder())
    except slices.SnapshotIsDamaged:
        return False
    _use(known, description, out_of=folder())
    files = (slices.file_of(folder(), each.sha256) for each in description.tables.values())
    return all(each.exists() for each in files)


def _put(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".writing")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)

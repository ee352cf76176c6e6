"""Reading in files of meter reads, and entering single reads."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import IntegrityError

from fisc.basics import identifiers
from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices, models
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.calculations import read_files
from fisc.domain.utilities.queries import rates
from fisc.domain.utilities.queries import reads as queries
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import office_days, transactions

KIND = "read"
MILLI_MAX = 10**10
FILE_NAME_KEPT = 200

# What `record_read` would refuse as well is not to be entered as it is.
_DAY_TO_COME = "the read is of a day to come"
_NO_METER = "no meter has this number"
_NOT_INSTALLED = "the meter was not installed that day"
_TWICE = "the file has this meter twice for the day"
_ADVICE = {
    _DAY_TO_COME: "Find out on which day it was read and enter the read of that day.",
    _NO_METER: "Compare the number with the meter's face and enter the read under the right one.",
    _NOT_INSTALLED: "Find out which meter was there that day and enter the read under it.",
    _TWICE: "Find out which of the two is right and enter it.",
}
_DIALS = "Have it read again: its dial cannot show that."
_OTHERWISE = "Have it read again, or enter the read if it is right."


class FileWasReadBefore(Exception):
    """The same rows came in before, perhaps under another name or in another order."""


class ReadIsRefused(Exception):
    """A read that somebody enters cannot be right."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows."""

    read_file_id: int
    counted_in: int
    posted: int
    refused: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """A row of a file, what is known of its meter, and why it is refused, if it is."""

    row: read_files.Row
    meter: queries.MeterOn
    refused: str = ""


@dataclass(frozen=True, slots=True)
class OfRun:
    """The chunk of a run that reads in a file; its rows are numbered by both."""

    run_id: int
    chunk: int


@transactions.starts_transaction
def import_reads(
    *, content: bytes, file_name: str, layout: read_files.Layout, today: datetime.date,
    at: datetime.datetime, received_by_id: int | None = None,
) -> Imported:  # fmt: skip
    """Read in a file of reads that somebody hands in; does what `import_reads_in_run` does."""
    return import_reads_in_run(
        content=content,
        file_name=file_name,
        layout=layout,
        today=today,
        at=at,
        received_by_id=received_by_id,
    )


@transactions.needs_transaction
def import_reads_in_run(
    *, content: bytes, file_name: str, layout: read_files.Layout, today: datetime.date,
    at: datetime.datetime, received_by_id: int | None = None, of: OfRun | None = None,
) -> Imported:  # fmt: skip
    """Read in a file of reads: what can be right is posted, every other row is a work item.

    Raises read_files.FileIsRefused with everything that is wrong with the file, and
    FileWasReadBefore; nothing is kept then.
    """
    parsed = read_files.parse(content, name=file_name, layout=layout)
    before = queries.file_with(sha256=parsed.sha256, fingerprint=parsed.fingerprint)
    if before is not None:
        came_on = office_days.office_day(before.received_at)
        raise FileWasReadBefore(
            f"{file_name} has the rows of {before.name}, read in {came_on}: "
            f"{before.posted} posted, {before.refused} refused. Nothing was done again."
        )
    judged = _judged(parsed.rows, today=today, at=at)
    good = [each for each in judged if not each.refused]
    bad = [each for each in judged if each.refused]
    file = models.ReadFile(
        id=None if of is None else identifiers.bulk_id(run=of.run_id, chunk=of.chunk, ordinal=0),
        name=file_name[:FILE_NAME_KEPT],
        sha256=parsed.sha256,
        fingerprint=parsed.fingerprint,
        layout=layout.name,
        received_at=at,
        received_by_id=received_by_id,
        counted_in=len(judged),
        posted=len(good),
        refused=len(bad),
    )
    _keep_file(file)
    _post(good, file=file, at=at, of=of)
    _raise_refused(bad, file=file, today=today, at=at, of=of)
    return Imported(file.id, len(judged), len(good), len(bad))


def _post(
    good: Sequence[_Judged], *, file: models.ReadFile, at: datetime.datetime, of: OfRun | None
) -> None:
    numbers: Sequence[int | None] = [None] * len(good)
    if of is not None:
        numbers = identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=len(good)).tolist()
    rows = []
    for number, each in zip(numbers, good, strict=True):
        assert each.meter.register_id is not None
        assert each.meter.service_point_id is not None
        rows.append(
            models.Read(
                id=number,
                register_id=each.meter.register_id,
                service_point_id=each.meter.service_point_id,
                read_on=each.row.read_on,
                reading=each.row.reading,
                kind=choices.ReadKind.ACTUAL,
                read_file_id=file.id,
                recorded_at=at,
            )
        )
    models.Read.objects.bulk_create(rows)


def _keep_file(file: models.ReadFile) -> None:
    try:
        with transactions.savepoint():
            file.save(force_insert=True)
    except IntegrityError as problem:
        raise FileWasReadBefore(
            f"{file.name} is being read in by somebody else just now. Nothing was done again."
        ) from problem


def _judged(
    rows: Sequence[read_files.Row], *, today: datetime.date, at: datetime.datetime
) -> list[_Judged]:
    meters = queries.meters_on(
        numbers=[row.meter_number for row in rows], days=[row.read_on for row in rows]
    )
    seen: set[tuple[str, datetime.date]] = set()
    found = []
    for row, meter in zip(rows, meters, strict=True):
        key = (row.meter_number, row.read_on)
        why = _why_refused(row, meter, today=today, is_second=key in seen)
        seen.add(key)
        found.append(_Judged(row, meter, why))
    return _checked_by_table(found, at=at)


def _why_refused(
    row: read_files.Row, meter: queries.MeterOn, *, today: datetime.date, is_second: bool
) -> str:
    tests = (
        (is_second, _TWICE),
        (meter.register_id is None, _NO_METER),
        (meter.service_point_id is None, _NOT_INSTALLED),
        (row.read_on > today, _DAY_TO_COME),
        (
            meter.digits is not None and row.reading >= 10**meter.digits,
            f"the dial has {meter.digits} digits",
        ),
        (meter.same_day_reading is not None, "the meter has a read of that day already"),
        (
            meter.billed_before is not None and row.read_on <= meter.billed_before,
            "the period is billed already; correct the read and bill it again",
        ),
        (meter.last_reading is None, "the meter has no first reading"),
        (_is_below(row, meter), "the reading is below the last one"),
    )
    return next((words for is_so, words in tests if is_so), "")


def _is_below(row: read_files.Row, meter: queries.MeterOn) -> bool:
    """Tell whether a dial went back: turning past its end, it would have gone half round."""
    if meter.last_reading is None or meter.digits is None or row.reading >= meter.last_reading:
        return False
    return steps(row.reading, meter=meter) > int(10**meter.digits) // 2


def steps(reading: int, *, meter: queries.MeterOn) -> int:
    """Return how far a dial has turned since its last reading."""
    assert meter.last_reading is not None
    assert meter.digits is not None
    turned: int = (reading - meter.last_reading) % 10**meter.digits
    return turned


def _checked_by_table(judged: list[_Judged], *, at: datetime.datetime) -> list[_Judged]:
    """Ask the read-check table of each day's reads whether their usage is believable."""
    days = sorted({each.row.read_on for each in judged if not each.refused})
    labels = code_lists.codes("read remark")
    for day in days:
        places = [
            place
            for place, each in enumerate(judged)
            if not each.refused and each.row.read_on == day
        ]
        remarks = _remarks([judged[place] for place in places], day=day, at=at)
        for place, remark in zip(places, remarks, strict=True):
            if remark:
                words = labels[remark].label_en if remark in labels else remark
                judged[place] = _Judged(judged[place].row, judged[place].meter, words)
    return judged


def _remarks(judged: Sequence[_Judged], *, day: datetime.date, at: datetime.datetime) -> list[str]:
    usage = [steps(each.row.reading, meter=each.meter) for each in judged]
    milli = [
        count * (each.meter.multiplier_milli or 0)
        for count, each in zip(usage, judged, strict=True)
    ]
    days = [(day - (each.meter.last_read_on or day)).days for each in judged]
    expected = [
        (each.meter.used_milli or 0) * span // each.meter.used_days if each.meter.used_days else -1
        for each, span in zip(judged, days, strict=True)
    ]
    services = sorted({str(each.meter.service) for each in judged})
    answers = rates.ask(
        points.READ_CHECK,
        {
            "service": types.Column(
                np.array([services.index(str(each.meter.service)) for each in judged]),
                texts=tuple(services),
            ),
            "usage": types.Column(np.minimum(np.array(milli, dtype=np.int64), MILLI_MAX)),
            "expected_usage": types.Column(
                np.clip(np.array(expected, dtype=np.int64), 0, MILLI_MAX),
                nulls=np.array(expected, dtype=np.int64) < 0,
            ),
            "days": types.Column(np.minimum(np.array(days, dtype=np.int64), 800)),
        },
        day=day,
        known_at=at,
    )
    remark = answers["Read remark"]
    return [
        "" if remark.nulls is not None and remark.nulls[place] else (remark.texts or ())[number]
        for place, number in enumerate(remark.values.tolist())
    ]


def _raise_refused(
    bad: Sequence[_Judged],
    *,
    file: models.ReadFile,
    today: datetime.date,
    at: datetime.datetime,
    of: OfRun | None,
) -> None:
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=KIND,
                reason=each.refused,
                cause_key=f"read file {file.sha256[:16]}: {each.refused}",
                subject_kind="read file row",
                subject_id=each.row.line,
                due_on=today,
                urgency=3,
                detail={
                    "file": file.name,
                    "line": each.row.line,
                    "meter": each.row.meter_number,
                    "read_on": each.row.read_on.isoformat(),
                    "reading": each.row.reading,
                    "words": f"Meter {each.row.meter_number}, {each.row.read_on}, reading "
                    f"{each.row.reading}: {each.refused}. {_advice(each)}",
                },
            )
            for each in bad
        ],
        at=at,
        posting_day=today,
        run_id=None if of is None else of.run_id,
        chunk=None if of is None else of.chunk,
    )


def _advice(judged: _Judged) -> str:
    digits = judged.meter.digits
    if judged.refused not in _ADVICE and digits and judged.row.reading >= 10**digits:
        return _DIALS
    return _ADVICE.get(judged.refused, _OTHERWISE)


@transactions.starts_transaction
def enter_read(
    *, meter_number: str, read_on: datetime.date, reading: int, kind: choices.ReadKind,
    today: datetime.date, at: datetime.datetime,
) -> int:  # fmt: skip
    """Record a read that a person vouches for; one of the same day supersedes the earlier.

    Raises ReadIsRefused.
    """
    return record_read(
        meter_number=meter_number, read_on=read_on, reading=reading, kind=kind, today=today, at=at
    )


def why_doubted(*, row: read_files.Row, today: datetime.date, at: datetime.datetime) -> str:
    """Return why a file's row with this read would be refused; nothing when it would not."""
    (judged,) = _judged([row], today=today, at=at)
    return judged.refused


@transactions.needs_transaction
def record_read(
    *, meter_number: str, read_on: datetime.date, reading: int, kind: choices.ReadKind,
    today: datetime.date, at: datetime.datetime,
) -> int:  # fmt: skip
    """Record a read as a part of something; does what `enter_read` does."""
    (meter,) = queries.meters_on(numbers=[meter_number], days=[read_on])
    if meter.register_id is None or meter.service_point_id is None:
        raise ReadIsRefused(f"No meter {meter_number} was installed on {read_on}.")
    if read_on > today:
        raise ReadIsRefused(f"{read_on} is a day to come.")
    if meter.digits is not None and not 0 <= reading < 10**meter.digits:
        raise ReadIsRefused(f"The dial of {meter_number} has {meter.digits} digits.")
    earlier = queries.read_that_counts(register_id=meter.register_id, read_on=read_on)
    return models.Read.objects.create(
        register_id=meter.register_id,
        service_point_id=meter.service_point_id,
        read_on=read_on,
        reading=reading,
        kind=kind,
        supersedes_id=earlier,
        recorded_at=at,
    ).id

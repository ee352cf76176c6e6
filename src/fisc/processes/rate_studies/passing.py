"""One pass over a snapshot: while a slice is asked, the next is read from disk."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from fisc.processes.rate_studies import answering, asking, slices

Columns = dict[str, npt.NDArray[Any]]
Asking = tuple[asking.Study, slices.Slice, answering.Answers]

# Slices whose questions are asked together: all months of a range.
TOGETHER = 12
# Slices read before their turn: few, so that what was read is still near the processor when it is
# asked. Also what bounds the memory of a pass.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Ready:
    """A slice whose columns are in memory, what is asked of it, and what the draft answers."""

    study: asking.Study
    part: slices.Slice
    read: Mapping[str, npt.NDArray[Any]]
    answers: answering.Answers


def read_ahead(
    parts: Iterable[slices.Slice], *, study_for: Callable[[slices.Slice], asking.Study]
) -> Iterator[Ready]:
    """Give slices in their order, each read by the time it is asked for.

    Reading lets go of the interpreter, so it takes no time from the asking where there are two
    processors. `study_for` is called here and not in the thread that reads. The studies of all
    slices have the same draft.
    """
    waiting: deque[tuple[Asking, futures.Future[Columns]]] = deque()
    with futures.ThreadPoolExecutor(max_workers=1) as reader:
        for each in _asked(parts, study_for, reader):
            study, part, _ = each
            wanted = asking.columns_read(study, part)
            waiting.append((each, reader.submit(_read, part, wanted)))
            if len(waiting) > AHEAD:
                yield _ready(*waiting.popleft())
        while waiting:
            yield _ready(*waiting.popleft())


def _asked(
    parts: Iterable[slices.Slice],
    study_for: Callable[[slices.Slice], asking.Study],
    reader: futures.Executor,
) -> Iterator[Asking]:
    """Ask the draft the questions of a range's months at once, and give them slice by slice.

    The questions of the next range are read meanwhile.
    """
    ranges = _together(parts)
    coming = next(ranges, None)
    reading = reader.submit(_read_questions, coming or [])
    while some := coming:
        reading.result()
        coming = next(ranges, None)
        reading = reader.submit(_read_questions, coming or [])
        studies = [study_for(part) for part in some]
        found = answering.answers(studies[0].draft, some)
        yield from zip(studies, some, found, strict=True)


def _together(parts: Iterable[slices.Slice]) -> Iterator[list[slices.Slice]]:
    """Cut slices into those to ask together: of one range, and never more than so many."""
    ranges = itertools.groupby(parts, lambda each: each.about.bucket_from)
    for _, of_range in ranges:
        while some := list(itertools.islice(of_range, TOGETHER)):
            yield some


def _ready(asking_of: Asking, reading: futures.Future[Columns]) -> Ready:
    study, part, answers = asking_of
    return Ready(study=study, part=part, read=reading.result(), answers=answers)


def _read_questions(some: Sequence[slices.Slice]) -> None:
    for part in some:
        part.questions(())


def _read(part: slices.Slice, wanted: Mapping[str, tuple[str, ...]]) -> Columns:
    found: Columns = {}
    for table, names in wanted.items():
        found |= part.read(table, names)
    return found

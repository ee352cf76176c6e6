"""One pass over a snapshot: while a slice is asked, the next is read from disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from fisc.processes.rate_studies import asking, slices

# Slices read before their turn; what bounds the memory of a pass.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Ready:
    """A slice whose columns are in memory, and what is asked of it."""

    study: asking.Study
    part: slices.Slice
    read: Mapping[str, npt.NDArray[Any]]


def read_ahead(
    parts: Iterable[slices.Slice], *, study_for: Callable[[slices.Slice], asking.Study]
) -> Iterator[Ready]:
    """Give slices in their order, each read by the time it is asked for.

    Reading lets go of the interpreter, so it takes no time from the asking where there are two
    processors. `study_for` is called here and not in the thread that reads.
    """
    waiting: deque[tuple[asking.Study, slices.Slice, futures.Future[Any]]] = deque()
    with futures.ThreadPoolExecutor(max_workers=1) as reader:
        for part in parts:
            study = study_for(part)
            wanted = asking.columns_read(study, part)
            waiting.append((study, part, reader.submit(_read, part, wanted)))
            if len(waiting) > AHEAD:
                yield _ready(*waiting.popleft())
        while waiting:
            yield _ready(*waiting.popleft())


def _ready(study: asking.Study, part: slices.Slice, reading: futures.Future[Any]) -> Ready:
    return Ready(study=study, part=part, read=reading.result())


def _read(part: slices.Slice, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, npt.NDArray[Any]]:
    part.questions(())
    found: dict[str, npt.NDArray[Any]] = {}
    for table, names in wanted.items():
        found |= part.read(table, names)
    return found

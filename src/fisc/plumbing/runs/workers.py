"""Processes that take a step's chunks until none is left."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence

from django.db import connection

from fisc.plumbing import transactions
from fisc.plumbing.runs import operations, pieces, queries, worker_process

SECONDS_BETWEEN_LOOKS = 0.1

# Told how many chunks of the step are done.
Progress = Callable[[int], None]


class WorkerDied(Exception):
    """A worker process ended in the middle of a chunk."""


def work_one_chunk(*, step_id: int, work: pieces.Work) -> bool:
    """Take one chunk, do it and check it off in one transaction; False when none is left."""
    with transactions.started(by="a chunk"):
        chunk = operations.claim_chunk(step_id=step_id)
        if chunk is None:
            return False
        result = work(chunk)
        operations.finish_chunk(run_id=chunk.run_id, number=chunk.number, result=result)
    return True


def work_alone(*, step_id: int, work: pieces.Work, lane: int | None = None) -> bool:
    """Do the next chunk of a step whose work keeps its own transactions and may be done twice.

    A lane's chunks are done one behind the other, whatever other lanes do.
    """
    chunk = queries.waiting_chunk(step_id=step_id, lane=lane)
    if chunk is None:
        return False
    result = work(chunk)
    with transactions.started(by="a chunk"):
        operations.finish_chunk(run_id=chunk.run_id, number=chunk.number, result=result)
    return True


class Crew:
    """A step's workers: the calling process and, where there are several chunks, some more."""

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._pool: concurrent.futures.ProcessPoolExecutor | None = None

    def work_step(
        self,
        *,
        step_id: int,
        work: pieces.Work,
        progress: Progress,
        is_alone: bool = False,
        lanes: int = 1,
    ) -> None:
        """Do every chunk of a step; raises what a chunk's work raises, or WorkerDied."""
        if is_alone and lanes > 1 and self._size > 1:
            self._work_together(
                step_id=step_id,
                progress=progress,
                tasks=[
                    functools.partial(_work_lane, step_id=step_id, work=work, lane=lane)
                    for lane in range(lanes)
                ],
            )
        elif is_alone:
            while work_alone(step_id=step_id, work=work):
                progress(queries.chunks_done(step_id=step_id))
        elif min(self._size, queries.chunks_waiting(step_id=step_id)) <= 1:
            while work_one_chunk(step_id=step_id, work=work):
                progress(queries.chunks_done(step_id=step_id))
        else:
            task = functools.partial(_work_until_none_left, step_id=step_id, work=work)
            self._work_together(
                step_id=step_id, progress=progress, tasks=[task for _ in range(self._size)]
            )

    def _work_together(
        self, *, step_id: int, progress: Progress, tasks: Sequence[Callable[[], None]]
    ) -> None:
        pool = self._started_pool()
        going = {pool.submit(task) for task in tasks}
        while going:
            ended, going = concurrent.futures.wait(going, timeout=SECONDS_BETWEEN_LOOKS)
            progress(queries.chunks_done(step_id=step_id))
            for future in ended:
                try:
                    future.result()
                except concurrent.futures.process.BrokenProcessPool as problem:
                    raise WorkerDied(
                        "A worker process was killed. Its chunk was not kept; "
                        "start the same command again to go on."
                    ) from problem

    def _started_pool(self) -> concurrent.futures.ProcessPoolExecutor:
        if self._pool is None:
            # Not forked: the libraries of columns keep threads, which a fork would tear apart.
            self._pool = concurrent.futures.ProcessPoolExecutor(
                self._size,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=worker_process.begin,
                initargs=(dict(connection.settings_dict),),
            )
        return self._pool

    def go_home(self) -> None:
        """End the other processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


@contextlib.contextmanager
def crew(*, size: int | None = None) -> Iterator[Crew]:
    """Keep worker processes for a block; by default as many as the machine has cores."""
    gathered = Crew(size=size or os.cpu_count() or 1)
    try:
        yield gathered
    finally:
        gathered.go_home()


def _work_until_none_left(*, step_id: int, work: pieces.Work) -> None:
    while work_one_chunk(step_id=step_id, work=work):
        pass


def _work_lane(*, step_id: int, work: pieces.Work, lane: int) -> None:
    while work_alone(step_id=step_id, work=work, lane=lane):
        pass

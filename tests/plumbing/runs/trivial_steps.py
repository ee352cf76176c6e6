"""Steps whose chunks raise one work item each, for the machinery's own tests."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from fisc.domain.work_items import operations as work_items
from fisc.plumbing.runs import engine, locks, operations, pieces, workers

DAY = datetime.date(2026, 3, 2)
INSTANT = datetime.datetime(2026, 3, 2, 20, tzinfo=datetime.UTC)


def raise_one(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    item = work_items.NewItem(
        kind="run",
        reason="trivial",
        cause_key=f"trivial {chunk.run_id}",
        subject_kind="bucket",
        subject_id=chunk.bucket_from,
        due_on=chunk.posting_day,
    )
    raised = work_items.raise_items(
        items=[item],
        at=chunk.instant,
        posting_day=chunk.posting_day,
        run_id=chunk.run_id,
        chunk=chunk.number,
    )
    return {"raised": raised}


def raise_one_and_fail(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    result = raise_one(chunk)
    if chunk.number == 2:
        raise ValueError("The third chunk has a fault.")
    return result


def raise_one_and_die_once(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    result = raise_one(chunk)
    mark = pathlib.Path(os.environ["FISC_TEST_MARK"])
    if chunk.number == 2 and not mark.exists():
        mark.touch()
        os._exit(9)
    return result


def cut(_: engine.RunOf) -> Sequence[pieces.Piece]:
    return pieces.bucket_ranges(accounts=100_000)


def no_totals(_: engine.RunOf) -> Mapping[str, int]:
    return {}


def agree(_: engine.Totals, __: engine.Totals, result: engine.Totals) -> Sequence[str]:
    return [] if result["raised"] == 5 else [f"5 wanted, {result['raised']} raised"]


def plan(work: pieces.Work = raise_one, name: str = "raise") -> engine.StepPlan:
    return engine.StepPlan(name=name, words="Raise items", cut=cut, work=work, agree=agree)


@dataclasses.dataclass
class Started:
    """A run that is held, ready to go through its steps."""

    started_engine: engine.Engine

    def go(self, *plans: engine.StepPlan) -> str:
        return engine.go_through(self.started_engine, plans=plans, again="the same command")


@contextlib.contextmanager
def started(
    *names: str,
    crew_size: int = 1,
    totals: Callable[[engine.RunOf], engine.Totals] = no_totals,
) -> Iterator[Started]:
    with locks.held(kind="day", posting_day=DAY) as holder, workers.crew(size=crew_size) as crew:
        run = operations.start_run(
            kind="day", posting_day=DAY, instant=INSTANT, steps=names, held_by="a test"
        )
        about = engine.RunOf(
            run_id=run.run_id, posting_day=DAY, instant=run.instant, city="demonstration"
        )
        yield Started(
            engine.Engine(
                run=about, holder=holder, crew=crew, totals=totals, watch=engine.Unwatched()
            )
        )

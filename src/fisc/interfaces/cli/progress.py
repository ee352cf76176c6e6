"""Progress bars on a terminal; on anything else, one line a step."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import rich.console
import rich.progress

from fisc.plumbing.runs import engine


class Bars:
    """One bar a step, on the standard error stream."""

    def __init__(self, progress: rich.progress.Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, rich.progress.TaskID] = {}

    def step_begins(self, plan: engine.StepPlan, *, chunks: int, done: int) -> None:
        """Show a step's bar."""
        self._tasks[plan.name] = self._progress.add_task(
            plan.words, total=max(chunks, 1), completed=done
        )

    def chunks_done(self, plan: engine.StepPlan, *, done: int) -> None:
        """Move a step's bar."""
        self._progress.update(self._tasks[plan.name], completed=done)

    def step_ends(self, plan: engine.StepPlan, *, status: str, result: engine.Totals) -> None:
        """Fill a step's bar."""
        task = self._tasks.get(plan.name)
        if task is not None:
            total = self._progress.tasks[self._progress.task_ids.index(task)].total
            self._progress.update(task, completed=total)


class Lines:
    """One line a step, for a log."""

    def __init__(self, console: rich.console.Console) -> None:
        self._console = console

    def step_begins(self, plan: engine.StepPlan, *, chunks: int, done: int) -> None:
        """Say nothing: the line is written at the end."""

    def chunks_done(self, plan: engine.StepPlan, *, done: int) -> None:
        """Say nothing."""

    def step_ends(self, plan: engine.StepPlan, *, status: str, result: engine.Totals) -> None:
        """Say how a step ended."""
        self._console.print(f"{plan.words}: {status}", markup=False)


@contextlib.contextmanager
def shown(*, quiet: bool = False) -> Iterator[engine.Watch]:
    """Show the steps of a run as they go on, for a block."""
    console = rich.console.Console(stderr=True, highlight=False, quiet=quiet)
    if quiet or not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        rich.progress.TextColumn("{task.description:<28}"),
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TimeElapsedColumn(),
    )
    with rich.progress.Progress(*columns, console=console) as progress:
        yield Bars(progress)

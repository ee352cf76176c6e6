"""Closing summaries of runs, as tables in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import rich.box
import rich.console
import rich.table

from fisc.plumbing.runs import queries as runs
from fisc.processes.daily_runs import checklist, queries

output = rich.console.Console(highlight=False)


def print_run(seen: runs.RunSeen, *, exceptions: int) -> None:
    """Print a run's steps with what each did, and how the day stands."""
    table = rich.table.Table(
        title=f"Run of {seen.posting_day} (run {seen.run_id})", box=rich.box.SIMPLE_HEAD
    )
    table.add_column("Step")
    table.add_column("Status")
    table.add_column("Seconds", justify="right")
    table.add_column("What it did")
    for step in seen.steps:
        seconds = "" if step.seconds is None else f"{step.seconds:.1f}"
        table.add_row(step.name, step.status, seconds, did(step.result) or step.message)
    output.print(table)
    output.print(f"Status: {queries.status_now(seen)}. {seen.message}", markup=False)
    if seen.status == "waiting":
        output.print(
            f"Look at the register, then: fisc day sign --date {seen.posting_day} "
            "--as NAME --why WORDS",
            markup=False,
        )
    words = "nothing waits for a person" if exceptions == 0 else f"{exceptions} for a person"
    output.print(f"Work items of this day: {words}.", markup=False)


def print_checklist(found: Sequence[checklist.Check]) -> None:
    """Print the pre-run checklist."""
    for check in found:
        mark = "[green]ok[/green]" if check.holds else "[red]look[/red]"
        output.print(f"{mark}  {check.name}: ", end="")
        output.print(check.words, markup=False)


def did(result: Mapping[str, int]) -> str:
    """Return what a step did in a line: counts as they are, cents as money."""
    return ", ".join(f"{_words(name)} {_figure(name, value)}" for name, value in result.items())


def _words(name: str) -> str:
    return name.removesuffix("_cents").replace("_", " ")


def _figure(name: str, value: int) -> str:
    if not name.endswith("_cents"):
        return f"{value:,}"
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02}"

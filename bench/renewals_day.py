"""A day's renewals, in a process of its own, measured; called by bench.renewals.

Prints one JSON object: seconds of the day's step, processor seconds, peak memory, counts.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import django

django.setup()

from bench import processor, renewals_city  # noqa: E402 - Django first
from fisc.plumbing import database  # noqa: E402
from fisc.plumbing.runs import engine  # noqa: E402
from fisc.processes.daily_runs import renewing  # noqa: E402


class Watch(engine.Unwatched):
    """Notes when the step began and ended."""

    def __init__(self) -> None:
        self.began = self.ended = 0.0
        self.result: engine.Totals = {}

    def step_begins(self, plan: engine.StepPlan, *, chunks: int, done: int) -> None:
        """Start the clock."""
        self.began = time.perf_counter()

    def step_ends(self, plan: engine.StepPlan, *, status: str, result: engine.Totals) -> None:
        """Stop the clock."""
        self.ended = time.perf_counter()
        self.result = result


def main() -> None:
    """Do the renewals of a day in the database whose address comes on standard input."""
    watch = Watch()
    with database.pointed_at(sys.stdin.read().strip()):
        server = processor.server_seconds()
        started = time.perf_counter()
        renewing.run_renewals(
            posting_day=renewals_city.DAY,
            at=renewals_city.AT,
            city=renewals_city.CITY.name,
            who="bench",
            watch=watch,
        )
        ended = time.perf_counter()
        server = processor.server_seconds() - server
    alone = resource.getrusage(resource.RUSAGE_SELF)
    crew_used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "seconds": ended - started,
                "step_seconds": watch.ended - watch.began,
                "result": dict(watch.result),
                "alone_rss_mb": alone.ru_maxrss // 1024,
                "worker_rss_mb": crew_used.ru_maxrss // 1024,
                "python_cpu_seconds": sum(
                    each.ru_utime + each.ru_stime for each in (alone, crew_used)
                ),
                "server_cpu_seconds": server,
            }
        )
    )


if __name__ == "__main__":
    main()

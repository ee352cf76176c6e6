"""One posting day of billing in a process of its own, measured; called by bench.bill_run.

Prints one JSON object: seconds by step, processor seconds, peak memory, what was counted.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import django

django.setup()

from bench import billing_city, processor  # noqa: E402 - Django first
from fisc.plumbing import database  # noqa: E402
from fisc.plumbing.runs import engine  # noqa: E402
from fisc.processes.daily_runs import operations  # noqa: E402

BILLING = ("calculate", "bill register", "issue")


class Watch(engine.Unwatched):
    """Notes how long each step took, and what the processors did meanwhile."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.server_seconds: dict[str, float] = {}
        self.results: dict[str, engine.Totals] = {}
        self._at = 0.0
        self._server_at = 0.0

    def step_begins(self, plan: engine.StepPlan, *, chunks: int, done: int) -> None:
        """Start the clock of a step."""
        self._at = time.perf_counter()
        self._server_at = processor.server_seconds()

    def step_ends(self, plan: engine.StepPlan, *, status: str, result: engine.Totals) -> None:
        """Stop the clock of a step."""
        self.seconds[plan.name] = time.perf_counter() - self._at
        self.server_seconds[plan.name] = processor.server_seconds() - self._server_at
        self.results[plan.name] = result


def main() -> None:
    """Run the day in the database whose address comes on standard input, and print figures."""
    watch = Watch()
    with database.pointed_at(sys.stdin.read().strip()):
        operations.run_day(
            posting_day=billing_city.BILL_DAY,
            at=billing_city.AT,
            city=billing_city.CITY.name,
            who="bench",
            watch=watch,
        )
    alone = resource.getrusage(resource.RUSAGE_SELF)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "seconds": sum(watch.seconds[name] for name in BILLING),
        "steps": {name: round(value, 2) for name, value in watch.seconds.items()},
        "results": {name: dict(result) for name, result in watch.results.items()},
        # Of this process, and of the largest of its workers.
        "alone_rss_mb": alone.ru_maxrss // 1024,
        "worker_rss_mb": workers.ru_maxrss // 1024,
        "python_cpu_seconds": alone.ru_utime + alone.ru_stime + workers.ru_utime + workers.ru_stime,
        "server_cpu_seconds": sum(watch.server_seconds.values()),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""A file of returns taken in, in a process of its own, measured; called by bench.returns.

Prints one JSON object: seconds of keeping and of filing, processor seconds, peak memory, counts.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import django

django.setup()

from bench import processor, returns_city  # noqa: E402 - Django first
from fisc.domain.tax_returns.operations import return_files  # noqa: E402
from fisc.plumbing import bulk_copy, database  # noqa: E402
from fisc.plumbing.runs import engine  # noqa: E402
from fisc.processes.return_files import operations  # noqa: E402


class Watch(engine.Unwatched):
    """Notes when the step of filing began and ended."""

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
    """Take the returns in, in the database whose address comes on standard input."""
    watch = Watch()
    with database.pointed_at(sys.stdin.read().strip()):
        accounts = bulk_copy.read_columns(
            "select subledger_id from accounts_account order by subledger_id", None, ["id"]
        )["id"]
        returns = returns_city.returns_of(accounts)
        server = processor.server_seconds()
        started = time.perf_counter()
        outcome = operations.take_file(
            returns,
            arrived=return_files.Arrived(
                name="bench.csv",
                sha256="0" * 64,
                layout="bench",
                posting_day=returns_city.FILED_ON,
                at=returns_city.AT,
                user_id=None,
            ),
            city=returns_city.CITY.name,
            who="bench",
            watch=watch,
        )
        ended = time.perf_counter()
        server = processor.server_seconds() - server
    if outcome.file.held or outcome.file.waiting:
        raise SystemExit(f"Not every return was taken: {outcome.file}")
    alone = resource.getrusage(resource.RUSAGE_SELF)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "seconds": ended - started,
                "filing_seconds": watch.ended - watch.began,
                "result": dict(watch.result),
                "alone_rss_mb": alone.ru_maxrss // 1024,
                "worker_rss_mb": workers.ru_maxrss // 1024,
                "python_cpu_seconds": sum(
                    each.ru_utime + each.ru_stime for each in (alone, workers)
                ),
                "server_cpu_seconds": server,
            }
        )
    )


if __name__ == "__main__":
    main()

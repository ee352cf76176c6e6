"""How long another system's licenses take to come in, and to go out again.

`python -m bench.conversion --json [--licenses N]` prints one JSON object: seconds to check a file
(`check_seconds`), to bring it in after that (`seconds` is both), and to undo it (`undo_seconds`).
There is no floor: a file is a fixed number of rows in a minute.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
import tempfile
import time

import django

django.setup()

from bench import databases  # noqa: E402 - Django first
from fisc.processes.conversion.licenses import operations, queries, totals  # noqa: E402
from tests.factories import old_licenses, tax_returns  # noqa: E402

BASE = "fisc_bench_conversion"
DAY = datetime.date(2026, 10, 3)
BY = operations.By(user_id=None, at=tax_returns.AT, why="a bench")


def main() -> None:
    """Run the bench and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--licenses", type=int, default=50_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with databases.leased_server() as addresses, databases.migrated(addresses, name=BASE):
        tax_returns.city()
        figures = _measured(asked.licenses)
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _measured(count: int) -> dict[str, float | int]:
    with tempfile.TemporaryDirectory() as folder:
        content = old_licenses.many(count, folder=pathlib.Path(folder)).read_bytes()
    started = time.perf_counter()
    mapping = queries.mapping(old_licenses.MAPPING)
    plan = queries.plan(content, file_name="licenses.csv", of=mapping, day=DAY)
    checked = time.perf_counter()
    brought = operations.bring_in(
        plan, said=totals.Said(rows=count), leaves_out_refused=False, on=DAY, by=BY
    )
    done = time.perf_counter()
    operations.undo(brought.batch_id, by=BY)
    undone = time.perf_counter()
    return {
        "licenses": brought.taken,
        "businesses": plan.totals.businesses,
        "check_seconds": round(checked - started, 2),
        "seconds": round(done - started, 2),
        "undo_seconds": round(undone - done, 2),
    }


if __name__ == "__main__":
    main()

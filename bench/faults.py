"""The daily run, killed at random points and gone on with.

`python -m bench.faults --json [--accounts N] [--points M]` prints one JSON object. A city of N
accounts with some history runs its day once, unbroken; then M copies of it run the same day, and
at a random instant of each the run with its workers, or the database server under it, is killed;
the same command is started again until it is done. Every table of every copy is compared with the
unbroken run, row by row. `differing` is to be 0.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import tempfile
import time
from typing import Any

import django

django.setup()

from tests.faults import cities, drills  # noqa: E402 - Django first

SEED = 2026


def main() -> None:
    """Run the bench."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="fisc-faults-") as folder:
        home = pathlib.Path(folder) / "home"
        with cities.prepared(home=home, accounts=asked.accounts) as city:
            figures = _figures(city, asked)
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=300)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _figures(city: drills.City, asked: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    unbroken = drills.reference(city)
    done = []
    for number, after in enumerate(
        drills.points(count=asked.points, seconds=unbroken.seconds, seed=SEED)
    ):
        kill = drills.kill_server if number % 2 else drills.kill_process
        done.append(kill(city, after_seconds=after, expected=unbroken.found))
    differing = [drill for drill in done if drill.differences]
    return {
        "accounts": asked.accounts,
        "points": len(done),
        "killed_runs": sum(drill.was_killed for drill in done if drill.kind == "process"),
        "killed_servers": sum(drill.was_killed for drill in done if drill.kind == "server"),
        "differing": len(differing),
        "differences": [list(drill.differences) for drill in differing[:5]],
        "restarts_most": max(drill.attempts for drill in done),
        "tables_compared": len(unbroken.found),
        "rows_compared": sum(len(rows) for rows in unbroken.found.values()),
        "unbroken_seconds": round(unbroken.seconds, 2),
        "seconds": round(time.monotonic() - began, 1),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
    }


if __name__ == "__main__":
    main()

"""Returns taken in at full size beside their floor.

`python -m bench.returns --json --returns N [--rounds R]` prints one JSON object. A city of N
businesses that file six classes every month is loaded once; each round copies that database and
takes in a file with a return of six lines from each: kept in parts, checked, computed, posted, in
worker processes, one a core, as a city does. Then the same rows are written again

- set-based, in one transaction on one connection, into empty copies of the same tables with the
  same keys, checks, references and triggers (`floor_seconds`), and
- into copies without any of that (`unindexed_floor_seconds`).

`seconds` is from columns in memory to the closed run, what keeps the file included; `ratio` is of
medians over the rounds. Each round proves that the books hold.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from typing import Any

import django

django.setup()

from bench import databases, floors, returns_books, returns_city  # noqa: E402 - Django first
from fisc.plumbing.postgres import passwords  # noqa: E402

# The checkpoints, and the file itself: what it says is the rows that are compared.
NOT_OF_RETURNS = ("runs_", "tax_returns_file", "action_log")
BASE, WORK = "fisc_bench_returns", "fisc_bench_returns_round"


def main() -> None:
    """Run the bench and print its figures."""
    asked = _arguments()
    with (
        databases.leased_server() as addresses,
        databases.migrated(addresses, name=BASE),
    ):
        with databases.references_checked_afterwards(addresses, name=BASE):
            returns_city.fill(count=asked.returns)
        with databases.as_owner(addresses, name=BASE) as owner:
            owner.execute("vacuum analyze")
        django.db.connection.close()
        rounds = [_round(addresses) for _ in range(asked.rounds)]
    figures = _figures(rounds, returns=asked.returns)
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--returns", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _round(addresses: passwords.Addresses) -> dict[str, Any]:
    with (
        databases.copied(addresses, template=BASE, name=WORK),
        databases.as_owner(addresses, name=WORK) as owner,
    ):
        empty = floors.empty_tables(owner)
        day = _day(addresses)
        if broken := returns_books.broken():
            raise SystemExit(f"An invariant is broken: {broken}")
        tables = [
            name
            for name in floors.filled_tables(owner, empty_before=empty)
            if not name.startswith(NOT_OF_RETURNS)
        ]
        day["rows"] = {name: floors.count(owner, name) for name in tables}
        owner.execute("vacuum analyze")
        for indexed, name in ((True, "floor_seconds"), (False, "unindexed_floor_seconds")):
            floors.make_copies(owner, tables=tables, indexed=indexed)
            day[name] = floors.fill_copies(owner, tables=tables)
    return day


def _day(addresses: passwords.Addresses) -> dict[str, Any]:
    """Take the returns in in a process of its own, so that memory and time are its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.returns_day"],
        input=databases.address_of(addresses, name=WORK),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _figures(rounds: list[dict[str, Any]], *, returns: int) -> dict[str, Any]:
    medians = {
        name: statistics.median(each[name] for each in rounds)
        for name in ("seconds", "filing_seconds", "floor_seconds", "unindexed_floor_seconds")
    }
    last = rounds[-1]
    workers = os.cpu_count() or 1
    return {
        "returns": returns,
        "lines_a_return": returns_city.LINES,
        **{name: round(found, 2) for name, found in medians.items()},
        "ratio": round(medians["seconds"] / medians["floor_seconds"], 3),
        "rows": sum(last["rows"].values()),
        "rows_by_table": last["rows"],
        "taken_together": last["result"]["taken_together"],
        "invariants_proved": True,
        "workers": workers,
        "peak_rss_mb": max(
            each["alone_rss_mb"] + workers * each["worker_rss_mb"] for each in rounds
        ),
        "rounds": [
            {name: round(each[name], 2) for name in ("seconds", "floor_seconds")} for each in rounds
        ],
        "python_cpu_seconds": round(last["python_cpu_seconds"], 2),
        "server_cpu_seconds": round(last["server_cpu_seconds"], 2),
        "machine": f"{platform.machine()}, {workers} cores",
    }


if __name__ == "__main__":
    main()

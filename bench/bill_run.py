"""The bill run at full size beside its floor.

`python -m bench.bill_run --json --accounts N [--rounds R]` prints one JSON object. A city of N
accounts with water and sewer (five lines a bill) is loaded once; each round copies that database,
bills everybody by the product's own posting day (calculate, bill register, issue; in worker
processes, one a core, as a city does), and then writes the same rows again

- set-based, in one transaction on one connection, into empty copies of the same tables with the
  same keys, checks, references and triggers (`floor_seconds`), and
- into copies without any of that (`unindexed_floor_seconds`).

`seconds` is calculate + register + issue; `ratio` is of medians over the rounds. The day also
proves every invariant (`proof_seconds`, and the run stops if one is broken).
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

from bench import billing_city, databases, floors  # noqa: E402 - Django first
from fisc.plumbing.postgres import passwords  # noqa: E402

# What the day's run and its other steps write: the checkpoints, the seal of the day before.
NOT_OF_BILLING = ("runs_", "ledger_postingdayseal", "ledger_daybalance")
BASE, WORK = "fisc_bench_billing", "fisc_bench_billing_round"


def main() -> None:
    """Run the bench and print its figures."""
    asked = _arguments()
    with (
        databases.leased_server() as addresses,
        databases.migrated(addresses, name=BASE),
    ):
        with databases.references_checked_afterwards(addresses, name=BASE):
            billing_city.fill(count=asked.accounts)
        with databases.as_owner(addresses, name=BASE) as owner:
            owner.execute("vacuum analyze")
        django.db.connection.close()
        rounds = [_round(addresses) for _ in range(asked.rounds)]
    figures = _figures(rounds, accounts=asked.accounts)
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _round(addresses: passwords.Addresses) -> dict[str, Any]:
    with (
        databases.copied(addresses, template=BASE, name=WORK),
        databases.as_owner(addresses, name=WORK) as owner,
    ):
        empty = floors.empty_tables(owner)
        day = run_day(addresses, name=WORK)
        tables = [
            name
            for name in floors.filled_tables(owner, empty_before=empty)
            if not name.startswith(NOT_OF_BILLING)
        ]
        day["rows"] = {name: floors.count(owner, name) for name in tables}
        owner.execute("vacuum analyze")
        for indexed, name in ((True, "floor_seconds"), (False, "unindexed_floor_seconds")):
            floors.make_copies(owner, tables=tables, indexed=indexed)
            owner.execute("checkpoint") if _may_checkpoint(owner) else None
            day[name] = floors.fill_copies(owner, tables=tables)
    return day


def run_day(addresses: passwords.Addresses, *, name: str) -> dict[str, Any]:
    """Bill the day in a process of its own, so that its memory and time are its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.billing_day"],
        input=databases.address_of(addresses, name=name),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _may_checkpoint(owner: Any) -> bool:
    (found,) = owner.execute(
        "select pg_has_role(current_user, 'pg_checkpoint', 'member')"
    ).fetchone()
    return bool(found)


def _figures(rounds: list[dict[str, Any]], *, accounts: int) -> dict[str, Any]:
    seconds = statistics.median(each["seconds"] for each in rounds)
    floor = statistics.median(each["floor_seconds"] for each in rounds)
    last = rounds[-1]
    workers = os.cpu_count() or 1
    return {
        "accounts": accounts,
        "seconds": round(seconds, 2),
        "floor_seconds": round(floor, 2),
        "ratio": round(seconds / floor, 3),
        "unindexed_floor_seconds": round(
            statistics.median(each["unindexed_floor_seconds"] for each in rounds), 2
        ),
        "rows": sum(last["rows"].values()),
        "rows_by_table": last["rows"],
        "lines_a_bill": last["results"]["calculate"]["lines"]
        / last["results"]["calculate"]["bills"],
        "steps": last["steps"],
        "proof_seconds": last["steps"]["invariants"],
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
